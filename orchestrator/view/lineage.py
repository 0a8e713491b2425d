"""Which of the entities that went was the one that came: an id that was changed."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from orchestrator.model.shape import Document

_NAMES = frozenset({"id", "key", "project"})
_LEAST = 0.5


class Candidate(NamedTuple):
    """An entity that went when another came.

    Attributes:
        id: Its id.
        document: What it said.
    """

    id: str
    document: Document


def origin_of(document: Mapping[str, Any], candidates: Iterable[Candidate]) -> Candidate | None:
    """Return the candidate that a new entity was under another id, or None when it is new.

    It must have the same title, name or stamp of creation, and at least half of all fields must be
    equal: a task that was made of another by hand shares its status and priority too.
    """
    ranked = sorted(
        ((_likeness(document, candidate.document), candidate) for candidate in candidates),
        key=lambda item: (-item[0], item[1].id),
    )
    return ranked[0][1] if ranked and ranked[0][0] >= _LEAST else None


def _likeness(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    if not any(one.get(name) and one[name] == other.get(name) for name in _TELLING):
        return 0
    names = (one.keys() | other.keys()) - _NAMES
    equal = [name for name in names if one.get(name) == other.get(name)]
    return len(equal) / max(len(names), 1)


_TELLING = ("title", "name", "created_at")
