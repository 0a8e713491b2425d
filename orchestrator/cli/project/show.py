"""`project show`: one project."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.cli.card import Fact, Line
    from orchestrator.model.shape import Document
    from orchestrator.model.snapshot import Snapshot
    from orchestrator.view.card import ProjectFacts

_NEXT = 3


@click.command("show")
@click.argument("project_id", metavar="ID")
@json_option
@click.pass_obj
def command(session: Session, project_id: str, as_json: bool) -> None:
    """Show one project: how far it is, what is late, what comes next, where it runs over."""
    from orchestrator.cli.card import show_card
    from orchestrator.cli.talk import say_json
    from orchestrator.verbs.refuse import unknown
    from orchestrator.view.card import project_cards, project_facts
    from orchestrator.view.derived import Derived

    snapshot = session.snapshot()
    if project_id not in snapshot.projects:
        raise unknown(snapshot, "projects", project_id)
    [row] = project_cards(snapshot, [project_id])
    found = project_facts(snapshot, project_id, session.today, Derived(snapshot))
    if as_json:
        more = {**found._asdict(), "ready": len(found.ready), "overdue": len(found.overdue)}
        say_json({**row, "derived": {**row["derived"], **more}})
        return
    facts = _facts(snapshot, project_id, row, found, session.now, has_heading=session.is_terminal)
    show_card(session, _heading(project_id, row), facts, row.get("description"))


def _heading(project_id: str, row: "Document") -> "list[Line]":
    from orchestrator.cli.escape import printable
    from orchestrator.cli.ink import BOLD, RED, STATUS_MARKS

    status = row.get("status") or ""
    mark, color = STATUS_MARKS.get(status, ("?", ""))
    title = f"{project_id}  {row.get('title') or ''}"
    state = [(status.replace("_", " "), color)]
    if row.get("deleted_at"):
        state.append((" · deleted", RED))
    return [[(f"{mark} ", color), (printable(title), BOLD)], state, []]


def _facts(
    snapshot: "Snapshot",
    project_id: str,
    row: "Document",
    found: "ProjectFacts",
    now: datetime,
    *,
    has_heading: bool,
) -> "Iterator[Fact]":
    from orchestrator.cli.card import mapping_lines, progress_facts, text_line
    from orchestrator.cli.task.card import day_facts, deletion_facts, person_line, stamp_facts
    from orchestrator.model.vocabulary import DONE
    from orchestrator.view.rollup import Rollup

    if not has_heading:
        yield "id", [text_line(project_id)]
    named = ("key", "priority") if has_heading else ("key", "title", "status", "priority")
    for name in named:
        yield name, [text_line(row[name])] if row.get(name) else []
    yield "owner", [person_line(snapshot, row["owner"])] if row.get("owner") else []
    yield "tags", [text_line(", ".join(row["tags"]))] if row.get("tags") else []
    yield from day_facts(row, now, is_open=row.get("status") not in DONE)
    if amount := row["derived"]["rollup"]:
        yield from progress_facts(Rollup(**amount), snapshot.hours_per_day)
    yield from _standing(snapshot, found, now.date())
    yield "external_ids", mapping_lines(row.get("external_ids"))
    yield "metadata", mapping_lines(row.get("metadata"))
    yield from stamp_facts(row, now)
    yield from deletion_facts(project_id, row, "project")
    yield "file", [text_line(snapshot.path_of("projects", project_id))]


def _standing(snapshot: "Snapshot", found: "ProjectFacts", today: date) -> "Iterator[Fact]":
    """Yield how many tasks are in which status, and those that somebody should look at."""
    from orchestrator.cli.card import task_lines, text_line
    from orchestrator.cli.ink import RED, STATUS_MARKS
    from orchestrator.model.vocabulary import TASK_STATUSES
    from orchestrator.view.when import due_words

    counts = [
        (f"{'' if at == 0 else '  '}{found.by_status[status]:,} {status.replace('_', ' ')}",
         STATUS_MARKS[status][1])
        for at, status in enumerate(s for s in TASK_STATUSES if s in found.by_status)
    ]  # fmt: skip
    yield "tasks", [counts] if counts else []
    yield "ready", [text_line(f"{len(found.ready):,}")] if counts else []

    def dated(ids: Sequence[str], code: str) -> "list[tuple[str, str, str]]":
        return [
            (task_id, due_words(snapshot.tasks[task_id]["due_date"], today), code)
            for task_id in ids
        ]

    yield "overdue", task_lines(snapshot, dated(found.overdue, RED))
    yield "next due", task_lines(snapshot, dated(found.next_due[:_NEXT], ""))
    yield "over-runs", task_lines(snapshot, [(task_id, "", "") for task_id in found.over_runs])
