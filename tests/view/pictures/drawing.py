"""Reading drawings back: elements, words and boxes of an SVG."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

from orchestrator.view.pictures.svg import text_width

NAMESPACE = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "<script>alert(1)</script>", "a & b < c > d \" e ' f", "]]>", "\x00\x1b[31mred\x07\x9b",
    "line\nbreak\ttab\r\u2028sep", "\u202eevil\u2066", "lone \ud800 surrogate", "\ufffe\uffff",
    "gantt", "section x", "a: b; c # d", "%% comment", "%%{init: {}}%%", "--> x", "`code`", "end",
    "\\N \\n back\\", "&amp; &#35; #35;", "$$x$$", "fa:fa-user", "日本語の長いタイトル" * 9,
    "", "   ", "👩‍👩‍👧 family", "x" * 500, "ﬂ°35¶ß",
]  # fmt: skip


class Word(NamedTuple):
    """A text and the box that it takes."""

    text: str
    left: float
    right: float
    base: float


def read(svg: str) -> ET.Element:
    """Return the root of an SVG; not well-formed is an error."""
    return ET.fromstring(svg.encode())


def words(svg: str) -> list[Word]:
    """Return the texts of a drawing, where they stand."""
    return list(_words(read(svg), 0, 0))


def _words(element: ET.Element, x: float, y: float) -> Iterator[Word]:
    if found := re.fullmatch(r"translate\((\S+) (\S+)\)", element.get("transform", "")):
        x, y = x + float(found[1]), y + float(found[2])
    if element.tag == f"{NAMESPACE}text":
        classes = (element.get("class") or "").split()
        size = 17 if "large" in classes else 11 if "small" in classes else 12
        content = element.text or ""
        wide = text_width(content, size)
        left = x + float(element.get("x", "0"))
        left -= wide if "end" in classes else wide / 2 if "middle" in classes else 0
        yield Word(content, left, left + wide, y + float(element.get("y", "0")))
    for child in element:
        yield from _words(child, x, y)


def touching(found: list[Word]) -> list[tuple[Word, Word]]:
    """Return the pairs of texts that stand on the same line and on each other."""
    ordered = sorted(found, key=lambda word: (word.base, word.left))
    return [
        (word, other)
        for at, word in enumerate(ordered)
        for other in ordered[at + 1 : at + 60]
        if abs(word.base - other.base) < 9 and word.left < other.right and other.left < word.right
    ]


def tips(svg: str) -> list[str]:
    """Return what is said when elements are pointed at."""
    return [found.text or "" for found in read(svg).iter(f"{NAMESPACE}title")][1:]
