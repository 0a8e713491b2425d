"""A brief: a text to plan from, and the plan that people made of it by hand.

`NAME.md` is the text as a planner gets it, `NAME.yaml` what is wanted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, get_args

from orchestrator.errors import OrchestratorError
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.text.read import read

Kind = Literal["sentence", "prose", "outline", "edit"]
_KEYS = frozenset({
    "kind", "domain", "requirements", "tasks", "levels", "leaves", "minutes", "project", "plan",
    "expect", "gone",
})  # fmt: skip
_TASK_KEYS = frozenset({"title", "also", "after", "under"})


class BriefError(OrchestratorError):
    """A brief's file is not as it must be."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"The brief {name} is of no use: {what}.", "tests/agent/briefs has some.")


class Step(NamedTuple):
    """A task of the plan that people made.

    Attributes:
        titles: What it may be called, the usual one first.
        after: Keys of what it waits for.
        under: Key of the task that it is a part of, or None.
    """

    titles: tuple[str, ...]
    after: tuple[str, ...] = ()
    under: str | None = None


class Bounds(NamedTuple):
    """The least and the most that something may be."""

    least: int
    most: int


ANY_LEVELS = Bounds(1, 6)
ANY_LEAVES = Bounds(0, 500)
ANY_MINUTES = Bounds(15, 2_400)


@dataclass(frozen=True, slots=True)
class Brief:
    """One brief.

    Attributes:
        name: Of its files.
        kind: What sort of text it is; `edit` changes a plan that is there.
        domain: What it is about.
        text: What the planner gets.
        requirements: What must be covered: by tag, the words of which one task has to have all,
            or all of another set.
        steps: The plan made by hand, by key; empty where only fields change.
        levels: How many levels of tasks there may be; 1 is roots only.
        leaves: How many tasks without sub-tasks there may be.
        minutes: What such a task may be estimated at.
        project: The project to extend, or None.
        plan: What there is before.
        expect: What fields of the plan must be afterwards, by id of task.
        gone: Ids of tasks that must be deleted.
    """

    name: str
    kind: Kind
    domain: str
    text: str
    requirements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    steps: Mapping[str, Step] = field(default_factory=dict)
    levels: Bounds = ANY_LEVELS
    leaves: Bounds = ANY_LEAVES
    minutes: Bounds = ANY_MINUTES
    project: str | None = None
    plan: Snapshot = field(default_factory=Snapshot)
    expect: Mapping[str, Document] = field(default_factory=dict)
    gone: tuple[str, ...] = ()


def read_brief(name: str, text: str, wanted: bytes) -> Brief:
    """Return the brief in the contents of its two files.

    Raises:
        BriefError: What is wanted is not said as it must be.
    """
    found = read(f"{name}.yaml", wanted)
    if isinstance(found, list):
        raise BriefError(name, found[0].message.rstrip("."))
    if odd := sorted(found.keys() - _KEYS):
        raise BriefError(name, f"it has no use for {odd[0]}")
    if found.get("kind") not in get_args(Kind):
        raise BriefError(name, f"its kind is none of {', '.join(get_args(Kind))}")
    steps = {key: _step(name, key, value) for key, value in (found.get("tasks") or {}).items()}
    for key, step in steps.items():
        for other in (*step.after, *([step.under] if step.under else [])):
            if other not in steps:
                raise BriefError(name, f"its task {key} names {other}, which is none")
    return Brief(
        name, found["kind"], str(found.get("domain", "")), text,
        {tag: _texts(value) for tag, value in (found.get("requirements") or {}).items()},
        steps,
        _bounds(name, found, "levels", ANY_LEVELS),
        _bounds(name, found, "leaves", ANY_LEAVES),
        _bounds(name, found, "minutes", ANY_MINUTES),
        found.get("project"), _plan(found.get("plan") or {}),
        found.get("expect") or {}, _texts(found.get("gone") or []),
    )  # fmt: skip


def _step(name: str, key: str, value: Any) -> Step:
    if isinstance(value, str):
        return Step((value,))
    if not isinstance(value, dict) or "title" not in value or value.keys() - _TASK_KEYS:
        raise BriefError(name, f"its task {key} is no title, and no mapping with one")
    titles = (str(value["title"]), *_texts(value.get("also") or []))
    return Step(titles, _texts(value.get("after") or []), value.get("under"))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)


def _bounds(name: str, found: Mapping[str, Any], key: str, usual: Bounds) -> Bounds:
    match found.get(key):
        case None:
            return usual
        case [int() as least, int() as most]:
            return Bounds(least, most)
        case _:
            raise BriefError(name, f"{key} is not the least and the most")


def _plan(found: Mapping[str, Any]) -> Snapshot:
    users, projects, tasks = (
        {key: {"id": key, **value} for key, value in (found.get(kind) or {}).items()}
        for kind in ("users", "projects", "tasks")
    )
    return Snapshot({"version": 1, **(found.get("settings") or {})}, users, projects, tasks)
