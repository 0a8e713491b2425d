"""Where a workspace's repository is: top, prefix, git folders, without starting git to find out."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orchestrator.store.git import Git, Oid, StoreError, open_git

_is_oid = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?").fullmatch

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
        return self._plain_folder or self._folder("--git-common-dir")

    @cached_property
    def git_folder(self) -> Path:
        """This work tree's own git folder."""
        return self._plain_folder or self._folder("--absolute-git-dir")

    @cached_property
    def _plain_folder(self) -> Path | None:
        """The folder `.git` of a work tree that is no linked one; that spares asking git."""
        folder = self.top / ".git"
        is_plain = "GIT_DIR" not in self.git.environment and (folder / "HEAD").is_file()
        return folder.resolve() if is_plain else None

    def _folder(self, option: str) -> Path:
        out = self.git.run("rev-parse", option)
        return (self.top / os.fsdecode(out.removesuffix(b"\n"))).resolve()

    @property
    def head(self) -> Oid | None:
        """The commit that is checked out, or None before the first."""
        if found := self._loose_head():
            return found
        code, out, _ = self.git.finish("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return None if code else Oid(out.decode().strip())

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

    def _loose_head(self) -> Oid | None:
        """Return what the file of the current branch says; that spares a process at each write."""
        try:
            name = (self.git_folder / "HEAD").read_text("utf-8").strip()
            branch = name.removeprefix("ref: ")
            if not branch.startswith("refs/heads/"):
                return None
            text = (self.common_folder / branch).read_text("ascii").strip()
        except (OSError, ValueError):
            return None  # packed, or kept in another way: git knows
        return Oid(text) if _is_oid(text) else None

    @property
    def has_commits(self) -> bool:
        """Whether HEAD names a commit."""
        return self.head is not None


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
