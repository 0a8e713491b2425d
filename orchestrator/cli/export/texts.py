"""The formats that are one text: each an `export` command that writes to stdout or a file."""

from collections.abc import Callable
from typing import Any

import click

from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.options import usage
from orchestrator.cli.session import Session
from orchestrator.model.snapshot import Snapshot

Command = Callable[..., Any]


def _output(command: Command) -> Command:
    return click.option(
        "-o", "--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write to FILE."
    )(command)


def _columns(command: Command) -> Command:
    return click.option(
        "--columns", default=None, metavar="NAMES", help="Which, with commas between."
    )(command)


@click.command("json", cls=FilteredCommand)
@filter_options
@_output
@click.pass_obj
def json(session: Session, /, output: str | None, **terms: Any) -> None:
    """The plan as one JSON document: settings, users, projects and tasks, by id.

    It is the document that patches speak of.
    """
    from orchestrator.exchange.exports.document import as_json

    _write(session, as_json(*chosen(session, terms)), output)


def _table(name: str, delimiter: str, help_text: str) -> click.Command:
    @click.command(name, help=help_text, cls=FilteredCommand)
    @filter_options
    @_columns
    @_output
    @click.pass_obj
    def command(session: Session, /, columns: str | None, output: str | None, **terms: Any) -> None:
        from orchestrator.exchange.exports.table import COLUMNS, UnknownColumnError, as_table

        names = [part.strip() for part in columns.split(",")] if columns else COLUMNS
        try:
            text = as_table(*chosen(session, terms), names, delimiter)
        except UnknownColumnError as error:
            raise click.UsageError(f"{error.message} {error.hint or ''}".strip()) from error
        _write(session, text, output)

    return command


csv = _table(
    "csv", ",",
    "A table for spreadsheets, one task a line; orchestrator import csv reads it back.",
)  # fmt: skip
tsv = _table("tsv", "\t", "The same with tabs between the cells.")


@click.command("markdown", cls=FilteredCommand)
@click.option("--since", default="-7d", metavar="DAY", show_default=True, help="Look back to it.")
@click.option("--until", default="+7d", metavar="DAY", show_default=True, help="Look ahead to it.")
@filter_options
@_output
@click.pass_obj
def markdown(session: Session, /, since: str, until: str, output: str | None, **terms: Any) -> None:
    """A report to send round: done, under way, late, blocked, next.

    orchestrator export markdown | mail -s "This week" team@example.com
    """
    from orchestrator.exchange.exports.report import Span, as_report
    from orchestrator.model.day import DayError, read_day

    with usage(DayError):
        span = Span(read_day(since, session.today), session.today, read_day(until, session.today))
    if span.since > span.until:
        raise click.UsageError(f"--since {span.since} is after --until {span.until} .")
    _write(session, as_report(*chosen(session, terms), span), output)


@click.command("mermaid", cls=FilteredCommand)
@click.option(
    "--graph", "is_graph", is_flag=True, help="What waits for what, instead of the timeline."
)
@filter_options
@_output
@click.pass_obj
def mermaid(session: Session, /, is_graph: bool, output: str | None, **terms: Any) -> None:
    """A timeline, or the graph of dependencies, that forges draw in Markdown pages."""
    from orchestrator.view.dependency_graph import dependency_graph
    from orchestrator.view.pictures.graph_mermaid import graph_mermaid
    from orchestrator.view.pictures.timeline_mermaid import timeline_mermaid
    from orchestrator.view.schedule import schedule
    from orchestrator.view.timeline import timeline

    snapshot, ids = chosen(session, terms)
    if is_graph:
        picture = graph_mermaid(dependency_graph(snapshot, ids))
    else:
        plan = schedule(snapshot, session.today)
        picture = timeline_mermaid(timeline(snapshot, ids, plan, session.today))
    _write(session, picture, output)


@click.command("ical", cls=FilteredCommand)
@filter_options
@_output
@click.pass_obj
def ical(session: Session, /, output: str | None, **terms: Any) -> None:
    """Due dates for any calendar, each a day; tasks that are done are left out.

    Write it where a web server finds it, and subscribe to it.
    """
    from orchestrator.exchange.exports.calendar import as_calendar

    if not any(terms[name] for name in ("open", "closed", "status")):
        terms["open"] = True
    _write(session, as_calendar(*chosen(session, terms), session.now), output)


@click.command("beads", cls=FilteredCommand)
@filter_options
@_output
@click.pass_obj
def beads(session: Session, /, output: str | None, **terms: Any) -> None:
    """Issues of beads, one a line; bd import reads them."""
    from orchestrator.exchange.exports.beads import as_beads

    _write(session, as_beads(*chosen(session, terms)), output)


def chosen(session: Session, terms: dict[str, Any]) -> tuple[Snapshot, list[str]]:
    """Return the plan, and the ids of the tasks that options of filters choose, sorted."""
    from orchestrator.cli.entity import warn_unreadable
    from orchestrator.cli.filters import filter_of
    from orchestrator.view.select import select

    snapshot = session.snapshot()
    ids = sorted(select(snapshot, filter_of(session, snapshot, terms)))
    warn_unreadable(snapshot)
    return snapshot, ids


def _write(session: Session, text: str, output: str | None) -> None:
    from orchestrator.cli.picture import deliver

    deliver(session, text, output)
