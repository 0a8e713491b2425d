"""Talking to a person: answers on stdout, refusals and bugs on stderr."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orchestrator.cli.escape import json_text, printable
from orchestrator.errors import OrchestratorError

MANY = 100
"""Rows from which on an answer in JSON is large: nobody reads it without a tool."""


def say(text: str = "") -> None:
    """Print one answer to stdout."""
    sys.stdout.write(f"{clean(text)}\n")


def say_raw(text: str) -> None:
    """Print text that holds its own colours and line ends."""
    sys.stdout.write(text)


def note(text: str) -> None:
    """Print talk to stderr."""
    sys.stderr.write(f"{clean(text)}\n")


def say_json(value: Any, *, is_large: bool = False) -> None:
    """Print a JSON answer; a large one in one line, which takes a fifth of the time."""
    sys.stdout.write(f"{json_text(value, indent=None if is_large else 2)}\n")


def say_rows(total: int, lists: Mapping[str, Sequence[Any]]) -> None:
    """Print a JSON answer that is a list, `{"total": n, "<noun>": [...]}`, one row a line.

    Args:
        total: How many there are in all.
        lists: Rows by noun.
    """
    parts = [f'"total": {total}']
    for noun, rows in lists.items():
        inside = ",\n".join(json_text(row) for row in rows)
        parts.append(f'"{noun}": [\n{inside}\n]' if inside else f'"{noun}": []')
    sys.stdout.write(f"{{{', '.join(parts)}}}\n")


def refuse(error: OrchestratorError, about: str = "") -> None:
    """Print why a command does not go on, or only a part of it, and what to type next."""
    sys.stderr.write(f"error: {clean(f'{about}: ' if about else '')}{clean(error.message)}\n")
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


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    fancy: bool,
    has_color: bool = False,
    paints: Callable[[int, int], str] | None = None,
    spare: Sequence[str] = (),
) -> str:
    """Return rows in columns: a table for a terminal, plain aligned text for a pipe.

    Args:
        columns: Headings.
        rows: Cells, as files have them: what could drive the terminal is escaped here.
        fancy: Whether a person's terminal shows it: then with headings, and no wider than the
            screen; titles and other long texts are cut for that, ids, dates and numbers are not.
        has_color: Whether to colour it.
        paints: Returns the colour of a cell, by row and column; without, statuses and
            priorities have theirs.
        spare: Headings of columns that a narrow screen can do without, in this order.
    """
    from orchestrator.cli.table import drawn

    return drawn(
        columns, rows, fancy=fancy, has_color=fancy and has_color, paints=paints, spare=spare
    )
