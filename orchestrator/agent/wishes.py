"""Values of a tool call as the verbs want them: typed, bounded, without what hides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from orchestrator.agent.clean import bounded, one_line
from orchestrator.errors import OrchestratorError
from orchestrator.model.places import Kind
from orchestrator.model.suggest import did_you_mean
from orchestrator.model.vocabulary import TEST_KINDS
from orchestrator.verbs.assign import Assignment

TITLE = 500
DESCRIPTION = 50_000
MOST_ITEMS = 100

TASK_FIELDS = (
    "title", "description", "status", "priority", "assignee", "labels", "start_date", "due_date",
    "estimate", "tests",
)  # fmt: skip
PROJECT_FIELDS = (
    "title", "description", "status", "priority", "owner", "tags", "start_date", "due_date",
)  # fmt: skip
_FIELDS: Mapping[Kind, tuple[str, ...]] = {"tasks": TASK_FIELDS, "projects": PROJECT_FIELDS}
_LISTS = frozenset({"labels", "tags", "dependencies"})
_IN_FILE = {"estimate": "estimated_minutes"}


class ToolError(OrchestratorError):
    """A tool is called with what it does not take."""


def known_fields(kind: Kind, names: Iterable[str]) -> None:
    """Do nothing when a tool may set all of these fields.

    Raises:
        ToolError: There is no such field, or it is the tool's own to set.
    """
    known = _FIELDS[kind]
    for name in names:
        if name not in known:
            shown = one_line(str(name))[:60]
            raise ToolError(
                f"There is no field {shown} to set here.",
                did_you_mean(shown, known) or f"There are {', '.join(known)} .",
            )


def wishes_of(fields: Mapping[str, Any], clear: Sequence[str] = ()) -> list[Assignment]:
    """Return what fields ask for; one that is None asks for nothing.

    Raises:
        ToolError: A value is of another type, or too long.
    """
    found = [Assignment(_IN_FILE.get(name, name), "=", "") for name in texts_of("clear", clear)]
    for name, value in fields.items():
        if value is not None:
            found += _wishes(name, value)
    return found


def text_of(name: str, value: Any, most: int) -> str:
    """Return a value that must be one line of text.

    Raises:
        ToolError: It is something else, or nothing.
    """
    if not isinstance(value, str):
        raise ToolError(f"{name} must be text.", None)
    text = one_line(bounded(name, value, most))
    if not text:
        raise ToolError(f"{name} must say something.", None)
    return text


def texts_of(name: str, value: Any) -> list[str]:
    """Return a value that must be a list of one-line texts.

    Raises:
        ToolError: It is something else, or has too many items.
    """
    if not isinstance(value, list | tuple):
        raise ToolError(f"{name} must be a list of texts.", f'Write ["{str(value)[:40]}"].')
    if len(value) > MOST_ITEMS:
        raise ToolError(f"{name} has {len(value):,} items, and at most {MOST_ITEMS} are taken.")
    return [text_of(name, item, TITLE) for item in value]


def _wishes(name: str, value: Any) -> Iterator[Assignment]:
    if name == "tests":
        yield from _tests(value)
    elif name in _LISTS:
        items = texts_of(name, value)
        if odd := [item for item in items if "," in item]:
            raise ToolError(f"{odd[0][:60]!r} has a comma in it; {name} are words.", "Split it.")
        yield Assignment(name, "=", ",".join(items))
    elif name == "description":
        if not isinstance(value, str):
            raise ToolError("description must be text, in Markdown.")
        text = bounded(name, value, DESCRIPTION).strip("\n")
        yield Assignment(name, "=", f"{text}\n" if "\n" in text else text)
    elif name == "estimate":
        is_count = isinstance(value, int) and not isinstance(value, bool)
        text = f"{value}m" if is_count else text_of(name, value, TITLE)
        yield Assignment("estimated_minutes", "=", text)
    else:
        yield Assignment(name, "=", text_of(name, value, TITLE))


def _tests(value: Any) -> Iterator[Assignment]:
    if not isinstance(value, Mapping):
        raise ToolError("tests must be lists by kind.", 'Write {"unit": ["what must be tested"]}.')
    for kind, items in value.items():
        if kind not in TEST_KINDS:
            raise ToolError(
                f"{one_line(str(kind))[:40]!r} is no kind of test.",
                f"There are {', '.join(TEST_KINDS)} .",
            )
        how = "="
        for item in texts_of(f"tests.{kind}", items):
            yield Assignment(f"tests.{kind}", how, item)
            how = "+="
