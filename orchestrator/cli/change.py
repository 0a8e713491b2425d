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
    workspace = session.workspace
    applied = workspace.apply(patch, session.now, snapshot)
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
    is_auto = (snapshot.settings.get("commit") or "manual") == "auto"
    if wants_commit or (wants_commit is None and is_auto) or (message and wants_commit is None):
        text = message or "\n\n".join(
            part for part in (subject(applied.changes), body(applied.changes)) if part
        )
        oid = workspace.commit(applied.paths, text + "\n")
        note(f"Committed as {oid[:12]}")
    return applied
