"""`import todoist`: the CSV of a project, or the JSON of the API."""

import re
from datetime import datetime
from pathlib import PurePath
from typing import Any

import click

from orchestrator.cli.import_.bring import Wishes, bring, file_of, import_options
from orchestrator.cli.session import Session

_NUMBER = re.compile(r"\s*\[\d+\]\Z")


@click.command("todoist")
@click.argument("file", metavar="FILE|-")
@import_options
@click.pass_obj
def command(session: Session, /, file: str, **wishes: Any) -> None:
    """Import an export of Todoist: the CSV of a project, or a full sync in JSON.

    A project is called as in Todoist, after the file for a CSV; -p NAME puts all tasks into one.
    """
    from orchestrator.exchange.todoist import SOURCE, read

    data, chosen = file_of(session, file), Wishes(**wishes)
    # Backups are named `Home [2203306141].csv`.
    name = "" if file == "-" else _NUMBER.sub("", PurePath(file).stem)
    bring(
        session,
        chosen,
        lambda keys, _: read(data, keys, chosen.project or "", name, datetime.astimezone),
        SOURCE,
    )
