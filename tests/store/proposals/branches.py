"""Two branches that start from one plan, made by writing files."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from orchestrator.store.git import Oid
from orchestrator.store.proposals.merge import MergedCommits, merge_commits
from orchestrator.store.workspace import Workspace

Files = Mapping[str, str | None]
"""Text by path; None removes the file."""

TASKS = "projects/pay/tasks"


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr}{done.stdout}"
    return done.stdout.strip()


def commit(repo: Path, files: Files, message: str = "Change") -> Oid:
    """Write files, commit them all, and return the commit."""
    for path, text in files.items():
        target = repo / path
        if text is None:
            target.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="")
    run(repo, "add", "--all", ".")
    run(repo, "commit", "--quiet", "--allow-empty", "-m", message)
    return Oid(run(repo, "rev-parse", "HEAD"))


def branched(repo: Path, ours: Files, theirs: Files) -> tuple[Oid, Oid]:
    """Return the tips of main, with `ours`, and of a branch from where main was, with `theirs`."""
    run(repo, "switch", "--quiet", "--create", "other")
    second = commit(repo, theirs, "Theirs")
    run(repo, "switch", "--quiet", "main")
    return commit(repo, ours, "Ours"), second


def merge(workspace: Workspace, ours: Files, theirs: Files) -> MergedCommits:
    """Merge two sets of changes of the plan."""
    return merge_commits(workspace.required_repository, *branched(workspace.root, ours, theirs))


def text(workspace: Workspace, merged: MergedCommits, path: str) -> str | None:
    """Return a file of a merge's tree, or None."""
    assert merged.tree is not None, merged
    git = workspace.required_repository.git
    code, out, _ = git.finish("cat-file", "blob", f"{merged.tree}:{path}")
    return None if code else out.decode()


def edited(path: str, old: str, new: str) -> dict[str, str]:
    """Return a file of the plan in `tests.conftest` with one text instead of another."""
    from tests.conftest import PLAN

    assert old in PLAN[path]
    return {path: PLAN[path].replace(old, new)}
