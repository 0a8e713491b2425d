"""The options that say which tasks are meant; a table in `model/task_filter.py` makes them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click

from orchestrator.cli.options import usage
from orchestrator.cli.session import Session
from orchestrator.model.oneself import ME
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


class FilterOption(click.Option):
    """An option that says which tasks are meant."""


class FilteredCommand(click.Command):
    """A command whose help lists its own options first, and apart those that choose tasks."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in two sections."""
        sections: dict[str, list[tuple[str, str]]] = {"Options": [], "Filters": []}
        for parameter in self.get_params(ctx):
            if record := parameter.get_help_record(ctx):
                is_filter = isinstance(parameter, FilterOption)
                sections["Filters" if is_filter else "Options"].append(record)
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl(records)


def filter_options(command: Command) -> Command:
    """Add one option a term of filters, --filter and --where; `filter_of` reads them.

    The command has the class `FilteredCommand`.
    """
    command = _option(
        "--where",
        multiple=True,
        metavar="FILTERS",
        help="The same in one text: 'status=todo label=db overdue'.",
    )(command)
    command = _option(
        "--filter", multiple=True, metavar="NAME", help="A filter that the settings name."
    )(command)
    for term in reversed(list(TERMS.values())):
        names = [f"--{term.name}", *([f"-{term.short}"] if term.short else ())]
        if term.reads in ("flag", "today"):
            add = _option(*names, is_flag=True, help=term.help)
        elif term.reads == "names":
            add = _option(*names, multiple=True, help=term.help, metavar=_metavar(term.choices))
        else:
            metavar = {"day": "DAY", "minutes": "TIME", "count": "N", "name": "ID"}
            add = _option(
                *names, default=None, help=term.help, metavar=metavar.get(term.reads, "TEXT")
            )
        command = add(command)
    return command


def filter_of(session: Session, snapshot: Snapshot, options: Mapping[str, Any]) -> TaskFilter:
    """Return the filter that the options of `filter_options` make together.

    Raises:
        click.UsageError: They cannot be understood.
        UnknownSelfError: One says me, and nobody knows who that is.
    """
    with usage(FilterError):
        given = list(_given(options))
        names_me = any(ME in value for _, value in given) or "filter" in dict(given)
        reading = Reading(
            session.today,
            session.me(snapshot) if names_me else None,
            snapshot.hours_per_day,
            snapshot.settings.get("filters"),
        )
        return read_filter(given, reading)


def _option(*names: str, **attributes: Any) -> Callable[[Command], Command]:
    return click.option(*names, cls=FilterOption, **attributes)


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
