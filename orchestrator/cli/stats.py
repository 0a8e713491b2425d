"""`stats`: what there is, what is late, what is done, on one screen."""

from collections.abc import Mapping
from typing import Any

import click

from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session
from orchestrator.view.stats import SPANS, Stats

_BAR = 14
_NAME = 14
_COUNT = 7
_WIDTH = _NAME + 1 + _COUNT + 1 + _BAR
_GAP = "   "
_MOST = 6


@click.command("stats", cls=FilteredCommand)
@filter_options
@json_option
@click.pass_obj
def command(session: Session, /, as_json: bool, **terms: Any) -> None:
    """Count tasks by status, priority, project and person, their effort, and their pace.

    All but the statuses count open tasks. Lead time is the median from made to completed, cycle
    time from started to completed.
    """
    from orchestrator.cli.entity import warn_unreadable
    from orchestrator.cli.filters import filter_of
    from orchestrator.cli.talk import note, say_json, say_raw
    from orchestrator.view.derived import Derived
    from orchestrator.view.select import select
    from orchestrator.view.stats import stats

    snapshot = session.snapshot()
    ids = select(snapshot, filter_of(session, snapshot, terms))
    found = stats(Derived(snapshot), ids, session.today)
    warn_unreadable(snapshot)
    if as_json:
        say_json(_object(found))
    elif not found.total:
        note("No tasks.")
    else:
        say_raw("".join(f"{line}\n" for line in _lines(session, found, snapshot.hours_per_day)))


def _object(found: Stats) -> dict[str, Any]:
    return {
        "total": found.total,
        "open": found.open,
        "ready": found.ready,
        "blocked": found.blocked,
        "overdue": found.overdue,
        "status": found.status,
        "priority": found.priority,
        "project": found.project,
        "assignee": found.assignee,
        "estimated_minutes": found.estimated,
        "spent_minutes": found.spent,
        "remaining_minutes": found.remaining,
        **{f"created_{days}_days": count for days, count in found.created.items()},
        **{f"completed_{days}_days": count for days, count in found.completed.items()},
        "lead_days": found.lead_days,
        "cycle_days": found.cycle_days,
    }


def _lines(session: Session, found: Stats, hours_per_day: float) -> list[str]:
    from itertools import zip_longest

    from orchestrator.cli.ink import screen

    people = {name or "nobody": count for name, count in found.assignee.items()}
    blocks = [
        _block(session, "status", found.status),
        _block(session, "priority, open", found.priority),
        _block(session, "project, open", found.project),
        _block(session, "person, open", people),
    ]
    lines = [_headline(session, found), ""]
    if screen()[0] >= 2 * _WIDTH + len(_GAP):
        for pair in (blocks[:2], blocks[2:]):
            rows = zip_longest(*pair, fillvalue=" " * _WIDTH)
            lines += [*(_GAP.join(row).rstrip() for row in rows), ""]
    else:
        lines += [line for block in blocks for line in (*block, "")]
    return [*lines, *_effort_and_pace(found, hours_per_day)]


def _headline(session: Session, found: Stats) -> str:
    from orchestrator.cli.ink import BOLD, RED, paint
    from orchestrator.view.when import counted

    total = paint(counted(found.total, "task"), BOLD, has_color=session.has_color)
    late = f"{found.overdue:,} overdue"
    late = paint(late, RED if found.overdue else "", has_color=session.has_color)
    able = f"{found.open:,} open, {found.ready:,} ready, {found.blocked:,} blocked"
    return f"{total}: {able}, {late}"


def _block(session: Session, heading: str, counts: Mapping[str, int]) -> list[str]:
    """Return a heading and a bar for each of the largest counts, all of one width."""
    from orchestrator.cli.escape import printable
    from orchestrator.cli.ink import BOLD, bar, fit, pad, paint

    shown = dict(list(counts.items())[:_MOST])
    rest = sum(counts.values()) - sum(shown.values())
    largest = max((*shown.values(), 1))
    lines = [paint(pad(heading, _WIDTH), BOLD, has_color=session.has_color)]
    for name, count in shown.items():
        label = pad(fit(printable(name), _NAME), _NAME)
        drawn = bar(count / largest, _BAR)
        lines.append(f"{label} {count:>{_COUNT},} {drawn}")
    if len(counts) > _MOST:
        lines.append(pad(f"{f'{len(counts) - _MOST} more':<{_NAME}} {rest:>{_COUNT},}", _WIDTH))
    return lines


def _effort_and_pace(found: Stats, hours_per_day: float) -> list[str]:
    from orchestrator.model.duration import format_duration

    estimated, spent, remaining = (
        format_duration(minutes, hours_per_day)
        for minutes in (found.estimated, found.spent, found.remaining)
    )
    pace = [
        f"{words} {value:g} days"
        for words, value in (("lead time", found.lead_days), ("cycle time", found.cycle_days))
        if value is not None
    ]
    lately = "; ".join(
        f"last {days} days: {found.completed[days]:,} completed, {found.created[days]:,} new"
        for days in SPANS
    )
    return [
        f"effort: {estimated} estimated, {spent} spent, {remaining} remaining",
        lately,
        *([f"median {' and '.join(pace)}"] if pace else []),
    ]
