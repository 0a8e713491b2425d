"""Talking to a person: answers on stdout, refusals and bugs on stderr."""

import sys
from collections.abc import Sequence
from typing import Any

from orchestrator.cli.escape import json_text, printable
from orchestrator.errors import OrchestratorError


def say(text: str = "") -> None:
    """Print one answer to stdout."""
    sys.stdout.write(f"{clean(text)}\n")


def say_raw(text: str) -> None:
    """Print text that holds its own colours and line ends."""
    sys.stdout.write(text)


def note(text: str) -> None:
    """Print talk to stderr."""
    sys.stderr.write(f"{clean(text)}\n")


def say_json(value: Any) -> None:
    """Print a JSON answer."""
    sys.stdout.write(f"{json_text(value, indent=2)}\n")


def refuse(error: OrchestratorError) -> None:
    """Print why a command does not go on, and what to type next."""
    sys.stderr.write(f"error: {clean(error.message)}\n")
    if error.hint:
        sys.stderr.write(f"hint: {clean(error.hint)}\n")


def report_bug(error: BaseException) -> None:
    """Print a traceback and where to send it."""
    import traceback

    sys.stderr.write(clean("".join(traceback.format_exception(error))))
    sys.stderr.write(
        "\nThis is a bug in orchestrator. Please report it with the lines above; "
        "remove what is private first.\n"
    )


def clean(text: str) -> str:
    """Return text of one or more lines so that a file cannot drive the terminal."""
    return printable(text, keep="\n\t")


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, fancy: bool) -> str:
    """Return rows in columns: a table for a terminal, plain aligned text for a pipe.

    Args:
        columns: Headings.
        rows: Cells.
        fancy: Whether a person's terminal shows it.
    """
    cells = [[clean(cell).replace("\n", " ") for cell in row] for row in rows]
    if fancy:
        return _fancy(columns, cells)
    widths = [max((len(row[index]) for row in cells), default=0) for index in range(len(columns))]
    lines = []
    for row in cells:
        padded = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        lines.append("  ".join(padded).rstrip())
    return "".join(f"{line}\n" for line in lines)


def _fancy(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    import io

    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        made.add_column(column, no_wrap=index == 0, overflow="fold" if index == 0 else "ellipsis")
    for row in rows:
        made.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))
    out = io.StringIO()
    Console(file=out, force_terminal=True, soft_wrap=False).print(made)
    return out.getvalue()


_STYLES = {
    "completed": "green", "in_progress": "cyan", "in_review": "magenta", "blocked": "red",
    "cancelled": "dim", "urgent": "bold red", "high": "yellow", "low": "dim", "active": "green",
}  # fmt: skip
