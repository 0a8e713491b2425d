"""`user show`: one user."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.cli.card import Fact
    from orchestrator.model.shape import Document
    from orchestrator.model.snapshot import Snapshot


@click.command("show")
@click.argument("user_id", metavar="ID")
@json_option
@click.pass_obj
def command(session: Session, user_id: str, as_json: bool) -> None:
    """Show one user, and what they have to do; me is you."""
    from orchestrator.cli.card import show_card
    from orchestrator.cli.escape import printable
    from orchestrator.cli.ink import BOLD
    from orchestrator.cli.talk import say_json
    from orchestrator.model.oneself import ME
    from orchestrator.verbs.refuse import unknown
    from orchestrator.view.load import user_rows

    snapshot = session.snapshot()
    if user_id == ME and user_id not in snapshot.users:
        user_id = session.myself(snapshot)
    if user_id not in snapshot.users:
        raise unknown(snapshot, "users", user_id)
    today = session.today
    [row] = user_rows(snapshot, [user_id], today)
    if as_json:
        say_json(row)
        return
    heading = f"{user_id}  {row.get('name') or ''}"
    show_card(
        session,
        [[(printable(heading), BOLD)], []],
        _facts(snapshot, user_id, row, today, has_heading=session.is_terminal),
        None,
    )


def _facts(
    snapshot: "Snapshot", user_id: str, row: "Document", today: date, *, has_heading: bool
) -> "Iterator[Fact]":
    from orchestrator.cli.card import mapping_lines, task_lines, text_line
    from orchestrator.cli.ink import RED
    from orchestrator.model.duration import format_duration
    from orchestrator.model.task_filter import TaskFilter
    from orchestrator.view.agenda import agenda, entry_words
    from orchestrator.view.load import Load

    load = Load(**row["derived"])
    if not has_heading:
        yield "id", [text_line(user_id)]
    named = ("email", "kind", "role") if has_heading else ("name", "email", "kind", "role")
    for name in named:
        yield name, [text_line(row[name])] if row.get(name) else []
    if row.get("active") is False:
        yield "active", [text_line("no")]
    yield "handles", mapping_lines(row.get("handles"))
    remaining = format_duration(load.remaining_minutes, snapshot.hours_per_day)
    yield "open", [text_line(f"{load.open:,}", f"{remaining} remaining")]
    yield "in_progress", [text_line(f"{load.in_progress:,}")]
    yield "due_this_week", [text_line(f"{load.due_this_week:,}")]
    yield "overdue", [[(f"{load.overdue:,}", RED if load.overdue else "")]]
    found = agenda(snapshot, TaskFilter(assignee=(user_id,)), today).entries if load.open else ()
    lines = [
        (entry.id, entry_words(entry, today), RED if entry.section == "overdue" else "")
        for entry in found
        if entry.kind == "tasks"
    ]
    yield "agenda", task_lines(snapshot, lines)
    yield "metadata", mapping_lines(row.get("metadata"))
    yield "created_at", [text_line(row["created_at"])] if row.get("created_at") else []
    yield "file", [text_line(snapshot.path_of("users", user_id))]
