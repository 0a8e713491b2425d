"""Ids of other tools in our grammar, without collisions and the same on every run."""

import hashlib
import re
from collections.abc import Collection, Iterable

from orchestrator.exchange.clean import ascii_slug
from orchestrator.model.ids import CROCKFORD, PROJECT_KEY, is_task_id, is_user_id
from orchestrator.model.places import SUFFIX, name_fault

_DIGEST = 10
_MOST_PARTS = 5
_LONGEST_USER_ID = 60


def task_id(origin: str, key: str) -> str:
    """Return the task id that an id of another tool becomes.

    Args:
        origin: `bd-kwro.3` becomes `BD-KWRO-3`.
        key: Prefix for an id that has no place in our grammar; the rest is then its digest.
    """
    words = re.split(r"[^A-Za-z0-9]+", origin.strip()) if origin.isascii() else []
    candidate = "-".join(word.upper() for word in words)
    return candidate if is_task_id(candidate) else f"{key}-{digest(origin)}"


def digest(origin: str) -> str:
    """Return ten characters that stand for a text, in Crockford's base32."""
    number = int.from_bytes(hashlib.sha256(origin.encode("utf-8", "surrogatepass")).digest()[:8])
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in range(_DIGEST))


def free_task_id(wanted: str, origin: str, taken: Collection[str]) -> str:
    """Return `wanted`, or what it becomes because another task has it: `BACK-7` → `BACK-7-X2`."""
    if wanted not in taken:
        return wanted
    if wanted.count("-") + 1 < _MOST_PARTS:
        for number in range(2, 100):
            if (candidate := f"{wanted}-X{number}") not in taken:
                return candidate
    prefix = wanted.partition("-")[0]
    number = 0
    while (candidate := f"{prefix}-{digest(f'{origin}#{number}')}") in taken:
        number += 1
    return candidate


def common_key(task_ids: Iterable[str]) -> str:
    """Return the prefix that most of the ids have, the natural key of their project."""
    counts: dict[str, int] = {}
    for each in task_ids:
        prefix = each.partition("-")[0]
        counts[prefix] = counts.get(prefix, 0) + 1
    return max(sorted(counts), key=counts.__getitem__) if counts else ""


def key_of(word: str, fallback: str) -> str:
    """Return a project key made of the letters and digits of `word`."""
    key = re.sub(r"[^A-Z0-9]", "", word.upper() if word.isascii() else "")[:16]
    return key if re.fullmatch(PROJECT_KEY, key) else fallback


def user_id(name: str, taken: Collection[str]) -> str:
    """Return a user id made of a name: `Dana Ionescu` gives `dana-ionescu`."""
    slug = ascii_slug(name, "a-z0-9._-").strip("-._")[:_LONGEST_USER_ID]
    if not is_user_id(slug) or name_fault(slug + SUFFIX):
        slug = f"user-{digest(name).casefold()}"
    if slug not in taken:
        return slug
    return next(each for n in range(2, len(taken) + 3) if (each := f"{slug}-{n}"[:63]) not in taken)
