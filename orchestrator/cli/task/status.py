"""`task start` and `task done`: a status, with its stamps."""

import click

from orchestrator.cli.options import commit_options
from orchestrator.cli.session import Session


def _status_command(name: str, status: str, help_text: str) -> click.Command:
    @click.command(name, help=help_text)
    @click.argument("task_ids", metavar="ID...", nargs=-1, required=True)
    @commit_options
    @click.pass_obj
    def change(
        session: Session, task_ids: tuple[str, ...], wants_commit: bool | None, message: str | None
    ) -> None:
        from orchestrator.cli.change import make_change
        from orchestrator.patch.ops import Patch
        from orchestrator.verbs.change import set_status

        snapshot = session.workspace.snapshot()
        now = session.now
        ops = [op for item in task_ids for op in set_status(snapshot, item, status, now).ops]
        make_change(
            session, snapshot, Patch(tuple(ops)), wants_commit=wants_commit, message=message
        )

    return change


start = _status_command("start", "in_progress", "Mark tasks as in progress, stamped with the time.")
done = _status_command("done", "completed", "Mark tasks as completed, stamped with the time.")
