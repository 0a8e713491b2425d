"""Descriptions: in a property as they are, in the body of a page as Notion's own Markdown.

Notion reads and writes Markdown its own way: every line is a block, empty lines are nothing. The
two forms are never compared. What was sent or read is remembered beside a digest of what Notion
showed; while that digest is the same, nobody has changed the body over there.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

_FENCE = re.compile(r"\s*(```|~~~)")
_ITEM = re.compile(r"([-*+]|\d{1,9}[.)])([ \t]+|$)")
_BLOCK = re.compile(r"(#{1,6}[ \t]|>|\||<|(?:[-*_][ \t]*){3,}$)")
_COLOR = re.compile(r"[ \t]*\{color=\"[a-z_]+\"\}$")
_ESCAPED = re.compile(r"\\([{}$^])")
_EMPTY: Final = "<empty-block/>"
_TAB: Final = 4


class Read(NamedTuple):
    """The body of a page as it came.

    Attributes:
        text: Markdown as people here write it.
        kept: To be remembered.
    """

    text: str
    kept: Mapping[str, Any]

    @property
    def is_partial(self) -> bool:
        """Whether the body holds what Markdown cannot."""
        return bool(self.kept.get("partial"))


def normal(text: str | None) -> str:
    """Return a description in the form in which it is compared and written."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()


def read(row: Mapping[str, Any], kept: Mapping[str, Any], sent: str | None = None) -> Read:
    """Return the body that Notion shows.

    Args:
        row: The answer of the Markdown endpoint.
        kept: What was remembered of the body.
        sent: The description, when this follows a request that sent it.
    """
    markdown = str(row.get("markdown") or "")
    digest = hashlib.sha256(markdown.encode()).hexdigest()[:16]
    known = kept.get("text") if kept.get("digest") == digest else None
    text = sent if sent is not None else known
    if not isinstance(text, str):
        text = from_notion(markdown)
    found: dict[str, Any] = {"digest": digest, "text": normal(text)}
    if row.get("truncated") or row.get("unknown_block_ids"):
        found["partial"] = True
    return Read(found["text"], found)


def to_notion(text: str) -> str:
    """Return Markdown in Notion's form: a block a line, tabs for what is nested."""
    lines: list[str] = []
    depths: list[int] = []
    fence, is_open = "", False
    for whole in normal(text).split("\n"):
        line, mark = whole.expandtabs(_TAB), _fence(whole)
        bare = line.strip()
        if mark and fence in {"", mark}:
            fence, is_open = "" if fence else mark, False
            lines.append(bare)
        elif fence:
            lines.append(whole)
        elif not bare:
            is_open = False
        elif _ITEM.match(bare):
            indent = len(line) - len(line.lstrip())
            depths = [each for each in depths if each < indent]
            lines.append("\t" * len(depths) + bare)
            depths.append(indent)
            is_open = True
        elif is_open and not _BLOCK.match(bare):
            # A line that was only wrapped would be a block of its own.
            lines[-1] += f" {bare}"
        else:
            is_nested = bool(depths) and line[0] == " "
            depths = depths if is_nested else []
            lines.append("\t" * len(depths) + bare)
            is_open = not _BLOCK.match(bare)
    return "\n".join(lines)


def from_notion(markdown: str) -> str:
    """Return Notion's form as Markdown: with empty lines, and blanks for what is nested."""
    lines: list[str] = []
    fence = before = ""
    for line in markdown.split("\n"):
        bare, mark = line.lstrip("\t"), _fence(line)
        if mark and fence in {"", mark}:
            lines += [] if fence or not lines else [""]
            fence, before = "" if fence else mark, "code"
            lines.append(bare)
            continue
        if fence:
            lines.append(line)
            continue
        if not bare.strip() or bare.strip() == _EMPTY:
            before = before or "text"
            continue
        kind = "item" if _ITEM.match(bare) else "table" if bare[0] in "|<" else "text"
        if lines and not (kind == before and kind != "text"):
            lines.append("")
        depth = " " * _TAB * (len(line) - len(bare))
        lines.append(depth + _ESCAPED.sub(r"\1", _COLOR.sub("", bare)))
        before = kind
    return normal("\n".join(lines))


def _fence(line: str) -> str:
    """Return what begins or ends code on a line, "" where nothing does."""
    found = _FENCE.match(line)
    return found[1] if found else ""
