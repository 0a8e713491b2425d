"""How projects, tasks and users are listed; the three commands differ in little else."""

from collections.abc import Sequence
from typing import Any

from orchestrator.cli.pager import show_paged
from orchestrator.cli.session import Session
from orchestrator.cli.talk import note, say_rows, table
from orchestrator.model.places import layer_path
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
    offset: int = 0,
    spare: Sequence[str] = (),
) -> None:
    """Print a list: `{"total": n, "<noun>": [...]}` or a table; through a pager if it is long.

    Args:
        session: Whose terminal it is.
        noun: What the list holds, in the plural.
        rows: Those to show.
        total: How many there are in all.
        columns: What a table shows of each.
        as_json: Whether to answer in JSON.
        offset: How many were left out before the first.
        spare: Columns that a narrow screen can do without, in this order.
    """
    if as_json:
        say_rows(total, {noun: rows})
        return
    cells = [[cell(row.get(column)) for column in columns] for row in rows]
    if rows:
        headings = [name.replace("_", " ") for name in columns]
        show_paged(
            session,
            table(
                headings,
                cells,
                fancy=session.is_terminal,
                has_color=session.has_color,
                spare=[name.replace("_", " ") for name in spare],
            ),
        )
    note_total(session, noun, len(rows), total, offset)


def note_total(session: Session, noun: str, shown: int, total: int, offset: int) -> None:
    """Say how much of a list was shown, where that is not plain to see.

    Args:
        session: Whose terminal it is.
        noun: What the list holds, in the plural.
        shown: How many of them were shown.
        total: How many there are in all.
        offset: How many were left out before the first.
    """
    if not total:
        note(f"No {noun}.")
    elif not shown:
        note(f"None shown of {total:,}.")
    elif shown < total:
        following = offset + shown
        more = f"; --offset {following} shows more" if following < total else ""
        note(f"{offset + 1:,}-{following:,} of {total:,}{more}")
    elif session.is_terminal:
        note(f"{total:,} {noun if total != 1 else noun.removesuffix('s')}")


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
        ids = sorted(
            layer_path(entity_id)
            if kind == "settings" and entity_id
            else entity_id or "the settings"
            for kind, entity_id in snapshot.unreadable
        )
        shown = ", ".join(ids[:5]) + (" …" if len(ids) > 5 else "")  # noqa: PLR2004
        note(f"warning: {len(ids)} file(s) cannot be read: {shown} ; see orchestrator check")
