"""Ids of items that come from a tracker: the same in every clone that imports them."""

import hashlib
import re
import unicodedata
from collections.abc import Container

from orchestrator.model.ids import CROCKFORD, is_project_id, is_project_key, key_from

_SHORT, _LONG = 4, 12
_LONGEST_SLUG = 50


def derived_id(prefix: str, origin: str, taken: Container[str]) -> str:
    """Return the id of a task that comes from a tracker, the shortest that is free.

    Args:
        prefix: The key of its project.
        origin: What tells the item from all others: the kind of tracker, and its key there.
        taken: Ids that exist, of any project.
    """
    salt = 0
    while True:
        letters = _letters(f"{origin}#{salt}" if salt else origin)
        for length in range(_SHORT, _LONG + 1):
            if (candidate := f"{prefix}-{letters[:length]}") not in taken:
                return candidate
        salt += 1


def project_id(title: str, origin: str, taken: Container[str]) -> str:
    """Return the id of a project that comes from a tracker: its title in small letters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-")
    letters = _letters(origin).lower()
    if is_project_id(slug) and slug not in taken:
        return slug
    stem = slug if is_project_id(slug) else "project"
    return next(
        candidate
        for length in range(_SHORT, _LONG + 1)
        if (candidate := f"{stem}-{letters[:length]}") not in taken
    )


def project_key(name: str, taken: Container[str]) -> str:
    """Return a key for a new project that no other project has."""
    stem = key_from(name)
    if stem not in taken:
        return stem
    number = 2
    while (candidate := f"{stem[:12]}{number}") in taken or not is_project_key(candidate):
        number += 1
    return candidate


def _letters(origin: str) -> str:
    number = int.from_bytes(hashlib.sha256(origin.encode("utf-8", "surrogatepass")).digest()[:8])
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in range(_LONG))
