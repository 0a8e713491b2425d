"""`sync link`: which items on both sides are the same."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import click

from orchestrator.cli.session import Session
from orchestrator.cli.sync.options import How, reading_options

if TYPE_CHECKING:
    from orchestrator.cli.sync.open import Opened
    from orchestrator.sync.run.prepare import Prepared

Match = Literal["title", "external"]


@click.command("link")
@click.argument("name")
@click.argument("item", metavar="[ID]", required=False)
@click.argument("key", metavar="[KEY]", required=False)
@click.option(
    "--match", type=click.Choice(["title", "external"]),
    help="Link all that fit: by equal titles, or by the mark that items over there carry.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show what would be linked, and link nothing.")
@reading_options
@click.pass_obj
def command(
    session: Session,
    /,
    name: str,
    item: str | None,
    key: str | None,
    match: Match | None,
    dry_run: bool,
    as_json: bool,
    **how: Any,
) -> int:
    """Link the item ID here with KEY in the tracker NAME; or with --match, all that fit.

    Nothing is made and no field is written: the next sync finds what differs between them.
    """
    from orchestrator.cli import FINE, REFUSED
    from orchestrator.cli.sync.one import plan_one, sync_one
    from orchestrator.cli.sync.voice import Voice

    if (match is None) == (item is None) or (item is None) != (key is None):
        raise click.UsageError("Name an ID and a KEY, or --match title or --match external.")
    chosen = How(**{**how, "is_full": True})

    def replan(read: "Prepared", found: "Opened") -> "Prepared":
        from orchestrator.sync.reconcile.adopt import adopt, join

        sides = (read.local, read.there, read.origin.base, found.setting.tie)
        plan = adopt(*sides, match) if match else join(*sides, (item or "", key or ""))
        return replace(read, plan=plan, is_whole=False)

    voice = Voice(session, as_json)
    if dry_run:
        voice.plan(plan_one(session, name, chosen, voice, replan=replan))
        return FINE
    result = sync_one(session, name, chosen, voice, replan=replan)
    return FINE if result.is_fine else REFUSED
