"""`task show`: one task."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("show")
@click.argument("task_id", metavar="ID")
@json_option
@click.pass_obj
def command(session: Session, task_id: str, as_json: bool) -> None:
    """Show one task: its place, people, dates, effort, what it waits for and what waits for it."""
    from orchestrator.check.run import check
    from orchestrator.cli.card import show_card
    from orchestrator.cli.talk import say_json
    from orchestrator.cli.task.card import task_facts, task_heading
    from orchestrator.verbs.refuse import unknown
    from orchestrator.view.card import task_card
    from orchestrator.view.derived import Derived

    snapshot = session.snapshot()
    if task_id not in snapshot.tasks:
        raise unknown(snapshot, "tasks", task_id)
    derived = Derived(snapshot)
    row = task_card(snapshot, task_id, derived)
    if as_json:
        say_json(row)
        return
    path, now = snapshot.path_of("tasks", task_id), session.now
    problems = [problem for problem in check(snapshot, now) if problem.path == path]
    facts = task_facts(derived, task_id, row, problems, now, has_heading=session.is_terminal)
    show_card(session, task_heading(task_id, row), facts, row.get("description"))
