"""What can be worked on now, and what holds the rest up."""

from collections.abc import Mapping

from orchestrator.model.graph import Hierarchy, ancestors, hierarchy
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DEFAULT_PRIORITY, DONE, PRIORITIES

_IDLE_PROJECTS = frozenset({"on_hold", "completed", "cancelled"})
_RANK = {priority: -rank for rank, priority in enumerate(PRIORITIES)}
_LAST = "9999-12-31"


def ready(
    snapshot: Snapshot, tree: Hierarchy | None = None, held: "Held | None" = None
) -> list[str]:
    """Return the ids of tasks that somebody could start now, the most urgent first.

    A task is ready when it is todo, everything that it and the tasks above it depend on is
    completed or cancelled, nothing below it is open (it is then done by doing those), and its
    project is neither deleted, on hold, completed nor cancelled.

    Args:
        snapshot: The plan.
        tree: Its hierarchy, where it is known already.
        held: What holds its tasks up, likewise.
    """
    tree = tree or hierarchy(snapshot)
    held = held or Held(snapshot)
    found = [
        task_id
        for task_id, task in snapshot.live_tasks()
        if task.get("status") == "todo"
        and not held.by(task_id, task)
        and not _has_open_children(snapshot, tree, task_id)
        and is_running(snapshot, task["project"])
    ]
    return sorted(found, key=lambda task_id: urgency(task_id, snapshot.tasks[task_id]))


def urgency(task_id: str, task: Document) -> tuple[int, str, str, str]:
    """Return a key that sorts by priority, then due date, then age, then id."""
    return (
        _RANK.get(task.get("priority") or DEFAULT_PRIORITY, 0),
        task.get("due_date") or _LAST,
        task.get("created_at") or _LAST,
        task_id,
    )


class Held:
    """What holds tasks up; the open dependencies of each are looked up once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._own: dict[str, list[str]] = {}

    def by(self, task_id: str, task: Document) -> list[str]:
        """Return the open tasks that a task, or one above it, depends on."""
        found = list(self._open(task_id, task))
        if task.get("parent"):
            for above in ancestors(self._snapshot, task_id):
                found += self._open(above, self._snapshot.tasks[above])
        return list(dict.fromkeys(found))

    def _open(self, task_id: str, task: Document) -> list[str]:
        names = task.get("dependencies")
        if not names:
            return []
        if task_id not in self._own:
            self._own[task_id] = [name for name in names if is_open(self._snapshot.tasks, name)]
        return self._own[task_id]


def is_blocked(held: Held, task_id: str, task: Document) -> bool:
    """Return whether a task is open and held up: by its status, or by what it waits for."""
    status = task.get("status")
    return status not in DONE and (status == "blocked" or bool(held.by(task_id, task)))


def is_open(tasks: Mapping[str, Document], task_id: str) -> bool:
    """Return whether a task is there, not deleted, and neither completed nor cancelled."""
    task = tasks.get(task_id)
    return task is not None and task.get("status") not in DONE and not task.get("deleted_at")


def _has_open_children(snapshot: Snapshot, tree: Hierarchy, task_id: str) -> bool:
    return any(is_open(snapshot.tasks, child) for child in tree.children.get(task_id, ()))


def is_running(snapshot: Snapshot, project_id: str) -> bool:
    """Return whether a project is neither deleted, on hold, completed nor cancelled."""
    project = snapshot.projects.get(project_id, {})
    return project.get("status") not in _IDLE_PROJECTS and not project.get("deleted_at")
