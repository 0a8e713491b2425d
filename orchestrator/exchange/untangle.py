"""Links of new tasks as the rules allow them: no cycles, no kin, nothing too deep or deleted."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.exchange.imported import Document, Notebook

_PARENTS = "dropped_parents"
_DEPENDENCIES = "dropped_dependencies"


@dataclass(frozen=True, slots=True)
class Tangle:
    """New tasks among those that are there; only links of the new ones are ever changed.

    Attributes:
        new: By id; their documents are changed in place.
        present: The tasks of the snapshot, by id.
        project: Where the new ones go that do not say it themselves.
        source: The key under metadata where a dropped link is kept.
        notes: Taken on the way.
    """

    new: Mapping[str, Document]
    present: Mapping[str, Mapping[str, Any]]
    project: str
    source: str
    notes: Notebook = field(default_factory=Notebook)

    def task(self, task_id: str) -> Mapping[str, Any] | None:
        """Return a task, new or present."""
        return self.new.get(task_id) or self.present.get(task_id)

    def place(self, task_id: str) -> str | None:
        """Return the project that a task is in, or goes into; None when there is no such task."""
        if (task := self.new.get(task_id)) is not None:
            return str(task.get("project") or self.project)
        return (self.present.get(task_id) or {}).get("project")

    def parent(self, task_id: str) -> str | None:
        """Return a task's parent as it stands now."""
        task = self.task(task_id)
        return task.get("parent") if task else None

    def ancestors(self, task_id: str) -> Iterator[str]:
        """Yield the tasks above one, nearest first, each once."""
        seen = {task_id}
        above = self.parent(task_id)
        while above is not None and above not in seen and self.task(above) is not None:
            yield above
            seen.add(above)
            above = self.parent(above)

    def origin(self, task_id: str) -> str:
        """Return a task's id in the source, where it has one."""
        task = self.task(task_id) or {}
        kept = (task.get("metadata") or {}).get(self.source)
        return str(kept.get("id", task_id)) if isinstance(kept, dict) else task_id

    def set_parent(self, task_id: str, parent: str | None) -> None:
        """Hang a new task under another; the old parent is kept in metadata."""
        task = self.new[task_id]
        old = task.pop("parent", None)
        if old is not None:
            self._keep(task, _PARENTS, old)
        if parent is not None:
            task["parent"] = parent

    def drop_dependencies(self, task_id: str, dropped: Iterable[str]) -> None:
        """Take dependencies from a new task; they are kept in metadata."""
        task = self.new[task_id]
        gone = set(dropped)
        for each in sorted(gone):
            self._keep(task, _DEPENDENCIES, each)
        task["dependencies"] = [each for each in task["dependencies"] if each not in gone]
        if not task["dependencies"]:
            del task["dependencies"]

    def _keep(self, task: Document, key: str, task_id: str) -> None:
        kept = task["metadata"][self.source].setdefault(key, [])
        if (origin := self.origin(task_id)) not in kept:
            kept.append(origin)


def untangle(tangle: Tangle, max_depth: int) -> None:
    """Change links of the new tasks until the rules of a plan hold, and note each change."""
    _check_parents(tangle)
    _break_parent_cycles(tangle)
    _leave_deleted(tangle)
    _flatten(tangle, max_depth)
    _check_dependencies(tangle)
    _break_dependency_cycles(tangle)


def _leading_back(
    tangle: Tangle, targets: Callable[[Mapping[str, Any]], Iterable[str]]
) -> set[str]:
    """Return the present tasks from which links lead to a new one.

    There are some only where a link dangled and the import brings its target.
    """
    found = {
        task_id
        for task_id, task in tangle.present.items()
        if any(target in tangle.new for target in targets(task))
    }
    if not found:
        return found
    back: dict[str, list[str]] = {}
    for task_id, task in tangle.present.items():
        for target in targets(task):
            back.setdefault(target, []).append(task_id)
    queue = list(found)
    while queue:
        for task_id in back.get(queue.pop(), ()):
            if task_id not in found:
                found.add(task_id)
                queue.append(task_id)
    return found


def _check_parents(tangle: Tangle) -> None:
    back = _leading_back(tangle, lambda task: [task["parent"]] if task.get("parent") else [])
    for task_id, task in sorted(tangle.new.items()):
        parent = task.get("parent")
        if parent is None:
            continue
        there = tangle.present.get(parent)
        if parent == task_id:
            why = "It is its own parent; it has none now."
        elif (other := tangle.place(parent)) not in (None, tangle.place(task_id)):
            why = f"Its parent {parent} is in the project {other} ; it has none now."
        elif parent in tangle.new:
            continue
        elif there is None:
            why = f"Its parent {parent} is not in the plan."
        elif parent in back:
            why = f"Its parent {parent} is below it in the plan; it has none now."
        else:
            continue
        tangle.notes.add("parent", tangle.origin(task_id), why)
        tangle.set_parent(task_id, None)


