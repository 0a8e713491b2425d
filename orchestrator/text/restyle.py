"""A new scalar in the clothes of the one that it replaces: the same quotes, the same block."""

import re
import textwrap
from typing import Any

from orchestrator.text.nodes import Scalar
from orchestrator.text.render import Rendered, double_quoted, literal, scalar
from orchestrator.text.scalars import block_text

_HEADER = re.compile(r"(?P<kind>[|>])(?P<marks>[-+1-9]*)(?P<tail>[^\r\n]*)")
_NOT_SINGLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_MIN_WRAP = 40


def restyled(old: Scalar, value: Any, key: str, *, in_flow: bool = False) -> str | None:
    """One line for a new value in the style of the old one; None where a block is called for."""
    if not isinstance(value, str):
        return scalar(value, key)
    if old.style == "single" and not _NOT_SINGLE.search(value):
        return "'" + value.replace("'", "''") + "'"
    if old.style == "double":
        return double_quoted(value)
    if "\n" in value and not in_flow:
        return None
    return scalar(
        value, key, in_flow=in_flow, plain_date=old.style == "plain" and is_text_plain(old)
    )


def is_text_plain(old: Scalar) -> bool:
    """Whether a plain scalar was not null, so that its being plain says something."""
    return old.style == "plain" and old.value is not None


def reblocked(old: Scalar, source: str, value: str, holder_column: int, newline: str) -> str | None:
    """A block of text for a new value, with the header and indentation of the old one.

    Args:
        old: A literal or folded scalar.
        source: The text that it stands in.
        value: The new value.
        holder_column: Column of the key or dash that holds it.
        newline: The line end to write.
    """
    head = _HEADER.match(source, old.start)
    if head is None:
        return None
    column = _content_column(source[head.end() : old.end], holder_column, head["marks"])
    step = column - max(holder_column, 0)
    block = literal(value, column, step)
    if block is None:
        return None
    if head["kind"] == ">":
        block = _folded(value, column, _width(source[head.end() : old.end])) or block
    kind, marks = block.inline[0], block.inline[1:]
    if re.search(r"[1-9]", head["marks"]) and 0 < step <= 9 and not re.search(r"[1-9]", marks):  # noqa: PLR2004  # one digit
        marks = str(step) + marks
    if sorted(marks) == sorted(head["marks"]):
        marks = head["marks"]
    return newline.join([kind + marks + head["tail"], *block.lines])


def _content_column(body: str, holder_column: int, marks: str) -> int:
    declared = re.search(r"[1-9]", marks)
    if declared:
        return max(holder_column, 0) + int(declared[0])
    for line in body.splitlines():
        if line.strip(" "):
            return len(line) - len(line.lstrip(" "))
    return max(holder_column, 0) + 2


def _width(body: str) -> int:
    return max((len(line) for line in body.splitlines()), default=0)


def _folded(value: str, column: int, width: int) -> Rendered | None:
    """A folded block (`>`), no wider than the old one; None where folding would alter the text."""
    body = value.rstrip("\n")
    if not body or any(line[:1] in (" ", "\t") for line in body.split("\n")):
        return None
    rows = _rows(body, max(width - column, _MIN_WRAP))
    if block_text(rows, 0, "-", folded=True) != body:  # wrapping lost spaces
        rows = _rows(body, len(body))
    if block_text(rows, 0, "-", folded=True) != body:
        return None
    ends = len(value) - len(body)
    chomp = "-" if ends == 0 else "" if ends == 1 else "+"
    pad = " " * column
    lines = [pad + row if row else "" for row in rows] + [""] * (ends - 1)
    return Rendered(">" + chomp, lines)


def _rows(body: str, width: int) -> list[str]:
    """Rows that fold back to `body`: n line breaks in the text are written as n + 1."""
    rows: list[str] = []
    lines = body.split("\n")
    for number, line in enumerate(lines):
        if len(line) <= width:
            rows.append(line)
        else:
            rows += textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
        if line and number + 1 < len(lines):
            rows.append("")
    return rows
