"""The options of commands that draw, and the way of a picture to the screen or into a file."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from orchestrator.cli.session import Session
from orchestrator.errors import OrchestratorError

Command = Callable[..., Any]
_SUFFIXES = {
    ".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot",
    ".txt": "text",
}  # fmt: skip


class UnwritablePictureError(OrchestratorError):
    """A picture cannot be written where it should go."""


def picture_options(*formats: str) -> Callable[[Command], Command]:
    """Return a decorator that adds --format and -o; `format_of` and `deliver` read them.

    Args:
        formats: The formats that the command draws in; the first is what a terminal gets.
    """

    def add(command: Command) -> Command:
        command = click.option(
            "-o",
            "--output",
            type=click.Path(dir_okay=False),
            metavar="FILE",
            help="Write to FILE; its ending says the format.",
        )(command)
        return click.option(
            "--format",
            "-f",
            "chosen",
            type=click.Choice(formats),
            default=None,
            help=f"How to draw it; {formats[0]} if neither this nor the file's ending says.",
        )(command)

    return add


def format_of(chosen: str | None, output: str | None, formats: Sequence[str]) -> str:
    """Return the format: what was asked for, or what the file's ending means, or the first.

    Raises:
        click.UsageError: The ending means none of them.
    """
    if chosen is not None or output in {None, "-"}:
        return chosen or formats[0]
    suffix = Path(str(output)).suffix.lower()
    meant = _SUFFIXES.get(suffix)
    if meant is None or meant not in formats:
        endings = [end for end, name in _SUFFIXES.items() if name in formats]
        raise click.UsageError(
            f"{output} does not say its format: end it in {', '.join(endings)} or give --format."
        )
    return meant


def deliver(session: Session, picture: str, output: str | None) -> None:
    """Write a picture to a file and say so, or to stdout; text for people goes through a pager.

    Without a file, and for `-`, it is stdout.

    Raises:
        UnwritablePictureError: The file cannot be written.
    """
    from orchestrator.cli.pager import show_paged
    from orchestrator.cli.talk import note

    if output is None or output == "-":
        show_paged(session, picture)
        return
    path = Path(output)
    if not path.parent.is_dir():
        raise UnwritablePictureError(
            f"There is no folder {path.parent} .", f"mkdir -p {path.parent}"
        )
    data = picture.encode("utf-8", "replace")
    try:
        path.write_bytes(data)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnwritablePictureError(
            f"{path} cannot be written: {reason}.", "Choose another file with -o ."
        ) from error
    note(f"Wrote {path} ({len(data) / 1024:,.0f} KB).")
