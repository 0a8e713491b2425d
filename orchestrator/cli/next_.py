"""`next`: what to do next, and why."""

from collections.abc import Sequence
from typing import Any

import click

from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session
from orchestrator.view.derived import Derived
from orchestrator.view.ranking import Ranked

_INDENT = 9


@click.command("next", cls=FilteredCommand)
@click.argument("count", metavar="[N]", type=click.IntRange(min=1), default=5)
@filter_options
@click.option("--all", "of_all", is_flag=True, help="Of everybody, not just yours and nobody's.")
@click.option("--ids", "ids_only", is_flag=True, help="Only the ids, one a line.")
@json_option
@click.pass_obj
def command(
    session: Session, /, count: int, of_all: bool, ids_only: bool, as_json: bool, **terms: Any
) -> None:
    """Rank what to do next, the first N of it, and say why.

    Of what is ready and what is in progress, yours and nobody's. Points: urgent 10, high 6, medium
    3; due today 8.5, half a point more for each day late (up to 12) and less for each day ahead;
    1 for each task that waits for it (up to 8); 5 in progress; 1 yours; 1 for an hour or less of
    work, 0.5 for half a day; 0.1 for each week of age (up to 2); 2, 1 or -1 for an urgent, high or
    low project; -4 when it is to start later.
    """
    from orchestrator.cli.entity import warn_unreadable
    from orchestrator.cli.filters import filter_of
    from orchestrator.cli.talk import note, say, say_raw
    from orchestrator.view.ranking import candidates, rank
    from orchestrator.view.select import predicate

    snapshot = session.snapshot()
    wanted = filter_of(session, snapshot, terms)
    me = session.me(snapshot)
    lets = predicate(snapshot, wanted)
    derived = Derived(snapshot)
    ids = [item for item in candidates(derived) if lets(item, snapshot.tasks[item])]
    is_mine = me is not None and not of_all and not wanted.assignee
    if is_mine:
        ids = [item for item in ids if snapshot.tasks[item].get("assignee") in (None, me)]
    ranked = rank(derived, ids, session.today, count, me)
    warn_unreadable(snapshot)
    if as_json:
        _say_json(derived, ranked, len(ids))
    elif ids_only:
        for row in ranked:
            say(row.id)
    elif ranked:
        say_raw("".join(_lines(session, derived, ranked)))
    else:
        whose = f" for {me}; orchestrator next --all shows everybody's" if is_mine else ""
        note(f"Nothing is ready or in progress{whose}.")


def _say_json(derived: Derived, ranked: Sequence[Ranked], total: int) -> None:
    from orchestrator.cli.talk import say_rows
    from orchestrator.view.rows import task_rows

    rows = task_rows(derived.snapshot, [row.id for row in ranked], derived)
    for row, found in zip(rows, ranked, strict=True):
        reasons = [reason._asdict() for reason in found.reasons]
        row["derived"] |= {"score": found.score, "reasons": reasons}
    say_rows(total, {"tasks": rows})


def _lines(session: Session, derived: Derived, ranked: Sequence[Ranked]) -> list[str]:
    """Return two lines a task: what it is, and why it stands there."""
    from orchestrator.cli.escape import printable
    from orchestrator.cli.ink import BOLD, DIM, cells, fit, mark_of, paint, screen

    has_color = session.has_color
    width = screen()[0] if session.is_terminal else None
    lines = []
    for row in ranked:
        task = derived.snapshot.tasks[row.id]
        named = printable(row.id)
        title = printable(str(task.get("title") or ""))
        if width:
            title = fit(title, max(width - cells(named) - 13, 12))
        status = mark_of(task.get("status"), has_color=has_color)
        shown_id = paint(named, BOLD, has_color=has_color)
        lines.append(f"{row.score:5.1f}  {status} {shown_id}  {title}\n")
        why = [printable(f"{each.points:+g} {each.because}") for each in row.reasons]
        packed = _packed(why, (width or 10_000) - _INDENT)
        lines += [f"{' ' * _INDENT}{paint(text, DIM, has_color=has_color)}\n" for text in packed]
    return lines


def _packed(parts: Sequence[str], width: int) -> list[str]:
    """Return parts with `;` between, as many a line as fit; none is broken."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 2 + len(part) <= width:
            lines[-1] += f"; {part}"
        else:
            lines.append(part)
    return lines
