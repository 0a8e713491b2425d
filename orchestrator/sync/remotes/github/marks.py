"""The mark that an issue carries, which GitHub does not show, and the text without it."""

import re
from typing import NamedTuple

_MARK = re.compile(
    r"^[ \t]*<!-- orchestrator:(?P<gone>deleted )?(?P<id>[A-Za-z0-9-]{1,80}) "
    r"(?P<token>[0-9a-fA-F-]{36}) -->[ \t]*$\n?",
    re.MULTILINE,
)
_BLANKS_AT_END = re.compile(r"\s+\Z")


class Mark(NamedTuple):
    """What an item of ours says about itself.

    Attributes:
        id: Of the task or project here.
        token: It was made with.
        is_deleted: Whether it was closed because it was deleted here.
    """

    id: str
    token: str
    is_deleted: bool = False

    def __str__(self) -> str:
        """Return it as it stands in a text."""
        gone = "deleted " if self.is_deleted else ""
        return f"<!-- orchestrator:{gone}{self.id} {self.token} -->"


def read(body: str | None) -> tuple[str, Mark | None]:
    """Return a body's text as people wrote it, and the last mark in it.

    GitHub keeps Markdown as it is; its editor in the browser ends lines with CR LF.
    """
    text = (body or "").replace("\r\n", "\n").replace("\r", "\n")
    found = max(_MARK.finditer(text), key=lambda each: each.start(), default=None)
    text = _BLANKS_AT_END.sub("", _MARK.sub("", text))
    if found is None:
        return text, None
    return text, Mark(found["id"], found["token"].lower(), found["gone"] is not None)


def written(text: str, mark: Mark | None) -> str:
    """Return the body for a text and a mark."""
    plain = read(text)[0]
    if mark is None:
        return plain
    return f"{plain}\n\n{mark}" if plain else str(mark)
