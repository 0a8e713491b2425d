"""Options that the agents' commands share."""

from collections.abc import Callable
from typing import Any

import click

from orchestrator.model.ids import USER_ID

Command = Callable[..., Any]


def provider_options(command: Command) -> Command:
    """Add --provider, --agent, --cache and the options of the budget."""
    command = click.option(
        "--max-seconds", type=click.IntRange(min=1), default=None, help="Time that it may take."
    )(command)
    command = click.option(
        "--max-dollars", type=click.FloatRange(min=0, min_open=True), default=None,
        help="Money that it may cost, where prices are known.",
    )(command)  # fmt: skip
    command = click.option(
        "--max-tokens", type=click.IntRange(min=1), default=None, help="Tokens, in and out."
    )(command)
    command = click.option(
        "--max-requests", type=click.IntRange(min=1), default=None, help="Requests to models."
    )(command)
    command = click.option(
        "--cache", "is_cached", is_flag=True,
        help="Take the answer that was given to the same request at the same commit.",
    )(command)  # fmt: skip
    command = click.option(
        "--agent", "agent", metavar="NAME", default=None, callback=_agent,
        help="Whose proposal it is: a name for agent/NAME/… and the policy.",
    )(command)  # fmt: skip
    return click.option(
        "--provider", metavar="P", default="",
        help="anthropic, openai:MODEL, offline, …; several, with commas, in order of preference.",
    )(command)  # fmt: skip


def _agent(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    import re

    if value is not None and not re.fullmatch(USER_ID, value):
        raise click.BadParameter("small letters, digits, dots and dashes: planner.")
    return value
