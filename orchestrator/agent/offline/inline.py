"""Text of one line without its Markdown, and a title out of a long one."""

import re
from typing import NamedTuple

LONGEST = 120
"""A title is at most so long; what is longer keeps its text as the description."""

_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,2000}\)")
_BOLD = re.compile(r"(\*\*|__)([^*_]{1,300}?)(:?)\1\s*([:–—-]?)\s*(.*)$")  # noqa: RUF001 - dashes as people type them
_NUMBER = re.compile(
    r"(\d{1,3}(?:\.\d{1,3}){0,4}[.)]|\d{1,3}(?:\.\d{1,3}){1,4}|[A-Z]{1,6}-?\d{1,4}[:.)])\s+"
)
_SENTENCE = re.compile(r"(?<=[.!?;:])\s")


class Headed(NamedTuple):
    """A line as a title, the number in front of it, and what more it says."""

    title: str
    number: str
    more: str


def plain(text: str) -> str:
    """Return text without links' targets, emphasis and back quotes."""
    text = _LINK.sub(r"\1", text)
    for mark in ("**", "__", "~~", "`"):
        text = text.replace(mark, "")
    if text.startswith("*") and text.endswith("*"):
        text = text.strip("*")
    return " ".join(text.split())


def headed(text: str) -> Headed:
    """Return what a line says as a title.

    `**Capture**: take the money` is the title Capture with more behind it; `2.1 Capture` and
    `T4: Capture` have numbers to call them by; of a long line the first sentence is the title.
    """
    number, text = numbered(text)
    bold = _BOLD.match(text)
    if bold is not None and bold[5] and (bold[3] or bold[4]):
        inner, title = numbered(bold[2])
        return Headed(plain(title.rstrip(": ")), number or inner, bold[5].strip())
    title = plain(text).rstrip(":").strip()
    if not number:
        number, title = numbered(title)
    if len(title) <= LONGEST:
        return Headed(title, number, "")
    return Headed(_first(title), number, text)


def numbered(text: str) -> tuple[str, str]:
    """Return the number in front of a text, or `""`, and the rest."""
    found = _NUMBER.match(text)
    if found is None:
        return "", text
    return found[1].rstrip(".):"), text[found.end() :]


def folded(text: str) -> str:
    """Return text as titles are compared: plain, small, without punctuation around words."""
    return " ".join(word for word in re.split(r"[\W_]+", text.casefold()) if word)


def _first(title: str) -> str:
    cut = _SENTENCE.split(title[: LONGEST + 1], maxsplit=1)[0]
    if len(cut) <= LONGEST:
        return cut.rstrip(".;: ")
    head, _, _ = title[:LONGEST].rpartition(" ")
    return f"{head or title[: LONGEST - 1]}…"
