"""How projects, tasks and users are listed and shown; the three commands differ in little else."""

from collections.abc import Iterator, Sequence
from typing import Any

from orchestrator.cli.session import Session
from orchestrator.cli.talk import note, say, say_json, say_raw, table
from orchestrator.model.duration import format_duration
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot


def show_list(
    session: Session,
    noun: str,
    rows: Sequence[Document],
    total: int,
    columns: Sequence[str],
    *,
    as_json: bool,
) -> None:
    """Print a list: `{"total": n, "<noun>": [...]}` or a table."""
    if as_json:
        say_json({"total": total, noun: list(rows)})
        return
    if not rows:
        note(f"No {noun}.")
        return
    cells = [[cell(row.get(column)) for column in columns] for row in rows]
    say_raw(table([name.replace("_", " ") for name in columns], cells, fancy=session.is_terminal))
    if total > len(rows):
        note(f"{len(rows)} of {total:,}")


def show_one(snapshot: Snapshot, document: Document, *, as_json: bool) -> None:
    """Print one entity: its object, or its fields line by line."""
    if as_json:
        say_json(document)
        return
    width = max(len(name) for name in document)
    for name, value in document.items():
        if name in ("description", "derived") or value in (None, "", [], {}):
            continue
        lines = list(_shown(name, value, snapshot.hours_per_day))
        for label, line in zip((name, *[""] * len(lines)), lines, strict=False):
            say(f"{label:<{width}}  {line}")
    if document.get("description"):
        say()
        say(str(document["description"]).rstrip())


def _shown(name: str, value: Any, hours_per_day: float) -> Iterator[str]:
    """Yield a field's value as lines: one for each time entry and each test requirement."""
    if name.endswith("_minutes"):
        yield format_duration(value, hours_per_day)
    elif name == "time_entries":
        for entry in value:
            spent = format_duration(entry["minutes"], hours_per_day)
            rest = (entry["at"], spent, entry.get("user"), entry.get("note"))
            yield "  ".join(part for part in rest if part)
        yield f"{format_duration(sum(entry['minutes'] for entry in value), hours_per_day)} in all"
    elif name == "tests":
        yield from (f"{kind}: {wanted}" for kind, texts in value.items() for wanted in texts)
    else:
        yield cell(value)


def cell(value: Any) -> str:
    """Return a value as a table shows it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(cell(item) for item in value)
        case dict():
            return ", ".join(f"{key}: {cell(item)}" for key, item in value.items())
        case _:
            return str(value)


def warn_unreadable(snapshot: Snapshot) -> None:
    """Say on stderr that files are left out: a bad file is never silently missing from a list."""
    if snapshot.unreadable:
        ids = sorted(entity_id or "the settings" for _, entity_id in snapshot.unreadable)
        shown = ", ".join(ids[:5]) + (" …" if len(ids) > 5 else "")  # noqa: PLR2004
        note(f"warning: {len(ids)} file(s) cannot be read: {shown} ; see orchestrator check")
