"""Where a workspace's repository is: top, prefix, git folders, without starting git to find out."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orchestrator.store.git import Git, StoreError, open_git

FOLDER = "orchestrator"
"""Name of the folder inside the git folder that holds locks, caches and journals."""


class NoRepositoryError(StoreError):
    """The workspace is in no git repository, or in a bare one."""


@dataclass(frozen=True)
class Repository:
    """A git repository around a workspace.

    Attributes:
        git: The runner; it runs in the top of the work tree.
        top: Top of the work tree.
        prefix: The workspace relative to the top, with a trailing slash; `""` at the top.
    """

    git: Git
    top: Path
    prefix: str

    @cached_property
    def common_folder(self) -> Path:
        """The git folder that linked work trees share."""
        out = self.git.run("rev-parse", "--git-common-dir")
        return (self.top / os.fsdecode(out.rstrip(b"\n"))).resolve()

    @cached_property
    def git_folder(self) -> Path:
        """This work tree's own git folder."""
        out = self.git.run("rev-parse", "--absolute-git-dir")
        return Path(os.fsdecode(out.rstrip(b"\n")))

    @property
    def workspace(self) -> Path:
        """The workspace's folder."""
        return self.top / self.prefix

    @property
    def state_folder(self) -> Path:
        """Where locks, caches and journals live; made when it is missing."""
        folder = self.common_folder / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def has_commits(self) -> bool:
        """Whether HEAD names a commit."""
        return self.git.finish("rev-parse", "--verify", "--quiet", "HEAD^{commit}")[0] == 0


def is_bare(folder: Path) -> bool:
    """Return whether a folder is a git folder itself, as a bare repository is."""
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir()


def find_repository(
    root: Path, environment: Mapping[str, str], *, in_hook: bool = False
) -> Repository | None:
    """Return the repository that `root` is in, or None.

    The top is the nearest folder upwards with a `.git` in it, which is git's own rule; that
    spares the reading commands a process.
    """
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            relative = root.relative_to(folder).as_posix()
            prefix = "" if relative == "." else f"{relative}/"
            return Repository(open_git(str(folder), environment, in_hook=in_hook), folder, prefix)
    return None
