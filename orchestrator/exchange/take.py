"""Fields of another tool's record taken into an item; what has no place is kept by its own key."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from orchestrator.exchange import clean, dates, words
from orchestrator.exchange.imported import Document, Item, Notebook
from orchestrator.model.entities.values import MINUTES_LIMIT

_PLAIN = frozenset({
    "to do", "todo", "open", "in progress", "in_progress", "blocked", "in review", "in_review",
    "done", "completed", "closed", "cancelled", "canceled",
})  # fmt: skip
"""Words for a status that say no more than ours."""


def title(item: Item, written: Any, notes: Notebook) -> None:
    """Set the title; the whole of one that had to be cut is kept."""
    item.fields["title"], whole = clean.title(written, item.origin, item.name, notes)
    if whole:
        item.kept["title"] = whole


def status(
    item: Item, written: Any, table: Mapping[str, str], notes: Notebook, unsaid: str = "todo"
) -> None:
    """Set the status; a word that is not the plain one for it is kept.

    Args:
        item: What to set it on.
        written: The source's word.
        table: Words that mean something else here than they usually do, or that are plain.
        notes: Of words that are unknown.
        unsaid: The status when there is no word.
    """
    word = clean.line(written, item.name, notes)
    plain = table.get(word.casefold())
    found = plain or (words.status(word) if word else unsaid)
    if found is None:
        notes.count(
            "status", f"Tasks with the status {word[:60]} , which is unknown, that are todo now"
        )
    item.fields["status"] = found or "todo"
    if word and plain is None and word.casefold() not in _PLAIN:
        item.kept["status"] = word


def priority(item: Item, written: Any, table: Mapping[str, str | None], notes: Notebook) -> None:
    """Set the priority, if the word or number for it is known; otherwise it is kept.

    Args:
        item: What to set it on.
        written: The source's word or number.
        table: Words of the source, case-folded; None for the one that says that there is none.
        notes: Of words that are unknown.
    """
    word = clean.line(written, item.name, notes)
    if not word:
        return
    known = word.casefold() in table
    found = table[word.casefold()] if known else words.priority(word)
    if found is not None:
        item.fields["priority"] = found
    elif not known:
        notes.count("priority", f"Tasks with the unknown priority {word[:60]} , kept in metadata")
    if found != word.casefold() and not (known and found):
        item.kept["priority"] = word


def moment(item: Item, key: str, value: Any, notes: Notebook) -> str | None:
    """Return a timestamp; a value that is none is kept under `key` and noted."""
    found = dates.moment(value, item.name, key, notes)
    if found is None:
        keep(item, key, value, notes)
    return found


def day(item: Item, key: str, value: Any, notes: Notebook) -> str | None:
    """Return a date; a value that is none, or that has a time of day, is kept under `key`."""
    found = dates.day(value, item.name, key, notes)
    if found is None or dates.has_time(value):
        keep(item, key, value, notes)
    return found


def local_day(item: Item, key: str, value: Any, local: dates.Local, notes: Notebook) -> str | None:
    """Return a date as `day` does, on the day that the moment falls on at some place."""
    day(item, key, value, notes)
    return dates.local_day(value, local)


def minutes(item: Item, key: str, value: Any, seconds_each: int, notes: Notebook) -> int | None:
    """Return a number of units as whole minutes; what is no such number is kept and noted."""
    if clean.is_empty(value):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        found = value * seconds_each / 60 if value <= MINUTES_LIMIT * 60 else MINUTES_LIMIT + 1
        if found <= MINUTES_LIMIT:
            return round(found)
    notes.add("value", item.name, f"{key} is no length of time that fits; kept in metadata.")
    keep(item, key, value, notes)
    return None


def keep(item: Item, key: Any, value: Any, notes: Notebook) -> None:
    """Keep a value under metadata, if it says anything."""
    if not clean.is_empty(value):
        clean.keep(item.kept, key, clean.data(value, item.name, notes))


def rest(item: Item, row: Document, taken: Collection[str], notes: Notebook) -> None:
    """Keep whatever the record says under other keys than those that were taken."""
    for key, value in row.items():
        if key not in taken:
            keep(item, key, value, notes)


def listed(value: Any) -> list[Any]:
    """Return a list as it is, and anything else as a list of one, or of none when it is empty."""
    if isinstance(value, list):
        return value
    return [] if clean.is_empty(value) else [value]


def number(value: Any) -> str:
    """Return the digits of a whole number that is not negative, however it is written, or `""`."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        return str(value) if 0 <= value < 10**18 else ""
    if isinstance(value, str):
        bare = value.strip().removeprefix("#")
        if bare.isascii() and bare.isdigit() and len(bare) <= 18:  # noqa: PLR2004
            return bare.lstrip("0") or "0"
    return ""


def text(item: Item, value: Any, notes: Notebook) -> str:
    """Return a text of several lines without blank ones around it."""
    return clean.text(value, item.name, notes).strip("\n").rstrip()


def joined(parts: Iterable[tuple[str, str]]) -> str:
    """Return a description made of sections, each with its heading unless that is empty."""
    found = [
        f"## {heading}\n\n{body}" if heading else body for heading, body in parts if body.strip()
    ]
    return "\n\n".join(found) + "\n" if found else ""
