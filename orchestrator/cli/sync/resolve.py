"""`sync resolve`: the side that wins a conflict."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.session import Session
from orchestrator.cli.sync.options import How, reading_options
from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from orchestrator.cli.sync.open import Opened
    from orchestrator.sync.action import Action, Side
    from orchestrator.sync.run.prepare import Prepared


class NoConflictError(OrchestratorError):
    """There is no such conflict."""


@click.command("resolve")
@click.argument("name")
@click.argument("item", metavar="ID")
@click.option("--take", type=click.Choice(["local", "remote"]), required=True, help="Who wins.")
@click.option("--field", "fields", multiple=True, help="This field alone; repeatable.")
@reading_options
@click.pass_obj
def command(
    session: Session,
    /,
    name: str,
    item: str,
    take: "Side",
    fields: tuple[str, ...],
    as_json: bool,
    **how: Any,
) -> int:
    """Let one side win what both changed in the item ID, here and in the tracker NAME.

    ID is ours, or the tracker's key or name. What else the item needs is synced with it.
    """
    from orchestrator.cli import FINE, REFUSED
    from orchestrator.cli.sync.one import sync_one
    from orchestrator.cli.sync.voice import Voice

    chosen = How(**{**how, "only": (item,)})

    def replan(read: "Prepared", found: "Opened") -> "Prepared":
        from orchestrator.sync.run.prepare import planned

        first = planned(read, found.setting, read.wish)
        action = _conflict(first.plan.actions, name, item, fields)
        wanted = fields or tuple(clash.name for clash in action.clashes)
        choices = {(action.kind, action.id, field): take for field in wanted}
        return planned(first, found.setting, replace(first.wish, choices=choices))

    result = sync_one(session, name, chosen, Voice(session, as_json), replan=replan)
    return FINE if result.is_fine else REFUSED


def _conflict(
    actions: "tuple[Action, ...]", name: str, item: str, fields: tuple[str, ...]
) -> "Action":
    action = next((action for action in actions if action.clashes), None)
    if action is None:
        raise NoConflictError(
            f"{item[:80]} has no conflict in {name} .", f"orchestrator sync plan {name}"
        )
    known = {clash.name for clash in action.clashes}
    if unknown := [field for field in fields if field not in known]:
        raise NoConflictError(
            f"{action.id} has no conflict in {unknown[0][:40]} .",
            f"There is one in {', '.join(sorted(known))} .",
        )
    return action
