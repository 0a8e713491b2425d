"""`blocked`: what is held up, by what, and whose that is."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.options import list_options
from orchestrator.cli.session import Session
from orchestrator.view.blocked import Blocker, Hold
from orchestrator.view.derived import Derived
from orchestrator.view.rows import Page

_COLUMNS = ("id", "holds up", "directly", "status", "assignee", "due", "title")
_MENTIONED = 3
_INDENT = "    "


@click.command("blocked", cls=FilteredCommand)
@filter_options
@click.option("--by", "by_blocker", is_flag=True, help="What holds them up instead, worst first.")
@click.option("--ids", "ids_only", is_flag=True, help="Only the ids, one a line.")
@list_options
@click.pass_obj
def command(session: Session, /, by_blocker: bool, **options: Any) -> None:
    """List what is held up, below each task what it waits for, and whose that is.

    What waits for the same stands together, and what holds up the most comes first. A task waits
    for its open dependencies and for those of the tasks above it; one that only its status calls
    blocked is listed as well.
    """
    from orchestrator.cli.entity import warn_unreadable
    from orchestrator.cli.filters import filter_of
    from orchestrator.cli.task_table import show_ids, sorted_page
    from orchestrator.view.blocked import blocked, holds
    from orchestrator.view.select import predicate

    snapshot = session.snapshot()
    lets = predicate(snapshot, filter_of(session, snapshot, options))
    derived = Derived(snapshot)
    ids = [item for item in blocked(derived) if lets(item, snapshot.tasks[item])]
    found = holds(derived, ids)
    if by_blocker:
        ids = [hold.id for hold in found]
    shown = sorted_page(session, derived, ids, options)
    warn_unreadable(snapshot)
    if options["as_json"]:
        _say_json(derived, shown, found if by_blocker else None)
    elif not show_ids(shown, options):
        if by_blocker:
            _show_holds(session, derived, shown, found)
        else:
            _show_blocked(session, derived, shown)
        _note(session, derived, shown, options["offset"], found, by_blocker=by_blocker)


def _say_json(derived: Derived, shown: Page, found: Sequence[Hold] | None) -> None:
    from orchestrator.cli.talk import say_rows
    from orchestrator.view.blocked import blockers_of
    from orchestrator.view.rows import task_rows

    rows = task_rows(derived.snapshot, shown.ids, derived)
    weights = {hold.id: hold for hold in found or ()}
    for task_id, row in zip(shown.ids, rows, strict=True):
        if found is None:
            row["derived"]["blockers"] = [
                blocker._asdict() for blocker in blockers_of(derived, task_id)
            ]
        else:
            hold = weights[task_id]
            row["derived"] |= {"holds_up": hold.all, "holds_up_directly": hold.directly}
    say_rows(shown.total, {"tasks": rows})


def _show_blocked(session: Session, derived: Derived, shown: Page) -> None:
    from orchestrator.cli.pager import show_paged
    from orchestrator.view.blocked import blockers_of

    lines: list[str] = []
    for task_id in shown.ids:
        lines.append(_line(session, derived, task_id, "", ""))
        reasons = blockers_of(derived, task_id)
        lines += _reasons(session, derived, reasons)
        if not reasons:
            lines.append(f"{_INDENT}its status says so, and nothing that it depends on is open\n")
    show_paged(session, "".join(lines))


def _reasons(session: Session, derived: Derived, reasons: Sequence[Blocker]) -> Iterator[str]:
    for reason in reasons:
        through = f", through {reason.via}" if reason.via else ""
        yield _line(session, derived, reason.id, f"{_INDENT}waits for ", through)


def _line(session: Session, derived: Derived, task_id: str, before: str, after: str) -> str:
    """Return one task on a line: its status, id, whose it is, and as much title as fits."""
    from orchestrator.cli.escape import printable
    from orchestrator.cli.ink import BOLD, DIM, cells, fit, mark_of, paint, screen

    has_color = session.has_color
    task = derived.snapshot.tasks[task_id]
    named = printable(task_id)
    whose = printable(f"  {task.get('assignee') or 'nobody'}{after}")
    title = printable(str(task.get("title") or ""))
    if session.is_terminal:
        room = screen()[0] - cells(before + named + whose) - 4
        title = fit(title, max(room, 12))
    status = mark_of(task.get("status"), has_color=has_color)
    shown_id = named if before else paint(named, BOLD, has_color=has_color)
    shown_whose = paint(whose, DIM, has_color=has_color)
    return f"{before}{status} {shown_id}  {title}{shown_whose}\n"


def _show_holds(session: Session, derived: Derived, shown: Page, found: Sequence[Hold]) -> None:
    from orchestrator.cli.pager import show_paged
    from orchestrator.cli.talk import table

    weights = {hold.id: hold for hold in found}
    rows = []
    for task_id in shown.ids:
        task, hold = derived.snapshot.tasks[task_id], weights[task_id]
        texts = (task.get(name) or "" for name in ("status", "assignee", "due_date", "title"))
        rows.append([task_id, str(hold.all), str(hold.directly), *texts])
    if rows:
        drawn = table(_COLUMNS, rows, fancy=session.is_terminal, has_color=session.has_color)
        show_paged(session, drawn)


def _note(
    session: Session,
    derived: Derived,
    shown: Page,
    offset: int,
    found: Sequence[Hold],
    *,
    by_blocker: bool,
) -> None:
    """Say how many there are, and name what holds up the most."""
    from orchestrator.cli.entity import note_total
    from orchestrator.cli.talk import note

    if not shown.total:
        note("Nothing is held up.")
        return
    noun = "tasks that hold others up" if by_blocker else "tasks"
    note_total(session, noun, len(shown.ids), shown.total, offset)
    if found and not by_blocker:
        worst = (
            f"{hold.id} ({derived.snapshot.tasks[hold.id].get('assignee') or 'nobody'}) {hold.all}"
            for hold in found[:_MENTIONED]
        )
        note(f"held up by {', '.join(worst)}; --by shows all")
