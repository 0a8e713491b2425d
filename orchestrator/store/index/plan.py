"""A plan to ask questions of: out of the index where that pays, out of the files where not."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeVar

from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TaskFilter
from orchestrator.store.index.derived import IndexedDerived
from orchestrator.store.index.open import is_worth_it, using
from orchestrator.store.index.select import select_ids
from orchestrator.store.index.state import State
from orchestrator.store.index.tasks import snapshot_of
from orchestrator.store.index.texts import is_searchable, make_searchable
from orchestrator.store.index.words import Ranked, search_ids
from orchestrator.store.index.work_tree import Refreshed, work_tree
from orchestrator.store.workspace import Workspace
from orchestrator.view.derived import Derived
from orchestrator.view.search import search
from orchestrator.view.select import select

T = TypeVar("T")


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
    state: State | None = None

    def select(self, wanted: TaskFilter) -> list[str]:
        """Return the ids of the tasks that a filter lets through, sorted.

        Raises:
            FilterError: It names a project, task or person that is nowhere in the plan.
        """
        if self.state is None:
            return sorted(select(self.snapshot, wanted))
        return select_ids(self.state, self.snapshot, wanted)

    def ready(self, wanted: TaskFilter) -> list[str]:
        """Return the tasks that a filter lets through and somebody could start, in their order.

        Raises:
            FilterError: As for `select`.
        """
        if wanted == TaskFilter():
            return list(self.derived.ready)
        among = frozenset(self.select(wanted))
        return [name for name in self.derived.ready if name in among]

    def search(self, wanted: TaskFilter, words: tuple[str, ...], most: int | None) -> Ranked:
        """Return the tasks that a filter lets through and that hold all words, the best first.

        Args:
            wanted: Which tasks.
            words: As `view.search.read_query` returns them; at least one.
            most: How many are wanted at least; None for all.

        Raises:
            FilterError: As for `select`.
        """
        if self.state is not None:
            return search_ids(self.state, self.snapshot, wanted, words, most)
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

        def lacks_texts(refreshed: Refreshed) -> bool:
            return searches and not is_searchable(refreshed.state.db, refreshed.state.number)

        def hold(db: sqlite3.Connection) -> AbstractContextManager[Refreshed]:
            return work_tree(db, workspace.files, workspace.processes, lacks_texts)

        def run(refreshed: Refreshed) -> tuple[T]:
            state = refreshed.state
            if searches and not is_searchable(state.db, state.number):
                make_searchable(state.db, state.number)
            snapshot = snapshot_of(state, refreshed.beside)
            return (answer(Plan(snapshot, IndexedDerived(snapshot, state), state)),)

        if (found := using(workspace, hold, run)) is not None:
            return found[0]
    snapshot = workspace.snapshot()
    return answer(Plan(snapshot, Derived(snapshot)))
