"""How a person's command becomes changed files, and a commit when that is wished for."""

from orchestrator.cli.session import Session
from orchestrator.cli.talk import note
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.describe import body, fields, sentences, subject
from orchestrator.patch.ops import Patch
from orchestrator.store.workspace import Applied


def make_change(
    session: Session,
    snapshot: Snapshot,
    patch: Patch,
    *,
    wants_commit: bool | None,
    message: str | None = None,
) -> Applied:
    """Apply a patch to the work tree, say what it did, and commit it if asked to."""
    commits = will_commit(session, snapshot, wants_commit=wants_commit, message=message)
    applied = session.workspace.apply(patch, session.now, snapshot)
    if not applied.changes:
        note("Nothing to change.")
        return applied
    for change in applied.changes[:20]:
        for line in sentences(change) if change.before is None else fields(change):
            note(line)
    if len(applied.changes) > 20:  # noqa: PLR2004
        note(f"… and {len(applied.changes) - 20:,} more")
    for warning in applied.warnings[:5]:
        note(f"warning: {warning.message}")
    if commits:
        words = (subject(applied.changes), body(applied.changes))
        commit(session, applied, message or "\n\n".join(part for part in words if part))
    return applied


def will_commit(
    session: Session, snapshot: Snapshot, *, wants_commit: bool | None, message: str | None
) -> bool:
    """Return whether a command is to commit what it changes.

    Raises:
        StoreError: It is, and cannot: no repository, no name for the author, a merge that is not
            finished. Nothing has been written yet.
    """
    is_auto = snapshot.settings.get("commit") == "auto"
    wished = wants_commit if wants_commit is not None else is_auto or message is not None
    if wished:
        session.workspace.refuse_if_it_cannot_commit()
    return wished


def commit(session: Session, applied: Applied, message: str) -> None:
    """Commit just the files that a change touched, and say so."""
    oid = session.workspace.commit(applied.paths, f"{message}\n")
    note(f"Committed as {oid[:12]}")
