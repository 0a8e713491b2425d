"""`timeline`: tasks along the days, as a Gantt chart."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.options import json_option
from orchestrator.cli.picture import picture_options
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.view.timeline import Group, Timeline

_FORMATS = ("text", "mermaid", "svg")
_MOST = 1_000  # nobody reads a longer chart, and most viewers of SVG and Mermaid fail on one


@click.command("timeline", cls=FilteredCommand)
@filter_options
@picture_options(*_FORMATS)
@click.option("--from", "first", default=None, metavar="DAY", help="The first day to show.")
@click.option("--to", "last", default=None, metavar="DAY", help="The last day to show.")
@click.option(
    "--group",
    type=click.Choice(["project", "assignee"]),
    default="project",
    help="What the headings are.",
)
@click.option(
    "--all", "shows_all", is_flag=True, help="Cancelled tasks too, and all completed ones."
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=None,
    help=f"Show at most N tasks; {_MOST:,} if not given, and all in JSON.",
)
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Leave out the first N.")
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    chosen: str | None,
    output: str | None,
    first: str | None,
    last: str | None,
    group: "Group",
    shows_all: bool,
    limit: int | None,
    offset: int,
    as_json: bool,
    **terms: Any,
) -> None:
    """Show tasks along the days.

    It is a Gantt chart for a terminal, a forge (Mermaid) or a page (SVG).

    A bar is from start to due date where a task has both, from stamp to stamp where it is done,
    and else where it could be, from today on: after what it waits for, Monday to Friday, one day
    without an estimate. Left out are cancelled tasks and those completed more than a month ago,
    unless they are asked for.
    """
    from orchestrator.cli.entity import note_total, warn_unreadable
    from orchestrator.cli.filters import filter_of
    from orchestrator.cli.picture import deliver, format_of
    from orchestrator.cli.talk import note, say_rows
    from orchestrator.view.schedule import schedule
    from orchestrator.view.timeline import RECENT_DAYS, part, shown_ids, timeline

    kind = format_of(chosen, output, _FORMATS)
    begin, end = _days(session, first, last)
    snapshot = session.snapshot()
    wanted = filter_of(session, snapshot, terms)
    ids, older = shown_ids(snapshot, wanted, session.today, shows_all=shows_all)
    plan = schedule(snapshot, session.today)
    warn_unreadable(snapshot)
    if as_json:
        from orchestrator.view.rows import page
        from orchestrator.view.scheduled import scheduled_rows

        shown = page(ids, limit, offset).ids
        say_rows(len(ids), {"tasks": scheduled_rows(snapshot, shown, plan)})
        return
    if not ids:
        note("No tasks.")
        return
    whole = timeline(snapshot, ids, plan, session.today, group=group, first=begin, last=end)
    made = part(whole, _MOST if limit is None else limit, offset)
    deliver(session, _drawn(session, made, kind, is_file=output is not None), output)
    note_total(session, "tasks", len(made.tasks), len(ids), offset)
    _note_undated(made, kind)
    if older:
        note(f"{older:,} completed more than {RECENT_DAYS} days ago: --all shows them.")


def _days(session: Session, first: str | None, last: str | None) -> tuple[date | None, date | None]:
    from orchestrator.model.day import DayError, read_day

    try:
        begin = None if first is None else read_day(first, session.today)
        end = None if last is None else read_day(last, session.today)
    except DayError as error:
        raise click.UsageError(f"{error.message} {error.hint or ''}".strip()) from error
    if begin and end and end < begin:
        raise click.UsageError(f"--to {end} is before --from {begin} .")
    return begin, end


def _drawn(session: Session, made: "Timeline", kind: str, *, is_file: bool) -> str:
    match kind:
        case "svg":
            from orchestrator.view.pictures.timeline_svg import timeline_svg

            return timeline_svg(made)
        case "mermaid":
            from orchestrator.view.pictures.timeline_mermaid import timeline_mermaid

            return timeline_mermaid(made)
        case _:
            from orchestrator.cli.ink import screen
            from orchestrator.cli.timeline_text import timeline_text

            has_color = session.has_color and not is_file
            return timeline_text(made, screen()[0], has_color=has_color)


def _note_undated(made: "Timeline", kind: str) -> None:
    from orchestrator.cli.talk import note

    undated = sum(row.start is None for row in made.tasks)
    if undated and kind != "svg":
        note(f"{undated:,} without a day: done, and no stamp says when.")
