"""`propose`: patches as a branch that waits for review, without touching the work tree."""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.patch.ops import Patch
    from orchestrator.store.git import Oid
    from orchestrator.store.proposals.names import Name
    from orchestrator.store.proposals.propose import Proposed


@click.command("propose")
@click.argument("files", metavar="FILE|-...", nargs=-1, required=True)
@click.option("--author", default=None, help="Who proposes it; agent:NAME for an agent.")
@click.option("--title", default=None, help="What it does, in one line.")
@click.option("--reason", default=None, help="Why.")
@click.option("--base", metavar="REV", default=None, help="Start there; else at HEAD.")
@click.option("--branch", metavar="NAME", default=None, help="SLUG or agent/AUTHOR/SLUG.")
@click.option("--new", "is_new", is_flag=True, help="Beside one of that name; do not add to it.")
@click.option("--push", "wants_push", is_flag=True, help="Push the branch.")
@click.option("--pr", "wants_request", is_flag=True, help="Open or update its request for review.")
@click.option("--remote", default="origin", show_default=True, help="Where --push and --pr go.")
@json_option
@click.pass_obj
def command(
    session: Session,
    files: tuple[str, ...],
    author: str | None,
    title: str | None,
    reason: str | None,
    base: str | None,
    branch: str | None,
    is_new: bool,
    wants_push: bool,
    wants_request: bool,
    remote: str,
    as_json: bool,
) -> None:
    """Propose patches: they become commits on a branch agent/AUTHOR/SLUG, one each.

    The slug is made from the title. Where the branch is there already, they are added to it; a
    patch that it has already is left out. The work tree is not touched.
    """
    from orchestrator.cli.proposal.send import send, sent_row, tell_sent, way_to
    from orchestrator.cli.talk import say_json
    from orchestrator.store.proposals.find import proposal_named, target_of
    from orchestrator.store.proposals.propose import propose

    patches = _patches(session, files, author, title, reason)
    repository = session.workspace.required_repository
    target = target_of(repository, None)
    start = target.tip if base is None else repository.git.commit_of(base)
    name = _name(session, patches, start, author, branch, is_new=is_new)
    way = None
    if wants_push or wants_request:
        way = way_to(session, target, remote, wants_request=wants_request)
    done = propose(session.workspace, name, patches, start, session.now)
    has_branch = bool(done.commits) or not done.is_new
    sent = None
    if has_branch and way is not None:
        sent = send(session, proposal_named(repository, name.branch), target, way)
    if as_json:
        say_json({**_row(done, has_branch=has_branch), **sent_row(sent)})
        return
    _tell(done, has_branch=has_branch)
    if sent is not None:
        tell_sent(proposal_named(repository, name.branch), sent)


def _patches(
    session: Session,
    files: Sequence[str],
    author: str | None,
    title: str | None,
    reason: str | None,
) -> "list[Patch]":
    from orchestrator.cli.patch.files import read_file

    if files.count("-") > 1:
        raise click.UsageError("stdin can be read once.")
    found = []
    for file in files:
        patch = read_file(session, file)
        # One title cannot say what each of several patches does; it names them all.
        own = title if len(files) == 1 or not patch.title else None
        found.append(
            dataclasses.replace(
                patch,
                author=author or patch.author,
                title=own or patch.title,
                reason=reason or patch.reason,
            )
        )
    if title:
        found[0] = dataclasses.replace(found[0], title=found[0].title or title)
    return found


def _name(
    session: Session,
    patches: "Sequence[Patch]",
    start: "Oid",
    author: str | None,
    branch: str | None,
    *,
    is_new: bool,
) -> "Name":
    from orchestrator.patch.describe import subject
    from orchestrator.store.proposals.find import ProposalError
    from orchestrator.store.proposals.names import Name, author_slug, chosen_name, slug_of
    from orchestrator.store.proposals.plan import users_at
    from orchestrator.store.proposals.propose import free_name

    authors = dict.fromkeys(patch.author for patch in patches)
    if len(authors) > 1:
        named = " and ".join(who or "nobody in particular" for who in authors)
        raise ProposalError(
            f"The patches are by {named} .", "Propose them one by one, or name one with --author ."
        )
    who = author or patches[0].author
    if who is None:
        users = users_at(session.workspace.required_repository, start)
        who = session.me(users) or session.workspace.author.name
    owner = author_slug(who)
    if branch is not None:
        name = chosen_name(branch, owner)
    else:
        title = patches[0].title or subject(session.workspace.preview(patches[0]))
        name = Name(owner, slug_of(title))
    repository = session.workspace.required_repository
    return free_name(repository, name) if is_new else name


def _row(done: "Proposed", *, has_branch: bool) -> dict[str, Any]:
    commits = [
        {"commit": commit.oid, "subject": commit.message.partition("\n")[0]}
        for commit in done.commits
    ]
    return {
        "id": done.name.id,
        "branch": done.name.branch if has_branch else None,
        "tip": done.tip if has_branch else None,
        "is_new": done.is_new and has_branch,
        "commits": commits,
    }


def _tell(done: "Proposed", *, has_branch: bool) -> None:
    from orchestrator.cli.talk import note, say
    from orchestrator.patch.describe import fields, renames_as_one

    for commit in done.commits:
        for change in renames_as_one(commit.changes):
            for line in fields(change):
                note(line)
    if not done.commits:
        note(f"{done.name.id} has that already." if has_branch else "Nothing to change.")
        if not has_branch:
            return
    else:
        note(f"orchestrator proposal show {done.name.id} shows it as its reviewer sees it.")
    say(done.name.branch)
