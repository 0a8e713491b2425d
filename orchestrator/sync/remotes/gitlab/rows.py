"""What GitLab's JSON must hold, and what it holds for people, piece by piece."""

import re
from collections.abc import Mapping
from typing import Any

from orchestrator.sync.errors import DriftError
from orchestrator.sync.item import Foreign, Item
from orchestrator.sync.remotes.gitlab import marks

_ODD = "Check the url of the integration in orchestrator.yaml."
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def row(value: Any, what: str, *needed: str) -> Mapping[str, Any]:
    """Return an object that has these fields, numbers or texts by their names.

    Raises:
        DriftError: When it is none, or lacks one.
    """
    one = f"an {what}" if what[0] in "aeiou" else f"a {what}"
    if not isinstance(value, Mapping):
        raise DriftError(f"GitLab answered with something that is not {one}.", _ODD)
    for name in needed:
        kind = int if name in {"iid", "id", "project_id", "issue_link_id"} else str
        each = value.get(name)
        if not isinstance(each, kind) or isinstance(each, bool):
            raise DriftError(f"GitLab answered with {one} that has no {name}.", _ODD)
    return value


def text(value: Mapping[str, Any], name: str) -> str:
    """Return a field that holds a text, "" where it does not."""
    found = value.get(name)
    return found if isinstance(found, str) else ""


def day(value: Any) -> str | Foreign | None:
    """Return the day that a text begins with."""
    if value is None:
        return None
    found = _DAY.match(str(value))
    return found[0] if found else Foreign(str(value))


def title(value: Any) -> str:
    """Return a title on one line, as GitLab keeps it."""
    return " ".join(str(value or "").splitlines()).strip()


def mark_of(current: Item | None) -> marks.Mark | None:
    """Return the mark that an item carries."""
    return marks.read(current.kept.get("mark"))[1] if current else None
