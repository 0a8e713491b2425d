"""`board`: tasks in columns by status."""

from typing import Any

import click

from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.view.board import Board, Column, Lanes

_PIPED_LIMIT = 10


@click.command("board", cls=FilteredCommand)
@click.option(
    "--lanes",
    type=click.Choice(["assignee", "project", "priority", "none"]),
    default="none",
    help="One lane for each of these.",
)
@click.option(
    "--all",
    "shows_all",
    is_flag=True,
    help="Cancelled tasks too, and all completed ones, not just the last week's.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    default=None,
    help=f"At most N cards a column; else what fits the screen, and {_PIPED_LIMIT} in a pipe.",
)
@filter_options
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    lanes: Lanes,
    shows_all: bool,
    limit: int | None,
    as_json: bool,
    **terms: Any,
) -> None:
    """Show tasks in columns by status, the most urgent first.

    A card has the id, !! for urgent, ! for high and - for low priority, when it is due, and who
    has it.
    """
    from orchestrator.cli.board_text import Drawing, board_text
    from orchestrator.cli.entity import warn_unreadable
    from orchestrator.cli.filters import filter_of
    from orchestrator.cli.ink import screen
    from orchestrator.cli.pager import show_paged
    from orchestrator.cli.talk import MANY, note, say_json
    from orchestrator.view.board import board

    snapshot = session.snapshot()
    wanted = filter_of(session, snapshot, terms)
    made = board(snapshot, wanted, session.today, lanes=lanes, shows_all=shows_all)
    warn_unreadable(snapshot)
    if as_json:
        say_json(_answer(snapshot, made, lanes, limit), is_large=made.total > MANY)
        return
    width, height = screen()
    if made.total:
        drawing = Drawing(
            session.today,
            width,
            # The shell's next line, and the note below.
            height - 1 - bool(made.older) if session.is_terminal and limit is None else None,
            _PIPED_LIMIT if limit is None else limit,
            session.has_color,
            lanes,
        )
        show_paged(session, board_text(snapshot, made, drawing))
    else:
        note("No tasks.")
    if made.older:
        note(f"{made.older:,} completed earlier: --all shows them.")


def _answer(snapshot: Snapshot, made: Board, lanes: Lanes, limit: int | None) -> Document:
    from orchestrator.view.rows import task_rows

    ids = [item for lane in made.lanes for column in lane.columns for item in column.ids[:limit]]
    rows = dict(zip(ids, task_rows(snapshot, ids), strict=True))

    def columns(found: tuple[Column, ...]) -> list[Document]:
        return [
            {
                "status": column.status or None,
                "total": len(column.ids),
                "tasks": [rows[task_id] for task_id in column.ids[:limit]],
            }
            for column in found
        ]

    if lanes == "none":
        return {"total": made.total, "columns": columns(made.lanes[0].columns)}
    return {
        "total": made.total,
        "lanes": [
            {
                lanes: lane.name or None,
                "total": sum(len(column.ids) for column in lane.columns),
                "columns": columns(lane.columns),
            }
            for lane in made.lanes
        ],
    }
