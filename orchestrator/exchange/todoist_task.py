"""What both exports of Todoist say of a task: title with labels, duration, comments."""

import re
from typing import Any

from orchestrator.exchange import clean, take
from orchestrator.exchange.imported import Item, Notebook

SOURCE = "todoist"
HOURS_A_DAY = 8

_LABEL = re.compile(r"(?<!\S)@(?P<name>[^\s@]{1,100})(?!\S)")
_BY = re.compile(r"(?P<name>.*\S)\s*\(\d{1,18}\)", re.ASCII)


def without_labels(content: str) -> tuple[str, list[str]]:
    """Return a task's content without the labels in it, and these."""
    found = [match["name"] for match in _LABEL.finditer(content)]
    if not found:
        return content, []
    bare = " ".join(_LABEL.sub("", content).split())
    return bare or content, found


def person(written: Any, item: Item, notes: Notebook) -> str:
    """Return the name in `Kai (48151623)`."""
    line = clean.line(written, item.origin, notes)[:200]
    match = _BY.fullmatch(line)
    return match["name"] if match else line


def duration(item: Item, amount: Any, unit: Any, notes: Notebook) -> None:
    """Set the estimate; a day is eight hours, and is kept as it was said."""
    word = clean.line(unit, item.origin, notes).casefold()
    if clean.is_empty(amount) or amount == "None":
        return
    given = int(number) if (number := take.number(amount)) else amount
    each = {"minute": 60, "minutes": 60, "": 60, "day": HOURS_A_DAY * 3600}.get(word)
    if each is None:
        take.keep(item, "duration", f"{clean.scalar(amount)[:40]} {word}", notes)
        return
    item.fields["estimated_minutes"] = take.minutes(item, "duration", given, each, notes)
    if word == "day":
        take.keep(item, "duration", f"{clean.scalar(amount)[:40]} day", notes)
        notes.count("value", f"Durations in days, taken for {HOURS_A_DAY} hours each")


def plan(item: Item, due: str | None, deadline: str | None) -> None:
    """Set the dates: with a deadline the date is when work on it begins."""
    item.fields["due_date"] = deadline or due
    if deadline and due:
        item.fields["start_date"] = due


def describe(item: Item, description: str, comments: list[str]) -> None:
    """Set the description, with the comments below it."""
    said = "\n".join("- " + each.replace("\n", "\n  ") for each in comments)
    item.fields["description"] = take.joined([("", description), ("Comments", said)])
