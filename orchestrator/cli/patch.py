"""`patch`: show and apply RFC 6902 patches."""

import sys
from pathlib import Path
from typing import Any

import click

from orchestrator.cli.group import SuggestingGroup
from orchestrator.cli.input import read_input
from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session
from orchestrator.patch.ops import Patch

_LARGEST = 16 * 1024 * 1024


@click.group("patch", cls=SuggestingGroup)
def command() -> None:
    """Show and apply RFC 6902 patches."""


@command.command()
@click.argument("file", metavar="FILE|-")
@click.option("--branch", help="Commit on this branch, without touching the work tree.")
@click.option("--dry-run", is_flag=True, help="Check and show; write nothing.")
@click.option("--author", default=None, help="Who proposes it; agent:NAME for an agent.")
@click.option("--reason", default=None, help="Why.")
@json_option
@click.pass_obj
def apply(
    session: Session,
    file: str,
    branch: str | None,
    dry_run: bool,
    author: str | None,
    reason: str | None,
    as_json: bool,
) -> None:
    """Apply a patch to the work tree, or to a branch as a commit."""
    import dataclasses

    from orchestrator.cli.talk import note, say, say_json
    from orchestrator.patch.describe import fields
    from orchestrator.patch.diff import diff

    patch = read_file(session, file)
    if author or reason:
        patch = dataclasses.replace(
            patch, author=author or patch.author, reason=reason or patch.reason
        )
    workspace = session.workspace
    commit = None
    if branch is None:
        applied = workspace.apply(patch, session.now, dry_run=dry_run)
        changes = applied.changes
    else:
        commit = workspace.commit_patch(branch, patch, session.now, dry_run=dry_run)
        changes = commit.changes
    if as_json:
        say_json(
            {
                "commit": commit.oid if commit and not dry_run else None,
                "branch": branch,
                "ops": diff(changes),
                "changes": [change._asdict() for change in changes],
            }
        )
        return
    for change in changes:
        for line in fields(change):
            note(line)
    if not changes:
        note("Nothing to change.")
    elif dry_run:
        note("Nothing was written (--dry-run).")
    elif commit is not None:
        say(commit.oid)


@command.command()
@click.argument("what", metavar="COMMIT|FILE|-")
@json_option
@click.pass_obj
def show(session: Session, what: str, as_json: bool) -> None:
    """Show the patch of a commit, or what a patch file would do."""
    from orchestrator.cli.talk import say, say_json
    from orchestrator.patch.describe import fields
    from orchestrator.patch.diff import diff
    from orchestrator.patch.ops import digest

    if what == "-" or _is_file(session, what):
        patch = read_file(session, what)
        changes = session.workspace.preview(patch)
        head: dict[str, Any] = {"commit": None, "title": patch.title, "author": patch.author}
    else:
        shown = session.workspace.patch_of(what)
        changes = shown.changes
        head = {"commit": shown.oid, "title": shown.subject, "author": shown.author}
    ops = diff(changes)
    if as_json:
        say_json({**head, "digest": digest(ops), "ops": ops})
        return
    if head["commit"]:
        say(f"commit {head['commit']}")
    if head["title"]:
        say(str(head["title"]))
    for change in changes:
        for line in fields(change):
            say(f"  {line}")


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Parsers differ in which of two they take, so a reviewer may read another patch than ours.
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found


def _is_file(session: Session, what: str) -> bool:
    try:
        return (session.folder / what).is_file()
    except (OSError, ValueError):
        return False  # too long for a path, or no path at all; it may still name a commit


def read_file(session: Session, file: str) -> Patch:
    """Return the patch in a JSON or YAML file, or on stdin."""
    import json

    from orchestrator.patch.ops import MalformedPatchError, UnreadablePatchError, read_patch
    from orchestrator.text.read import read

    if file == "-":
        data = sys.stdin.buffer.read(_LARGEST + 1)
    else:
        data = read_input(session.folder / Path(file), _LARGEST)
    if len(data) > _LARGEST:
        raise MalformedPatchError(f"The patch has more than {_LARGEST:,} bytes.")
    try:
        return read_patch(json.loads(data, object_pairs_hook=_without_repetition))
    except (ValueError, RecursionError) as error:
        if data.lstrip()[:1] in (b"[", b"{"):
            raise UnreadablePatchError(f"The patch is not JSON: {error}.") from error
    found = read(file, data)
    if isinstance(found, list):
        fault = found[0]
        raise UnreadablePatchError(f"{file}:{fault.line}: {fault.message}", fault.hint)
    return read_patch(found)
