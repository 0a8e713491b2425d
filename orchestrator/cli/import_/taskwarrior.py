"""`import taskwarrior`: what `task export` prints."""

from datetime import datetime
from typing import Any

import click

from orchestrator.cli.import_.bring import Wishes, bring, file_of, import_options
from orchestrator.cli.session import Session


@click.command("taskwarrior")
@click.argument("file", metavar="FILE|-")
@import_options
@click.pass_obj
def command(session: Session, /, file: str, **wishes: Any) -> None:
    """Import what task export prints: task export | orchestrator import taskwarrior - .

    The first part of a task's project is the project that it goes into, the rest a label; -p NAME
    puts all tasks into one.
    """
    from orchestrator.exchange.taskwarrior import SOURCE, read

    data, chosen = file_of(session, file), Wishes(**wishes)
    bring(
        session,
        chosen,
        lambda keys, _: read(data, keys, chosen.project or "", datetime.astimezone),
        SOURCE,
    )
