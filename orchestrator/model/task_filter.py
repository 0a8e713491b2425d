"""Which tasks are meant: the terms of a filter, the same as options, in settings and in `--where`.

A term is an option of `task list` without its dashes: `status=todo,blocked label=db overdue`.
"""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Literal, NamedTuple

from orchestrator.errors import OrchestratorError
from orchestrator.model.day import DayError, read_day
from orchestrator.model.duration import DurationError, parse_duration
from orchestrator.model.oneself import ME, NOBODY, UnknownSelfError
from orchestrator.model.suggest import did_you_mean
from orchestrator.model.vocabulary import PRIORITIES, TASK_STATUSES

Given = tuple[str, str]
"""A term as it was given: its name, and its value or `""`."""


class FilterError(OrchestratorError):
    """A filter that cannot be understood.

    Attributes:
        term: The name of the term that is wrong, or `""`.
    """

    def __init__(self, message: str, hint: str | None = None, term: str = "") -> None:
        super().__init__(message, hint)
        self.term = term


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks to take; an empty field lets all through, and all fields must agree.

    Attributes:
        id: One of these.
        project: Of one of these projects.
        status: In one of these statuses.
        priority: Of one of these priorities.
        assignee: Of one of these people; `""` is nobody.
        label: With all of these labels.
        any_label: With at least one of these.
        no_label: With none of these.
        parent: Directly below this task; `""` is roots only.
        under: Anywhere below this task.
        depth: At most so deep; roots have 0.
        due_before: Due before this day; a task without a due date is not.
        due_after: Due after this day.
        overdue_on: Open, and due before this day.
        created_before: Made before this day, as its stamp names it.
        created_after: Made after this day.
        completed_before: Completed before this day.
        completed_after: Completed after this day.
        min_estimate: Estimated at this many minutes or more.
        max_estimate: Estimated at this many minutes or less.
        has_dependencies: Depends on something, or on nothing.
        has_estimate: Has an estimate, or none.
        is_open: Neither completed nor cancelled, or one of both.
        is_ready: Can be started now.
        is_blocked: Open and held up, by its status or by what it waits for.
        text: With this text in id, title or description, in any case.
        is_deleted: The deleted ones, instead of the live ones.
    """

    id: tuple[str, ...] = ()
    project: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    assignee: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    any_label: tuple[str, ...] = ()
    no_label: tuple[str, ...] = ()
    parent: str | None = None
    under: str | None = None
    depth: int | None = None
    due_before: str | None = None
    due_after: str | None = None
    overdue_on: str | None = None
    created_before: str | None = None
    created_after: str | None = None
    completed_before: str | None = None
    completed_after: str | None = None
    min_estimate: int | None = None
    max_estimate: int | None = None
    has_dependencies: bool | None = None
    has_estimate: bool | None = None
    is_open: bool | None = None
    is_ready: bool | None = None
    is_blocked: bool | None = None
    text: str = ""
    is_deleted: bool = False


Reads = Literal["names", "name", "day", "minutes", "count", "flag", "today", "text"]


class Term(NamedTuple):
    """One word of the language of filters.

    Attributes:
        name: As it is written: `due-before`.
        field: Of `TaskFilter`.
        reads: What stands behind the `=`; `names` may be several, with commas between.
        help: One line for people.
        choices: The only values, when there are such.
        value: What a flag sets.
        short: The option's letter, or `""`.
    """

    name: str
    field: str
    reads: Reads
    help: str
    choices: tuple[str, ...] = ()
    value: bool = True
    short: str = ""


TERMS: Mapping[str, Term] = {
    term.name: term
    for term in (
        Term("id", "id", "names", "With one of these ids."),
        Term("project", "project", "names", "Of this project.", short="p"),
        Term("status", "status", "names", "In this status.", TASK_STATUSES, short="s"),
        Term("priority", "priority", "names", "Of this priority.", PRIORITIES),
        Term("assignee", "assignee", "names", "Of this person: id, me or nobody.", short="a"),
        Term("label", "label", "names", "With this label; given twice, with both.", short="l"),
        Term("any-label", "any_label", "names", "With at least one of these labels."),
        Term("no-label", "no_label", "names", "Without this label."),
        Term("parent", "parent", "name", "Directly below this task; '' is roots only."),
        Term("under", "under", "name", "Anywhere below this task."),
        Term("depth", "depth", "count", "At most so deep; roots have 0."),
        Term("due-before", "due_before", "day", "Due before this day."),
        Term("due-after", "due_after", "day", "Due after this day."),
        Term("overdue", "overdue_on", "today", "Open, and due before today."),
        Term("created-before", "created_before", "day", "Made before this day."),
        Term("created-after", "created_after", "day", "Made after this day."),
        Term("completed-before", "completed_before", "day", "Completed before this day."),
        Term("completed-after", "completed_after", "day", "Completed after this day."),
        Term("min-estimate", "min_estimate", "minutes", "Estimated at this or more: 2h, 1d."),
        Term("max-estimate", "max_estimate", "minutes", "Estimated at this or less."),
        Term("has-dependencies", "has_dependencies", "flag", "Depends on something."),
        Term("no-dependencies", "has_dependencies", "flag", "Depends on nothing.", value=False),
        Term("has-estimate", "has_estimate", "flag", "With an estimate."),
        Term("no-estimate", "has_estimate", "flag", "Without an estimate.", value=False),
        Term("open", "is_open", "flag", "Neither completed nor cancelled."),
        Term("closed", "is_open", "flag", "Completed or cancelled.", value=False),
        Term("ready", "is_ready", "flag", "Can be started now."),
        Term("blocked", "is_blocked", "flag", "Held up, by its status or by what it waits for."),
        Term("text", "text", "text", "With this text in id, title or description."),
        Term("deleted", "is_deleted", "flag", "The deleted ones instead."),
    )
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a filter's words mean here and now.

    Attributes:
        today: For `today`, `friday`, `overdue`.
        me: The user id that `me` stands for, or None when nobody knows.
        hours_per_day: What `1d` is worth.
        saved: The filters in the settings, by name.
    """

    today: date
    me: str | None = None
    hours_per_day: float = 8.0
    saved: Mapping[str, str] | None = None


