"""pre-push: the plan in the commits that are about to leave."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from orchestrator.model.places import SETTINGS_FILE
from orchestrator.store.files import Source
from orchestrator.store.git import Git, Oid
from orchestrator.store.hooks.staged import File, compared
from orchestrator.store.hooks.verdict import Verdict, judge
from orchestrator.store.trees import commit_tree
from orchestrator.store.workspace import Workspace

_OID = re.compile(r"[0-9a-f]{40,64}")


class Ref(NamedTuple):
    """One line that git gives pre-push.

    Attributes:
        name: The local ref.
        tip: The commit that is pushed.
        known: What the remote has there now, or None when the ref is new to it.
    """

    name: str
    tip: Oid
    known: Oid | None


def pushed_refs(lines: Iterable[str]) -> Iterator[Ref]:
    """Yield the refs that bring commits; deleted ones are left out."""
    for line in lines:
        name, tip, _, known = (*line.split(" "), "", "", "")[:4]
        if _OID.fullmatch(tip) and tip.strip("0"):
            is_known = _OID.fullmatch(known) and known.strip("0")
            yield Ref(name, Oid(tip), Oid(known) if is_known else None)


def check_push(
    workspace: Workspace, remote: str, refs: Iterable[Ref], now: datetime
) -> Iterator[tuple[Ref, Verdict]]:
    """Yield what is wrong at each tip whose new commits touch the plan."""
    repository = workspace.required_repository
    git = repository.git
    seen: set[Oid] = set()
    for ref in refs:
        tip = _commit(git, ref.tip)
        if tip is None or tip in seen:
            continue
        seen.add(tip)
        base = _base(git, remote, ref, tip)
        files = _between(workspace, base, tip)
        tree = commit_tree(git, repository.prefix, tip)
        if not files or SETTINGS_FILE not in tree.blobs:
            continue

        def earlier(base: Oid | None = base) -> Iterator[Source]:
            if base is not None:
                yield commit_tree(git, repository.prefix, base)

        touched = {file.path for file in files}
        yield ref, judge(tree, now, touched.__contains__, earlier)


def _commit(git: Git, oid: Oid) -> Oid | None:
    """Return the commit of a pushed object; a tag may name a tree or a blob."""
    code, out, _ = git.finish("rev-parse", "--verify", "--quiet", f"{oid}^{{commit}}")
    return Oid(out.decode().strip()) if code == 0 else None


def _base(git: Git, remote: str, ref: Ref, tip: Oid) -> Oid | None:
    """Return a commit that the remote has and the push builds on, or None."""
    if ref.known and (known := _commit(git, ref.known)):
        return known
    name = remote if re.fullmatch(r"[\w./-]+", remote) and not remote.startswith("-") else ""
    if not name:
        return None
    out = git.run("rev-list", "--boundary", tip, "--not", f"--remotes={name}")
    return next((Oid(line[1:]) for line in out.decode().split() if line.startswith("-")), None)


def _between(workspace: Workspace, base: Oid | None, tip: Oid) -> list[File]:
    repository = workspace.required_repository
    return compared(repository, "diff-tree", base or repository.git.empty_tree(), tip)
