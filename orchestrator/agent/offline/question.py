"""Questions about the plan as filters: `what is overdue in payments` is `overdue project=…`."""

import re
import shlex
from datetime import date, timedelta

from orchestrator.agent.offline.meaning import (
    bare,
    is_oneself,
    project_named,
    task_named,
    user_named,
)
from orchestrator.agent.offline.named import person
from orchestrator.model.oneself import ME, NOBODY
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import PRIORITIES

_ASKS = re.compile(
    r"(?:what(?:'s|’s| is| are)?|which|list|show(?: me)?|tasks)\s+(.+)$",  # noqa: RUF001 - as phones type it
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"(?:tasks?|items?|work|things|all|the|are|is|and|that|which|now|currently|everything)"
    r"(?=\s|$)", re.IGNORECASE,
)  # fmt: skip
_WORD_TERMS = {
    "overdue": "overdue", "late": "overdue", "ready": "ready", "next": "ready",
    "blocked": "blocked", "stuck": "blocked", "held up": "blocked", "open": "open",
    "closed": "closed", "in progress": "status=in_progress", "started": "status=in_progress",
    "being worked on": "status=in_progress", "in review": "status=in_review",
    "todo": "status=todo", "to do": "status=todo", "completed": "status=completed",
    "done": "status=completed", "finished": "status=completed",
    "cancelled": "status=cancelled", "unassigned": f"assignee={NOBODY}",
    "unestimated": "no-estimate", "without an estimate": "no-estimate",
    "without estimate": "no-estimate",
    **{word: f"priority={word}" for word in PRIORITIES},
    **{f"{word} priority": f"priority={word}" for word in PRIORITIES},
}  # fmt: skip
_TERM = re.compile(
    rf"({'|'.join(sorted(_WORD_TERMS, key=len, reverse=True))})(?=\s|$)", re.IGNORECASE
)
_LABEL = re.compile(r"(?:with (?:the )?label|labell?ed|tagged)\s+#?(\S+)|#(\S+)", re.IGNORECASE)
_MINE = re.compile(r"(?:of )?(?:my|mine)(?=\s|$)", re.IGNORECASE)
_DUE = re.compile(r"due\s+(this week|today|tomorrow|(?:before|by)\s+(\S+))", re.IGNORECASE)
_UNDER = re.compile(r"(?:under|below)\s+(.+)$", re.IGNORECASE)
_WHOSE = re.compile(r"(?:assigned to|of|for|by|in|from)\s+(.+)$", re.IGNORECASE)
_MOST_TERMS = 30


def filter_in(question: str, snapshot: Snapshot, today: date, me: str | None = None) -> str | None:
    """Return the filter that a question asks with, or None when it is no such question.

    Args:
        question: One sentence.
        snapshot: The plan.
        today: For what is due.
        me: Who asks, or None when nobody knows.

    Raises:
        AmbiguousError: A task is named, and it is not clear which.
    """
    asked = _ASKS.fullmatch(question)
    if asked is None:
        return None
    rest = asked[1].strip()
    terms: list[str] = []
    for _ in range(_MOST_TERMS):
        if not rest:
            break
        if (filler := _FILLER.match(rest)) is not None:
            rest = rest[filler.end() :].strip()
            continue
        found = _term(rest, snapshot, today, me)
        if found is None:
            return None
        terms += found[0]
        rest = found[1].strip()
    if rest:
        return None
    if not terms:  # `list tasks` alone
        return "open" if "task" in question.casefold() else None
    return " ".join(dict.fromkeys(terms))


def _term(
    rest: str, snapshot: Snapshot, today: date, me: str | None
) -> tuple[list[str], str] | None:
    """Return the terms that a text begins with, and what is left of it."""
    if (mine := _MINE.match(rest)) is not None:
        return [f"assignee={user_named(snapshot, ME, me)}"], rest[mine.end() :]
    if (word := _TERM.match(rest)) is not None:
        return [_WORD_TERMS[word[1].casefold()]], rest[word.end() :]
    if (label := _LABEL.match(rest)) is not None:
        return [shlex.quote(f"label={label[1] or label[2]}")], rest[label.end() :]
    if (due := _DUE.match(rest)) is not None:
        return _due_terms(due, today), rest[due.end() :]
    if (under := _UNDER.match(rest)) is not None:
        return [f"under={task_named(snapshot, under[1])}"], ""
    if (whose := _WHOSE.match(rest)) is not None:
        return _whose_terms(whose[1], snapshot, me)
    return None


def _due_terms(due: re.Match[str], today: date) -> list[str]:
    if due[2]:
        return ["open", shlex.quote(f"due-before={due[2]}")]
    first = today
    match due[1].casefold():
        case "today":
            last = today
        case "tomorrow":
            first = last = today + timedelta(days=1)
        case _:
            last = today + timedelta(days=6 - today.weekday())
    after, before = first - timedelta(days=1), last + timedelta(days=1)
    return ["open", f"due-after={after}", f"due-before={before}"]


def _whose_terms(text: str, snapshot: Snapshot, me: str | None) -> tuple[list[str], str] | None:
    """Read who or which project is meant; further terms may follow."""
    words = text.split()
    for count in range(len(words), 0, -1):
        name = bare(" ".join(words[:count]))
        rest = " ".join(words[count:])
        if (project := project_named(snapshot, name)) is not None:
            return [f"project={project}"], rest
        if (user := person(snapshot, name)) is not None:
            return [f"assignee={user}"], rest
    if words and is_oneself(words[0]):
        return [f"assignee={user_named(snapshot, words[0], me)}"], " ".join(words[1:])
    return None
