"""Where tasks may be here when the tracker's hierarchy is deeper, crossed or turns in a circle."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.sync.reconcile.sides import Local

Pulled = Mapping[str, Mapping[str, Any]]
"""What is written here of `parent`, `project` and `dependencies`, by task."""


@dataclass(slots=True)
class Hung:
    """Where tasks are after a run.

    Attributes:
        values: By task, the fields that get another value than the tracker has.
        notes: Why, by task.
    """

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def put(self, task_id: str, name: str, value: Any, why: str = "") -> None:
        """Note that a field gets another value."""
        self.values.setdefault(task_id, {})[name] = value
        if why:
            self.notes.append((task_id, why))


@dataclass(slots=True)
class Places:
    """The hierarchy as it will be, asked while it is decided.

    Attributes:
        local: The files.
        pulled: What comes from the tracker.
        live: Deleted tasks that come back.
        dead: Live tasks that are deleted in this run.
        projects: Those that are live after the run.
        hung: What is decided so far.
    """

    local: Local
    pulled: Pulled
    live: frozenset[str]
    dead: frozenset[str]
    projects: frozenset[str]
    hung: Hung = field(default_factory=Hung)
    _children: dict[str, list[str]] | None = None

    def value(self, task_id: str, name: str) -> Any:
        """Return what a task will say in a field."""
        for source in (self.hung.values, self.pulled):
            if name in (found := source.get(task_id, {})):
                return found[name]
        return (self.local.document("tasks", task_id) or {}).get(name)

    def is_live(self, task_id: str) -> bool:
        """Return whether a task is there and not deleted after the run."""
        if task_id in self.dead:
            return False
        document = self.local.document("tasks", task_id)
        if document is None:
            return "project" in self.pulled.get(task_id, {})
        return not document.get("deleted_at") or task_id in self.live

    def above(self, task_id: str) -> list[str]:
        """Return the tasks that will be above one, nearest first; a circle ends where it closes."""
        found: dict[str, None] = {}
        parent = self.value(task_id, "parent")
        while parent and parent != task_id and parent not in found:
            found[parent] = None
            parent = self.value(parent, "parent")
        return list(found)

    def children(self) -> Mapping[str, list[str]]:
        """Return the live tasks below each one that stay below it."""
        if self._children is None:
            self._children = {}
            for task_id, task in self.local.documents["tasks"].items():
                parent = task.get("parent")
                if (
                    parent
                    and self.is_live(task_id)
                    and "parent" not in self.pulled.get(task_id, {})
                ):
                    self._children.setdefault(parent, []).append(task_id)
        return self._children

    def height(self, task_id: str) -> int:
        """Return how many levels there are below a task."""
        level, height, seen = [task_id], -1, {task_id}
        while level:
            height += 1
            level = [child for each in level for child in self.children().get(each, ())
                     if child not in seen]  # fmt: skip
            seen.update(level)
        return height


def hang(places: Places) -> None:
    """Decide where every task that the tracker moves or brings will be."""
    for task_id in list(places.pulled):
        if "project" in places.pulled[task_id]:
            _take_along(places, task_id)
    decided: set[str] = set()
    for task_id, values in places.pulled.items():
        if "parent" in values or "project" in values:
            for each in _from_the_top(places, task_id, decided):
                _place(places, each)
                decided.add(each)


def _take_along(places: Places, task_id: str) -> None:
    """Move what is below a task that the tracker moves to another project, or leave the task."""
    document = places.local.document("tasks", task_id)
    project = places.pulled[task_id]["project"]
    if document is None:
        return
    if project not in places.projects:
        places.hung.put(
            task_id, "project", document["project"], f"the project {project} is not there"
        )
        return
    stack = list(places.children().get(task_id, ()))
    seen = {task_id}
    while stack:
        child = stack.pop()
        if child in seen or "project" in places.pulled.get(child, {}):
            continue
        seen.add(child)
        if places.value(child, "project") != project:
            places.hung.put(child, "project", project)
        stack += places.children().get(child, ())


def _from_the_top(places: Places, task_id: str, decided: set[str]) -> Iterator[str]:
    """Yield a task after those above it that are not decided yet."""
    path: dict[str, None] = {}
    current: str | None = task_id
    while current and current not in path and current not in decided and current in places.pulled:
        path[current] = None
        current = places.value(current, "parent")
    yield from reversed(path)


def _place(places: Places, task_id: str) -> None:
    parent = places.value(task_id, "parent")
    if parent is None:
        return
    if not places.is_live(parent):
        places.hung.put(task_id, "parent", None, f"{parent} above it is not there")
        return
    if places.value(parent, "project") != places.value(task_id, "project"):
        places.hung.put(task_id, "parent", None, f"{parent} above it is in another project")
        return
    over = [parent, *places.above(parent)]
    if task_id in over:
        places.hung.put(task_id, "parent", None, f"{parent} is above and below it")
        return
    if (other := _waiting(places, task_id, over)) is not None:
        places.hung.put(task_id, "parent", _before(places, task_id), other)
        return
    allowed = max(places.local.max_depth - places.height(task_id), 0)
    if len(over) > allowed:
        higher = over[-allowed] if allowed else None
        said = f"{len(over)} levels deep there, and {places.local.max_depth} are allowed"
        places.hung.put(task_id, "parent", higher, f"{said}: it hangs under {higher or 'nothing'}")


def _waiting(places: Places, task_id: str, over: list[str]) -> str | None:
    """Return why a task cannot be under others: one of them waits for one below it, or reversed."""
    if places.local.document("tasks", task_id) is None:
        return None
    below, level = {task_id}, [task_id]
    while level:
        level = [child for each in level for child in places.children().get(each, ())
                 if child not in below]  # fmt: skip
        below.update(level)
    for names, others in ((below, set(over)), (over, below)):
        for name in names:
            had = (places.local.document("tasks", name) or {}).get("dependencies") or ()
            for needed in places.value(name, "dependencies") or ():
                if needed in others and needed in had:
                    return f"{over[0]} cannot be above it, since {name} depends on {needed}"
    return None


def _before(places: Places, task_id: str) -> str | None:
    """Return the parent that a task has, if it can keep it."""
    parent = (places.local.document("tasks", task_id) or {}).get("parent")
    if not parent or not places.is_live(parent):
        return None
    is_one = places.value(parent, "project") == places.value(task_id, "project")
    return str(parent) if is_one and task_id not in places.above(parent) else None