def read_where(text: str) -> list[Given]:
    """Return the terms in `status=todo label=db overdue`.

    Raises:
        FilterError: It cannot be split into terms, or a term's name is unknown.
    """
    try:
        words = shlex.split(text)
    except ValueError:
        raise FilterError(f"A quote is not closed in {text[:60]!r}.", "Close it.") from None
    return [_given(word) for word in words]


def read_filter(given: Iterable[Given], reading: Reading) -> TaskFilter:
    """Return the filter that terms make together; of a term given twice, names add up.

    Raises:
        FilterError: A value does not fit its term, or two terms contradict each other.
        UnknownSelfError: One says me, and nobody knows who that is.
    """
    wanted = TaskFilter()
    first = {field.name: field.default for field in fields(TaskFilter)}
    for name, text in _expanded(given, reading.saved or {}, ()):
        term = TERMS[name]
        value = _value(term, text, reading)
        present = getattr(wanted, term.field)
        if term.reads == "names":
            value = tuple(dict.fromkeys((*present, *value)))
        elif present not in (first[term.field], value):
            raise FilterError(
                f"{name} contradicts what was said before.", "Leave one of the two out.", name
            )
        wanted = replace(wanted, **{term.field: value})
    return wanted


def refuse_malformed(text: str, saved: Mapping[str, str]) -> None:
    """Do nothing when `text`, one of the saved filters, can be understood by somebody.

    Raises:
        FilterError: It cannot.
    """
    read_filter(read_where(text), Reading(date(2000, 1, 1), me="me", saved=saved))


def _given(word: str) -> Given:
    name, equals, value = word.partition("=")
    if name == "filter" and equals:
        return name, value
    if name not in TERMS:
        raise FilterError(
            f"There is no filter {name[:40]} .",
            did_you_mean(name, TERMS) or f"There are {', '.join(TERMS)} .", name[:40],
        )  # fmt: skip
    is_flag = TERMS[name].reads in ("flag", "today")
    if is_flag == bool(equals):
        raise FilterError(
            f"{name} takes no value." if is_flag else f"{name} needs a value.",
            f"Write {name} ." if is_flag else f"Write {name}=… .", name,
        )  # fmt: skip
    return name, value


def _expanded(
    given: Iterable[Given], saved: Mapping[str, str], within: tuple[str, ...]
) -> Iterable[Given]:
    for name, value in given:
        if name != "filter":
            yield name, value
            continue
        if value in within:
            raise FilterError(f"The filter {value} contains itself.", "Mend it in the settings.")
        if value not in saved:
            raise FilterError(
                f"No filter {value[:40]!r} is saved.",
                did_you_mean(value, saved) or "The settings hold them, under filters.", "filter",
            )  # fmt: skip
        yield from _expanded(read_where(saved[value]), saved, (*within, value))


def _value(term: Term, text: str, reading: Reading) -> Any:
    match term.reads:
        case "flag":
            return term.value
        case "today":
            return reading.today.isoformat()
        case "names":
            return tuple(_name(term, part.strip(), reading) for part in text.split(","))
        case "name" | "text":
            return text
        case "count":
            if not text.isdecimal() or len(text) > 3:  # noqa: PLR2004
                raise FilterError(f"{term.name}={text[:20]} is no number.", None, term.name)
            return int(text)
        case "day" | "minutes":
            try:
                if term.reads == "day":
                    return read_day(text, reading.today).isoformat()
                return parse_duration(text, reading.hours_per_day)
            except (DayError, DurationError) as error:
                raise FilterError(error.message, error.hint, term.name) from None


def _name(term: Term, name: str, reading: Reading) -> str:
    if term.choices and name not in term.choices:
        hint = did_you_mean(name, term.choices) or f"There are {', '.join(term.choices)} ."
        raise FilterError(f"There is no {term.name} {name[:40]!r}.", hint, term.name)
    if term.field == "assignee" and name == NOBODY:
        return ""
    if term.field == "assignee" and name == ME:
        if reading.me is None:
            raise UnknownSelfError
        return reading.me
    return name
