"""`patch show`: a patch in words, and whether a commit is the patch that it says it is."""

from typing import Any

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session
from orchestrator.errors import OrchestratorError


class NotThePatchError(OrchestratorError):
    """A commit's changes are not the patch that its trailer names, or it names none."""


@click.command("show")
@click.argument("what", metavar="COMMIT|FILE|-")
@click.option(
    "--verify", is_flag=True, help="Refuse a commit that is not the patch its trailer names."
)
@json_option
@click.pass_obj
def command(session: Session, what: str, verify: bool, as_json: bool) -> None:
    """Show the patch of a commit, or what a patch file would do."""
    from orchestrator.cli.patch.files import names_file, read_file
    from orchestrator.cli.talk import say, say_json
    from orchestrator.patch.describe import fields, renames_as_one
    from orchestrator.patch.diff import diff
    from orchestrator.patch.ops import digest

    head: dict[str, Any]
    if names_file(session, what):
        if verify:
            raise click.UsageError("--verify is for commits; a file carries no trailer.")
        patch = read_file(session, what)
        changes = session.workspace.preview(patch)
        head = {"commit": None, "title": patch.title, "author": patch.author, "trailers": {}}
        ops = diff(changes)
    else:
        shown = session.workspace.patch_of(what)
        changes = shown.changes
        head = {"commit": shown.oid, "title": shown.subject, "author": shown.author}
        head["trailers"] = trailers = dict(shown.trailers)
        ops = diff(changes)
        if verify:
            _verify(shown.oid, trailers.get("Orchestrator-Patch"), digest(ops))
    if as_json:
        said = head["trailers"].get("Orchestrator-Patch")
        is_verified = None if said is None else said == digest(ops)
        say_json({**head, "digest": digest(ops), "is_verified": is_verified, "ops": ops})
        return
    if head["commit"]:
        say(f"commit {head['commit']}")
    if head["title"]:
        say(str(head["title"]))
    for change in renames_as_one(changes):
        for line in fields(change):
            say(f"  {line}")
    if verify:
        say("The commit is the patch that its trailer names.")


def _verify(oid: str, said: str | None, found: str) -> None:
    if said is None:
        raise NotThePatchError(
            f"{oid[:12]} has no Orchestrator-Patch trailer.", "No patch of orchestrator's made it."
        )
    if said != found:
        raise NotThePatchError(
            f"{oid[:12]} changes something else than the patch that it names: its changes are "
            f"{found} and its trailer says {said} .",
            f"orchestrator patch show {oid[:12]} shows what it changes.",
        )
