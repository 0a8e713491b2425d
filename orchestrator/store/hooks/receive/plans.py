"""The plan as it would be at the tips that a push brings."""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime

from orchestrator.model.places import SETTINGS_FILE, TEMPLATES, layer_of
from orchestrator.store.files import Source
from orchestrator.store.git import Git, Oid
from orchestrator.store.hooks.receive.arrivals import RefUpdate, commit_of
from orchestrator.store.hooks.receive.push import Push
from orchestrator.store.hooks.verdict import Verdict, judge
from orchestrator.store.trees import commit_tree

_PLAN = ("users/", "projects/", f"{TEMPLATES}/")


def verdicts(push: Push, head: Oid | None, now: datetime) -> Iterator[tuple[str, str, Verdict]]:
    """Yield what is wrong with the plan at each new tip, of the workspaces that change."""
    seen: set[Oid] = set()
    for update in push.updates:
        tip = commit_of(push.git, update.new) if update.new else None
        if tip is None or tip in seen:
            continue
        seen.add(tip)
        base = _base(push.git, update, tip, head)
        changed = _changed(push.git, base, tip)
        for prefix in _workspaces(push.git, tip, changed):
            inside = {path[len(prefix) :] for path in changed if path.startswith(prefix)}
            plan = {path for path in inside if _is_of_plan(path)}
            if plan:
                yield update.name, prefix, _judge(push.git, prefix, base, tip, plan, now)


def _judge(
    git: Git, prefix: str, base: Oid | None, tip: Oid, touched: set[str], now: datetime
) -> Verdict:
    def earlier() -> Iterator[Source]:
        if base is not None:
            yield commit_tree(git, prefix, base)

    return judge(commit_tree(git, prefix, tip), now, touched.__contains__, earlier)


def _is_of_plan(path: str) -> bool:
    return path == SETTINGS_FILE or path.startswith(_PLAN) or layer_of(path) is not None


def _base(git: Git, update: RefUpdate, tip: Oid, head: Oid | None) -> Oid | None:
    """Return the commit that a push builds on: the ref's old one, or where it left HEAD."""
    if update.old and (old := commit_of(git, update.old)):
        return old
    if head is None:
        return None
    code, out, _ = git.finish("merge-base", head, tip)
    return None if code else Oid(out.decode().split()[0])


def _changed(git: Git, base: Oid | None, tip: Oid) -> list[str]:
    out = git.run(
        "diff-tree", "-r", "-z", "--name-only", "--no-renames", "--no-ext-diff",
        base or git.empty_tree(), tip,
    )  # fmt: skip
    return [os.fsdecode(name) for name in out.split(b"\0")[:-1]]


def _workspaces(git: Git, tip: Oid, paths: Iterable[str]) -> list[str]:
    """Return the folders above the paths that hold a workspace at a commit."""
    folders: dict[str, None] = {}
    for path in paths:
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            prefix = f"{folder}/" if folder else ""
            if prefix in folders:
                break
            folders[prefix] = None
    asked = [prefix for prefix in folders if "\n" not in prefix]
    names = "".join(f"{tip}:{prefix}{SETTINGS_FILE}\n" for prefix in asked)
    out = git.run("cat-file", "--batch-check", stdin=os.fsencode(names))
    lines = out.split(b"\n")[:-1]
    return [
        prefix
        for prefix, line in zip(asked, lines, strict=True)
        if line.split(b" ")[1:2] == [b"blob"]
    ]
