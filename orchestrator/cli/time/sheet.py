"""Rows as CSV that a spreadsheet can open without running what is in them."""

import csv
import io
from collections.abc import Iterable, Sequence

from orchestrator.cli.escape import printable

# A cell that begins so is a formula to a spreadsheet; an apostrophe before it makes it text.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - the wide ones are formulas to some as well


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a heading and rows as RFC 4180 has them, with CRLF; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    return printable(f"'{value}" if value.startswith(_FORMULA) else value, keep="\n\t")
