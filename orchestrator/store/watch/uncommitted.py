"""Which of a plan's files are not committed, as git sees it."""

import os
from typing import NamedTuple

from orchestrator.model.places import name_fault, template_name
from orchestrator.store.git import Oid
from orchestrator.store.objects import open_objects
from orchestrator.store.repository import Repository
from orchestrator.store.trees import plan_pathspecs
from orchestrator.store.watch.memory import promised


class Uncommitted(NamedTuple):
    """A file that is not as HEAD has it.

    Attributes:
        path: Relative to the workspace.
        is_staged: Whether somebody has staged it, or it is in conflict.
        is_gone: Whether it was removed.
        lost: The folder at the top of the workspace that is gone with it; `""` for none.
    """

    path: str
    is_staged: bool
    is_gone: bool
    lost: str = ""


def uncommitted(repository: Repository) -> list[Uncommitted]:
    """Return the plan's files that are not as HEAD has them; nothing that is no plan's."""
    out = repository.git.with_magic().run(
        "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames",
        "--ignore-submodules=all", "--", *plan_pathspecs(repository.prefix),
    )  # fmt: skip
    lost = {
        name for name in ("users", "projects")
        if (repository.workspace / name).is_symlink() or not (repository.workspace / name).is_dir()
    }  # fmt: skip
    found = []
    for record in out.split(b"\0")[:-1]:
        index, tree = chr(record[0]), chr(record[1])
        path = os.fsdecode(record[3:])[len(repository.prefix) :]
        if not (promised(path) or template_name(path)) or any(map(name_fault, path.split("/"))):
            continue
        is_gone = tree == "D"
        top = path.partition("/")[0]
        is_staged = index not in " ?" or tree == "U"
        found.append(Uncommitted(path, is_staged, is_gone, top if top in lost else ""))
    return found


def committed_bytes(
    repository: Repository, head: Oid | None, paths: list[str]
) -> dict[str, bytes | None]:
    """Return what files are in a commit; None for one that is not there."""
    if head is None or not paths:
        return dict.fromkeys(paths)
    with open_objects(repository.git) as objects:
        return {path: objects.blob(f"{head}:{repository.prefix}{path}") for path in paths}
