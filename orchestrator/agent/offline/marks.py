"""Marks beside a title: estimates, people, labels, priorities, days, and what it waits for."""

import re
from collections.abc import Callable
from typing import NamedTuple

from orchestrator.agent.offline.outline import Marks
from orchestrator.errors import OrchestratorError
from orchestrator.model.duration import parse_duration
from orchestrator.model.ids import USER_ID
from orchestrator.model.vocabulary import PRIORITIES

READ = 2_000
"""How many characters of one line are searched for marks."""

_UNIT = r"(?:weeks?|wks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m)"
_DURATION = rf"\d{{1,5}}(?:\.\d{{1,2}})?\s?{_UNIT}(?:\s?\d{{1,5}}\s?{_UNIT}){{0,3}}"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DAY = rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|today|tomorrow|{_WEEKDAY}|\+\d{{1,4}}[dwmy])"
_WAITS = r"(?:after|depends on|depend on|blocked by|waits for|needs|requires)"
_WORD = re.compile(r"[a-z]+")

_GROUP = re.compile(r"\s*[(\[]([^()\[\]]{1,1000})[)\]]")
_ESTIMATE = re.compile(
    rf"(?:estimated at|estimate|effort|est\.?)?\s*:?\s*~?\s*({_DURATION})", re.IGNORECASE
)
_LOOSE_ESTIMATE = re.compile(
    rf"(?:^|\s)(?:~|(?:est\.?|estimate|effort):?\s?~?|[-–—]\s){_DURATION}(?=\s|$)",  # noqa: RUF001 - dashes as people type them
    re.IGNORECASE,
)
_PERSON = re.compile(rf"(?:^|(?<=[\s(,]))@({USER_ID})", re.IGNORECASE)
_LABEL = re.compile(r"(?:^|(?<=[\s(,]))#([^\W\d_][\w/.-]{0,59})")
_PRIORITY = re.compile(rf"(?:^|(?<=[\s(,]))!({'|'.join(PRIORITIES)})(?![\w-])", re.IGNORECASE)
_SAID_PRIORITY = re.compile(rf"({'|'.join(PRIORITIES)})(?: priority)?", re.IGNORECASE)
_DUE = re.compile(rf"(?:^|(?<=[\s(,]))(?:due(?: by| on)?|by):?\s+({_DAY})(?![\w-])", re.IGNORECASE)
_START = re.compile(
    rf"(?:^|(?<=[\s(,]))(?:starts?|starting)(?: on)?:?\s+({_DAY})(?![\w-])", re.IGNORECASE
)
_AFTER = re.compile(rf"(?:^|\s)[-–—]?\s?{_WAITS}:\s*(\S.*)$", re.IGNORECASE)  # noqa: RUF001 - likewise
_AFTER_WHOLE = re.compile(rf"{_WAITS}:?\s+(\S.*)", re.IGNORECASE)

Make = Callable[[str], Marks]


class Marked(NamedTuple):
    """A line without its marks, and the marks."""

    text: str
    marks: Marks


def read_marks(line: str) -> Marked:
    """Return a line's text without the marks in it, and the marks.

    What only looks like a mark stays in the text: `(2024)`, `#12`, an e-mail address.
    """
    marks = Marks()

    def group(match: re.Match[str]) -> str:
        nonlocal marks
        found = _group(match[1])
        if found is None:
            return match[0]
        marks |= found
        return ""

    text = _GROUP.sub(group, line[:READ])
    for pattern, make in _LOOSE:
        text, found = _taken(text, pattern, make)
        marks |= found
    return Marked(" ".join(text.split()).rstrip(" ,;-–—") + line[READ:], marks)  # noqa: RUF001 - what is left where marks were


def read_detail(name: str, value: str) -> Marks | None:
    """Return what a line `name: value` says about the item that it is below; None if nothing."""
    folded = name.casefold()
    if re.fullmatch(_WAITS, folded) or folded in ("dependencies", "dependency"):
        return Marks(after=(value,))
    match folded:
        case "estimate" | "effort" | "estimated effort" | "size":
            return _estimate(value)
        case "owner" | "assignee" | "assigned to" | "who" | "lead" | "responsible":
            return Marks(people=(value.strip().lstrip("@"),))
        case "label" | "labels" | "tag" | "tags":
            words = [word.strip().lstrip("#") for word in value.replace(";", ",").split(",")]
            return Marks(labels=tuple(word for word in words if word))
        case "priority":
            found = _SAID_PRIORITY.fullmatch(value.strip().lstrip("!"))
            return Marks(priority=found[1].casefold()) if found else None
        case "due" | "deadline" | "due date" | "start" | "start date":
            day = re.fullmatch(_DAY, value.strip().rstrip("."), re.IGNORECASE)
            if day is None:
                return None
            is_start = folded.startswith("start")
            return Marks(start=day[0]) if is_start else Marks(due=day[0])
        case _:
            return None


def duration_of(text: str) -> str | None:
    """Return `2 hours 30 min` as `2h30m`; None when it is no duration."""
    found = _ESTIMATE.fullmatch(text.strip())
    if found is None:
        return None
    short = _WORD.sub(lambda word: word[0][0], found[1].casefold()).replace(" ", "")
    try:
        parse_duration(short)
    except OrchestratorError:
        return None
    return short


def _estimate(text: str) -> Marks | None:
    found = duration_of(text)
    return Marks(estimate=found) if found else None


def _group(inside: str) -> Marks | None:
    """Return the marks in `2h, @dana, after Design`, or None when some of it is none."""
    if found := _AFTER_WHOLE.fullmatch(inside.strip()):
        return Marks(after=(found[1],))
    marks = Marks()
    for part in inside.split(","):
        found_here = _alone(part.strip())
        if found_here is None:
            return None
        marks |= found_here
    return marks


def _alone(part: str) -> Marks | None:
    if found := _estimate(part):
        return found
    if found_after := _AFTER_WHOLE.fullmatch(part):
        return Marks(after=(found_after[1],))
    if found_priority := _SAID_PRIORITY.fullmatch(part):
        return Marks(priority=found_priority[1].casefold())
    for pattern, make in _LOOSE:
        if (match := pattern.fullmatch(part)) is not None:
            return make(match[match.lastindex or 0])
    return None


def _taken(text: str, pattern: re.Pattern[str], make: Make) -> tuple[str, Marks]:
    marks = Marks()

    def take(match: re.Match[str]) -> str:
        nonlocal marks
        marks |= make(match[match.lastindex or 0])
        return " "

    return pattern.sub(take, text), marks


def _loose_estimate(text: str) -> Marks:
    return _estimate(text.strip().lstrip("-–— ")) or Marks()  # noqa: RUF001 - the dash before it


_LOOSE: tuple[tuple[re.Pattern[str], Make], ...] = (
    (_LOOSE_ESTIMATE, _loose_estimate),
    (_DUE, lambda day: Marks(due=day)),
    (_START, lambda day: Marks(start=day)),
    (_PERSON, lambda name: Marks(people=(name.rstrip(".-"),))),
    (_LABEL, lambda name: Marks(labels=(name.rstrip(".-/"),))),
    (_PRIORITY, lambda name: Marks(priority=name.casefold())),
    (_AFTER, lambda names: Marks(after=(names.rstrip(" .)"),))),
)
