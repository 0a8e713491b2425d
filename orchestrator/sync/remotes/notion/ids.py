"""Notion's ids: with or without dashes, alone or at the end of a link."""

import re
from functools import lru_cache
from urllib.parse import unquote

_ID = re.compile(
    r"(?:^|[^0-9a-f])([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$"
)


def uuid_in(text: str) -> str | None:
    """Return the id that a text is or a link ends with, in its long form; None where none is.

    What stands behind the question mark of a link is the id of a view, not of the database.
    """
    plain = text.strip().partition("?")[0].partition("#")[0].rstrip("/").lower()
    found = _ID.search(plain[-200:])
    return "-".join(found.groups()) if found else None


def key_of(value: object) -> str:
    """Return an id from an answer in its long form; one of another shape as it is."""
    return uuid_in(str(value)) or str(value)


@lru_cache(maxsize=1024)
def plain_id(text: str) -> str:
    """Return the id of a property in one form: answers have it quoted, people may not."""
    return unquote(text)
