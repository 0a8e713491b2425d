"""What `watch` was asked for."""

import re
import shlex
import shutil
from collections.abc import Callable, Mapping
from typing import NamedTuple

import click

_SPAN = re.compile(r"(?P<number>\d{1,6}(?:\.\d{1,3})?)\s*(?P<unit>s|sec|m|min|h)?", re.IGNORECASE)
_SECONDS = {"": 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600}


class Wishes(NamedTuple):
    """What `watch` was asked for.

    Attributes:
        stamps: Whether it fills stamps into saved files.
        commits: Whether it commits what is right.
        syncs: Integrations to sync after commits.
        command: Program and arguments to run on changes; empty for none.
        quiet: Seconds without a change after which it commits.
        rescan: Seconds after which it looks at all files whatever it heard.
        polls: Whether it looks regularly instead of being told by the system.
        as_json: Whether it answers in JSON.
    """

    stamps: bool = False
    commits: bool = False
    syncs: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    quiet: float = 5.0
    rescan: float = 60.0
    polls: bool = False
    as_json: bool = False


def span(least: float) -> Callable[[click.Context, click.Parameter, str], float]:
    """Return a callback of an option that reads a span of time: `5`, `5s`, `1.5m`, `1h`.

    Args:
        least: The shortest that it takes, in seconds.
    """

    def read(_context: click.Context, _option: click.Parameter, text: str) -> float:
        found = _SPAN.fullmatch(text.strip())
        if found is None:
            raise click.BadParameter(f"{text[:40]!r} is no span of time: 5s, 90, 2m, 1h.")
        seconds = float(found["number"]) * _SECONDS[(found["unit"] or "").lower()]
        if seconds < least:
            raise click.BadParameter(f"{text[:40]!r} is less than {least:g} s.")
        return seconds

    return read


def words_of(command: str | None, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the program and the arguments of a command line, split as a shell splits it.

    Raises:
        click.UsageError: A quote is not closed, or there is no such program.
    """
    if command is None:
        return ()
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise click.UsageError(f"--exec cannot be read: {str(error).lower()}.") from error
    if not words:
        raise click.UsageError("--exec names no command.")
    program = shutil.which(words[0], path=environment.get("PATH"))
    if program is None:
        raise click.UsageError(f"--exec: there is no program {words[0]} .")
    return (program, *words[1:])
