"""`Workspace`: a folder of plan files, and the one door through which they are changed.

What only writing needs is imported where it is used: reading commands and hooks start faster.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.model.places import SETTINGS_FILE, Kind
from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.ops import Patch
from orchestrator.store.consequences import new_warnings, refuse_misplaced
from orchestrator.store.files import Tree, WorkTree, commit_tree, index_tree, layer_in
from orchestrator.store.git import GitFailedError, Oid, StoreError
from orchestrator.store.load import load
from orchestrator.store.repository import (
    NoRepositoryError,
    Repository,
    find_repository,
    is_bare,
)

if TYPE_CHECKING:
    from orchestrator.patch.apply import Change
    from orchestrator.store.commit import Author, Commit
    from orchestrator.store.history import CommittedPatch
    from orchestrator.store.write import FileEdit

_IDENTITY = re.compile(r"(.*) <(.*)> \d+ [+-]\d{4}")


class NoIdentityError(StoreError):
    """Git knows no name and e-mail for commits."""


class NotCommittedError(StoreError):
    """Files were changed as asked for, and git, or a hook, refused to commit them.

    Attributes:
        output: What git and the hook said.
        paths: The files, changed and staged.
    """

    def __init__(self, output: str, paths: Iterable[str]) -> None:
        self.output = output
        self.paths = tuple(paths)
        super().__init__(
            f"The files were changed, but git refused to commit them:\n{output.rstrip()}",
            f"git commit when it is mended, or git restore --staged --worktree "
            f"{' '.join(self.paths[:3])}{' …' if len(self.paths) > 3 else ''}",  # noqa: PLR2004
        )


class WorkspaceNotFoundError(StoreError):
    """There is no orchestrator.yaml here or above.

    Attributes:
        start: Where the search began.
    """

    def __init__(self, start: Path) -> None:
        if is_bare(start):
            message = f"{start} is a bare git repository: it has no files to work on."
            hint = "Work in a clone of it."
        else:
            message = f"{start} is in no workspace: there is no {SETTINGS_FILE} here or above."
            hint = "orchestrator init makes one; -C DIR points at one."
        super().__init__(message, hint)
        self.start = start


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a patch to the work tree did.

    Attributes:
        changes: By entity; empty when the plan was so already.
        paths: The files that were written or removed.
        snapshot: The plan afterwards.
        warnings: What the change brings that `check` will warn of.
    """

    changes: "tuple[Change, ...]"
    paths: tuple[str, ...]
    snapshot: Snapshot
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Workspace:
    """A folder of plan files.

    Attributes:
        root: The folder of orchestrator.yaml.
        environment: The process's variables, for git.
        in_hook: Whether git called us and said where its repository is.
        processes: With 2, a large work tree is read by two processes; only where nothing else
            runs in this one, since the second is forked.
    """

    root: Path
    environment: Mapping[str, str]
    in_hook: bool = False
    processes: int = 1

    @cached_property
    def repository(self) -> Repository | None:
        """The git repository around it, or None."""
        return find_repository(self.root, self.environment, in_hook=self.in_hook)

    @property
    def required_repository(self) -> Repository:
        """The git repository around it.

        Raises:
            NoRepositoryError: There is none.
        """
        if self.repository is None:
            raise NoRepositoryError(f"{self.root} is in no git repository.", "git init makes one.")
        return self.repository

    @property
    def files(self) -> WorkTree:
        """The files on the disk."""
        return WorkTree(self.root, layer_in(self.environment))

    def staged(self) -> Tree:
        """Return the files in the index."""
        repository = self.required_repository
        return index_tree(repository.git, repository.prefix)

    def at(self, revision: str) -> Tree:
        """Return the files in a commit."""
        repository = self.required_repository
        return commit_tree(repository.git, repository.prefix, repository.git.commit_of(revision))

    def merged(self, ours: str, theirs: str) -> Tree:
        """Return the files as they would be after merging `theirs` into `ours`.

        A file that cannot be merged holds conflict markers, which a check reports.
        """
        git = self.required_repository.git
        commits = git.commit_of(ours), git.commit_of(theirs)
        code, out, said = git.finish("merge-tree", "--write-tree", "-z", "--no-messages", *commits)
        if code not in (0, 1):
            raise GitFailedError(("merge-tree",), said, code)
        tree = Oid(out.partition(b"\0")[0].decode().strip())
        return commit_tree(git, self.required_repository.prefix, tree)

    def snapshot(self) -> Snapshot:
        """Return the plan as the files say it now."""
        return load(self.files, self.processes).snapshot

    def apply(
        self,
        patch: Patch,
        now: datetime,
        snapshot: Snapshot | None = None,
        *,
        dry_run: bool = False,
    ) -> Applied:
        """Change the files of the work tree as `patch` says; all of it or nothing.

        Args:
            patch: The change.
            now: For the checks of stamps.
            snapshot: The plan as just read, when the caller has it.
            dry_run: Do everything but write.

        Raises:
            PatchError: It cannot be applied.
            PatchRejectedError: It would bring errors into the plan.
            StoreError: The files cannot be written.
        """
        from orchestrator.patch.after import after
        from orchestrator.patch.apply import SnapshotDocuments, apply
        from orchestrator.store.edits import file_edits
        from orchestrator.store.lock import locked
        from orchestrator.store.write import write_files
        from orchestrator.verbs.stamps import refuse_agents_stamps, stamped_changes

        refuse_agents_stamps(patch)
        present = snapshot or self.snapshot()
        if patch.base:
            self._refuse_stale(patch, present)
        changes = list(stamped_changes(apply(SnapshotDocuments(present), patch.ops), now))
        future = after(present, changes)
        warnings = new_warnings(present, future, now)
        edits = list(file_edits(changes, located_in(present), self.files.read))
        if edits and not dry_run:
            with locked(self.lock, "apply"):
                write_files(self.root, edits)
        return Applied(tuple(changes), tuple(edit.path for edit in edits), future, warnings)

    def _refuse_stale(self, patch: Patch, present: Snapshot) -> None:
        from orchestrator.store.commit import refuse_stale
        from orchestrator.store.objects import open_objects

        def content(kind: Kind, entity_id: str) -> bytes | None:
            is_there = entity_id in present.entities(kind)
            return self.files.read(present.path_of(kind, entity_id)) if is_there else None

        with open_objects(self.required_repository.git) as objects:
            refuse_stale(self.required_repository, patch, content, objects)

    def preview(self, patch: Patch) -> "tuple[Change, ...]":
        """Return what `patch` would do to the work tree, whether or not it may.

        Raises:
            PatchError: It cannot be applied.
        """
        from orchestrator.patch.apply import SnapshotDocuments, apply

        return tuple(apply(SnapshotDocuments(self.snapshot()), patch.ops))

    def commit_patch(
        self, branch: str, patch: Patch, now: datetime, *, dry_run: bool = False
    ) -> "Commit":
        """Commit `patch` on a branch without touching the work tree; see `store.commit`.

        Raises:
            PatchRejectedError: It would bring errors into the plan on that branch.
            PatchError: It cannot be applied.
            StoreError: The branch cannot be written.
        """
        from orchestrator.store.lock import locked

        repository = self.required_repository
        # Writers queue here; without it, all but one of those that read the same tip would fail.
        with locked(self.lock, "commit"):
            return self._commit_patch(repository, branch, patch, now, dry_run=dry_run)

    def _commit_patch(
        self, repository: Repository, branch: str, patch: Patch, now: datetime, *, dry_run: bool
    ) -> "Commit":
        from orchestrator.patch.after import after
        from orchestrator.store.commit import Commit, draft, write_commit

        ready = draft(repository, branch, patch, now)
        present = load(commit_tree(repository.git, repository.prefix, ready.tip)).snapshot
        refuse_misplaced(present, ready.changes)
        new_warnings(present, after(present, ready.changes), now)
        if dry_run:
            return Commit(ready.tip, branch, ready.changes, ready.message)
        return write_commit(repository, ready, self.author, now)

    def patch_of(self, revision: str) -> "CommittedPatch":
        """Return what a commit did to the plan."""
        from orchestrator.store.history import patch_of

        return patch_of(self.required_repository, revision)

    @property
    def author(self) -> "Author":
        """Whom git would name as the author of a commit.

        Raises:
            NoIdentityError: Git knows no name.
        """
        from orchestrator.store.commit import Author

        code, out, _ = self.required_repository.git.finish("var", "GIT_AUTHOR_IDENT")
        found = _IDENTITY.match(out.decode("utf-8", "replace"))
        if code or found is None:
            raise NoIdentityError(
                "Git does not know who you are.",
                'git config user.name "Your Name" and git config user.email you@example.com',
            )
        return Author(found[1], found[2])

    def write(self, edits: "Iterable[FileEdit]") -> None:
        """Write files that no patch describes: settings of editors, formatted text."""
        from orchestrator.store.lock import locked
        from orchestrator.store.write import write_files

        with locked(self.lock, "write"):
            write_files(self.root, edits)

    @property
    def lock(self) -> Path:
        """What is locked while files are written: a file of git's, or the folder without git."""
        return self.root if self.repository is None else self.repository.state_folder / "lock"

    def refuse_if_it_cannot_commit(self) -> None:
        """Do nothing when `commit` has what it needs.

        Raises:
            StoreError: There is no repository, git knows no name, or a merge is not finished.
        """
        repository = self.required_repository
        _ = self.author
        for name in ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge"):
            if (repository.git_folder / name).exists():
                raise StoreError(
                    "A merge, a rebase or the like is not finished.",
                    "Finish it first, or leave the change uncommitted with --no-commit.",
                )

    def commit(self, paths: Iterable[str], message: str) -> Oid:
        """Commit just these files of the work tree; what else is staged stays staged.

        Raises:
            NotCommittedError: Git or a hook refuses.
        """
        from orchestrator.store.lock import locked

        repository = self.required_repository
        git = repository.git
        full = sorted({f"{repository.prefix}{path}" for path in paths})
        known = git.run("ls-files", "-z", "--", *full).decode("utf-8", "surrogateescape")
        tracked = set(known.split("\0"))
        full = [path for path in full if path in tracked or (repository.top / path).exists()]
        if not full:
            raise StoreError("There is nothing to commit.")
        command = ("commit", "--quiet", "--only", "--file", "-", "--", *full)
        # Two commands that commit at the same time would stumble over git's lock on the index.
        with locked(self.lock, "commit"):
            code, _, said = git.finish("add", "--all", "--", *full)
            if not code:
                code, _, said = git.finish(*command, stdin=message.encode())
        if code:
            raise NotCommittedError(said, paths)
        return git.commit_of("HEAD")


def find_workspace(
    start: Path,
    environment: Mapping[str, str],
    *,
    in_hook: bool = False,
    processes: int = 1,
) -> Workspace:
    """Return the workspace that `start` is in: the nearest folder upwards with its settings.

    Raises:
        WorkspaceNotFoundError: There is none.
    """
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return Workspace(folder, environment, in_hook, processes)
    raise WorkspaceNotFoundError(start)


def located_in(snapshot: Snapshot) -> "_Located":
    """Return a function that tells an entity's path before and after a change."""
    return _Located(snapshot)


@dataclass(frozen=True, slots=True)
class _Located:
    snapshot: Snapshot

    def __call__(self, change: "Change") -> tuple[str | None, str | None]:
        from orchestrator.patch.after import target

        kind, entity_id, before, now, _ = change
        old = None if before is None else self.snapshot.path_of(kind, entity_id)
        new = None if now is None else target(self.snapshot, kind, entity_id, before, now)[0]
        return old, new
