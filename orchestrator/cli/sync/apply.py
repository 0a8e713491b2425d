"""`sync apply`: a plan from a file, carried out if it still holds."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.cli.sync.open import Opened
    from orchestrator.sync.run.prepare import Prepared


@click.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--branch", "is_reviewed", is_flag=True, help="Commit what comes here to sync/NAME.")
@json_option
@click.pass_obj
def command(session: Session, file: Path, is_reviewed: bool, as_json: bool) -> int:
    """Carry out the plan in FILE, which sync plan --out wrote.

    Both sides are read again; when the plan would be another one now, nothing is done.
    """
    from orchestrator.cli import FINE, REFUSED
    from orchestrator.cli.sync.one import sync_one
    from orchestrator.cli.sync.plan_file import StalePlanError, read_plan
    from orchestrator.cli.sync.voice import Voice
    from orchestrator.sync.reconcile.plan_json import digest
    from orchestrator.sync.run.prepare import planned

    kept = read_plan(session.folder / file)

    def replan(read: "Prepared", found: "Opened") -> "Prepared":
        prepared = planned(read, found.setting, read.wish)
        if digest(prepared.plan) != kept.digest:
            raise StalePlanError(kept.integration)
        return prepared

    result = sync_one(
        session, kept.integration, kept.how, Voice(session, as_json),
        is_reviewed=is_reviewed, replan=replan,
    )  # fmt: skip
    return FINE if result.is_fine else REFUSED