def _break_parent_cycles(tangle: Tangle) -> None:
    settled: set[str] = set()
    for start in sorted(tangle.new):
        path: list[str] = []
        place: dict[str, int] = {}
        here: str | None = start
        while here is not None and here in tangle.new and here not in settled:
            if here in place:
                cycle = path[place[here] :]
                root = min(cycle)
                names = " → ".join(tangle.origin(each) for each in [*cycle[:5], cycle[0]])
                tangle.notes.add(
                    "parent",
                    tangle.origin(root),
                    f"Its parents go round: {names} ; it has none now.",
                )
                tangle.set_parent(root, None)
                break
            place[here] = len(path)
            path.append(here)
            here = tangle.parent(here)
        settled.update(path)


def _leave_deleted(tangle: Tangle) -> None:
    for task_id, task in sorted(tangle.new.items()):
        parent = task.get("parent")
        if parent is None or task.get("deleted_at"):
            continue
        if not (tangle.task(parent) or {}).get("deleted_at"):
            continue
        live = (
            each
            for each in tangle.ancestors(parent)
            if not (tangle.task(each) or {}).get("deleted_at")
        )
        above = next(live, None)
        where = f"under {above} now" if above else "a root now"
        tangle.notes.add(
            "parent", tangle.origin(task_id), f"Its parent {parent} is deleted; it is {where}."
        )
        tangle.set_parent(task_id, above)


def _flatten(tangle: Tangle, max_depth: int) -> None:
    """Hang what is too deep from the deepest level that is allowed."""
    depths: dict[str, int] = {}
    for start in sorted(tangle.new):
        path = [start]
        while path[-1] not in depths and (above := tangle.parent(path[-1])) in tangle.new:
            path.append(str(above))
        for task_id in reversed(path):
            if task_id in depths:
                continue
            parent = tangle.parent(task_id)
            depth = 0
            if parent is not None:
                known = depths.get(parent)
                depth = 1 + (sum(1 for _ in tangle.ancestors(parent)) if known is None else known)
            if depth > max_depth:
                depth = _rehang(tangle, task_id, depth, max_depth)
            depths[task_id] = depth


def _rehang(tangle: Tangle, task_id: str, depth: int, max_depth: int) -> int:
    above = list(tangle.ancestors(task_id))
    # above[0] is at depth - 1, above[i] at depth - 1 - i; the new parent is at max_depth - 1.
    parent = above[depth - max_depth] if max_depth > 0 and depth - max_depth < len(above) else None
    tangle.notes.add(
        "depth", tangle.origin(task_id),
        f"It is {depth} deep and {max_depth} is allowed; it is "
        + (f"under {parent} now." if parent else "a root now."),
    )  # fmt: skip
    tangle.set_parent(task_id, parent)
    return max_depth if parent else 0


def _check_dependencies(tangle: Tangle) -> None:
    back = _leading_back(tangle, lambda task: task.get("dependencies") or [])
    above = {task_id: set(tangle.ancestors(task_id)) for task_id in tangle.new}
    for task_id, task in sorted(tangle.new.items()):
        faults = {}
        for each in task.get("dependencies") or []:
            if each == task_id:
                faults[each] = "It depends on itself"
            elif tangle.task(each) is None:
                faults[each] = f"It depends on {each} , which is not in the plan"
            elif each in above[task_id]:
                faults[each] = f"It depends on {each} , which is above it"
            elif task_id in (above[each] if each in above else set(tangle.ancestors(each))):
                faults[each] = f"It depends on {each} , which is below it"
            elif each in back:
                faults[each] = f"It depends on {each} , which depends on it"
        for each, why in faults.items():
            tangle.notes.add("dependency", tangle.origin(task_id), f"{why}; dropped.")
            tangle.drop_dependencies(task_id, [each])


def _break_dependency_cycles(tangle: Tangle) -> None:
    """Drop each link that closes a cycle, walking tasks and links in the order of their ids."""
    done: set[str] = set()
    for start in sorted(tangle.new):
        if start in done:
            continue
        walking = {start}
        stack = [(start, iter(sorted(tangle.new[start].get("dependencies") or [])))]
        while stack:
            here, targets = stack[-1]
            for target in targets:
                if target in walking:
                    tangle.drop_dependencies(here, [target])
                    tangle.notes.add(
                        "dependency", tangle.origin(here),
                        f"It depends on {target} , which depends on it in the end; dropped.",
                    )  # fmt: skip
                elif target in tangle.new and target not in done:
                    walking.add(target)
                    following = iter(sorted(tangle.new[target].get("dependencies") or []))
                    stack.append((target, following))
                    break
            else:
                done.add(here)
                walking.discard(here)
                stack.pop()
