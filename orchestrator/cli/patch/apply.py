"""`patch apply`: change the work tree, or commit on a branch, as a patch says."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from orchestrator.cli.options import commit_options, json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.patch.apply import Change
    from orchestrator.patch.ops import Patch

_MOST_WARNINGS = 5


@click.command("apply")
@click.argument("file", metavar="FILE|-")
@click.option("--branch", help="Commit on this branch, without touching the work tree.")
@click.option("--dry-run", is_flag=True, help="Check and show; write nothing.")
@click.option("--author", default=None, help="Who proposes it; agent:NAME for an agent.")
@click.option("--reason", default=None, help="Why.")
@commit_options
@json_option
@click.pass_obj
def command(
    session: Session,
    file: str,
    branch: str | None,
    dry_run: bool,
    author: str | None,
    reason: str | None,
    wants_commit: bool | None,
    message: str | None,
    as_json: bool,
) -> None:
    """Apply a patch to the work tree, or to a branch as a commit; all of it or nothing.

    A patch that names its base is merged, field by field, with what changed since; it is refused
    where both changed the same field.
    """
    import dataclasses

    from orchestrator.cli.patch.files import read_file
    from orchestrator.store.consequences import PatchRejectedError

    if branch is not None and wants_commit is not None:
        raise click.UsageError("--branch commits by itself; leave --commit away.")
    patch = read_file(session, file)
    patch = dataclasses.replace(
        patch,
        title=message or patch.title,
        author=author or patch.author,
        reason=reason or patch.reason,
    )
    try:
        if branch is None:
            wish = True if wants_commit is None and message is not None else wants_commit
            changes, oid = _to_work_tree(session, patch, dry_run=dry_run, wants_commit=wish)
        else:
            commit = session.workspace.commit_patch(branch, patch, session.now, dry_run=dry_run)
            changes = commit.changes
            oid = commit.oid if changes and not dry_run else None
    except PatchRejectedError as error:
        error.hint = f"orchestrator patch check {file} says which op brings which error."
        raise
    _tell(changes, oid, branch, dry_run=dry_run, as_json=as_json)


def _to_work_tree(
    session: Session, patch: "Patch", *, dry_run: bool, wants_commit: bool | None
) -> "tuple[Sequence[Change], str | None]":
    """Change the files; return what changed, and the commit when one was wished for."""
    from orchestrator.cli.change import will_commit
    from orchestrator.cli.talk import note
    from orchestrator.store.commit import commit_message

    workspace = session.workspace
    present = workspace.snapshot()
    commits = will_commit(session, present, wants_commit=wants_commit, message=None)
    applied = workspace.apply(patch, session.now, present, dry_run=dry_run)
    for warning in applied.warnings[:_MOST_WARNINGS]:
        note(f"warning: {warning.message}")
    oid = None
    if commits and applied.changes and not dry_run:
        oid = workspace.commit(applied.paths, commit_message(patch, applied.changes))
    return applied.changes, oid


def _tell(
    changes: "Sequence[Change]",
    oid: str | None,
    branch: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    from orchestrator.cli.change import told
    from orchestrator.cli.talk import MANY, note, say, say_json
    from orchestrator.patch.diff import diff

    if as_json:
        answer = {
            "commit": oid,
            "branch": branch,
            "ops": diff(changes),
            "changes": [change._asdict() for change in changes],
        }
        say_json(answer, is_large=len(changes) > MANY)
        return
    for line in told(changes):
        note(line)
    if not changes:
        note("Nothing to change.")
    elif dry_run:
        note("Nothing was written (--dry-run).")
    elif oid is not None:
        say(oid)
