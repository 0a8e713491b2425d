"""Lines of Markdown by what they are; enough of it for outlines, and in one pass."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Kind = Literal["blank", "heading", "item", "row", "verbatim", "text"]

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_ITEM = re.compile(r"( *)([-*+•]|\d{1,4}[.)]|[a-z][.)])[ \t]+(\S.*)$")
_BOX = re.compile(r"\[([ xX/~-])\](?:[ \t]+|$)")
_FENCE = re.compile(r" *(`{3,}|~{3,})")
_STATUS = {"x": "completed", "X": "completed", "/": "in_progress", "~": "in_progress"}
_WIDE = 10_000
"""More of one line is not looked at for what it is."""


class Line(NamedTuple):
    """One line.

    Attributes:
        number: From 1.
        kind: What it is.
        text: Without what makes it that.
        level: Of a heading; of an item and of text, the columns before it.
        bullet: Of an item: `-`, `2.`, …
        status: What an item's check box says, or `""` without one.
    """

    number: int
    kind: Kind
    text: str
    level: int = 0
    bullet: str = ""
    status: str = ""


def read_lines(text: str) -> list[Line]:
    """Return the lines of a text; comments and front matter are left out."""
    found: list[Line] = []
    for line in _lines(text):
        if found and found[-1].kind == "text" and (level := _underline(line)):
            found[-1] = found[-1]._replace(kind="heading", level=level)
        elif not _is_rule(line):
            found.append(line)
    return found


def _lines(text: str) -> Iterator[Line]:
    fence = ""
    in_comment = False
    lines = text.expandtabs(4).split("\n")
    for at, raw in enumerate(lines[(skipped := _front_matter(lines)) :], start=skipped + 1):
        if fence:
            yield Line(at, "verbatim", raw)
            if raw.strip().startswith(fence):
                fence = ""
            continue
        line, in_comment = _uncommented(raw, in_comment=in_comment)
        if (opened := _FENCE.match(line)) is not None:
            fence = opened[1]
            yield Line(at, "verbatim", line)
        elif line.strip() or not raw.strip():
            yield _line(at, line)


def _line(number: int, raw: str) -> Line:
    line = _unquoted(raw)
    if not line.strip():
        return Line(number, "blank", "")
    head = line[:_WIDE]
    if (heading := _HEADING.match(head)) is not None:
        title = (heading[2] or "").strip()
        bare = title.rstrip("#")
        return Line(
            number, "heading", bare.rstrip() if bare.endswith(" ") else title, len(heading[1])
        )
    if (item := _ITEM.match(head)) is not None and not _is_rule(Line(number, "text", line)):
        text, status = item[3] + line[_WIDE:], ""
        if (box := _BOX.match(text)) is not None:
            status = _STATUS.get(box[1], "cancelled" if box[1] == "-" else "todo")
            text = text[box.end() :]
        return Line(number, "item", text.strip(), len(item[1]), item[2], status)
    if line.lstrip().startswith("|"):
        return Line(number, "row", line.strip())
    return Line(number, "text", line.strip(), len(line) - len(line.lstrip()))


def _front_matter(lines: list[str]) -> int:
    """Return how many lines the block between `---` at the top has; 0 when there is none."""
    if lines[0].strip() != "---":
        return 0
    for at, line in enumerate(lines[1:60], start=1):
        if line.strip() == "---":
            return at + 1
    return 0


def _uncommented(line: str, *, in_comment: bool) -> tuple[str, bool]:
    """Return a line without what `<!-- … -->` hides, and whether the next one begins hidden."""
    if not in_comment and "<!--" not in line:
        return line, False
    kept = []
    rest = line
    while rest:
        if in_comment:
            _, closed, rest = rest.partition("-->")
            in_comment = not closed
        else:
            before, opened, rest = rest.partition("<!--")
            kept.append(before)
            in_comment = bool(opened)
    return "".join(kept), in_comment


def _unquoted(line: str) -> str:
    bare = line.lstrip()
    if not bare.startswith(">"):
        return line
    return bare.lstrip("> ")


def _underline(line: Line) -> int:
    """Return the level of the heading that a line of `===` or `---` makes of the one above."""
    text = line.text.strip()
    if line.kind != "text" or len(text) < 2 or len(set(text)) != 1:  # noqa: PLR2004 - one is a bullet
        return 0
    return {"=": 1, "-": 2}.get(text[0], 0)


def _is_rule(line: Line) -> bool:
    marks = set(line.text.replace(" ", ""))
    is_one = len(marks) == 1 and marks <= {"-", "*", "_", "="}
    return line.kind == "text" and is_one and len(line.text.replace(" ", "")) > 2  # noqa: PLR2004
