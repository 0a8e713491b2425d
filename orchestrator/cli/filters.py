"""The options that say which tasks are meant; a table in `model/task_filter.py` makes them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click

from orchestrator.cli.session import Session
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import (
    TERMS,
    FilterError,
    Given,
    Reading,
    TaskFilter,
    read_filter,
    read_where,
)

Command = Callable[..., Any]


def filter_options(command: Command) -> Command:
    """Add one option a term of filters, --filter and --where; `filter_of` reads them."""
    command = click.option(
        "--where", multiple=True, help="The same in one text: 'status=todo label=db overdue'."
    )(command)
    command = click.option("--filter", multiple=True, help="A filter that the settings name.")(
        command
    )
    for term in reversed(list(TERMS.values())):
        names = [f"--{term.name}", *([f"-{term.short}"] if term.short else ())]
        if term.reads in ("flag", "today"):
            add = click.option(*names, is_flag=True, help=term.help)
        elif term.reads == "names":
            add = click.option(
                *names, multiple=True, help=term.help, metavar=_metavar(term.choices)
            )
        else:
            metavar = {"day": "DAY", "minutes": "TIME", "count": "N", "name": "ID"}
            add = click.option(
                *names, default=None, help=term.help, metavar=metavar.get(term.reads, "TEXT")
            )
        command = add(command)
    return command


def filter_of(session: Session, snapshot: Snapshot, options: Mapping[str, Any]) -> TaskFilter:
    """Return the filter that the options of `filter_options` make together.

    Raises:
        click.UsageError: They cannot be understood.
    """
    try:
        given = list(_given(options))
        names_me = any("me" in value for _, value in given) or "filter" in dict(given)
        reading = Reading(
            session.today,
            session.me(snapshot) if names_me else None,
            snapshot.hours_per_day,
            snapshot.settings.get("filters"),
        )
        return read_filter(given, reading)
    except FilterError as error:
        raise click.UsageError(f"{error.message} {error.hint or ''}".strip()) from error


def _given(options: Mapping[str, Any]) -> Iterator[Given]:
    for name in TERMS:
        value = options.get(name.replace("-", "_"))
        if isinstance(value, tuple):
            yield from ((name, each) for each in value)
        elif isinstance(value, str):
            yield name, value
        elif value:
            yield name, ""
    yield from (("filter", name) for name in options.get("filter", ()))
    for text in options.get("where", ()):
        yield from read_where(text)


def _metavar(choices: tuple[str, ...]) -> str:
    return f"[{'|'.join(choices)}]" if choices else "NAME"
