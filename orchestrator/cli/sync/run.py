"""`sync NAME`: plan, show the plan, and carry it out."""

from typing import Any

import click

from orchestrator.cli.session import Session
from orchestrator.cli.sync.options import How, reading_options


@click.command("run")
@click.argument("name", required=False)
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@click.option(
    "--branch", "is_reviewed", is_flag=True,
    help="Commit what comes from the tracker to sync/NAME, for review.",
)  # fmt: skip
@click.option("--watch", is_flag=True, help="Go on, again and again, until Ctrl-C.")
@click.option("--every", default="5m", metavar="TIME", help="How often with --watch: 90s, 5m, 1h.")
@reading_options
@click.pass_obj
def command(
    session: Session,
    /,
    name: str | None,
    dry_run: bool,
    is_reviewed: bool,
    watch: bool,
    every: str,
    as_json: bool,
    **how: Any,
) -> int:
    """Bring the plan and the tracker NAME in step; without NAME, all trackers.

    What goes where is shown first. Then the tracker is written, what comes from it is committed to
    the checked-out branch, and what both sides agree on is kept in refs/orchestrator/sync/NAME .
    Exit code 1 when something failed or a conflict is left.
    """
    from orchestrator.cli.sync.open import refuse_mistyped
    from orchestrator.cli.sync.rounds import Rounds, seconds_of
    from orchestrator.cli.sync.voice import Voice

    seconds = seconds_of(every)
    if watch and dry_run:
        raise click.UsageError("--watch and --dry-run exclude each other.")
    if name is not None:
        refuse_mistyped(session, name)
    voice = Voice(session, as_json, is_brief=watch)
    rounds = Rounds(session, How(**how), voice, name, is_reviewed=is_reviewed, dry_run=dry_run)
    return rounds.watch(seconds) if watch else rounds.once()
