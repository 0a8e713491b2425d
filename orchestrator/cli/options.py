"""Options that several commands share, and the parameters of lists."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from orchestrator.errors import OrchestratorError

Command = Callable[..., Any]


@contextmanager
def usage(error: type[OrchestratorError]) -> Iterator[None]:
    """Tell a refusal of this class as what it is here: a wrong way to call the command."""
    try:
        yield
    except error as refusal:
        raise click.UsageError(f"{refusal.message} {refusal.hint or ''}".strip()) from refusal


def json_option(command: Command) -> Command:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")(command)


def page_options(command: Command) -> Command:
    """Add --limit and --offset."""
    command = click.option(
        "--offset",
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help="Leave out the first N.",
    )(command)
    return click.option(
        "--limit", type=click.IntRange(min=0), default=None, metavar="N", help="Show at most N."
    )(command)


def list_options(command: Command) -> Command:
    """Add --json, --limit, --offset and --sort."""
    command = click.option(
        "--sort", default=None, metavar="FIELDS", help="By these fields: -priority,due_date ."
    )(command)
    return json_option(page_options(command))


def task_list_options(command: Command) -> Command:
    """Add the options of `list_options`, and --columns and --ids; `shown_tasks` reads them."""
    command = click.option(
        "--ids", "ids_only", is_flag=True, help="Only the ids, one a line, for loops of a shell."
    )(command)
    command = click.option(
        "--columns",
        default=None,
        metavar="NAMES",
        help="Which to show: id,title,due,blocked_by ; +labels,spent adds to the usual ones.",
    )(command)
    return list_options(command)


def commit_options(command: Command) -> Command:
    """Add --commit and -m."""
    command = click.option(
        "-m",
        "--message",
        default=None,
        help="The commit's message; not given, it says what changed.",
    )(command)
    return click.option(
        "--commit/--no-commit",
        "wants_commit",
        default=None,
        help="Commit just the files that this touches; a setting, commit: auto, makes it so.",
    )(command)
