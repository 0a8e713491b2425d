"""`throughput`: what was completed, week by week."""

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.picture import picture_options
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.model.snapshot import Snapshot
    from orchestrator.view.throughput import Throughput

_FORMATS = ("text", "svg")


@click.command("throughput")
@click.option("--project", "-p", default=None, metavar="ID", help="Of this project.")
@click.option(
    "--weeks", type=click.IntRange(1, 520), default=12, help="At most so many weeks; 12 by default."
)
@picture_options(*_FORMATS)
@json_option
@click.pass_obj
def command(
    session: Session,
    project: str | None,
    weeks: int,
    chosen: str | None,
    output: str | None,
    as_json: bool,
) -> None:
    """Chart what was completed in each week, as git knows it.

    A task counts in the week in which a commit of this branch made it completed, and again when
    it was reopened and completed once more. One that came in completed, as from an import, does
    not count. Weeks begin on Monday.
    """
    from orchestrator.cli.ledger import ledger_of, title_of
    from orchestrator.cli.picture import deliver, format_of
    from orchestrator.cli.talk import note, say_json
    from orchestrator.store.outline import outline
    from orchestrator.view.throughput import first_day, throughput

    kind = format_of(chosen, output, _FORMATS)
    snapshot = outline(session.workspace)
    begin = first_day(session.today, weeks)
    ledger = ledger_of(session, snapshot, project, begin, has_opening=False)
    made = throughput(ledger, session.today, weeks, project)
    if as_json:
        say_json(_json(made))
    elif not made.weeks:
        note("No task was committed yet.")
    else:
        title = title_of(snapshot, project)
        if kind == "svg":
            from orchestrator.view.pictures.throughput_svg import throughput_svg

            picture = throughput_svg(made, title, session.today, snapshot.hours_per_day)
        else:
            picture = _text(session, snapshot, made, title, output)
        deliver(session, picture, output)


def _text(
    session: Session, snapshot: "Snapshot", made: "Throughput", title: str, output: str | None
) -> str:
    from orchestrator.cli.escape import printable
    from orchestrator.cli.ink import BOLD, paint, screen
    from orchestrator.cli.ledger import ink, no_ink
    from orchestrator.view.pictures.throughput_text import throughput_text

    to_screen = output is None
    head = paint(printable(title), BOLD, has_color=to_screen and session.has_color)
    painted = partial(ink, session) if to_screen else no_ink
    lines = throughput_text(made, screen()[0], painted, snapshot.hours_per_day)
    return "".join(f"{line}\n" for line in (head, "", *lines))


def _json(made: "Throughput") -> dict[str, Any]:
    average = made.average
    return {
        "total": len(made.weeks),
        "weeks": [
            {
                "week": week.name,
                "from": week.monday.isoformat(),
                "completed": week.completed,
                "completed_minutes": week.minutes,
                "created": week.created,
                "reopened": week.reopened,
            }
            for week in made.weeks
        ],
        "average": average
        and {
            "weeks": average.weeks,
            "completed": round(average.completed, 3),
            "completed_minutes": round(average.minutes, 1),
            "created": round(average.created, 3),
        },
    }
