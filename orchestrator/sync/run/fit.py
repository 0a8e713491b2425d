"""Which items of a sync the files can take: those that would break the plan are left out."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import cast

from orchestrator.check.run import check
from orchestrator.model.ids import TASK_ID
from orchestrator.model.places import place_of
from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.after import after
from orchestrator.patch.apply import Change, SnapshotDocuments, apply
from orchestrator.patch.ops import Patch, PatchError, entity_of
from orchestrator.patch.rebase import StalePatchError, rebase
from orchestrator.store.consequences import refuse_misplaced
from orchestrator.store.edits import file_edits, located_in
from orchestrator.store.write import DirtyFileError, FileEdit
from orchestrator.sync.reconcile.done import Done
from orchestrator.sync.reconcile.sides import Name
from orchestrator.sync.run.ground import Ground
from orchestrator.verbs.stamps import stamped_changes

Build = Callable[[Sequence[Done]], Patch]
"""Makes the one patch of what is to be taken over; raises `PatchError`."""

_ROUNDS = 8
_ids = re.compile(rf"(?<![A-Za-z0-9-]){TASK_ID}(?![A-Za-z0-9-])").findall


@dataclass(frozen=True, slots=True)
class Fit:
    """What of a sync the files can take.

    Attributes:
        taken: Those that go in.
        refused: Why the others do not, by kind and id.
        patch: What is taken, as one patch.
        changes: The same by entity, stamped.
        edits: The same by file.
    """

    taken: tuple[Done, ...]
    refused: Mapping[Name, str]
    patch: Patch
    changes: tuple[Change, ...]
    edits: tuple[FileEdit, ...]


@dataclass(frozen=True)
class Fitting:
    """Tries what the files of a commit can take.

    Attributes:
        planned: The commit that the sync was planned against.
        ground: The commit that is checked out now; mostly the same.
        build: Makes the patch.
        now: For stamps and checks.
    """

    planned: Ground
    ground: Ground
    build: Build
    now: datetime

    def fit(self, done: Iterable[Done], refused: Mapping[Name, str]) -> Fit:
        """Return what can be taken, leaving out item by item what cannot.

        Args:
            done: What is to be taken over.
            refused: Items that are known not to fit, with the reason.
        """
        out = dict(refused)
        taken = [item for item in done if _name(item) not in out]
        for _ in range(_ROUNDS):
            try:
                patch, changes, edits = self._tried(taken)
            except PatchError as error:
                fresh = self._apart(taken, error)
            else:
                fresh = self._culprits(taken, changes)
                if not fresh:
                    return Fit(tuple(taken), out, patch, changes, edits)
            out |= fresh
            taken = [item for item in taken if _name(item) not in out]
        out |= {_name(item): "the plan would have errors with it" for item in taken}
        return Fit((), out, Patch(()), (), ())

    def _tried(
        self, taken: Sequence[Done]
    ) -> tuple[Patch, tuple[Change, ...], tuple[FileEdit, ...]]:
        patch = self.build(taken)
        present = SnapshotDocuments(self.ground.snapshot)
        if self.ground.head == self.planned.head:
            wanted = apply(present, patch.ops)
        else:
            past = SnapshotDocuments(self.planned.snapshot)
            wanted = rebase(past, present, patch.ops, self.planned.head)
        changes = tuple(stamped_changes(wanted, self.now))
        refuse_misplaced(self.ground.snapshot, changes)
        locate = located_in(self.ground.snapshot)
        paths = list(dict.fromkeys(path for each in changes for path in locate(each) if path))
        files = dict(zip(paths, self.ground.tree.read_all(paths), strict=True))
        try:
            return patch, changes, tuple(file_edits(changes, locate, files.get))
        except DirtyFileError as error:
            raise PatchError(f"{error.paths[0]} cannot be read as it is.") from error

    def _apart(self, taken: Sequence[Done], error: PatchError) -> dict[Name, str]:
        """Return which items make a patch fail: those that a stale field names, or by halving."""
        if isinstance(error, StalePatchError):
            named = {entity_of(clash.path) for clash in error.clashes}
            stale = {_name(item) for item in taken} & cast("set[Name]", named)
            if stale:
                return dict.fromkeys(stale, "it was changed here while the sync ran")
        found: dict[Name, str] = {}
        stack = _halves(taken)
        while stack:
            group = stack.pop()
            try:
                self._tried(group)
            except PatchError as reason:
                if len(group) == 1:
                    found[_name(group[0])] = _clause(reason.message)
                stack += _halves(group)
        # None fails alone: then they fail together, and none of them can go in.
        return found or {_name(item): _clause(error.message) for item in taken}

    def _culprits(self, taken: Sequence[Done], changes: Sequence[Change]) -> dict[Name, str]:
        """Return which items bring errors into the plan."""
        if not changes:
            return {}
        future = after(self.ground.snapshot, changes)
        errors = [item for item in check(future, self.now) if item.severity == "error"]
        fresh = [item for item in errors if _identity(item) not in self._known] if errors else []
        names = {_name(item) for item in taken}
        found: dict[Name, str] = {}
        for problem in fresh:
            for name in _involved(problem, names):
                found.setdefault(name, _clause(problem.message))
        if fresh and not found:
            found = dict.fromkeys(names, _clause(fresh[0].message))
        return found

    @cached_property
    def _known(self) -> set[tuple[str, str | None, str, str]]:
        return {_identity(problem) for problem in check(self.ground.snapshot, self.now)}


def changed_names(snapshot: Snapshot, changes: Iterable[Change]) -> dict[str, Name]:
    """Return whose file each path is that changes touch."""
    locate = located_in(snapshot)
    return {
        path: cast("Name", (change.kind, change.id))
        for change in changes
        for path in locate(change)
        if path
    }


def _halves(group: Sequence[Done]) -> list[Sequence[Done]]:
    middle = len(group) // 2
    return [group[middle:], group[:middle]] if middle else []


def _involved(problem: Problem, names: set[Name]) -> list[Name]:
    """Return which items a problem is about: the one it is in, or those that it names."""
    place = place_of(problem.path)
    if place and (home := cast("Name", (place.kind, place.id))) in names:
        return [home]
    return [name for task_id in _ids(problem.message) if (name := ("tasks", task_id)) in names]


def _name(done: Done) -> Name:
    return done.action.kind, done.action.id


def _clause(message: str) -> str:
    """Return a sentence as a part of another: its first line without the full stop."""
    return message.partition("\n")[0].rstrip(". :")


def _identity(problem: Problem) -> tuple[str, str | None, str, str]:
    return problem.code, problem.id, problem.pointer, problem.message
