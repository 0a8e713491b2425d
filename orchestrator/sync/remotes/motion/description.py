"""Descriptions: Markdown goes to Motion, HTML comes back; and the mark at their end.

Markdown and HTML are never compared. What was sent is remembered beside a digest of what came
back; while that digest is the same, nobody has changed the description over there.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_LARGEST = 1_000_000
_MARK = re.compile(
    r"\n*^\s*orchestrator: (?P<id>[A-Za-z0-9-]{1,80})/(?P<token>[0-9a-f]{12})\s*\Z", re.MULTILINE
)
_LINES = re.compile(r"\n{3,}")


class Mark(NamedTuple):
    """The last line of a description that was made here: people see it, and searches find it."""

    id: str
    token: str


class Read(NamedTuple):
    """A description as it came.

    Attributes:
        text: Markdown without the mark.
        mark: What stands at its end, or None.
        kept: To be remembered: what it was sent as, and the digest of what came.
    """

    text: str
    mark: Mark | None
    kept: Mapping[str, Any]


def mark_of(entity_id: str, token: str) -> Mark:
    """Return the mark of an item that is made."""
    return Mark(entity_id, hashlib.sha256(token.lower().encode()).hexdigest()[:12])


def written(text: str, mark: Mark | None) -> str:
    """Return the Markdown to send."""
    body = normal(text)
    if mark is None:
        return body
    line = f"orchestrator: {mark.id}/{mark.token}"
    return f"{body}\n\n{line}" if body else line


def read(html: str, kept: Mapping[str, Any], sent: str | None = None) -> Read:
    """Return the description in HTML that Motion shows.

    Args:
        html: As it came.
        kept: What was remembered of the item.
        sent: The Markdown, when this is the answer to a request that sent it.
    """
    digest = hashlib.sha256(html.encode()).hexdigest()[:16]
    known = kept.get("sent") if kept.get("html") == digest else None
    markdown = sent if sent is not None else known
    if not isinstance(markdown, str):
        markdown = to_markdown(html)
    found = _MARK.search(markdown)
    text = markdown[: found.start()] if found else markdown
    mark = Mark(found["id"], found["token"]) if found else None
    return Read(normal(text), mark, {"html": digest, "sent": markdown})


def to_markdown(html: str) -> str:
    """Return HTML as Markdown."""
    if not html.strip():
        return ""
    from markdownify import markdownify

    if len(html) > _LARGEST:
        html = html[:_LARGEST]
    try:
        return str(markdownify(html, heading_style="ATX", bullets="-"))
    except RecursionError:
        # Nested deeper than any editor makes it: the words alone.
        return re.sub(r"<[^<>]*>", " ", html)


def to_html(text: str) -> str:
    """Return Markdown as HTML, which projects take."""
    from markdown_it import MarkdownIt

    return str(MarkdownIt().render(normal(text))).strip()


def normal(text: str) -> str:
    """Return Markdown without what nobody sees: blanks at ends, and more than one empty line."""
    lines = (line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return _LINES.sub("\n\n", "\n".join(lines)).strip("\n")
