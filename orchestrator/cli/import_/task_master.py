"""`import task-master`: tasks.json, whose tags become projects."""

from typing import Any

import click

from orchestrator.cli.import_.bring import Wishes, bring, file_of, import_options
from orchestrator.cli.session import Session


@click.command("task-master")
@click.argument("file", metavar="FILE|-")
@click.option("--tag", "tags", multiple=True, help="Only this tag; may be given again.")
@import_options
@click.pass_obj
def command(session: Session, /, file: str, tags: tuple[str, ...], **wishes: Any) -> None:
    """Import FILE, usually .taskmaster/tasks/tasks.json .

    Each tag becomes a project of its name. With -p NAME the tag master, or the only tag, becomes
    NAME and another tag NAME-TAG.
    """
    from orchestrator.exchange.taskmaster import FIRST_TAG, read

    data, chosen = file_of(session, file), Wishes(**wishes)
    bring(session, chosen, lambda keys, _: read(data, keys, chosen.project or "", tags), FIRST_TAG)
