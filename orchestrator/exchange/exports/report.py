"""A report in Markdown, as somebody sends it round on Fridays."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from orchestrator.model.duration import format_duration
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE
from orchestrator.view.ready import Held
from orchestrator.view.rollup import project_rollups, rollups
from orchestrator.view.select import is_overdue
from orchestrator.view.when import due_words

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_MOST = 50


class Span(NamedTuple):
    """The days that a report is about.

    Attributes:
        since: The first day that it looks back to.
        today: The day on which it is written.
        until: The last day that it looks ahead to.
    """

    since: date
    today: date
    until: date


def as_report(snapshot: Snapshot, ids: Iterable[str], span: Span) -> str:
    """Return what was done, what is under way, what is late or held up, and what is next."""
    chosen = {task_id: snapshot.tasks[task_id] for task_id in ids}
    title = _plain(str(snapshot.settings.get("name") or "Plan"))
    lines = [f"# {title}: {span.since} to {span.today}", ""]
    lines += _projects(snapshot, chosen)
    for heading, found in _sections(snapshot, chosen, span):
        entries = list(found)
        if entries:
            lines += [f"## {heading} ({len(entries)})", ""]
            lines += entries[:_MOST]
            if len(entries) > _MOST:
                lines.append(f"- … and {len(entries) - _MOST:,} more")
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _projects(snapshot: Snapshot, chosen: dict[str, Document]) -> Iterator[str]:
    names = sorted({task["project"] for task in chosen.values()})
    found = project_rollups(snapshot)
    yield "| project | progress | open | spent | remaining |"
    yield "|---|---|---|---|---|"
    for name in names:
        rollup = found.get(name)
        if rollup is None:
            continue
        title = _plain(str(snapshot.projects[name].get("title") or name))
        still = sum(
            task["project"] == name and task.get("status") not in DONE for task in chosen.values()
        )
        spent, remaining = (
            format_duration(minutes, snapshot.hours_per_day) if minutes else ""
            for minutes in (rollup.spent, rollup.remaining)
        )
        over = " (over)" if rollup.is_over else ""
        yield f"| {title} | {rollup.progress:.0%} | {still} | {spent}{over} | {remaining} |"
    yield ""


def _sections(
    snapshot: Snapshot, chosen: dict[str, Document], span: Span
) -> Iterator[tuple[str, Iterator[str]]]:
    today = span.today.isoformat()
    held = Held(snapshot)
    since, until = span.since.isoformat(), span.until.isoformat()

    def within(task: Document, field: str, first: str, last: str) -> bool:
        return first <= (task.get(field) or "")[:10] <= last

    def taken(*fields: str, status: str) -> Iterator[str]:
        for task_id, task in sorted(chosen.items()):
            if task.get("status") == status and all(
                within(task, field, since, today) for field in fields
            ):
                yield _line(snapshot, task_id, task)

    yield "Completed", taken("completed_at", status="completed")
    yield "In progress", taken(status="in_progress")
    yield "In review", taken(status="in_review")
    late = {each: task for each, task in chosen.items() if is_overdue(task, today)}
    yield (
        "Overdue",
        (
            _line(snapshot, each, late[each], due_words(late[each]["due_date"], span.today))
            for each in sorted(late, key=lambda each: (late[each]["due_date"], each))
        ),
    )
    yield "Blocked", _blocked(snapshot, chosen, held)
    ahead = sorted(
        (task["due_date"], each)
        for each, task in chosen.items()
        if task.get("status") not in DONE and within(task, "due_date", today, until)
    )
    yield "Due next", (_line(snapshot, each, chosen[each], day) for day, each in ahead)
    yield (
        "New",
        (
            _line(snapshot, each, task)
            for each, task in sorted(chosen.items())
            if within(task, "created_at", since, today)
        ),
    )
    totals = rollups(snapshot)
    yield (
        "Over the estimate",
        (
            _line(snapshot, each, task, _over(snapshot, totals[each].spent, totals[each].estimated))
            for each, task in sorted(chosen.items())
            if each in totals and totals[each].is_over and task.get("status") not in DONE
        ),
    )


def _blocked(snapshot: Snapshot, chosen: dict[str, Document], held: Held) -> Iterator[str]:
    for task_id, task in sorted(chosen.items()):
        if task.get("status") in DONE:
            continue
        waits = held.by(task_id, task)
        if waits and task.get("status") != "todo":
            yield _line(snapshot, task_id, task, f"waits for {', '.join(waits[:3])}")
        elif task.get("status") == "blocked":
            yield _line(snapshot, task_id, task)


def _over(snapshot: Snapshot, spent: int, estimated: int) -> str:
    hours = snapshot.hours_per_day
    return f"{format_duration(spent, hours)} of {format_duration(estimated, hours)}"


def _line(snapshot: Snapshot, task_id: str, task: Document, note: str = "") -> str:
    user = snapshot.users.get(task.get("assignee") or "", {})
    who = str(user.get("name") or task.get("assignee") or "")
    behind = ", ".join(_plain(part) for part in (who, note) if part)
    return f"- **{task_id}** {_plain(str(task.get('title') or ''))}" + (
        f" ({behind})" if behind else ""
    )


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is: a title cannot make a link or a tag."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
