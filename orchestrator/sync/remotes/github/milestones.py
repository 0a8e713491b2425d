"""Milestones of GitHub as projects, and changes of projects as what GitHub takes; pure."""

from collections.abc import Mapping
from typing import Any

from orchestrator.sync.item import Foreign, Item
from orchestrator.sync.remotes.github import marks, rows
from orchestrator.sync.remotes.github.words import OPEN

_DONE = frozenset({"completed", "cancelled"})
# GitHub keeps the day in the time of California: noon is the same day in both.
_NOON = "T12:00:00Z"


def item(row: Any) -> Item:
    """Return a milestone as an item.

    Raises:
        DriftError: When it is none.
    """
    row = rows.row(row, "milestone", "number", "id", "title", "state")
    text, mark = marks.read(rows.text(row, "description"))
    fields = {
        "title": row["title"].strip(),
        "description": text,
        "status": "active" if row["state"] == OPEN else "completed",
        "due_date": rows.day(row.get("due_on")),
    }
    created = rows.text(row, "created_at")
    return Item(
        "projects",
        str(row["number"]),
        fields,
        {"mark": str(mark) if mark else None},
        name=f"milestone/{row['number']}",
        url=rows.text(row, "html_url"),
        updated_at=rows.text(row, "updated_at"),
        stamps={"created_at": created} if created else {},
        external=mark.id if mark and not mark.is_deleted else None,
    )


def body(current: Item | None, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to send for changes of a project."""
    sent: dict[str, Any] = {}
    if "title" in changes:
        sent["title"] = rows.title(changes["title"])
    if "description" in changes:
        sent["description"] = marks.written(changes["description"] or "", rows.mark_of(current))
    if "status" in changes:
        sent["state"] = "closed" if changes["status"] in _DONE else OPEN
    if "due_date" in changes:
        due = changes["due_date"]
        # The schema wants a string; in truth an update takes null, and nothing else clears it.
        sent["due_on"] = f"{due}{_NOON}" if due else None
        if current is None and not due:
            del sent["due_on"]
    return sent


def represent(name: str, value: Any) -> Any:
    """Return what reading a project's field would give after writing `value`."""
    if isinstance(value, Foreign):
        return value
    match name:
        case "title":
            return rows.title(value)
        case "description":
            return marks.read(value)[0]
        case "status" if value is not None:
            return "completed" if value in _DONE else "active"
        case _:
            return value
