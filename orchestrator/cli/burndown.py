"""`burndown`: what remained to do, day by day."""

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.picture import picture_options
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.model.snapshot import Snapshot
    from orchestrator.view.burndown import Burndown, Question

_FORMATS = ("text", "svg")
_HEIGHTS = (6, 18)
_EPOCH = date(1970, 1, 1)  # git has no older commits
_AROUND = 14  # lines that a chart in a terminal has above and below


@click.command("burndown")
@click.option("--project", "-p", default=None, metavar="ID", help="Of this project.")
@click.option("--since", metavar="DAY", help="The first day; not given, that of the first task.")
@click.option("--until", metavar="DAY", help="The last day; not given, today.")
@click.option(
    "--by",
    type=click.Choice(["count", "minutes"]),
    default="count",
    help="Count tasks, or add their own estimates up.",
)
@picture_options(*_FORMATS)
@json_option
@click.pass_obj
def command(
    session: Session,
    project: str | None,
    since: str | None,
    until: str | None,
    by: str,
    chosen: str | None,
    output: str | None,
    as_json: bool,
) -> None:
    """Chart what remained to do day by day, as git knows it.

    It is drawn from what the files said in the commits of this branch; what is not committed is
    not in it, and no stamp in a file is believed. What was cancelled or deleted is out of scope.
    """
    from orchestrator.cli.ledger import day_minutes, ledger_of, title_of
    from orchestrator.cli.picture import deliver, format_of
    from orchestrator.cli.talk import note, say_json
    from orchestrator.store.outline import outline
    from orchestrator.view.burndown import WINDOW, burndown

    kind = format_of(chosen, output, _FORMATS)
    snapshot = outline(session.workspace)
    asked = _question(session, snapshot, project, (since, until), in_minutes=by == "minutes")
    begin = asked.since and asked.since - timedelta(days=WINDOW)  # the pace is from before as well
    made = burndown(ledger_of(session, snapshot, project, begin), asked)
    if as_json:
        say_json(_json(made))
    elif not made.days:
        note("No task was committed in these days.")
    else:
        title = title_of(snapshot, project)
        if kind == "svg":
            from orchestrator.view.pictures.burndown_svg import burndown_svg

            picture = burndown_svg(made, title, day_minutes(snapshot))
        else:
            picture = _text(session, snapshot, made, title, output)
        deliver(session, picture, output)


def _question(
    session: Session,
    snapshot: "Snapshot",
    project: str | None,
    days: tuple[str | None, str | None],
    *,
    in_minutes: bool,
) -> "Question":
    from orchestrator.model.day import DayError, read_day
    from orchestrator.view.burndown import Question

    try:
        since, until = (read_day(day, session.today) if day else None for day in days)
    except DayError as error:
        raise click.UsageError(f"{error.message} {error.hint or ''}".strip()) from error
    last = min(until or session.today, session.today)
    if since is not None and since > last:
        raise click.UsageError(f"{since} is after {last}, the last day.")
    since = since and max(since, _EPOCH)
    due = (snapshot.projects.get(project or "") or {}).get("due_date")
    wanted = date.fromisoformat(due) if due else None
    return Question(session.today, project, since, until, in_minutes, wanted)


def _text(
    session: Session, snapshot: "Snapshot", made: "Burndown", title: str, output: str | None
) -> str:
    from orchestrator.cli.escape import printable
    from orchestrator.cli.ink import BOLD, paint, screen
    from orchestrator.cli.ledger import day_minutes, ink, no_ink
    from orchestrator.view.pictures.burndown_text import burndown_text

    width, height = screen()
    rows = min(max(height - _AROUND, _HEIGHTS[0]), _HEIGHTS[1])
    to_screen = output is None
    head = paint(printable(title), BOLD, has_color=to_screen and session.has_color)
    lines = burndown_text(
        made, width, rows, partial(ink, session) if to_screen else no_ink, day_minutes(snapshot)
    )
    return "".join(f"{line}\n" for line in (head, *lines))


def _json(made: "Burndown") -> dict[str, Any]:
    ideal, forecast = made.ideal, made.forecast
    return {
        "total": len(made.days),
        "by": "minutes" if made.question.in_minutes else "count",
        "days": [
            {
                "day": day.day.isoformat(),
                "scope": day.scope,
                "done": day.done,
                "remaining": day.remaining,
            }
            for day in made.days
        ],
        "due": made.due and made.due.isoformat(),
        "ideal": ideal and [{"day": day.isoformat(), "remaining": amount} for day, amount in ideal],
        "forecast": forecast
        and {
            "day": forecast.end and forecast.end.isoformat(),
            "window_days": forecast.window,
            "done": forecast.done,
            "per_day": round(forecast.rate, 3),
            "scope_grown": forecast.grown,
        },
        "unestimated": made.unestimated,
    }
