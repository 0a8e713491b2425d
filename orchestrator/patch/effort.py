"""What a change does to a task's time entries, in words."""

from collections.abc import Iterator
from typing import Any

from orchestrator.model.duration import format_duration
from orchestrator.model.shape import Document

_DAY = 10  # characters of 2026-11-22 in a stamp


def entry_words(before: Document, now: Document) -> list[str]:
    """Return a line for each entry that is added or taken away; none if they change otherwise.

    Lines read `1h30m logged on 2026-11-22 by dana: Retries`.
    """
    deed, entries = _difference(before, now)
    return [f"{_spent(entry)} {deed} {_rest(entry)}" for entry in entries]


def entry_subject(name: str, before: Document, now: Document) -> str | None:
    """Return `Log 1h30m on PAY-1` or `Take back …`; None if entries change otherwise."""
    deed, entries = _difference(before, now)
    if len(entries) != 1:
        return None
    verb = "Log" if deed == "logged" else "Take back"
    return f"{verb} {_spent(entries[0])} on {name}"


def _difference(before: Document, now: Document) -> tuple[str, list[Any]]:
    was, are = before.get("time_entries") or [], now.get("time_entries") or []
    if not all(_is_entry(item) for item in (*was, *are)):
        return "", []
    if are[: len(was)] == was:
        return "logged", are[len(was) :]
    place = next((at for at, item in enumerate(are) if item != was[at]), len(are))
    if was[:place] + was[place + 1 :] == are:
        return "taken back, logged", [was[place]]
    return "", []


def _is_entry(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("minutes"), int)


def _spent(entry: Document) -> str:
    return format_duration(entry["minutes"], 0)


def _rest(entry: Document) -> str:
    return "".join(_parts(entry))


def _parts(entry: Document) -> Iterator[str]:
    yield f"on {str(entry.get('at'))[:_DAY]}"
    if entry.get("user"):
        yield f" by {entry['user']}"
    if entry.get("note"):
        yield f": {' '.join(str(entry['note']).split())}"
