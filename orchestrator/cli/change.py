"""How a person's command becomes changed files, and a commit when that is wished for."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from orchestrator.cli.options import usage
from orchestrator.cli.session import Session
from orchestrator.cli.talk import note
from orchestrator.model.places import Kind
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.apply import Change
from orchestrator.patch.describe import body, fields, renames_as_one, sentences, subject
from orchestrator.patch.diff import diff
from orchestrator.patch.ops import Patch, digest
from orchestrator.verbs.assign import (
    Assignment,
    MalformedAssignmentError,
    names_me,
    read_assignments,
    with_me,
)
from orchestrator.verbs.effects import effects

if TYPE_CHECKING:
    from orchestrator.store.outcome import Applied
    from orchestrator.store.recover import Finished

_MOST_SHOWN = 20
_MOST_WARNINGS = 5
_SAID_BETTER = frozenset({"ORC305", "ORC306"})
"""What `effects` says as well, with what to type next."""


def read_wishes(
    session: Session, snapshot: Snapshot, kind: Kind, texts: Iterable[str]
) -> list[Assignment]:
    """Return what `field=value` texts ask for, with the user's id for `me`.

    Raises:
        click.UsageError: A text has another form.
        AssignmentError: A text names no field of this kind.
        UnknownSelfError: A text says me, and nobody knows who that is.
    """
    with usage(MalformedAssignmentError):
        wishes = read_assignments(kind, texts)
    return with_me(wishes, session.me(snapshot)) if names_me(wishes) else wishes


def told(changes: Sequence[Change]) -> list[str]:
    """Return what changes do, in words, of 20 entities at most."""
    shown = renames_as_one(changes)
    lines = [
        line
        for change in shown[:_MOST_SHOWN]
        for line in (sentences(change) if change.before is None else fields(change))
    ]
    if len(shown) > _MOST_SHOWN:
        lines.append(f"… and {len(shown) - _MOST_SHOWN:,} more")
    return lines


def make_change(
    session: Session,
    snapshot: Snapshot,
    patch: Patch,
    *,
    wants_commit: bool | None,
    message: str | None = None,
    is_told: bool = False,
) -> "Applied":
    """Apply a patch to the work tree, say what it did, and commit it if asked to.

    Args:
        session: Where, and when.
        snapshot: The plan as just read.
        patch: What to do.
        wants_commit: What --commit or --no-commit says, or None.
        message: The commit's message, or None to have it written.
        is_told: Whether the person has read what it does, and agreed.
    """
    commits = will_commit(session, snapshot, wants_commit=wants_commit, message=message)
    applied = session.workspace.apply(patch, session.now, snapshot)
    if not applied.changes:
        note("Nothing to change.")
        return applied
    tell(snapshot, applied, is_told=is_told)
    if commits:
        words = (subject(applied.changes), body(applied.changes))
        commit(session, applied, message or "\n\n".join(part for part in words if part))
    return applied


def tell(snapshot: Snapshot, applied: "Applied", *, is_told: bool = False) -> None:
    """Say what a change did, what that means for other tasks, and what check warns of now."""
    tell_recovered(applied.recovered)
    for line in () if is_told else told(applied.changes):
        note(line)
    said = effects(snapshot, applied.snapshot, applied.changes)
    for line in said:
        note(line)
    named = {line.partition(" ")[0] for line in said}
    fresh = [
        warning
        for warning in applied.warnings
        if warning.code not in _SAID_BETTER or warning.id not in named
    ]
    for warning in fresh[:_MOST_WARNINGS]:
        note(f"warning: {warning.message}")


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


def tell_recovered(changes: "Iterable[Finished]", *, dry_run: bool = False) -> None:
    """Say what killed commands had begun, and which files stay as somebody has changed them."""
    for change in changes:
        count = f"{len(change.paths)} file{'' if len(change.paths) == 1 else 's'}"
        verb = "Would finish" if dry_run else "Finished"
        note(f"{verb} what a killed command began ({count} to go): {change.title}")
        for path in change.kept:
            note(f"{path} was changed since and stays as it is")


def commit(
    session: Session, applied: "Applied", message: str, trailers: Iterable[str] = ()
) -> None:
    """Commit just the files that a change touched, and say so.

    Args:
        session: Where.
        applied: The change; the commit names its patch.
        message: Subject and body.
        trailers: Further `Name: value`.
    """
    named = (f"Orchestrator-Patch: {digest(diff(applied.changes))}", *trailers)
    oid = session.workspace.commit(applied.paths, f"{message}\n", named)
    note(f"Committed as {oid[:12]}")
