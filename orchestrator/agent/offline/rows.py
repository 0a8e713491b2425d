"""An outline as the arguments of tools: keys, parents, dependencies, and what could not be done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orchestrator.agent.offline.inline import folded
from orchestrator.agent.offline.named import Names, person
from orchestrator.agent.offline.outline import Item, Marks, Outline
from orchestrator.errors import OrchestratorError
from orchestrator.model.day import read_day
from orchestrator.model.graph import ancestors
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE

_MOST_DEPENDENCIES = 100
_MOST_LINKS = 2_000
_MOST_LABELS = 50


@dataclass(slots=True)
class Rows:
    """What tools are called with.

    Attributes:
        tasks: For `create_tasks`, parents first.
        said: What was not understood or not possible, a sentence each.
        existing: Id of the task of the plan that an item is, by the item's index.
        untested: How many steps got tests made out of their titles.
        unestimated: How many steps have no estimate.
    """

    tasks: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    existing: dict[int, str] = field(default_factory=dict)
    untested: int = 0
    unestimated: int = 0


def rows_of(outline: Outline, snapshot: Snapshot, project: str | None, today: date) -> Rows:
    """Return an outline's items as `create_tasks` takes them.

    Args:
        outline: What was read.
        snapshot: The plan, for its people, its rules, and tasks that are there already.
        project: The project that they go to, or None for a new one.
        today: For days like friday.
    """
    return _Translation(outline, snapshot, project, today).rows


def whole_fields(
    outline: Outline, snapshot: Snapshot, today: date, said: list[str]
) -> dict[str, Any]:
    """Return what the outline says of its project, for `create_project`."""
    marks = outline.marks
    fields: dict[str, Any] = {"description": outline.description or None}
    people = _people(snapshot, marks.people, said, "The project")
    fields["owner"] = people[0] if people else None
    fields["tags"] = _labels(marks) or None
    fields["priority"] = marks.priority
    fields |= _days(marks, today, said, "the project")
    return {name: value for name, value in fields.items() if value is not None}


class _Translation:
    def __init__(
        self, outline: Outline, snapshot: Snapshot, project: str | None, today: date
    ) -> None:
        self.rows = Rows()
        self._items = outline.items
        self._snapshot = snapshot
        self._today = today
        self._links = 0
        self._names = Names(outline.items, snapshot.tasks)
        self._match_existing(project)
        self._parents = self._shallow()
        self._is_leaf = [True] * len(self._items)
        for parent in self._parents:
            if parent is not None:
                self._is_leaf[parent] = False
        self._waits = self._dependencies()
        statuses = self._statuses()
        strangers: dict[str, int] = {}
        for at, item in enumerate(self._items):
            if at not in self.rows.existing:
                self.rows.tasks.append(self._row(at, item, statuses[at], strangers))
        for name, count in strangers.items():
            tasks = "1 task has" if count == 1 else f"{count} tasks have"
            self.rows.said.append(f"There is no user {name[:60]} , so {tasks} no assignee.")

    def _match_existing(self, project: str | None) -> None:
        """Find the items that are tasks of the project already, by title and parent."""
        if project is None:
            return
        known: dict[tuple[str | None, str], list[str]] = {}
        for task_id, task in self._snapshot.live_tasks():
            if task["project"] == project:
                key = task.get("parent"), folded(str(task.get("title", "")))
                known.setdefault(key, []).append(task_id)
        anywhere: dict[str, list[str]] = {}
        for (_, title), ids in known.items():
            anywhere.setdefault(title, []).extend(ids)
        for at, item in enumerate(self._items):
            title = folded(item.title)
            if item.parent is None:
                found = anywhere.get(title, [])
            elif item.parent in self.rows.existing:
                found = known.get((self.rows.existing[item.parent], title), [])
            else:
                found = []
            if item.title.strip() in self._snapshot.tasks:
                found = [item.title.strip()]
            if len(found) == 1 and self._snapshot.tasks[found[0]]["project"] == project:
                self.rows.existing[at] = found[0]

    def _shallow(self) -> list[int | None]:
        """Return the parent of each item, none deeper than the plan allows."""
        deepest = self._snapshot.max_depth
        parents: list[int | None] = []
        depths: list[int] = []
        raised = 0
        for at, item in enumerate(self._items):
            parent = item.parent
            if parent is not None and depths[parent] >= deepest and at not in self.rows.existing:
                parent = parents[parent]
                raised += 1
            if (task_id := self.rows.existing.get(at)) is not None:
                depths.append(len(ancestors(self._snapshot, task_id)))
            else:
                depths.append(0 if parent is None else depths[parent] + 1)
            parents.append(parent)
        if raised:
            tasks = "1 item is" if raised == 1 else f"{raised} items are"
            self.rows.said.append(
                f"{tasks} deeper than the plan allows, which is {deepest} levels below a root, and "
                "became siblings of what they were below."
            )
        return parents

    def _dependencies(self) -> list[dict[int | str, None]]:
        waits: list[dict[int | str, None]] = [{} for _ in self._items]
        for at, item in enumerate(self._items):
            if at in self.rows.existing:
                continue
            for text in item.marks.after:
                meant = self._names.meant(text, at)
                self.rows.said += [
                    f"Line {item.line}: after {what}; it was left out." for what in meant.unknown
                ]
                wanted: Iterable[int | str] = (*meant.items, *meant.ids)
                for other in wanted:
                    self._depend(waits, at, other)
        return waits

    def _depend(self, waits: list[dict[int | str, None]], at: int, other: int | str) -> None:
        item = self._items[at]
        name = other if isinstance(other, str) else self._items[other].title
        if isinstance(other, int):
            other = self.rows.existing.get(other, other)
        if other in self._above(at) or (isinstance(other, int) and at in self._above(other)):
            why = "is above or below it, and waits for each other anyway"
        elif len(waits[at]) >= _MOST_DEPENDENCIES or self._links >= _MOST_LINKS:
            why = (
                f"is one more than the {_MOST_LINKS:,} of a text or {_MOST_DEPENDENCIES} of a task"
            )
        elif isinstance(other, int) and self._reaches(waits, other, at):
            why = "waits for it already"
        elif isinstance(other, str) and self._snapshot.tasks[other].get("deleted_at"):
            why = "is deleted"
        else:
            waits[at][other] = None
            self._links += 1
            return
        self.rows.said.append(
            f"Line {item.line}: {item.title[:60]!r} cannot wait for {name[:60]!r}, which {why}."
        )

    def _above(self, at: int) -> set[int | str]:
        """Return an item and all above it, those of the plan by id."""
        found: set[int | str] = set()
        here: int | None = at
        while here is not None:
            if (task_id := self.rows.existing.get(here)) is not None:
                return found | {task_id, *ancestors(self._snapshot, task_id)}
            found.add(here)
            here = self._parents[here]
        return found

    @staticmethod
    def _reaches(waits: list[dict[int | str, None]], start: int, goal: int) -> bool:
        seen: set[int | str] = {start}
        stack: list[int | str] = [start]
        while stack:
            here = stack.pop()
            if here == goal:
                return True
            if isinstance(here, int):
                fresh = [item for item in waits[here] if item not in seen]
                seen |= set(fresh)
                stack += fresh
        return False

    def _statuses(self) -> list[str]:
        """Return statuses that hold: nothing is completed over open work, or before its turn."""
        found = [item.status for item in self._items]
        doubtful = set()
        is_settled = False
        while not is_settled:  # a status only ever becomes less, so that this ends
            is_settled = True
            for at in reversed(range(len(found))):
                parent = self._parents[at]
                if parent is not None and found[at] not in DONE and found[parent] in DONE:
                    found[parent] = "in_progress"
                    doubtful.add(parent)
                    is_settled = False
                if found[at] in ("completed", "in_progress") and any(
                    self._is_open(other, found) for other in self._waits[at]
                ):
                    found[at] = "todo"
                    doubtful.add(at)
                    is_settled = False
        if doubtful:
            tasks = "1 box is" if len(doubtful) == 1 else f"{len(doubtful)} boxes are"
            self.rows.said.append(f"{tasks} checked over open work, and were taken as open.")
        return found

    def _is_open(self, other: int | str, statuses: list[str]) -> bool:
        if isinstance(other, int):
            return statuses[other] not in DONE
        return self._snapshot.tasks[other].get("status") not in DONE

    def _row(self, at: int, item: Item, status: str, strangers: dict[str, int]) -> dict[str, Any]:
        marks = item.marks
        parent = self._parents[at]
        names = [(name, person(self._snapshot, name)) for name in marks.people]
        for name, user in names:
            if user is None:
                strangers[name] = strangers.get(name, 0) + 1
        people = [user for _, user in names if user]
        if len(people) > 1:
            self.rows.said.append(
                f"Line {item.line}: a task has one assignee, {people[0]} ; the others were left "
                "out."
            )
        if self._is_leaf[at] and not marks.estimate:
            self.rows.unestimated += 1
        row: dict[str, Any] = {
            "key": _key(at),
            "title": item.title,
            "parent": None if parent is None else self.rows.existing.get(parent, _key(parent)),
            "depends_on": [_key(name) for name in self._waits[at]] or None,
            "description": item.description or None,
            "status": status if status != "todo" else None,
            "priority": marks.priority,
            "assignee": people[0] if people else None,
            "labels": _labels(marks) or None,
            "estimate": marks.estimate,
            **_days(marks, self._today, self.rows.said, f"line {item.line}"),
            "tests": self._tests(at, item) or None,
        }
        return {name: value for name, value in row.items() if value is not None}

    def _tests(self, at: int, item: Item) -> dict[str, list[str]]:
        """Return the tests that the text names, and those that the rules demand of a step."""
        found = {kind: list(names)[:100] for kind, names in item.tests.items()}
        settings = self._snapshot.settings
        required = settings.get("required_tests") or ()
        if not required and not found and "ORC307" in (settings.get("rules") or {}):
            required = ("unit",)  # the rule alone asks for any one kind
        if self._is_leaf[at] and item.status != "cancelled":
            lacking = [kind for kind in required if not found.get(kind)]
            self.rows.untested += bool(lacking)
            found |= {kind: [f"{kind.capitalize()} test: {item.title}"] for kind in lacking}
        return found


def _key(name: int | str) -> str:
    return name if isinstance(name, str) else f"t{name + 1}"


def _labels(marks: Marks) -> list[str]:
    return [label for label in marks.labels if "," not in label][:_MOST_LABELS]


def _people(
    snapshot: Snapshot, names: Iterable[str], said: list[str], whose: str
) -> list[str]:  # fmt: skip
    found = []
    for name in names:
        user = person(snapshot, name)
        if user is None:
            said.append(f"There is no user {name[:60]} , so {whose.lower()} has no owner.")
        else:
            found.append(user)
    return found


def _days(marks: Marks, today: date, said: list[str], where: str) -> Mapping[str, str]:
    found = {}
    for name, text in (("start_date", marks.start), ("due_date", marks.due)):
        if text is not None:
            try:
                found[name] = read_day(text, today).isoformat()
            except OrchestratorError as error:
                said.append(f"{where.capitalize()}: {error.message}")
    if len(found) > 1 and found["due_date"] < found["start_date"]:
        said.append(f"{where.capitalize()}: due before it starts; the start was left out.")
        del found["start_date"]
    return found
