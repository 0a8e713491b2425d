"""`task label`: labels of tasks."""

import click

from orchestrator.cli.session import Session
from orchestrator.cli.task.bulk import Bulk, bulk_options


@click.command("label")
@click.argument("task_ids", metavar="ID...", nargs=-1)
@click.option("--add", "-a", multiple=True, metavar="LABEL", help="Add it; commas part several.")
@click.option("--remove", "-r", multiple=True, metavar="LABEL", help="Take it away.")
@bulk_options
@click.pass_obj
def command(
    session: Session,
    task_ids: tuple[str, ...],
    add: tuple[str, ...],
    remove: tuple[str, ...],
    bulk: Bulk,
) -> int:
    """Add labels to tasks and take them away."""
    from orchestrator.verbs.label import label

    added, removed = _names(add), _names(remove)
    if not added and not removed:
        raise click.UsageError("Say which: --add LABEL or --remove LABEL.")
    if both := sorted({*added} & {*removed}):
        raise click.UsageError(f"Add {both[0]} or remove it, not both.")
    snapshot = session.snapshot()
    ids = bulk.tasks(session, snapshot, task_ids)
    return bulk.carry_out(session, snapshot, label(snapshot, ids, added, removed))


def _names(texts: tuple[str, ...]) -> list[str]:
    parts = (part.strip() for text in texts for part in text.split(","))
    return list(dict.fromkeys(part for part in parts if part))
