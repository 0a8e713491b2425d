"""Ids for many new tasks of one draft: what is taken is looked up once."""

from collections import Counter
from collections.abc import Callable

from orchestrator.model.ids import new_task_id
from orchestrator.model.snapshot import Snapshot


class FreshIds:
    """Draws ids that nobody has."""

    def __init__(self, snapshot: Snapshot, choose: Callable[[str], str]) -> None:
        self._base = snapshot
        self._choose = choose
        self._taken: set[str] | None = None
        self._siblings: Counter[str] = Counter()

    def draw(self, snapshot: Snapshot, project: str) -> str | None:
        """Return an id for a new task, or None when there is no such project.

        Args:
            snapshot: The plan as it is by now; new projects are in it.
            project: The task's.
        """
        if project not in snapshot.projects:
            return None
        if self._taken is None:
            base = self._base
            self._taken = {name.upper() for name in base.tasks}
            self._taken |= {name for kind, name in base.unreadable if kind == "tasks"}
            self._siblings.update(str(task["project"]) for task in base.tasks.values())
        key = str(snapshot.projects[project].get("key") or "T")
        found = new_task_id(key, self._taken, self._siblings[project], self._choose)
        self._taken.add(found)
        self._siblings[project] += 1
        return found
