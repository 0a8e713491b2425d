"""Simple commands in English as calls of tools; what is not surely understood is not done."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from orchestrator.agent.offline.marks import duration_of, read_marks
from orchestrator.agent.offline.meaning import (
    AmbiguousError,
    bare,
    project_named,
    task_named,
    user_named,
)
from orchestrator.agent.offline.named import person
from orchestrator.agent.offline.question import filter_in
from orchestrator.agent.tools import Draft
from orchestrator.model.vocabulary import PRIORITIES

LONGEST = 500
"""A longer line is no command."""


class Call(NamedTuple):
    """A tool and its arguments."""

    tool: str
    arguments: dict[str, Any]


_STATUS = {
    "completed": "completed", "complete": "completed", "done": "completed",
    "finished": "completed", "closed": "completed", "in progress": "in_progress",
    "in_progress": "in_progress", "started": "in_progress", "in review": "in_review",
    "in_review": "in_review", "blocked": "blocked", "todo": "todo", "to do": "todo",
    "open": "todo", "cancelled": "cancelled", "canceled": "cancelled",
}  # fmt: skip
_VERBS = {
    "start": "in_progress", "begin": "in_progress", "finish": "completed", "close": "completed",
    "complete": "completed", "block": "blocked", "cancel": "cancelled", "reopen": "todo",
    "review": "in_review",
}  # fmt: skip
_FIELDS = {
    "title": "title", "description": "description", "priority": "priority",
    "assignee": "assignee", "owner": "assignee", "estimate": "estimate", "due date": "due_date",
    "due": "due_date", "deadline": "due_date", "start date": "start_date", "start": "start_date",
    "labels": "labels", "status": "status",
}  # fmt: skip
_ANY_STATUS = "|".join(_STATUS)
_ANY_FIELD = "|".join(sorted(_FIELDS, key=len, reverse=True))
_ANY_PRIORITY = "|".join(PRIORITIES)
_POLITE = re.compile(r"(?:please|pls|can you|could you|would you|now|and|then)[, ]+", re.IGNORECASE)
_WHEN = r"(?:\s+(?:on\s+)?(?P<day>yesterday|today|\d{4}-\d{2}-\d{2}))?"
_DURATION = r"(?P<duration>\d[\w. ]{0,30}?)"


def read_command(line: str, draft: Draft) -> Call | None:
    """Return the call that a line asks for, or None when it is not understood.

    Raises:
        AmbiguousError: It is understood, but not which task, user or project is meant.
    """
    text = line.strip()
    if not text or len(text) > LONGEST:
        return None
    while (polite := _POLITE.match(text)) is not None:
        text = text[polite.end() :]
    text = text.rstrip(" .!?;")
    where = filter_in(text, draft.snapshot, draft.now.date(), draft.me)
    if where is not None:
        return Call("ready", {}) if where == "ready" else Call("list", {"where": where})
    for pattern, make in _RULES:
        if (match := pattern.fullmatch(text)) is not None:
            found = make(match, draft)
            if found is not None:
                return found
    return None


def _task(match: re.Match[str], draft: Draft, name: str = "ref") -> str:
    return task_named(draft.snapshot, match[name])


def _status(match: re.Match[str], draft: Draft) -> Call | None:
    status = _STATUS[match["status"].casefold()]
    return Call("set_task", {"id": _task(match, draft), "status": status})


def _verb(match: re.Match[str], draft: Draft) -> Call | None:
    status = _VERBS[match["verb"].casefold()]
    return Call("set_task", {"id": _task(match, draft), "status": status})


def _field(match: re.Match[str], draft: Draft) -> Call | None:
    field = _FIELDS[match["field"].casefold()]
    value: Any = match["value"].strip().strip("\"'")
    match field:
        case "assignee":
            value = user_named(draft.snapshot, value, draft.me)
        case "status":
            value = _STATUS.get(value.casefold(), value)
        case "priority":
            value = value.casefold()
        case "estimate":
            value = duration_of(value) or value
        case "labels":
            value = [word.strip().lstrip("#") for word in value.split(",") if word.strip()]
        case _:
            pass
    return Call("set_task", {"id": _task(match, draft), field: value})


def _clear(match: re.Match[str], draft: Draft) -> Call | None:
    field = _FIELDS[match["field"].casefold()]
    return Call("set_task", {"id": _task(match, draft), "clear": [field]})


def _move(match: re.Match[str], draft: Draft) -> Call | None:
    moved = _task(match, draft)
    if (project := project_named(draft.snapshot, match["other"])) is not None:
        return Call("move_task", {"id": moved, "project": project})
    return Call("move_task", {"id": moved, "under": _task(match, draft, "other")})


def _assign(match: re.Match[str], draft: Draft) -> Call | None:
    ref, name = match["ref"], match["user"]
    if person(draft.snapshot, bare(name)) is None and person(draft.snapshot, bare(ref)):
        ref, name = name, ref  # `assign dana to PAY-7K3F`
    user = user_named(draft.snapshot, name, draft.me)
    return Call("set_task", {"id": task_named(draft.snapshot, ref), "assignee": user})


def _estimate(match: re.Match[str], draft: Draft) -> Call | None:
    duration = duration_of(match["duration"])
    if duration is None:
        return None
    return Call("set_task", {"id": _task(match, draft), "estimate": duration})


def _log(match: re.Match[str], draft: Draft) -> Call | None:
    duration = duration_of(match["duration"])
    if duration is None:
        return None
    given = {"day": match["day"], "note": match["note"]}
    found = {name: value for name, value in given.items() if value}
    return Call("log_time", {"id": _task(match, draft), "duration": duration, **found})


def _add(match: re.Match[str], draft: Draft) -> Call | None:
    marked = read_marks(match["title"].strip().strip("\"'").strip())
    place: dict[str, Any] = {}
    name = match.groupdict().get("other")
    if name is None:
        live = [key for key, one in draft.snapshot.projects.items() if not one.get("deleted_at")]
        if len(live) != 1:
            raise AmbiguousError(
                f"It is not said where to add {marked.text[:60]!r}.",
                "add task TITLE to PROJECT, or: add task TITLE under TASK",
            )
        place["project"] = live[0]
    elif (project := project_named(draft.snapshot, name)) is not None:
        place["project"] = project
    else:
        parent = _task(match, draft, "other")
        place = {"project": draft.snapshot.tasks[parent]["project"], "parent": parent}
    marks = marked.marks
    fields = {
        "estimate": marks.estimate, "priority": marks.priority, "due_date": marks.due,
        "start_date": marks.start, "labels": list(marks.labels) or None,
        "assignee": user_named(draft.snapshot, marks.people[0], draft.me) if marks.people else None,
        "depends_on": [task_named(draft.snapshot, item) for item in marks.after] or None,
    }  # fmt: skip
    found = {name: value for name, value in fields.items() if value}
    return Call("create_task", {**place, "title": marked.text, **found})


def _label(match: re.Match[str], draft: Draft) -> Call | None:
    task_id = _task(match, draft)
    words = [word.lstrip("#") for word in re.split(r"[,\s]+", match["labels"]) if word != "and"]
    present = draft.snapshot.tasks[task_id].get("labels") or []
    if match["how"].casefold() == "remove":
        wanted = [label for label in present if label not in words]
    else:
        wanted = list(dict.fromkeys((*present, *words)))
    if not wanted:
        return Call("set_task", {"id": task_id, "clear": ["labels"]})
    return Call("set_task", {"id": task_id, "labels": wanted})


def _link(match: re.Match[str], draft: Draft) -> Call | None:
    other = _task(match, draft, "other")
    return Call("set_dependencies", {"id": _task(match, draft), "add": [other]})


def _unlink(match: re.Match[str], draft: Draft) -> Call | None:
    other = _task(match, draft, "other")
    return Call("set_dependencies", {"id": _task(match, draft), "remove": [other]})


def _restore(match: re.Match[str], draft: Draft) -> Call | None:
    found = project_named(draft.snapshot, match["ref"])
    wanted = found or task_named(draft.snapshot, match["ref"], is_deleted=True)
    return Call("restore", {"id": wanted})


def _work_of(match: re.Match[str], draft: Draft) -> Call | None:
    user = user_named(draft.snapshot, match["user"], draft.me)
    is_now = match["how"].casefold() in ("working on", "doing")
    return Call("list", {"where": f"assignee={user} {'status=in_progress' if is_now else 'open'}"})


def _show(match: re.Match[str], draft: Draft) -> Call | None:
    if (project := project_named(draft.snapshot, match["ref"])) is not None:
        return Call("get", {"id": project})
    if (user := person(draft.snapshot, bare(match["ref"]))) is not None:
        return Call("get", {"id": user})
    return Call("get", {"id": _task(match, draft)})


def _history(match: re.Match[str], draft: Draft) -> Call | None:
    project = project_named(draft.snapshot, match["ref"])
    return Call("history", {"id": project or _task(match, draft)})


def _tool(name: str, ref: str = "") -> Callable[[re.Match[str], Draft], Call | None]:
    return lambda match, draft: Call(name, {"id": _task(match, draft, ref)} if ref else {})


_REF = r"(?P<ref>.+?)"
_OTHER = r"(?P<other>.+)"
_PATTERNS: tuple[tuple[str, Callable[[re.Match[str], Draft], Call | None]], ...] = (
    (r"check|what(?:'s| is) wrong(?: .*)?|any problems", _tool("check")),
    (r"(?:search|find|look)(?: for)?\s+(?P<text>.+)",
     lambda match, _: Call("search", {"text": bare(match["text"])})),
    (r"(?:history of|what happened to|what changed in|log of)\s+(?P<ref>.+)", _history),
    ((r"what (?:is|has|does|am|have|do)\s+(?P<user>\S+)\s+(?P<how>working on|doing|got|have|to do)"
     r"(?: to do)?"), _work_of),
    (r"who (?:works|is working) on\s+(?P<ref>.+)", _show),
    (rf"(?:set|change) (?:the )?(?P<field>{_ANY_FIELD}) (?:of|for|on) {_REF} to (?P<value>.+)",
     _field),
    (rf"(?:set|change) {_REF}(?:'s)? (?P<field>{_ANY_FIELD})(?: to|=|:) ?(?P<value>.+)", _field),
    (rf"(?:clear|remove|delete|unset) (?:the )?(?P<field>{_ANY_FIELD}) (?:of|from|on) {_REF}",
     _clear),
    (rf"(?:make|set) {_REF} (?:to )?(?P<value>{_ANY_PRIORITY})(?: priority)?",
     lambda match, draft: Call("set_task", {"id": _task(match, draft),
                                            "priority": match["value"].casefold()})),
    ((rf"(?:mark|set|move|put|change|make) {_REF}(?: as| to| into| back to)?"
     rf" (?P<status>{_ANY_STATUS})"), _status),
    (rf"(?:set )?{_REF} (?:is |as )?due(?: by| on)? (?P<value>\S+)",
     lambda match, draft: Call("set_task", {"id": _task(match, draft),
                                            "due_date": match["value"]})),
    (rf"move {_REF} to (?:the )?(?:top(?: level)?|root)", _tool("move_task", "ref")),
    (rf"(?:move|put) {_REF} (?:under|below|beneath|into|inside|to) {_OTHER}", _move),
    (rf"unassign {_REF}",
     lambda match, draft: Call("set_task", {"id": _task(match, draft), "clear": ["assignee"]})),
    (rf"(?:assign|give|hand(?: over)?) {_REF} to (?P<user>.+)", _assign),
    (rf"estimate {_REF}(?: at| as| to be| with)? ~?{_DURATION}", _estimate),
    (rf"rename {_REF} to (?P<value>.+)",
     lambda match, draft: Call("set_task", {"id": _task(match, draft),
                                            "title": bare(match["value"])})),
    ((rf"(?:log|book|track) {_DURATION} (?:on|to|for|against) {_REF}{_WHEN}"
     r"(?:\s*:\s*(?P<note>.+))?"), _log),
    (rf"(?P<how>remove) (?:the )?labels? (?P<labels>.+) from {_REF}", _label),
    (rf"(?P<how>add) (?:the )?labels? (?P<labels>.+) to {_REF}", _label),
    (rf"(?P<how>label|tag) {_REF} (?:with|as) (?P<labels>.+)", _label),
    ((r"(?:add|create|make) (?:an? )?(?:new )?(?:sub-?task|task|step):? (?P<title>.+?)"
     r" (?:under|below|to|in|into) (?P<other>[^()]+)"), _add),
    (r"(?:add|create|make) (?:an? )?(?:new )?(?:sub-?task|task|step):? (?P<title>.+)", _add),
    (rf"{_REF} (?:no longer|does not|doesn't) (?:depends? on|waits? for|needs?) {_OTHER}", _unlink),
    (rf"unlink {_REF} from {_OTHER}", _unlink),
    (rf"make {_REF} (?:depend on|wait for) {_OTHER}", _link),
    (rf"block {_REF} (?:by|on) {_OTHER}", _link),
    (rf"{_REF} (?:depends on|waits for|is blocked by|comes after|needs) {_OTHER}", _link),
    (r"(?:delete|remove|drop) (?P<ref>.+)",
     lambda match, draft: Call("delete", {"id": project_named(draft.snapshot, match["ref"])
                                          or _task(match, draft)})),
    (r"(?:restore|undelete|bring back) (?P<ref>.+)", _restore),
    (rf"(?P<verb>{'|'.join(_VERBS)}) (?:with |work on )?(?P<ref>.+)", _verb),
    (rf"{_REF} (?:is|was|are) (?:now )?(?P<status>{_ANY_STATUS})", _status),
    (r"(?:show|get|open|describe|display|tell me about|what(?:'s| is))(?: me)?\s+(?P<ref>.+)",
     _show),
)  # fmt: skip
_RULES = tuple((re.compile(pattern, re.IGNORECASE), make) for pattern, make in _PATTERNS)
