"""Fast acceptance: whether a document is surely one that the pydantic models accept.

A plan of 100,000 files is checked many times a day, and nearly every file is right. These
predicates say yes to such a document in about two microseconds and need no import of pydantic.
They may say no to a document that the models accept (it is then judged by them, only slower),
never yes to one that the models refuse; a property test holds that.
"""

from collections.abc import Mapping
from typing import Any

from orchestrator.model.accept.entities import PROJECT, TASK, USER
from orchestrator.model.accept.settings import SETTINGS
from orchestrator.model.accept.values import Accepts
from orchestrator.model.fields import REQUIRED
from orchestrator.model.places import Kind

PREDICATES: dict[Kind, dict[str, Accepts]] = {
    "tasks": TASK,
    "projects": PROJECT,
    "users": USER,
    "settings": SETTINGS,
}


def accepts(kind: Kind, document: Mapping[str, Any]) -> bool:
    """Return whether `document` is surely valid for its kind."""
    fields = PREDICATES[kind]
    try:
        for key, value in document.items():
            if not fields[key](value):
                return False
    except (KeyError, TypeError, ValueError):
        # An unknown field, a value of another type than the predicate reads, no such day.
        return False
    for key in REQUIRED[kind]:  # noqa: SIM110 - a generator would cost a tenth of the whole
        if key not in document:
            return False
    return True
