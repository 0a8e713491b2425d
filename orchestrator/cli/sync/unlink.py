"""`sync unlink`: items on both sides that are not the same after all."""

import click

from orchestrator.cli.session import Session
from orchestrator.cli.sync.suspend import sharing_options, standing


@click.command("unlink")
@click.argument("name")
@click.argument("item", metavar="ID")
@sharing_options
@click.pass_obj
def command(session: Session, name: str, item: str, shares: bool, is_any_head: bool) -> None:
    """Part the item ID from what it is linked with in the tracker NAME; both stay.

    ID is ours, or the tracker's key or name. The next sync takes both for new, unless they are
    linked otherwise before, or the tracker's item carries a mark that it was made from ours.
    """
    from orchestrator.cli.talk import note, say
    from orchestrator.sync.run.adjust import unlink

    with standing(session, name, f"unlink {item}", shares=shares, is_any_head=is_any_head) as at:
        record, notes = unlink(at.ground, name, item, at.sharing, at.by, at.token)
    for text in notes:
        note(f"{name}: {text}")
    there = record.name or record.key
    say(f"{record.id} and {there} of {name} are parted")
    note(f"orchestrator sync link {name} {record.id} KEY links it otherwise")
