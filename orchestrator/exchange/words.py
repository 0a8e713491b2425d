"""Words of other tools for status and priority, in ours."""

import re
from collections.abc import Sequence

_STATUSES = {
    "todo": "to do, todo, open, new, backlog, draft, proposed, planned, ready, pending, deferred, "
    "pinned, icebox, later, triage, unstarted, not started, reopened",
    "in_progress": "in progress, doing, wip, started, active, hooked, working, ongoing",
    "blocked": "blocked, on hold, waiting, stuck, paused",
    "in_review": "in review, review, reviewing, testing, in testing, qa, verify, ready for review",
    "completed": "done, complete, completed, closed, finished, resolved, shipped, merged, released",
    "cancelled": "cancelled, canceled, wont do, wontdo, wont fix, wontfix, rejected, abandoned, "
    "dropped, obsolete, duplicate, invalid, archived, tombstone, deleted",
}
_PRIORITIES = {
    "urgent": "urgent, critical, highest, blocker, immediate, p0",
    "high": "high, major, important, p1",
    "medium": "medium, normal, moderate, default, p2",
    "low": "low, minor, lowest, trivial, p3, p4",
}


def _by_word(table: dict[str, str]) -> dict[str, str]:
    return {_key(word): ours for ours, words in table.items() for word in words.split(", ")}


def _key(word: str) -> str:
    return re.sub(r"[\W_]+", "", word.replace("'", "").replace("\u2019", "")).casefold()


_STATUS_BY_WORD = _by_word(_STATUSES)
_PRIORITY_BY_WORD = _by_word(_PRIORITIES)


def status(word: str, configured: Sequence[str] = ()) -> str | None:
    """Return our status for a word, or None when it is unknown.

    Args:
        word: As the source writes it.
        configured: The source's statuses in order; an unknown last one means that work is done,
            and an unknown one between the first and the last that it is under way.
    """
    if found := _STATUS_BY_WORD.get(_key(word)):
        return found
    keys = [_key(each) for each in configured]
    if len(keys) > 1 and _key(word) in keys:
        place = keys.index(_key(word))
        return "todo" if place == 0 else "completed" if place == len(keys) - 1 else "in_progress"
    return None


def priority(word: str) -> str | None:
    """Return our priority for a word, or None when it is unknown."""
    return _PRIORITY_BY_WORD.get(_key(word))
