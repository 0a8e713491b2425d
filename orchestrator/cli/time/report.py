"""`time report`: time spent, added up, as a table, CSV or JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.options import list_options, usage
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.model.snapshot import Snapshot
    from orchestrator.view.time_report import Group, TimeReport

_NONE = {"user": "(nobody)", "label": "(none)"}
_RED = "31"


@click.command("report", cls=FilteredCommand)
@click.option(
    "--by", multiple=True, metavar="[user|project|label|task|day|week|month]",
    help="What to add up by; several nest: --by week,user . By user when not given.",
)  # fmt: skip
@click.option("--since", metavar="DAY", default=None, help="From this day on: monday, -2w.")
@click.option("--until", metavar="DAY", default=None, help="Up to this day.")
@click.option("--user", metavar="ID", default=None, help="Time of this person; me is you.")
@click.option("--csv", "as_csv", is_flag=True, help="Answer in CSV, for a spreadsheet.")
@filter_options
@list_options
@click.pass_obj
def command(
    session: Session,
    /,
    by: tuple[str, ...],
    since: str | None,
    until: str | None,
    user: str | None,
    as_csv: bool,
    as_json: bool,
    limit: int | None,
    offset: int,
    sort: str | None,
    **terms: Any,
) -> None:
    """Add up time spent. A task with two labels counts under both, and once in the total."""
    from orchestrator.cli.entity import note_total, warn_unreadable
    from orchestrator.cli.filters import filter_of
    from orchestrator.cli.talk import note, say_json, say_raw
    from orchestrator.cli.time.clock import timer_of
    from orchestrator.view.select import select
    from orchestrator.view.time_report import (
        UnknownColumnError,
        group_row,
        sorted_groups,
        time_report,
    )

    if as_csv and as_json:
        raise click.UsageError("Give --csv or --json, not both.")
    first, last = _day(session, since), _day(session, until)
    if first and last and first > last:
        raise click.UsageError(f"--since {first} is after --until {last} .")
    snapshot = session.snapshot()
    timer_of(session, snapshot)
    who = _known(session, snapshot, user)
    names = _dimensions(by)
    wanted = select(snapshot, filter_of(session, snapshot, terms))
    report = time_report(snapshot, wanted, names, first, last, who)
    with usage(UnknownColumnError):
        groups = sorted_groups(report, sort or "")
    shown = groups[offset:][:limit]
    warn_unreadable(snapshot)
    if report.undated:
        note(f"warning: {_time(snapshot, report.undated)} without a day are left out.")
    rows = [group_row(snapshot, report, group) for group in shown]
    if as_json:
        said = {"minutes": report.minutes, "entries": report.entries}
        say_json({"total": len(groups), "groups": rows, **said})
    elif as_csv:
        say_raw(_csv(report, rows))
    else:
        _show(session, snapshot, report, shown, rows)
        if len(shown) < len(groups):
            note_total(session, "groups", len(shown), len(groups), offset)
        if report.is_shared:
            note("Tasks with several labels count under each; the total counts them once.")


def _dimensions(by: Sequence[str]) -> list[str]:
    from orchestrator.model.suggest import did_you_mean
    from orchestrator.view.time_report import DIMENSIONS

    names = [part.strip() for text in by for part in text.split(",") if part.strip()]
    for name in names:
        if name not in DIMENSIONS:
            hint = did_you_mean(name, DIMENSIONS) or f"There are {', '.join(DIMENSIONS)} ."
            raise click.UsageError(f"Time cannot be added up by {name[:40]!r}. {hint}")
    return list(dict.fromkeys(names)) or ["user"]


def _day(session: Session, text: str | None) -> str | None:
    from orchestrator.cli.time.moment import read_past_day

    return text and read_past_day(text, session.today).isoformat()


def _known(session: Session, snapshot: "Snapshot", user: str | None) -> str | None:
    """Return the user asked for; one who is gone may still have logged time."""
    from orchestrator.model.oneself import ME

    if user == ME:
        return session.myself(snapshot)
    if not user or user in snapshot.users:
        return user
    from orchestrator.verbs.refuse import unknown
    from orchestrator.verbs.time import logged

    if all(found.entry.get("user") != user for found in logged(snapshot)):
        raise unknown(snapshot, "users", user)
    return user


def _time(snapshot: "Snapshot", minutes: int) -> str:
    from orchestrator.model.duration import format_duration

    return format_duration(minutes, snapshot.hours_per_day)


def _csv(report: "TimeReport", rows: Sequence[dict[str, Any]]) -> str:
    from orchestrator.cli.time.sheet import csv_text

    has_tasks = "task" in report.by
    more = ("title", "estimated_minutes", "is_over") if has_tasks else ()
    columns = (*report.by, "minutes", "hours", "entries", *more)
    flat = [
        {**row, **row.get("derived", {}), "hours": f"{row['minutes'] / 60:.2f}"} for row in rows
    ]
    for row in flat:
        row["is_over"] = "yes" if row.get("is_over") else ""
    return csv_text(columns, [[row[name] for name in columns] for row in flat])


def _show(
    session: Session,
    snapshot: "Snapshot",
    report: "TimeReport",
    groups: "Sequence[Group]",
    rows: Sequence[dict[str, Any]],
) -> None:
    from orchestrator.cli.pager import show_paged
    from orchestrator.cli.talk import note, table

    if not report.groups:
        note("No time is logged.")
        return
    has_tasks = "task" in report.by
    columns = [*report.by, "time", "entries", *(("estimate", "over", "title") if has_tasks else ())]
    cells: list[list[str]] = []
    before: tuple[str, ...] = ()
    for group, row in zip(groups, rows, strict=True):
        named = _named(report, group, before if session.is_terminal else ())
        weighed = _weighed(snapshot, row) if has_tasks else []
        cells.append([*named, _time(snapshot, group.minutes), str(group.entries), *weighed])
        before = group.keys
    blank = [""] * (len(report.by) - 1)
    total = ["total", *blank, _time(snapshot, report.minutes), str(report.entries)]
    cells.append(total + [""] * (len(columns) - len(total)))
    show_paged(
        session,
        table(
            columns, cells, fancy=session.is_terminal, has_color=session.has_color,
            paints=lambda line, at: _paint(columns[at], is_total=line == len(rows)),
        )
    )  # fmt: skip


def _named(report: "TimeReport", group: "Group", before: tuple[str, ...]) -> list[str]:
    """Return a group's keys as people read them; what the line before it says is not repeated."""
    shared = 0
    while group.keys[: shared + 1] == before[: shared + 1] and shared < len(before):
        shared += 1
    words = zip(report.by, group.keys, strict=True)
    return [
        "" if at < shared else key or _NONE.get(name, "(no day)")
        for at, (name, key) in enumerate(words)
    ]


def _weighed(snapshot: "Snapshot", row: dict[str, Any]) -> list[str]:
    derived = row["derived"]
    estimate = derived["estimated_minutes"]
    over = derived["actual_minutes"] - estimate if derived["is_over"] else 0
    return [
        _time(snapshot, estimate) if estimate else "",
        f"+{_time(snapshot, over)}" if over else "",
        row["title"] or "",
    ]


def _paint(column: str, *, is_total: bool) -> str:
    if is_total:
        return "1"
    return _RED if column == "over" else ""
