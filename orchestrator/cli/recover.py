"""`recover`: finishing what killed commands began."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("recover")
@click.option("--dry-run", is_flag=True, help="Say what there is; write nothing.")
@json_option
@click.pass_obj
def command(session: Session, dry_run: bool, as_json: bool) -> None:
    """Finish what killed commands began, and clear away what they left.

    Every writing command does the first by itself. A file that somebody has changed since stays
    as it is, and is named.
    """
    import dataclasses

    from orchestrator.cli.change import tell_recovered
    from orchestrator.cli.talk import note, say_json

    found = session.workspace.recover(dry_run=dry_run)
    if as_json:
        say_json({"dry_run": dry_run, **dataclasses.asdict(found)})
        return
    tell_recovered(found.changes, dry_run=dry_run)
    verb = "Would remove" if dry_run else "Removed"
    for path in found.temporaries:
        note(f"{verb} {path} , which a killed command left")
    for path in found.locks:
        note(f"{verb} git's lock {path} , which a killed command left")
    for path in found.unreadable:
        note(f"{path} is no journal that can be understood")
    if found.is_empty:
        note("There is nothing to recover.")
    elif dry_run:
        note("Nothing was written (--dry-run).")
