"""`Workspace`: a folder of plan files, and the one door through which they are changed.

What only writing needs is imported where it is used: reading commands and hooks start faster.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.model.places import SETTINGS_FILE
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.ops import Patch
from orchestrator.store.files import WorkTree, layer_in
from orchestrator.store.git import Oid
from orchestrator.store.identity import Author, author_of
from orchestrator.store.load import load
from orchestrator.store.repository import NoRepositoryError, Repository, find_repository
from orchestrator.store.root import root_above
from orchestrator.store.trees import Tree, commit_tree, index_tree, merged_tree

if TYPE_CHECKING:
    from orchestrator.patch.apply import Change
    from orchestrator.store.commit import Commit
    from orchestrator.store.history import CommittedPatch
    from orchestrator.store.journal import Journal
    from orchestrator.store.outcome import Applied, Trial
    from orchestrator.store.recover import Recovery
    from orchestrator.store.undo import Undoing
    from orchestrator.store.write import FileEdit


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
        repository = self.required_repository
        return commit_tree(repository.git, repository.prefix, self.merged_tree(ours, theirs))

    def merged_tree(self, ours: str, theirs: str) -> Oid:
        """Return the id of the tree that merging `theirs` into `ours` would make."""
        return merged_tree(self.required_repository.git, ours, theirs)

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
    ) -> "Applied":
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
        from orchestrator.patch.describe import subject
        from orchestrator.store.consequences import new_warnings
        from orchestrator.store.edits import file_edits, located_in
        from orchestrator.store.outcome import Applied

        mended = None if dry_run else self.mend()
        present = snapshot if snapshot is not None and mended is None else self.snapshot()
        changes = self._changes(patch, present, now)
        future = after(present, changes)
        warnings = new_warnings(present, future, now)
        edits = list(file_edits(changes, located_in(present), self.files.read))
        if edits and not dry_run:
            self.write(edits, patch.title or subject(changes), now)
        paths = tuple(edit.path for edit in edits)
        recovered = mended.changes if mended else ()
        return Applied(tuple(changes), paths, future, warnings, recovered)

    def _changes(self, patch: Patch, present: Snapshot, now: datetime) -> "list[Change]":
        from orchestrator.verbs.stamps import refuse_agents_stamps, stamped_changes

        refuse_agents_stamps(patch)
        wanted = self.preview(patch, present)
        changes = list(stamped_changes(wanted, now, restores=patch.restores))
        if (patch.author or "").startswith("agent:"):
            from orchestrator.store.policy_gate import policy_in, refuse_by_policy

            refuse_by_policy(policy_in(self.files.read(SETTINGS_FILE)), patch.author, changes)
        return changes

    def preview(self, patch: Patch, present: Snapshot | None = None) -> "tuple[Change, ...]":
        """Return what `patch` would do to the work tree, whether or not it may; without stamps.

        Raises:
            PatchError: It cannot be applied.
        """
        from orchestrator.patch.apply import SnapshotDocuments, apply

        documents = SnapshotDocuments(present or self.snapshot())
        if not patch.base:
            return tuple(apply(documents, patch.ops))
        from orchestrator.store.rebase import wanted_changes

        return tuple(wanted_changes(self.required_repository, patch, documents))

    def try_patch(self, patch: Patch, now: datetime, branch: str | None = None) -> "Trial":
        """Return what `patch` would do, with every problem that it would bring; write nothing.

        Args:
            patch: The change.
            now: For stamps and their checks.
            branch: Where it would be committed; None for the work tree.

        Raises:
            PatchError: It cannot be applied, or its author may not do this.
            StoreError: The branch is none that a patch can go to.
        """
        from orchestrator.patch.after import after
        from orchestrator.store.consequences import new_problems
        from orchestrator.store.outcome import Trial

        if branch is None:
            present = self.snapshot()
            changes = tuple(self._changes(patch, present, now))
        else:
            from orchestrator.store.on_branch import drafted

            ready, present = drafted(self.required_repository, branch, patch, now)
            changes = ready.changes
        return Trial(changes, new_problems(present, after(present, changes), now))

    def commit_patch(
        self, branch: str, patch: Patch, now: datetime, *, dry_run: bool = False
    ) -> "Commit":
        """Commit `patch` on a branch without touching the work tree; see `store.on_branch`.

        Raises:
            PatchRejectedError: It would bring errors into the plan on that branch.
            PatchError: It cannot be applied.
            StoreError: The branch cannot be written.
        """
        from orchestrator.store.on_branch import commit_patch

        repository = self.required_repository
        return commit_patch(repository, self.lock, branch, patch, now, dry_run=dry_run)

    def patch_of(self, revision: str) -> "CommittedPatch":
        """Return what a commit did to the plan."""
        from orchestrator.store.history import patch_of

        return patch_of(self.required_repository, revision)

    @property
    def author(self) -> Author:
        """Whom git would name as the author of a commit.

        Raises:
            NoIdentityError: Git knows no name.
        """
        return author_of(self.required_repository)

    def write(self, edits: "Iterable[FileEdit]", title: str, now: datetime) -> None:
        """Write files, all or none, so that a killed process can be finished and undone.

        Args:
            edits: By file.
            title: What they do, in words.
            now: The moment.

        Raises:
            StoreError: The files cannot be written.
        """
        from orchestrator.store.journal import Entry
        from orchestrator.store.lock import locked
        from orchestrator.store.write import write_files

        head = None if self.repository is None else self.repository.head
        with locked(self.lock, "write"):
            write_files(self.root, edits, Entry(self.journal, title, now, head))

    def undoing(self, revision: str | None = None) -> "Undoing":
        """Return what `undo` takes back: a commit, or the last change; see `store.undo`."""
        from orchestrator.store.undo import undoing

        return undoing(self.repository, self.journal, self.files.read, revision)

    def take_back(
        self, undoing: "Undoing", snapshot: Snapshot, now: datetime, *, dry_run: bool = False
    ) -> "Applied":
        """Take a change of the work tree's files back; see `store.undo`.

        Raises:
            PatchRejectedError: The plan would have errors that it has not now.
            StoreError: The files cannot be written.
        """
        from orchestrator.patch.after import after
        from orchestrator.store.consequences import new_warnings
        from orchestrator.store.outcome import Applied

        future = after(snapshot, undoing.changes)
        warnings = new_warnings(snapshot, future, now)
        if not dry_run:
            self.write(undoing.edits, undoing.subject, now)
        paths = tuple(edit.path for edit in undoing.edits)
        return Applied(undoing.changes, paths, future, warnings)

    @property
    def journal(self) -> "Journal":
        """Where changes of this work tree are written down."""
        from orchestrator.store.recover import journal_of

        return journal_of(self.root, self.repository)

    def mend(self) -> "Recovery | None":
        """Finish what killed commands began to write, or return None when there is nothing.

        Every writing command calls it before it reads; without a journal it costs nothing.
        """
        from orchestrator.store.recover import mend

        return mend(self.root, self.repository, self.journal, self.lock)

    def recover(self, *, dry_run: bool = False) -> "Recovery":
        """Finish what killed commands began, and clear away what they left.

        Raises:
            StoreError: A file cannot be written.
        """
        from orchestrator.store.lock import locked
        from orchestrator.store.recover import recover

        with locked(self.lock, "recover"):
            return recover(self.root, self.repository, self.journal, dry_run=dry_run)

    @property
    def lock(self) -> Path:
        """What is locked while files are written: a file of git's, or the folder without git."""
        return self.root if self.repository is None else self.repository.state_folder / "lock"

    def refuse_if_it_cannot_commit(self) -> None:
        """Do nothing when `commit` has what it needs.

        Raises:
            StoreError: There is no repository, git knows no name, or a merge is not finished.
        """
        from orchestrator.store.committing import refuse_unfinished

        repository = self.required_repository
        _ = self.author
        refuse_unfinished(repository)

    def commit(self, paths: Iterable[str], message: str, trailers: Iterable[str] = ()) -> Oid:
        """Commit just these files of the work tree; what else is staged stays staged.

        Args:
            paths: The files, relative to the workspace.
            message: Subject and body.
            trailers: `Name: value`, to go behind those that the message has.

        Raises:
            NotCommittedError: Git or a hook refuses.
        """
        from orchestrator.store.committing import commit_files

        return commit_files(self.required_repository, self.lock, tuple(paths), message, trailers)


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
    return Workspace(root_above(start), environment, in_hook, processes)
