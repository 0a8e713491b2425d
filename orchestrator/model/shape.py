"""Judging one document: what of it can be used, and what is wrong with the rest."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from orchestrator.model.accept import accepts
from orchestrator.model.fields import FIELDS
from orchestrator.model.places import Kind
from orchestrator.model.pointer import join
from orchestrator.model.problem import Problem
from orchestrator.model.suggest import did_you_mean, nearest
from orchestrator.model.vocabulary import TEST_KINDS

Document = dict[str, Any]

# What people write for a value in other tools, so that "done" or "P1" gets a useful hint.
_SYNONYMS = {
    "done": "completed", "closed": "completed", "complete": "completed", "finished": "completed",
    "open": "todo", "to_do": "todo", "new": "todo", "backlog": "todo", "pending": "todo",
    "doing": "in_progress", "wip": "in_progress", "started": "in_progress",
    "review": "in_review", "canceled": "cancelled", "wontfix": "cancelled",
    "normal": "medium", "critical": "urgent", "p0": "urgent", "p1": "high", "p2": "medium",
    "p3": "low", "minor": "low", "major": "high",
}  # fmt: skip


class Judged(NamedTuple):
    """A document after judgement.

    Attributes:
        clean: The fields that are right; the same object as was given when all are.
        problems: What is wrong with the others.
    """

    clean: Document
    problems: tuple[Problem, ...]


def judge(kind: Kind, path: str, document: Document, entity_id: str | None) -> Judged:
    """Return what of `document` can be used and what is wrong with the rest."""
    if accepts(kind, document):
        return Judged(document, ())
    from pydantic import BaseModel, ValidationError

    from orchestrator.model.entities import Project, Settings, Task, User

    models: dict[Kind, type[BaseModel]] = {
        "tasks": Task,
        "projects": Project,
        "users": User,
        "settings": Settings,
    }
    try:
        models[kind].model_validate(document)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=True)
    else:
        return Judged(document, ())
    faulty: set[str] = set()
    problems: list[Problem] = []
    seen: set[str] = set()
    for fault in found:
        problem = _problem(kind, path, document, entity_id, fault)
        if problem.pointer in seen and problem.code == "ORC103":
            continue
        seen.add(problem.pointer)
        problems.append(problem)
        if fault["loc"]:
            faulty.add(str(fault["loc"][0]))
    clean = {key: value for key, value in document.items() if key not in faulty}
    return Judged(clean, tuple(problems))


def _problem(
    kind: Kind, path: str, document: Document, entity_id: str | None, fault: Mapping[str, Any]
) -> Problem:
    steps = _existing(document, fault["loc"])
    name = str(fault["loc"][-1]) if fault["loc"] else ""
    match fault["type"]:
        case "extra_forbidden":
            return Problem(
                "ORC101", "error", f"{_where(steps[:-1])}{name} is no field{_of(kind, steps)}.",
                path, join(steps), entity_id, _field_hint(kind, steps, name), at_key=True,
            )  # fmt: skip
        case "missing":
            return Problem(
                "ORC102", "error", f"{_where(steps)}{name} is missing.", path, join(steps),
                entity_id, f"Add a line: {name}: …", at_key=True,
            )  # fmt: skip
        case _:
            message, hint = _explain(fault)
            return Problem(
                "ORC103", "error", f"{_where(steps)}{message}.", path, join(steps), entity_id, hint
            )


def _existing(document: Any, loc: tuple[int | str, ...]) -> list[int | str]:
    """Return the part of a pydantic location that names something in the document.

    Pydantic adds steps of its own: `[key]` for a mapping's key, a model's name in a union.
    """
    steps: list[int | str] = []
    node = document
    for step in loc:
        if isinstance(node, dict):
            known = step in node
        else:
            known = isinstance(node, list) and isinstance(step, int) and step < len(node)
        if known:
            node = node[step]
            steps.append(step)
    return steps


def _where(steps: list[int | str]) -> str:
    return f"{'.'.join(str(step) for step in steps)}: " if steps else ""


def _of(kind: Kind, steps: list[int | str]) -> str:
    singular = {"tasks": "a task", "projects": "a project", "users": "a user"}
    return f" of {singular.get(kind, 'the settings')}" if len(steps) == 1 else ""


def _field_hint(kind: Kind, steps: list[int | str], name: str) -> str:
    if len(steps) > 1:
        return did_you_mean(name, _NESTED.get(str(steps[0]), ())) or "Remove it."
    if name == "updated_at":
        return "Remove it: git knows when a file changed."
    known = _RENAMED.get(name) if kind == "tasks" else None
    found = known or nearest(name, FIELDS[kind])
    return f"Did you mean {found} ?" if found else "Remove it, or move it under metadata."


_NESTED: dict[str, tuple[str, ...]] = {
    "time_entries": ("at", "minutes", "user", "note"),
    "tests": TEST_KINDS,
    "policy": (
        "agents", "by_agent", "signatures", "protected", "unknown_pushers", "allow", "deny",
        "limits", "accept", "projects", "entities", "ops", "fields", "deletions",
    ),
    "agents": (
        "models", "budget", "context_tokens", "providers", "plan", "chat", "cheap", "requests",
        "tokens", "dollars", "seconds", "url",
    ),
    "integrations": (
        "kind", "token", "url", "scope", "projects", "direction", "on_conflict", "owner", "prune",
        "statuses", "priorities", "users", "metadata",
    ),
}  # fmt: skip
_RENAMED = {
    "depends_on": "dependencies", "blocked_by": "dependencies", "deps": "dependencies",
    "tags": "labels", "due": "due_date", "start": "start_date", "owner": "assignee",
    "estimate": "estimated_minutes", "name": "title", "summary": "title", "body": "description",
    "notes": "description", "state": "status", "created": "created_at",
}  # fmt: skip


def _explain(fault: Mapping[str, Any]) -> tuple[str, str | None]:
    value = fault.get("input")
    shown = _shown(value)
    context = fault.get("ctx") or {}
    match fault["type"]:
        case "literal_error":
            expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
            words = [word.strip() for word in expected.split(",")]
            return f"{shown} is not one of {', '.join(words)}", _word_hint(value, words)
        case "string_type":
            hint = None if isinstance(value, dict | list) else f'Quote it: "{value}"'
            return f"{shown} is {_kind_of(value)}, not text", hint
        case "string_pattern_mismatch":
            return _pattern_message(shown, str(context.get("pattern", "")))
        case "unknown_rule":
            from orchestrator.model.rules import RULES

            return f"there is no rule {value}", did_you_mean(str(value), RULES)
        case "int_type" | "int_from_float" | "int_parsing":
            is_minutes = str(fault["loc"][-1:]).find("minutes") >= 0
            hint = "Write minutes as a whole number: 90, not 1h30m or 1.5." if is_minutes else None
            return f"{shown} is {_kind_of(value)}, not a whole number", hint
        case "string_too_short" | "one_line":
            return f"{shown} is not one line of text", "Write a few words."
        case "string_too_long":
            return f"{shown} is longer than {context['max_length']} characters", None
        case "tuple_type":
            return f"{shown} is {_kind_of(value)}, not a list", f"Write a list: [{value}]"
        case "dict_type" | "model_type" | "model_attributes_type":
            return f"{shown} is {_kind_of(value)}, not a mapping", None
        case "bool_type":
            return f"{shown} is {_kind_of(value)}, not true or false", None
        case "date_shape" | "date_value" | "timestamp_shape" | "timestamp_value":
            return f"{shown}: {fault['msg']}", None
        case "date_type" | "timestamp_type" | "timezone_aware" | "datetime_type":
            return f"{shown} is {_kind_of(value)}, not a date", None
        case _:
            message = str(fault["msg"])
            return f"{shown}: {message[:1].lower()}{message[1:]}", None


def _word_hint(value: Any, words: list[str]) -> str | None:
    if not isinstance(value, str):
        return None
    synonym = _SYNONYMS.get(value.casefold().replace("-", "_").replace(" ", "_"))
    if synonym in words:
        return f"Did you mean {synonym} ?"
    return did_you_mean(value, words)


def _pattern_message(shown: str, pattern: str) -> tuple[str, str | None]:
    from orchestrator.model import ids
    from orchestrator.model.entities.integration import WHERE_TOKEN_IS

    known = {
        f"^{ids.TASK_ID}$": ("a task id", "A task id looks like PAY-7K3F: capitals and digits."),
        f"^{ids.PROJECT_ID}$": ("a project id", "Small letters, digits and dashes: payments-api."),
        f"^{ids.PROJECT_KEY}$": ("a project key", "Up to 16 capitals and digits: PAY."),
        f"^{ids.USER_ID}$": ("a user id", "Small letters, digits, dots and dashes: dana."),
        f"^{ids.INTEGRATION_NAME}$": ("an integration's name", "Small letters, digits, dashes."),
        WHERE_TOKEN_IS: (
            "a place to find a token",
            "Write env:NAME; the token itself never goes in a file.",
        ),
    }
    if pattern == WHERE_TOKEN_IS:
        shown = "the value"  # it may be the token itself, and a report must not repeat it
    what, hint = known.get(pattern, ("of the right form", None))
    return f"{shown} is not {what}", hint


def _kind_of(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list() | tuple():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return "something else"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"{value[:60]!r}" + ("…" if len(value) > 60 else "")  # noqa: PLR2004
    if isinstance(value, dict | list | tuple):
        return "it"
    return {None: "nothing", True: "true", False: "false"}.get(value, str(value)[:40])
