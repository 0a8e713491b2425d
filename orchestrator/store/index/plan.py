"""A plan to ask questions of: out of the index where that pays, out of the files where not.

What only a large plan needs is imported where it is used: a small one is read faster.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TaskFilter
from orchestrator.store.index.worth import is_worth_it
from orchestrator.store.workspace import Workspace
from orchestrator.view.derived import Derived
from orchestrator.view.select import select

if TYPE_CHECKING:
    import sqlite3

    from orchestrator.store.index.state import State
    from orchestrator.store.index.work_tree import Refreshed
    from orchestrator.view.search import Ranked

T = TypeVar("T")

_MOST_WORDS = 50
"""Of a search by the index; a database takes no expression of any size."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan, and what is worked out about it.

    Attributes:
        snapshot: The plan.
        derived: Of it.
        state: What the index has of it, or None.
    """

    snapshot: Snapshot
    derived: Derived
    state: "State | None" = None

    def select(self, wanted: TaskFilter) -> list[str]:
        """Return the ids of the tasks that a filter lets through, sorted.

        Raises:
            FilterError: It names a project, task or person that is nowhere in the plan.
        """
        if self.state is None:
            return sorted(select(self.snapshot, wanted))
        from orchestrator.store.index.select import select_ids

        return select_ids(self.state, self.snapshot, wanted)

    def below(self, task_id: str) -> Snapshot:
        """Return the plan with at least a task and all tasks below it, as they are."""
        if self.state is None:
            return self.snapshot
        from orchestrator.store.index.derived import part_below

        return part_below(self.state, self.snapshot, task_id)

    def within(self, project_id: str) -> Snapshot:
        """Return the plan with at least the tasks of a project, as they are."""
        if self.state is None:
            return self.snapshot
        from orchestrator.store.index.derived import part_of_project

        return part_of_project(self.snapshot, self.state, project_id)

    def ready(self, wanted: TaskFilter) -> list[str]:
        """Return the tasks that a filter lets through and somebody could start, in their order.

        Raises:
            FilterError: As for `select`.
        """
        if wanted == TaskFilter():
            return list(self.derived.ready)
        among = frozenset(self.select(wanted))
        return [name for name in self.derived.ready if name in among]

    def search(self, wanted: TaskFilter, words: tuple[str, ...], most: int | None) -> "Ranked":
        """Return the tasks that a filter lets through and that hold all words, the best first.

        Args:
            wanted: Which tasks.
            words: As `view.search.read_query` returns them; at least one.
            most: How many are wanted at least; None for all.

        Raises:
            FilterError: As for `select`.
        """
        if self.state is not None and len(words) <= _MOST_WORDS:
            from orchestrator.store.index.words import search_ids

            return search_ids(self.state, self.snapshot, wanted, words, most)
        from orchestrator.view.search import Ranked, search

        scores = dict(search(self.snapshot, "tasks", select(self.snapshot, wanted), words))
        return Ranked(len(scores), scores)


def ask(workspace: Workspace, answer: Callable[[Plan], T], *, searches: bool = False) -> T:
    """Return what `answer` makes of the plan in a work tree.

    Args:
        workspace: Where the plan is.
        answer: Takes the plan as long as nobody can change it; where the index fails it is called
            once more, so it must not print.
        searches: Whether it searches.
    """
    if is_worth_it(workspace):
        from orchestrator.store.index.derived import IndexedDerived

        def run(refreshed: "Refreshed") -> tuple[T]:
            state = refreshed.state
            snapshot = _snapshot(refreshed)
            return (answer(Plan(snapshot, IndexedDerived(snapshot, state), state)),)

        if (found := _asked(workspace, run, searches=searches)) is not None:
            return found[0]
    snapshot = workspace.snapshot()
    return answer(Plan(snapshot, Derived(snapshot)))


def read_plan(workspace: Workspace) -> Snapshot:
    """Return the plan in a work tree, all of it read; `ask` is faster where little is needed."""
    if is_worth_it(workspace) and (found := _asked(workspace, _whole)) is not None:
        return found
    return workspace.snapshot()


def read_commit(workspace: Workspace, revision: str) -> Snapshot:
    """Return the plan in a commit, all of it read.

    Raises:
        UnknownRevisionError: There is no such commit.
    """
    if is_worth_it(workspace):
        from orchestrator.store.index.open import tree_of, using
        from orchestrator.store.index.trees import Wanted, git_tree

        wanted = Wanted(workspace.required_repository, tree_of(workspace, revision))

        def hold(db: "sqlite3.Connection") -> "AbstractContextManager[Refreshed]":
            return git_tree(db, wanted)

        if (found := using(workspace, hold, _whole)) is not None:
            return found
    from orchestrator.store.load import load

    return load(workspace.at(revision)).snapshot


def _asked(
    workspace: Workspace, run: "Callable[[Refreshed], T]", *, searches: bool = False
) -> T | None:
    from orchestrator.store.index.open import using
    from orchestrator.store.index.texts import is_searchable, make_searchable
    from orchestrator.store.index.work_tree import work_tree

    def lacks_texts(refreshed: "Refreshed") -> bool:
        return searches and not is_searchable(refreshed.state.db, refreshed.state.number)

    def hold(db: "sqlite3.Connection") -> "AbstractContextManager[Refreshed]":
        return work_tree(db, workspace.files, workspace.processes, lacks_texts)

    def run_with_texts(refreshed: "Refreshed") -> T:
        if lacks_texts(refreshed):
            make_searchable(refreshed.state.db, refreshed.state.number)
        return run(refreshed)

    return using(workspace, hold, run_with_texts)


def _whole(refreshed: "Refreshed") -> Snapshot:
    snapshot = _snapshot(refreshed)
    return replace(snapshot, tasks=dict(snapshot.tasks.items()))


def _snapshot(refreshed: "Refreshed") -> Snapshot:
    from orchestrator.store.index.tasks import snapshot_of

    return snapshot_of(refreshed.state, refreshed.beside)
