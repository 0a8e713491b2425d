"""`import beads`: the issues of beads."""

from typing import Any

import click

from orchestrator.cli.import_.bring import Wishes, bring, file_of, import_options
from orchestrator.cli.session import Session


@click.command("beads")
@click.argument("file", metavar="FILE|-")
@import_options
@click.pass_obj
def command(session: Session, /, file: str, **wishes: Any) -> None:
    """Import the issues of beads (JSONL)."""
    from orchestrator.exchange.beads import read

    data = file_of(session, file)
    bring(session, Wishes(**wishes), lambda *_: read(data), "beads")
