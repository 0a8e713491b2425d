"""How commands that list tasks answer: a page of ids, JSON rows, or a table with chosen columns."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orchestrator.cli.entity import cell, note_total, warn_unreadable
from orchestrator.cli.ink import RED
from orchestrator.cli.options import usage
from orchestrator.cli.pager import show_paged
from orchestrator.cli.session import Session
from orchestrator.cli.talk import say, say_rows, table
from orchestrator.model.duration import format_duration
from orchestrator.view.columns import MINUTES, column, read_columns, sort_tasks
from orchestrator.view.derived import Derived
from orchestrator.view.rows import Page, UnknownFieldError, page, task_rows
from orchestrator.view.select import is_overdue

_SPARE = (
    "priority", "assignee", "estimated_minutes", "unblocks", "due_date", "deleted_with",
    "deleted_by",
)  # fmt: skip
_HEADINGS = {"due_date": "due", "start_date": "start", "estimated_minutes": "estimate"}


def shown_tasks(
    session: Session,
    derived: Derived,
    ids: Sequence[str],
    options: Mapping[str, Any],
    usual: Sequence[str],
) -> Callable[[], None]:
    """Return what prints tasks as `task_list_options` ask for it; all is worked out before.

    Args:
        session: Whose terminal it is.
        derived: Of the plan.
        ids: All of them, in the order that holds where --sort is not given.
        options: As click read them.
        usual: The columns where --columns is not given; on a terminal without the empty ones.

    Raises:
        click.UsageError: There is no such column, or no such field to sort by.
    """
    columns = _columns(options["columns"], usual)
    found = sorted_page(session, derived, ids, options)
    snapshot = derived.snapshot
    rows, text = [], ""
    if not options["ids_only"]:
        derived.expect(found.ids)
    if options["as_json"]:
        rows = task_rows(snapshot, found.ids, derived)
    elif found.ids and not options["ids_only"]:
        chosen = options["columns"] is not None
        text = _table(session, derived, found.ids, columns, is_chosen=chosen)

    def show() -> None:
        warn_unreadable(snapshot)
        if options["as_json"]:
            say_rows(found.total, {"tasks": rows})
        elif not show_ids(found, options):
            if text:
                show_paged(session, text)
            note_total(session, "tasks", len(found.ids), found.total, options["offset"])

    return show


def sorted_page(
    session: Session, derived: Derived, ids: Sequence[str], options: Mapping[str, Any]
) -> Page:
    """Return the page that --sort, --limit and --offset ask for.

    Raises:
        click.UsageError: There is no such field to sort by.
    """
    if options["sort"]:
        with usage(UnknownFieldError):
            ids = sort_tasks(derived, session.today, ids, options["sort"])
    return page(ids, options["limit"], options["offset"])


def show_ids(found: Page, options: Mapping[str, Any]) -> bool:
    """Print only ids, if --ids asks for that; return whether it did."""
    if options["ids_only"]:
        for task_id in found.ids:
            say(task_id)
    return bool(options["ids_only"])


def _columns(chosen: str | None, usual: Sequence[str]) -> list[str]:
    if chosen is None:
        return list(usual)
    with usage(UnknownFieldError):
        return read_columns(chosen, usual)


def _table(
    session: Session, derived: Derived, ids: Sequence[str], columns: list[str], *, is_chosen: bool
) -> str:
    today = session.today.isoformat()
    is_fixed = is_chosen or not session.is_terminal
    tasks = derived.snapshot.tasks
    values = {}
    for name in columns:
        of = column(derived, session.today, name)
        values[name] = [_shown(derived, name, of(task_id)) for task_id in ids]
    kept = [name for name in columns if is_fixed or any(values[name])]

    def paints(row: int, at: int) -> str:
        is_late = kept[at] == "due_date" and is_overdue(tasks[ids[row]], today)
        return RED if is_late else ""

    return table(
        [_heading(name) for name in kept],
        list(zip(*(values[name] for name in kept), strict=True)),
        fancy=session.is_terminal,
        has_color=session.has_color,
        paints=paints,
        spare=[] if is_chosen else [_heading(name) for name in _SPARE],
    )


def _heading(name: str) -> str:
    return _HEADINGS.get(name, name.replace("_", " "))


def _shown(derived: Derived, name: str, value: Any) -> str:
    """Return a value as a column shows it: minutes as durations, moments to the minute."""
    if value is None:
        return ""
    if name in MINUTES:
        return format_duration(value, derived.snapshot.hours_per_day)
    if name.endswith("_at"):
        return str(value)[:16].replace("T", " ")
    if name == "time_entries":
        return str(len(value))
    if name == "progress":
        return f"{value}%"
    if name == "urgency":
        return f"{value:.1f}"
    return cell(value)
