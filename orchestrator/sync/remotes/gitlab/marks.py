"""Descriptions as GitLab keeps them: with the mark that it does not show, and no commands."""

import re
from typing import NamedTuple

_MARK = re.compile(
    r"^[ \t]*<!-- orchestrator:(?P<gone>deleted )?(?P<id>[A-Za-z0-9-]{1,80}) "
    r"(?P<token>[0-9a-fA-F-]{36}) -->[ \t]*$\n?",
    re.MULTILINE,
)
_BLANKS_AT_END = re.compile(r"\s+\Z")
# A line that begins like this is a command to GitLab (`/close`, `/assign @dana`), which is
# carried out and taken out of the text; not so in blocks of code.
_COMMAND = re.compile(r"\\*/(?=[a-zA-Z])")
_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")


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
    """Return a description as people wrote it, and the last mark in it.

    GitLab keeps Markdown as it is; its editor in the browser may end lines with CR LF.
    """
    text = (body or "").replace("\r\n", "\n").replace("\r", "\n")
    found = max(_MARK.finditer(text), key=lambda each: each.start(), default=None)
    text = _BLANKS_AT_END.sub("", _MARK.sub("", text))
    text = _with_lines(text, "/")
    if found is None:
        return text, None
    return text, Mark(found["id"], found["token"].lower(), found["gone"] is not None)


def written(text: str, mark: Mark | None) -> str:
    """Return the description for a text and a mark; no line of it is a command."""
    plain = _with_lines(read(text)[0], "\\/")
    if mark is None:
        return plain
    return f"{plain}\n\n{mark}" if plain else str(mark)


def _with_lines(text: str, slash: str) -> str:
    """Return text with another beginning of the lines that would be commands."""
    lines, fence = text.split("\n"), ""
    for at, line in enumerate(lines):
        found = _FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not line[found.end() :].strip():
                fence = ""
        elif found:
            fence = found[1]
        elif (command := _COMMAND.match(line)) is not None:
            lines[at] = slash + line[command.end() :]
    return "\n".join(lines)
