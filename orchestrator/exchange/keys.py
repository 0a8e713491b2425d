"""The keys of projects that an import goes into: those that they have, or new ones of their own."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from orchestrator.exchange.clean import ascii_slug
from orchestrator.exchange.identity import digest
from orchestrator.model.ids import is_project_id, is_project_key, is_task_id, key_from

Keys = Callable[[str], str]
"""The key of a project, by its id; the same each time it is asked."""

_LONGEST_ID = 60
_DIGEST = 6


def keys_of(projects: Mapping[str, Mapping[str, Any]]) -> Keys:
    """Return what gives a project's key: its own, or one that no other has and that reads like it.

    Args:
        projects: Those that are there, by id.
    """
    given = {
        project: str(document["key"])
        for project, document in projects.items()
        if is_project_key(str(document.get("key")))
    }
    taken = set(given.values())

    def find(project: str) -> str:
        if project not in given:
            given[project] = free_key(taken, [key_from(project)])
            taken.add(given[project])
        return given[project]

    return find


def free_key(taken: Iterable[str], wanted: Iterable[str]) -> str:
    """Return the first key that is wanted and not taken, or the last of them with a number."""
    used = set(taken)
    valid = [each for each in wanted if is_project_key(each)]
    for each in valid:
        if each not in used:
            return each
    stem = valid[-1][:12]
    return next(each for n in range(2, len(used) + 3) if (each := f"{stem}{n}") not in used)


def numbered(key: str, number: str) -> str:
    """Return the id of a task that has a number in its project: `PAY-12`, `PAY-5-2` for `5.2`."""
    found = f"{key}-{number.replace('.', '-')}"
    return found if is_task_id(found) else f"{key}-{digest(number)}"


def hashed(key: str, origin: str) -> str:
    """Return the id of a task whose own is nothing to read: `PAY-` and six characters."""
    return f"{key}-{digest(origin)[:_DIGEST]}"


def project_id(name: str, fallback: str = "") -> str:
    """Return a project id made of a name: `Web Shop` gives `web-shop`.

    Args:
        name: As the source has it.
        fallback: For a name that has no letter or digit; without one it is made of a digest.
    """
    slug = ascii_slug(name, "a-z0-9").strip("-")[:_LONGEST_ID].strip("-")
    if is_project_id(slug):
        return slug
    return fallback or f"project-{digest(name).casefold()}"
