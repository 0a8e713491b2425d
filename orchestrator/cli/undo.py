"""`undo`: taking back the last change."""

from typing import TYPE_CHECKING

import click

from orchestrator.cli.options import commit_options
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.store.outcome import Applied
    from orchestrator.store.undo import Undoing


@click.command("undo")
@click.argument("revision", metavar="[COMMIT]", required=False)
@click.option("--dry-run", is_flag=True, help="Show what it would do; write nothing.")
@commit_options
@click.pass_obj
def command(
    session: Session,
    revision: str | None,
    dry_run: bool,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Take back the last change; undo again makes it again.

    The last change is what the last command did to the files, or the last commit that a patch
    made on this branch, whichever came later. COMMIT takes back what that commit did to the plan.
    Commits are never rewritten: one that takes another back is a new one.
    """
    from orchestrator.cli.change import tell, tell_recovered, told, will_commit
    from orchestrator.cli.talk import note

    workspace = session.workspace
    recovered = None if dry_run else workspace.mend()
    snapshot = workspace.snapshot()
    found = workspace.undoing(revision)
    wished = True if found.commit is not None and wants_commit is None else wants_commit
    commits = will_commit(session, snapshot, wants_commit=wished, message=message)
    if dry_run:
        workspace.take_back(found, snapshot, session.now, dry_run=True)
        note(found.subject)
        for line in told(found.changes):
            note(line)
        note("Nothing was written (--dry-run).")
        return
    applied = workspace.take_back(found, snapshot, session.now)
    note(found.subject)
    if recovered:
        tell_recovered(recovered.changes)
    tell(snapshot, applied)
    if commits:
        _commit(session, found, applied, message)


def _commit(session: Session, found: "Undoing", applied: "Applied", message: str | None) -> None:
    from orchestrator.cli.change import commit
    from orchestrator.patch.describe import body

    words = body(found.changes)
    written = message or "\n\n".join(part for part in (found.subject, words) if part)
    trailers = (f"Reverts: {found.commit}",) if found.commit else ()
    commit(session, applied, written, trailers)
