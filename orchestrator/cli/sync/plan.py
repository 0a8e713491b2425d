"""`sync plan`: what a sync would do, shown or written to a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.session import Session
from orchestrator.cli.sync.options import How, reading_options

if TYPE_CHECKING:
    from orchestrator.sync.action import Plan

CHANGES = 2


@click.command("plan")
@click.argument("name")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan to a file too."
)
@click.option(
    "--detailed-exitcode", is_flag=True,
    help="Exit with 0 when nothing is to be done, 2 when something is, 1 for an error.",
)  # fmt: skip
@reading_options
@click.pass_obj
def command(
    session: Session,
    /,
    name: str,
    out: Path | None,
    detailed_exitcode: bool,
    as_json: bool,
    **how: Any,
) -> int:
    """Show what a sync of NAME would do, field by field; nothing is changed anywhere.

    sync apply FILE carries out what --out wrote, if it still holds then.
    """
    from orchestrator.cli import FINE
    from orchestrator.cli.sync.one import plan_one
    from orchestrator.cli.sync.plan_file import write_plan
    from orchestrator.cli.sync.voice import Voice
    from orchestrator.cli.talk import note

    voice = Voice(session, as_json)
    chosen = How(**how)
    prepared = plan_one(session, name, chosen, voice)
    voice.plan(prepared)
    if out is not None:
        write_plan(session.folder / out, prepared.plan, chosen)
        note(f"orchestrator sync apply {out}")
    return CHANGES if detailed_exitcode and is_something(prepared.plan) else FINE


def is_something(plan: "Plan") -> bool:
    """Return whether a plan writes something, or leaves a conflict."""
    return any(action.verb != "skip" for action in plan.actions)
