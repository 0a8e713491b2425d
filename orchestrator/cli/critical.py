"""`critical`: what decides when all is done, and by how much the rest can slip."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.model.snapshot import Snapshot
    from orchestrator.view.schedule import Schedule

_FEW = 10
_SOME_IDS = 5


@click.command("critical")
@click.option("--project", "-p", default=None, metavar="ID", help="Until this project is done.")
@click.option("--slack", "wants_slack", is_flag=True, help="All open tasks, the least slack first.")
@click.option(
    "--assume", default=None, metavar="TIME", help="What a task without an estimate takes; else 1d."
)
@click.option("--limit", type=click.IntRange(min=0), default=None, help="Show at most N.")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Leave out the first N.")
@json_option
@click.pass_obj
def command(
    session: Session,
    project: str | None,
    wants_slack: bool,
    assume: str | None,
    limit: int | None,
    offset: int,
    as_json: bool,
) -> None:
    """Show the critical path: the tasks that decide when everything is done.

    Work goes on from today, Monday to Friday, each task as soon as what it waits for is done, as
    if whoever has it were free. Slack is by how much a task can slip before the end or a due date
    does; below zero, a due date is missed already.
    """
    from orchestrator.cli.entity import note_total, warn_unreadable
    from orchestrator.view.rows import page
    from orchestrator.view.schedule import schedule

    snapshot = session.snapshot()
    _refuse_unknown(snapshot, project)
    plan = schedule(snapshot, session.today, project, _assumed(snapshot, assume))
    warn_unreadable(snapshot)
    found = page(_by_slack(plan) if wants_slack else plan.path, limit, offset)
    if as_json:
        _answer(snapshot, plan, found.total, found.ids)
        return
    if wants_slack:
        _show_slack(session, snapshot, plan, found.ids)
    else:
        _show_path(session, snapshot, plan, found.ids)
    if found.total:
        note_total(session, "tasks", len(found.ids), found.total, offset)
    _note_doubts(snapshot, plan)


def _refuse_unknown(snapshot: "Snapshot", project: str | None) -> None:
    from orchestrator.verbs.refuse import unknown

    if project is not None and project not in snapshot.projects:
        raise unknown(snapshot, "projects", project)


def _assumed(snapshot: "Snapshot", text: str | None) -> int | None:
    from orchestrator.model.duration import DurationError, parse_duration

    if text is None:
        return None
    try:
        return parse_duration(text, snapshot.hours_per_day)
    except DurationError as error:
        raise click.UsageError(f"--assume: {error.message} {error.hint or ''}".strip()) from error


def _by_slack(plan: "Schedule") -> list[str]:
    """Return the open tasks of the scope that have no open ones below, the least slack first."""
    found = []
    for task_id in plan.scope:
        placed = plan.tasks.get(task_id)
        if placed and not placed.is_parent and placed.slack_minutes is not None:
            found.append((placed.slack_minutes, placed.begin, task_id))
    return [task_id for _, _, task_id in sorted(found)]


def _answer(snapshot: "Snapshot", plan: "Schedule", total: int, ids: Iterable[str]) -> None:
    from orchestrator.cli.talk import say_json
    from orchestrator.view.scheduled import scheduled_rows

    open_tasks = {task_id: plan.tasks[task_id] for task_id in sorted(plan.scope & set(plan.tasks))}
    say_json({
        "total": total,
        "tasks": scheduled_rows(snapshot, ids, plan),
        "path": list(plan.path),
        "finish": plan.finish.isoformat() if plan.finish else None,
        "minutes": plan.minutes,
        "late": [task_id for task_id, placed in open_tasks.items() if placed.is_late],
        "assumed": [task_id for task_id, placed in open_tasks.items() if placed.is_assumed],
        "ignored": [ignored._asdict() for ignored in plan.ignored],
    })  # fmt: skip


def _show_path(
    session: Session, snapshot: "Snapshot", plan: "Schedule", ids: Sequence[str]
) -> None:
    from orchestrator.cli.pager import show_paged
    from orchestrator.cli.talk import clean, note, table
    from orchestrator.model.duration import format_duration

    if plan.finish is None:
        note("Nothing is open.")
        return
    rows = []
    for task_id in ids:
        task, placed = snapshot.tasks[task_id], plan.tasks[task_id]
        left = format_duration(placed.minutes, snapshot.hours_per_day)
        rows.append([
            task_id, placed.start.isoformat(), placed.finish.isoformat(),
            f"{left} ?" if placed.is_assumed else left, str(task.get("assignee") or ""),
            str(task.get("title") or ""),
        ])  # fmt: skip
    headings = ("id", "start", "finish", "left", "who", "title")
    shown = table(headings, rows, fancy=session.is_terminal, has_color=session.has_color)
    length = format_duration(plan.minutes, snapshot.hours_per_day)
    many = f"{len(plan.path):,} tasks" if len(plan.path) != 1 else "one task"
    ends = f"\nAll is done on {plan.finish} at the earliest: {many} in a row, {length} of work.\n"
    if plan.path and plan.tasks[plan.path[0]].begin > plan.calendar.start(session.today):
        first = plan.tasks[plan.path[0]].start
        ends += f"{plan.path[0]} has to wait for a start date, {first} .\n"
    late = _late(snapshot, plan, fancy=session.is_terminal)
    show_paged(session, shown + clean(ends) + late)


def _late(snapshot: "Snapshot", plan: "Schedule", *, fancy: bool) -> str:
    """Return what ends after its due date, the latest first."""
    from orchestrator.cli.talk import table

    rows = []
    for task_id in plan.scope:
        task, placed = snapshot.tasks[task_id], plan.tasks.get(task_id)
        if placed and placed.is_late:
            due, finish = str(task["due_date"]), placed.finish.isoformat()
            rows.append([task_id, due, finish, str(task.get("title") or "")])
    if not rows:
        return ""
    rows.sort(key=lambda row: (row[1], row[0]))
    more = f"{len(rows) - _FEW:,} more; --slack lists them\n" if len(rows) > _FEW else ""
    shown = table(("id", "due", "finish", "title"), rows[:_FEW], fancy=fancy)
    ends = "ends" if len(rows) == 1 else "end"
    return f"\n{len(rows):,} {ends} after the due date:\n{shown}{more}"


def _show_slack(
    session: Session, snapshot: "Snapshot", plan: "Schedule", ids: Sequence[str]
) -> None:
    from orchestrator.cli.pager import show_paged
    from orchestrator.cli.talk import note, table
    from orchestrator.model.duration import format_duration

    rows = []
    for task_id in ids:
        task, placed = snapshot.tasks[task_id], plan.tasks[task_id]
        slack = placed.slack_minutes or 0
        shown = format_duration(abs(slack), snapshot.hours_per_day)
        rows.append([
            task_id, f"-{shown}" if slack < 0 else shown, placed.start.isoformat(),
            placed.finish.isoformat(), str(task.get("due_date") or ""),
            str(task.get("assignee") or ""), str(task.get("title") or ""),
        ])  # fmt: skip
    if not rows:
        note("Nothing is open.")
        return
    headings = ("id", "slack", "start", "finish", "due", "who", "title")
    show_paged(
        session, table(headings, rows, fancy=session.is_terminal, has_color=session.has_color)
    )


def _note_doubts(snapshot: "Snapshot", plan: "Schedule") -> None:
    """Say what the answer rests on that the plan does not say."""
    from orchestrator.cli.talk import note

    guessed = [
        task_id
        for task_id in sorted(plan.scope & set(plan.tasks))
        if plan.tasks[task_id].is_assumed
    ]
    if guessed:
        from orchestrator.model.duration import format_duration

        each = format_duration(plan.tasks[guessed[0]].minutes, snapshot.hours_per_day)
        note(f"assumed: {each} each for {len(guessed):,} without an estimate: {_some(guessed)}")
    missing = [f"{one.id} → {one.dependency}" for one in plan.ignored if one.reason == "missing"]
    if missing:
        note(f"not counted: dependencies on tasks that are not there: {_some(missing)}")
    circle = [f"{one.id} → {one.dependency}" for one in plan.ignored if one.reason == "circle"]
    if circle:
        note(f"not counted: dependencies in a circle: {_some(circle)} ; see orchestrator check")


def _some(names: Sequence[Any]) -> str:
    return ", ".join(names[:_SOME_IDS]) + (" …" if len(names) > _SOME_IDS else "")
