"""Sharing a base with the team: fetched from the branch's remote before a run, pushed after it."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from orchestrator.store.git import Git, Oid
from orchestrator.sync.base.join import join_bases
from orchestrator.sync.base.ref import (
    BaseError,
    Stored,
    Written,
    base_at,
    commit_base,
    ref_of,
    tip_of_base,
)
from orchestrator.sync.record import Base

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_SHARED = "refs/orchestrator/shared/"
# A server that stays silent must not hold up a sync.
_IMPATIENT = ("-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=20")


class ShareError(BaseError):
    """The remote does not give the base, or does not take it; a sync goes on without."""


class LineageError(BaseError):
    """Here and at the remote are bases that were begun apart.

    Attributes:
        name: Of the integration.
    """

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} was set up twice: the team has a base that was begun apart from the one here.",
            f"To go on with theirs: git update-ref -d {ref_of(name)} and sync again; "
            "items are linked by their external_ids.",
        )
        self.name = name


class BehindError(BaseError):
    """The branch lacks changes that an earlier sync has carried over already.

    Attributes:
        name: Of the integration.
        head: The commit that the branch does not contain.
    """

    def __init__(self, name: str, head: str, *, is_shallow: bool = False) -> None:
        hint = (
            "This clone is shallow: git fetch --unshallow brings the history."
            if is_shallow
            else "git pull brings it once it is pushed; --any-head syncs all the same, as after a "
            "squash or a rebase."
        )
        super().__init__(
            f"The last sync of {name} was made at {head[:12]} , which this branch does not "
            "contain; syncing now could take back what it did.",
            hint,
        )
        self.name = name
        self.head = head


class Joined(NamedTuple):
    """What bringing the remote's base over gave.

    Attributes:
        stored: The base to go on from; None when there is none anywhere.
        is_new: Whether the ref here has to be moved to it.
        there: What the remote has, or None.
    """

    stored: Stored | None
    is_new: bool
    there: Oid | None


def remote_of(git: Git, branch: str) -> str | None:
    """Return the remote that a branch is shared by, or None when there is none."""
    known = git.run("remote").decode("utf-8", "replace").split()
    wanted = git.config(f"branch.{branch}.remote"), git.config("remote.pushDefault"), "origin"
    found = next((name for name in wanted if name in known), None)
    return found or (known[0] if len(known) == 1 else None)


def fetch_base(git: Git, name: str, remote: str) -> Oid | None:
    """Return the base that a remote has, its objects brought over; None when it has none.

    Raises:
        ShareError: It cannot be asked.
    """
    ref = ref_of(name)
    code, out, said = git.finish(*_IMPATIENT, "ls-remote", "--quiet", "--", remote, ref)
    if code:
        raise _unshared(remote, "give", name, said)
    rows = (line.split("\t") for line in out.decode("utf-8", "replace").splitlines())
    oid = next((row[0] for row in rows if row[-1] == ref), None)
    if oid is None or oid == tip_of_base(git, ref):
        return None if oid is None else Oid(oid)
    kept = f"{_SHARED}{name}"
    code, _, said = git.finish(
        *_IMPATIENT, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
        "--no-recurse-submodules", "--", remote, f"+{ref}:{kept}",
    )  # fmt: skip
    if code:
        raise _unshared(remote, "give", name, said)
    return tip_of_base(git, kept)


def push_base(git: Git, name: str, remote: str, new: Oid, there: Oid | None) -> None:
    """Push a base, if the remote still has what it had.

    Raises:
        ShareError: It has another by now, or does not take it.
    """
    ref = ref_of(name)
    # No hook of the user's: they judge code and plans, and this is neither.
    code, out, said = git.finish(
        *_IMPATIENT, "push", "--porcelain", "--no-verify",
        f"--force-with-lease={ref}:{there or ''}", "--", remote, f"{new}:{ref}",
    )  # fmt: skip
    if code:
        refused = out.decode("utf-8", "replace")
        raise _unshared(remote, "take", name, f"{said}\n{refused}")


def refuse_behind(git: Git, name: str, bases: Iterable[Base], head: str) -> None:
    """Do nothing when a commit contains everything that bases were made from.

    Raises:
        BehindError: It does not.
    """
    for base in bases:
        made_at = base.meta.head
        if made_at is not None and made_at != head and not is_ancestor(git, made_at, head):
            shallow = git.run("rev-parse", "--is-shallow-repository").strip() == b"true"
            raise BehindError(name, made_at, is_shallow=shallow)


def joined(
    git: Git, name: str, sides: tuple[Stored | None, Oid | None], head: Oid | None, by: Written
) -> Joined:
    """Return the base to go on from, given ours and the remote's.

    Args:
        git: Where.
        name: Of the integration.
        sides: The base here, and the commit that the remote has, whose objects are here.
        head: The commit that must contain what both were made from, if they have to be joined;
            None asks for nothing.
        by: Who would write a base that both are joined in.

    Raises:
        LineageError: They were begun apart.
        BehindError: They have to be joined, and the branch lacks what one was made from.
    """
    mine, there = sides
    if there is None or (mine is not None and mine.oid == there):
        return Joined(mine, is_new=False, there=there)
    theirs = base_at(git, name, there)
    if mine is None:
        return Joined(theirs, is_new=True, there=there)
    if mine.base.meta.lineage != theirs.base.meta.lineage:
        raise LineageError(name)
    code, out, _ = git.finish("merge-base", mine.oid, there)
    past = out.decode().strip() if code == 0 else ""
    if past == there:
        return Joined(mine, is_new=False, there=there)
    if past == mine.oid:
        return Joined(theirs, is_new=True, there=there)
    ancestor = base_at(git, name, Oid(past)).base if past else None
    if head is not None:
        refuse_behind(git, name, (mine.base, theirs.base), head)
    both = join_bases(ancestor, mine.base, theirs.base, head or theirs.base.meta.head)
    oid = commit_base(git, mine, both, (mine.oid, there), by)
    return Joined(Stored(oid, both), is_new=True, there=there)


def is_ancestor(git: Git, old: str, new: str) -> bool:
    """Return whether a commit is contained in another; False for one that is not here."""
    return git.finish("merge-base", "--is-ancestor", old, new)[0] == 0


def _unshared(remote: str, verb: str, name: str, said: str) -> ShareError:
    lines = [line for line in _CREDENTIALS.sub("", said).splitlines() if line.strip()]
    refused = next((line for line in lines if line.startswith("!\t")), "")
    plain = next((line for line in lines if line.startswith(("fatal:", "error:"))), "")
    reason = refused.rpartition("\t")[2] or plain.partition(": ")[2].rstrip(". ")
    if "stale info" in said or "fetch first" in said or "non-fast-forward" in said:
        return ShareError(
            f"{remote} has got another base of {name} meanwhile, from somebody else's sync.",
            f"git pull, then orchestrator sync {name}",
        )
    return ShareError(
        f"{remote} does not {verb} the base of {name}{f': {reason[:200]}' if reason else ''}.",
        "--no-share syncs without asking it.",
    )
