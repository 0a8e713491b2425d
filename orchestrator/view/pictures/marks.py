"""The marks of statuses: drawn, so that they look alike in every font, and told apart by form."""

from orchestrator.view.pictures.svg import circle, number, path, rect

STATUS_LABELS = {
    "todo": "todo", "in_progress": "in progress", "blocked": "blocked", "in_review": "in review",
    "completed": "completed", "cancelled": "cancelled",
}  # fmt: skip
_RADIUS = 5.0


def status_mark(status: str, x: float, y: float) -> str:
    """Return a status's mark, 12 pixels wide, with its middle at (x, y).

    A ring, empty for what is to do; half full in progress, nearly full in review, full with a tick
    when completed, with a cross when blocked, with a stroke when cancelled.
    """
    tone = status if status in STATUS_LABELS else "todo"
    ring = circle(x, y, _RADIUS, f"line-{tone} thick")
    at = f"M{number(x)} {number(y)}"
    match status:
        case "in_progress":
            return ring + path(f"{at}v-5a5 5 0 0 1 0 10z", f"fill-{tone}")
        case "in_review":
            return ring + path(f"{at}h-5a5 5 0 1 0 5 -5z", f"fill-{tone}")
        case "completed":
            tick = path(f"{at}m-2.6 0.1l1.9 2 3.3 -4", "line-paper thick")
            return circle(x, y, _RADIUS + 1, f"fill-{tone}") + tick
        case "blocked":
            return ring + path(f"{at}m-2.2 -2.2l4.4 4.4m0 -4.4l-4.4 4.4", f"line-{tone} thick")
        case "cancelled":
            return ring + path(f"{at}m-3.2 3.2l6.4 -6.4", f"line-{tone} thick")
        case _:
            return ring


def status_items(statuses: frozenset[str] | set[str]) -> list[tuple[str, str]]:
    """Return what a legend says of the statuses that are in a picture."""
    return [
        (label, status_mark(status, 7, 6))
        for status, label in STATUS_LABELS.items()
        if status in statuses
    ]


def swatch(classes: str) -> str:
    """Return a small bar for a legend."""
    return rect(0, 2, 16, 9, classes, 2)
