"""How text is measured, cut, marked and coloured for a terminal."""

import shutil

STATUS_MARKS = {
    "todo": ("○", ""), "in_progress": ("◐", "36"), "blocked": ("✖", "31"),
    "in_review": ("◑", "35"), "completed": ("●", "32"), "cancelled": ("⊘", "2"),
    "planned": ("○", ""), "active": ("◐", "36"), "on_hold": ("✖", "33"),
}  # fmt: skip
PRIORITY_MARKS = {"urgent": ("!!", "1;31"), "high": ("!", "33"), "low": ("-", "2")}
BOLD, DIM, RED, GREEN, YELLOW = "1", "2", "31", "32", "33"
LEAST_WIDTH = 20


def screen() -> tuple[int, int]:
    """Return the columns and lines of the terminal; COLUMNS and LINES say them in a pipe."""
    size = shutil.get_terminal_size()
    return max(size.columns, LEAST_WIDTH), size.lines


def paint(text: str, code: str, *, has_color: bool) -> str:
    """Return text in a colour, given as the numbers of an SGR sequence; "" is none."""
    return f"\x1b[{code}m{text}\x1b[0m" if has_color and code and text else text


def mark_of(status: str | None, *, has_color: bool) -> str:
    """Return the sign of a status, one cell wide."""
    mark, code = STATUS_MARKS.get(status or "", ("?", ""))
    return paint(mark, code, has_color=has_color)


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes: two for 日 and 👍."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def fit(text: str, width: int) -> str:
    """Return text cut to `width` cells, with … where something is missing."""
    if cells(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    from rich.cells import set_cell_size

    return set_cell_size(text, width - 1).rstrip() + "…"


def pad(text: str, width: int) -> str:
    """Return text of at most `width` cells, filled up with spaces."""
    return text + " " * (width - cells(text))


def wrap(text: str, width: int, most: int) -> list[str]:
    """Return text as at most `most` lines of `width` cells, broken at spaces where there are."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most - 1:
        line = words.pop(0)
        if cells(line) > width:
            head, tail = _broken(line, width)
            if not head:
                break
            line = head
            words.insert(0, tail)
        else:
            while words and cells(line) + 1 + cells(words[0]) <= width:
                line += f" {words.pop(0)}"
        lines.append(line)
    if words:
        lines.append(fit(" ".join(words), width))
    return lines


def bar(share: float, width: int) -> str:
    """Return a bar of `width` cells that is filled by `share`, 0 to 1."""
    filled = round(min(max(share, 0.0), 1.0) * width)
    # Neither full nor empty unless it is so.
    filled = min(max(filled, share > 0), width - (share < 1))
    return "█" * filled + "░" * (width - filled)


def _broken(word: str, width: int) -> tuple[str, str]:
    from rich.cells import set_cell_size

    # Half of a wide character that does not fit becomes a space.
    head = set_cell_size(word, width).removesuffix(" ")
    after = max(head.rfind("-"), head.rfind("/")) + 1
    if after > len(head) // 3:
        head = head[:after]
    return head, word[len(head) :]
