"""`agenda`: what is late, what comes when, and who has it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal

import click

from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.view.agenda import Agenda, Entry, Group

_LEAST_TITLE = 16
_LONGEST = 36_500  # a century, and inside what dates can hold


@click.command("agenda", cls=FilteredCommand)
@click.option(
    "--days",
    type=click.IntRange(0, _LONGEST),
    metavar="N",
    default=None,
    help="Look N days ahead; else until the end of next week.",
)
@click.option(
    "--by",
    type=click.Choice(["day", "person"]),
    default="day",
    help="In the order of time, or person by person.",
)
@filter_options
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    days: int | None,
    by: Literal["day", "person"],
    as_json: bool,
    **terms: Any,
) -> None:
    """Show what is late, due or to be started, and what is in progress: orc agenda -a me ."""
    from orchestrator.cli.entity import warn_unreadable
    from orchestrator.cli.filters import filter_of
    from orchestrator.cli.pager import show_paged
    from orchestrator.cli.talk import MANY, note, say_json
    from orchestrator.view.agenda import agenda, by_person, by_section
    from orchestrator.view.when import day_words

    snapshot = session.snapshot()
    today = session.today
    found = agenda(snapshot, filter_of(session, snapshot, terms), today, days)
    groups = by_person(found.entries) if by == "person" else by_section(found.entries)
    warn_unreadable(snapshot)
    if as_json:
        answer = _answer(snapshot, found, groups, by, today)
        say_json(answer, is_large=len(found.entries) > MANY)
        return
    if groups:
        show_paged(session, "".join(_lines(session, snapshot, found, groups, by, today)))
    else:
        note("Nothing is late, due or in progress.")
    if found.beyond:
        note(f"{found.beyond:,} later than {day_words(found.last, today)}: --days looks further.")


def _answer(
    snapshot: Snapshot, found: Agenda, groups: Iterable[Group], by: str, today: date
) -> Document:
    from orchestrator.view.rows import project_rows, task_rows

    ids = [entry.id for entry in found.entries if entry.kind == "tasks"]
    projects = [entry.id for entry in found.entries if entry.kind == "projects"]
    rows = {
        "tasks": dict(zip(ids, task_rows(snapshot, ids), strict=True)),
        "projects": dict(zip(projects, project_rows(snapshot, projects), strict=True)),
    }

    def members(group: Group, kind: str) -> list[Document]:
        return [
            _placed(rows[kind][entry.id], entry) for entry in group.entries if entry.kind == kind
        ]

    noun, name = ("people", "user") if by == "person" else ("sections", "section")
    return {
        "total": len(found.entries),
        "today": today.isoformat(),
        "until": found.last,
        "beyond": found.beyond,
        noun: [
            {
                name: group.name or None,
                "total": len(group.entries),
                "tasks": members(group, "tasks"),
                "projects": members(group, "projects"),
            }
            for group in groups
        ],
    }


def _placed(row: Document, entry: Entry) -> Document:
    place = {"section": entry.section, "day": entry.day or None, "starts": entry.starts}
    return {**row, "derived": {**row["derived"], "agenda": place}}


def _lines(
    session: Session,
    snapshot: Snapshot,
    found: Agenda,
    groups: Sequence[Group],
    by: str,
    today: date,
) -> Iterable[str]:
    from orchestrator.cli.ink import BOLD, RED, cells, fit, pad, paint, screen

    has_color = session.has_color
    cut = _columns(snapshot, found.entries, by, today)
    widths = [max(map(cells, column)) for column in zip(*cut.values(), strict=True)]
    title_room = None
    if session.is_terminal:
        wide, title_room = screen()[0], 0
        while widths:  # on a narrow screen the last columns go: the estimate, then who it is
            title_room = wide - sum(width + 2 for width in widths if width) - 2
            if title_room >= _LEAST_TITLE or len(widths) <= _MARKED:
                break
            widths.pop()
    for number, group in enumerate(groups):
        if number:
            yield "\n"
        heading = _heading(snapshot, group, by, found, today)
        is_late = group.name == "overdue" and by == "day"
        yield f"{paint(heading, f'{BOLD};{RED}' if is_late else BOLD, has_color=has_color)}\n"
        for entry in group.entries:
            texts = [
                pad(text, width) for text, width in zip(cut[entry], widths, strict=False) if width
            ]
            if entry.section == "overdue":
                texts[0] = paint(texts[0], RED, has_color=has_color)
            title = _title(snapshot, entry)
            if title_room is not None:
                title = fit(title, max(title_room, 1))
            yield f"  {'  '.join([*texts, title])}".rstrip() + "\n"


_MARKED = 2
"""When and what are always there."""


def _columns(
    snapshot: Snapshot, entries: Iterable[Entry], by: str, today: date
) -> dict[Entry, tuple[str, str, str, str]]:
    """Return what stands before the title of each entry."""
    from orchestrator.cli.escape import printable
    from orchestrator.cli.ink import PRIORITY_MARKS, STATUS_MARKS
    from orchestrator.model.duration import format_duration
    from orchestrator.view.agenda import entry_words

    cut = {}
    for entry in entries:
        document = snapshot.entities(entry.kind)[entry.id]
        is_task = entry.kind == "tasks"
        mark = STATUS_MARKS.get(document.get("status") or "", ("?", ""))[0] if is_task else "◆"
        urgent = PRIORITY_MARKS.get(document.get("priority") or "", ("", ""))[0]
        estimated = document.get("estimated_minutes")
        cut[entry] = (
            entry_words(entry, today),
            f"{mark} {printable(entry.id)} {urgent if urgent in ('!', '!!') else ''}".rstrip(),
            printable(entry.person) if by == "day" else "",
            format_duration(estimated, snapshot.hours_per_day) if estimated else "",
        )
    return cut


def _title(snapshot: Snapshot, entry: Entry) -> str:
    from orchestrator.cli.escape import printable

    title = printable(str(snapshot.entities(entry.kind)[entry.id].get("title") or ""))
    return f"the project {title}" if entry.kind == "projects" else title


def _heading(snapshot: Snapshot, group: Group, by: str, found: Agenda, today: date) -> str:
    from datetime import timedelta

    from orchestrator.cli.escape import printable
    from orchestrator.view.when import day_words, sunday_after

    count = f"{len(group.entries):,}"
    if by == "person":
        name = (snapshot.users.get(group.name) or {}).get("name") or ""
        return "  ".join(filter(None, [printable(group.name or "nobody"), printable(name), count]))
    days = {
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "this_week": sunday_after(today),
        "next_week": sunday_after(today) + timedelta(days=7),
    }
    words = group.name.replace("_", " ").capitalize()
    if (day := days.get(group.name)) is not None:
        until = "until " if "week" in group.name else ""
        words += f"  {until}{day:%a} {day.day} {day:%b}"
    elif group.name == "later":
        words += f"  until {day_words(found.last, today)}"
    return f"{words}  {count}"
