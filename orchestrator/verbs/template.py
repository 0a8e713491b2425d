"""Templates: what a new task starts from, and the tasks that are made below it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orchestrator.model.day import DayError, read_day
from orchestrator.model.pointer import join
from orchestrator.model.problem import Problem
from orchestrator.model.shape import Document, judge
from orchestrator.model.suggest import did_you_mean

TITLE = "{title}"
"""What stands in a template's texts for the new task's title."""

_FIELDS = (
    "priority", "assignee", "labels", "dependencies", "description", "start_date", "due_date",
    "estimated_minutes", "tests", "metadata",
)  # fmt: skip
_DAYS = ("start_date", "due_date")
_WHY_NOT = {
    "id": "The tool gives each task an id of its own.",
    "title": "The command gives the title: orchestrator task new TITLE --template …",
    "status": "A new task is todo; give another status with status=… .",
    "parent": "Tasks below are listed under tasks; a parent is given with parent=… .",
}


@dataclass(frozen=True, slots=True)
class Seed:
    """A task of a template.

    Attributes:
        title: Its title; a template's own task has the command's.
        fields: Its other fields.
        tasks: The tasks to make below it.
    """

    title: str
    fields: Document = field(default_factory=dict)
    tasks: tuple["Seed", ...] = ()

    @property
    def size(self) -> int:
        """How many tasks come of it, this one and all below."""
        return 1 + sum(task.size for task in self.tasks)


def read_template(path: str, document: Document) -> Seed | list[Problem]:
    """Return what a template's document says, or a non-empty list of what is wrong with it.

    Args:
        path: Where the file is, for the problems.
        document: What it says.
    """
    problems = list(_faults(path, document, ()))
    return problems or _seed(TITLE, document)


def with_me(seed: Seed, me: Callable[[], str | None]) -> Seed:
    """Return a seed with a user's id for `assignee: me`; nobody's where nobody knows who that is.

    Args:
        seed: What a template says.
        me: Gives the id; called only where it is needed.
    """
    fields = dict(seed.fields)
    if fields.get("assignee") == "me":
        found = me()
        fields = {key: value for key, value in fields.items() if key != "assignee"}
        fields |= {"assignee": found} if found else {}
    return Seed(seed.title, fields, tuple(with_me(task, me) for task in seed.tasks))


def sown(seed: Seed, title: str, today: date) -> Seed:
    """Return a seed with the title in its texts and with days for `+2w` and `friday`."""
    fields = {key: _filled(value, title) for key, value in seed.fields.items()}
    for name in _DAYS:
        if name in fields:
            fields[name] = read_day(str(fields[name]), today).isoformat()
    below = tuple(sown(task, title, today) for task in seed.tasks)
    return Seed(_filled(seed.title, title), fields, below)


def _filled(value: Any, title: str) -> Any:
    match value:
        case str():
            return value.replace(TITLE, title)
        case list():
            return [_filled(item, title) for item in value]
        case dict():
            return {key: _filled(item, title) for key, item in value.items()}
        case _:
            return value


def _seed(title: str, document: Mapping[str, Any]) -> Seed:
    fields = {name: document[name] for name in _FIELDS if document.get(name) is not None}
    below = tuple(_seed(task["title"], task) for task in document.get("tasks") or ())
    return Seed(title, fields, below)


def _faults(path: str, document: Any, steps: tuple[str | int, ...]) -> Iterator[Problem]:
    """Yield what is wrong with a template, or with one of the tasks in it."""
    where = "".join(f"{step}." for step in steps)
    if not isinstance(document, dict):
        yield _fault("ORC103", path, steps, f"{'.'.join(map(str, steps))} is no mapping.",
                     "Write title: and other fields of a task.")  # fmt: skip
        return
    known = ("tasks", *_FIELDS, *(("title",) if steps else ()))
    for name in document:
        if name not in known:
            hint = None if steps and name == "title" else _WHY_NOT.get(name)
            hint = hint or did_you_mean(name, known) or f"There are {', '.join(known)} ."
            message = f"{where}{name} is no field of a template."
            yield _fault("ORC101", path, (*steps, name), message, hint, at_key=True)
    task = {"id": "NEW-1", "status": "todo"} | ({} if steps else {"title": "New"})
    task |= {name: document[name] for name in known if name in document and name != "tasks"}
    for name in _DAYS:
        try:
            # Which day `friday` is, only the day knows on which the template is used.
            task[name] = _day(task.get(name), date(2000, 1, 1))
        except DayError as error:
            del task[name]
            yield _fault("ORC103", path, (*steps, name), f"{where}{name}: {error.message}",
                         error.hint or "")  # fmt: skip
    for problem in judge("tasks", path, task, None).problems:
        yield problem._replace(
            pointer=join(steps) + problem.pointer, message=f"{where}{problem.message}"
        )
    below = document.get("tasks")
    if below is not None and not isinstance(below, list):
        yield _fault("ORC103", path, (*steps, "tasks"), f"{where}tasks is no list.",
                     "Write - title: … for each task.")  # fmt: skip
        return
    for index, inner in enumerate(below or ()):
        yield from _faults(path, inner, (*steps, "tasks", index))


def _day(value: Any, today: date) -> Any:
    return read_day(value, today).isoformat() if isinstance(value, str) else value


def _fault(
    code: str,
    path: str,
    steps: tuple[str | int, ...],
    message: str,
    hint: str,
    *,
    at_key: bool = False,
) -> Problem:
    return Problem(code, "error", message, path, join(steps), None, hint, at_key=at_key)
