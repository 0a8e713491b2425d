"""Tables of text: encoding, delimiter, quoted cells of several lines, and where each row stands."""

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from orchestrator.errors import OrchestratorError
from orchestrator.exchange.imported import Notebook

DELIMITERS = ",;\t|"

_MOST_ROWS = 500_000
_MOST_COLUMNS = 2_000
_LONGEST_CELL = 16 * 1024 * 1024
_SAMPLE_ROWS = 20
_SAMPLE = 256 * 1024


class TableError(OrchestratorError):
    """The file is no table that can be read."""


class Row(NamedTuple):
    """One row.

    Attributes:
        line: The line of the file that it begins on, from 1.
        cells: Its cells as they are written.
    """

    line: int
    cells: list[str]


def decode(data: bytes, encoding: str | None) -> str:
    """Return the text of a file: UTF-8, or UTF-16 where it begins with its mark.

    Args:
        data: The file.
        encoding: The name of another encoding, as a person gives it.

    Raises:
        TableError: It is in another encoding than that.
    """
    if encoding is None:
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except LookupError as error:
        raise TableError(
            f"{encoding[:40]!r} is no encoding of text.", "Try --encoding windows-1252 ."
        ) from error
    except (UnicodeError, ValueError) as error:
        place = getattr(error, "start", None)
        line = 1 + data.count(b"\n", 0, place or 0)
        where = "" if place is None else f": line {line:,} holds something else"
        shown = "UTF-8" if encoding == "utf-8-sig" else encoding
        raise TableError(
            f"The file is not in {shown}{where}.",
            "Files of Excel on Windows are often read with --encoding windows-1252 .",
        ) from error
    return text.removeprefix("\ufeff")


def delimiter_of(text: str) -> str:
    """Return the delimiter with which the first rows have the most cells, all as many."""
    sample = text[:_SAMPLE]
    scores: dict[str, tuple[int, int]] = {}
    for each in DELIMITERS:
        rows = [row.cells for row in _parsed(sample, each, Notebook(), _SAMPLE_ROWS)]
        width = len(rows[0]) if rows else 0
        # A cut-off last row counts for nothing.
        like = sum(1 for row in rows if len(row) == width)
        scores[each] = (like * (width - 1), width)
    best = max(DELIMITERS, key=lambda each: scores[each])
    return best if scores[best][1] > 1 else ","


def rows(text: str, delimiter: str, notes: Notebook) -> Iterator[Row]:
    """Yield the rows that hold something.

    A quote that is never closed is noted: what comes after it is one cell that no one meant.
    """
    for number, row in enumerate(_parsed(text, delimiter, notes, _MOST_ROWS + 1)):
        if number >= _MOST_ROWS:
            notes.add(
                "size", f"line {row.line}", f"Rows after the first {_MOST_ROWS:,} are left out."
            )
            return
        if len(row.cells) > _MOST_COLUMNS:
            notes.add(
                "line", f"line {row.line}", f"It has {len(row.cells):,} cells; it is left out."
            )
        else:
            yield row


def _parsed(text: str, delimiter: str, notes: Notebook, most: int) -> Iterator[Row]:
    consumed: list[str] = []

    def lines() -> Iterator[str]:
        for each in io.StringIO(text, newline=""):
            consumed.append(each)
            yield each

    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        reader = csv.reader(lines(), delimiter=delimiter, strict=True)
        start = 1
        while most > 0:
            start += len(consumed)
            consumed.clear()
            try:
                cells = next(reader, None)
            except csv.Error as error:
                found = _mended(consumed, delimiter)
                if found is None:
                    sentence = (
                        f"It is left out, and so are {len(consumed) - 1:,} lines after it: {error}."
                    )
                    notes.add("line", f"line {start}", sentence)
                    continue
                cells = found
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                most -= 1
                yield Row(start, cells)
    finally:
        csv.field_size_limit(before)


def _mended(lines: list[str], delimiter: str) -> list[str] | None:
    """Return the cells of a row with stray quotes as spreadsheets read them, or None.

    A quote that the end of the file closes has no such reading.
    """
    try:
        found = list(csv.reader([*lines, '"\n'], delimiter=delimiter))
        plain = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return None
    # With one quote more an open cell closes; a row that was closed gets another row.
    return plain[0] if len(plain) == 1 and len(found) > 1 else None
