"""`task start`, `done`, `block`, `review`, `cancel` and `reopen`: a status, with its stamps."""

from typing import Any

import click

from orchestrator.cli.session import Session
from orchestrator.cli.task.bulk import Bulk, bulk_options

_MOST = 5


def _status_command(name: str, help_text: str) -> click.Command:
    @click.command(name, help=help_text)
    @click.argument("task_ids", metavar="ID...", nargs=-1)
    @bulk_options
    @click.pass_obj
    def change(session: Session, /, task_ids: tuple[str, ...], bulk: Bulk, **more: Any) -> int:
        from orchestrator.cli.talk import note
        from orchestrator.verbs.status import ACTIONS, act, already

        snapshot = session.snapshot()
        ids = bulk.tasks(session, snapshot, task_ids)
        waits_for = [part for text in more.get("on", ()) for part in text.split(",")]
        patch = act(snapshot, name, ids, session.now, waits_for)
        status = ACTIONS[name].status
        done = already(snapshot, name, ids)
        for task_id in done[:_MOST]:
            note(f"{task_id} is {status} already.")
        if len(done) > _MOST:
            note(f"… and {len(done) - _MOST:,} more are {status} already.")
        return bulk.carry_out(session, snapshot, patch)

    return change


start = _status_command("start", "Mark tasks as in progress, stamped with the time.")
done = _status_command("done", "Mark tasks as completed, stamped with the time.")
block = click.option(
    "--on", multiple=True, metavar="ID", help="What they wait for: adds the dependency as well."
)(_status_command("block", "Mark tasks as blocked."))
review = _status_command("review", "Mark tasks as in review.")
cancel = _status_command("cancel", "Mark tasks as cancelled: they will not be done.")
reopen = _status_command("reopen", "Make tasks todo again that were completed, cancelled, blocked.")
