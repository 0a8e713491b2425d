"""What git is doing in a work tree, read from its folder without starting it."""

from typing import NamedTuple

from orchestrator.store.repository import Repository

_UNFINISHED = {
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
}


class GitState(NamedTuple):
    """What git is doing.

    Attributes:
        is_locked: Whether some git is writing the index.
        unfinished: What goes on, or waits for somebody: `a rebase`; None for nothing.
        branch: What is checked out; None when that is no branch, or where there is no git.
    """

    is_locked: bool = False
    unfinished: str | None = None
    branch: str | None = None

    @property
    def hindrance(self) -> str | None:
        """Why nothing may be committed now, in words; None when it may."""
        if self.unfinished:
            return f"{self.unfinished} is not finished"
        if self.branch is None:
            return "no branch is checked out"
        return (
            "git is at work, or was killed and left index.lock behind" if self.is_locked else None
        )

    @property
    def lasts(self) -> bool:
        """Whether what hinders waits for a person."""
        return self.unfinished is not None or self.branch is None


def git_state(repository: Repository | None) -> GitState:
    """Return what git is doing in a work tree; where its folder is gone, nothing."""
    if repository is None:
        return GitState()
    folder = repository.git_folder
    unfinished = next(
        (said for name, said in _UNFINISHED.items() if (folder / name).exists()), None
    )
    return GitState((folder / "index.lock").exists(), unfinished, _branch(repository))


def _branch(repository: Repository) -> str | None:
    try:
        text = (repository.git_folder / "HEAD").read_text("utf-8").strip()
    except (OSError, ValueError):
        return None
    name = text.removeprefix("ref: refs/heads/")
    if name == text:
        return None
    if name != ".invalid":
        return name
    # With reftables the file says nothing; git knows.
    code, out, _ = repository.git.finish("symbolic-ref", "--quiet", "--short", "HEAD")
    return None if code else out.decode("utf-8", "replace").strip()
