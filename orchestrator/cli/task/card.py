"""What the card of a task says."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from orchestrator.cli.card import (
    Fact,
    Line,
    mapping_lines,
    problem_lines,
    progress_facts,
    task_lines,
    text_line,
)
from orchestrator.cli.escape import printable
from orchestrator.cli.ink import BOLD, DIM, GREEN, PRIORITY_MARKS, RED, STATUS_MARKS, YELLOW
from orchestrator.model.duration import format_duration
from orchestrator.model.problem import Problem
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE
from orchestrator.view.derived import Derived
from orchestrator.view.moments import ago
from orchestrator.view.rollup import Rollup
from orchestrator.view.when import day_words, due_words

_ENTRIES = 5


def task_heading(task_id: str, row: Document) -> list[Line]:
    """Return the lines above a task's card: its title, and in what state it is."""
    status = row.get("status") or ""
    mark, color = STATUS_MARKS.get(status, ("?", RED))
    priority = row.get("priority") or "medium"
    state = [(status.replace("_", " "), color)]
    state.append((f" · {priority}", PRIORITY_MARKS.get(priority, ("", ""))[1]))
    if row["derived"]["ready"]:
        state.append((" · ready", GREEN))
    if row["derived"]["blocked_by"] and status not in DONE:
        state.append((" · held up", YELLOW))
    if row.get("deleted_at"):
        state.append((" · deleted", RED))
    title = [(f"{mark} ", color), (printable(task_id), BOLD)]
    return [[*title, (f"  {printable(str(row.get('title') or ''))}", BOLD)], state, []]


def task_facts(
    derived: Derived,
    task_id: str,
    row: Document,
    problems: Sequence[Problem],
    now: datetime,
    *,
    has_heading: bool,
) -> Iterator[Fact]:
    """Yield the facts of a task.

    Args:
        derived: What was worked out about the plan.
        task_id: The task.
        row: The same, from `view.card.task_card`.
        problems: Those of its file.
        now: From which days and stamps are seen.
        has_heading: Whether `task_heading` stands above.
    """
    snapshot = derived.snapshot
    if not has_heading:
        yield "id", [text_line(task_id)]
        for name in ("title", "status", "priority"):
            yield name, _texts(row.get(name))
    yield from _place(snapshot, row)
    yield from _days(row, now)
    yield from _effort(snapshot, row)
    yield from _network(derived, task_id, row)
    tests = row.get("tests") or {}
    yield "tests", [text_line(f"{kind}: {text}") for kind, texts in tests.items() for text in texts]
    yield "time_entries", _entries(snapshot, row)
    yield "external_ids", mapping_lines(row.get("external_ids"))
    yield "metadata", mapping_lines(row.get("metadata"))
    yield from stamp_facts(row, now)
    yield from deletion_facts(task_id, row, "task")
    yield "problems", problem_lines(problems)
    yield "file", _texts(snapshot.path_of("tasks", task_id))


def stamp_facts(row: Document, now: datetime) -> Iterator[Fact]:
    """Yield when something was made, begun, completed and deleted, and how long ago that is."""
    for name in ("created_at", "started_at", "completed_at", "deleted_at"):
        stamp = row.get(name)
        words = f"({ago(datetime.fromisoformat(stamp), now)})" if stamp else ""
        yield name, [text_line(stamp, words)] if stamp else []


def deletion_facts(entity_id: str, row: Document, noun: str) -> Iterator[Fact]:
    """Yield who deleted something, what took it along, and how it comes back."""
    if not row.get("deleted_at"):
        return
    yield "deleted_by", _texts(row.get("deleted_by"))
    taker = row.get("deleted_with")
    yield "deleted_with", _texts(taker)
    # A task's id begins with a capital, a project's has none.
    is_project = taker and not str(taker)[0].isupper()
    which = f"{'project' if is_project else noun} restore {taker or entity_id}"
    yield "to restore", [[(f"orchestrator {printable(which)}", "")]]


def day_facts(row: Document, now: datetime, *, is_open: bool) -> Iterator[Fact]:
    """Yield the planned days, in words as well; red when something open is late."""
    today = now.date()
    if start := row.get("start_date"):
        yield "start_date", [text_line(start, f"({day_words(start, today)})")]
    if due := row.get("due_date"):
        words = (due_words if is_open else day_words)(due, today)
        is_late = is_open and due < today.isoformat()
        yield "due_date", [text_line(due, f"({words})", RED if is_late else "")]


def person_line(snapshot: Snapshot, user_id: str) -> Line:
    """Return a line that names a person."""
    return text_line(user_id, printable(str((snapshot.users.get(user_id) or {}).get("name") or "")))


def _texts(value: object) -> list[Line]:
    return [text_line(value)] if value not in (None, "") else []


def _place(snapshot: Snapshot, row: Document) -> Iterator[Fact]:
    project = snapshot.projects.get(row["project"]) or {}
    yield "project", [text_line(row["project"], printable(str(project.get("title") or "")))]
    path = row["derived"]["path"]
    above = [(f"{snapshot.tasks[task_id].get('title') or ''}", task_id) for task_id in path]
    if above:
        title, parent = above[-1]
        yield "parent", [text_line(parent, printable(title))]
    elif row.get("parent"):
        yield "parent", [text_line(row["parent"], "is not there", RED)]
    if len(above) > 1:
        steps = " > ".join(f"{task_id} {title}" for title, task_id in above[:-1])
        yield "above", [text_line(steps)]
    if person := row.get("assignee"):
        yield "assignee", [person_line(snapshot, person)]
    if labels := row.get("labels"):
        yield "labels", [text_line(", ".join(labels))]


def _days(row: Document, now: datetime) -> Iterator[Fact]:
    yield from day_facts(row, now, is_open=row.get("status") not in DONE)


def _effort(snapshot: Snapshot, row: Document) -> Iterator[Fact]:
    hours = snapshot.hours_per_day
    if (own := row.get("estimated_minutes")) is not None:
        yield "estimated_minutes", [text_line(format_duration(own, hours))]
    if (spent := row["derived"]["actual_minutes"]) and row.get("actual_minutes") is not None:
        yield "actual_minutes", [text_line(format_duration(spent, hours))]
    found = row["derived"]["rollup"]
    if found is None:
        return
    amount = Rollup(**found)
    if amount.estimated or amount.spent or amount.total > 1 or row["derived"]["children"]:
        yield from progress_facts(amount, hours)


def _network(derived: Derived, task_id: str, row: Document) -> Iterator[Fact]:
    """Yield what the task depends on, what waits for it, and what is below it."""
    from orchestrator.view.card import children_of

    snapshot = derived.snapshot
    held_by = row["derived"]["blocked_by"]
    needed = row.get("dependencies") or []
    is_open = row.get("status") not in DONE
    found = []
    for other in needed:
        note, code = _state(snapshot, other)
        if other in held_by and is_open:
            note, code = "holds this up", YELLOW
        found.append((other, note, code))
    yield "dependencies", task_lines(snapshot, found)
    through = [(other, "through a task above", YELLOW) for other in held_by if other not in needed]
    yield "held up by", task_lines(snapshot, through)
    waiting = [(other, *_state(snapshot, other)) for other in row["derived"]["blocks"]]
    yield "blocks", task_lines(snapshot, waiting)
    below = [
        (child, _share(derived, child, snapshot.hours_per_day), "")
        for child in children_of(snapshot, task_id, derived)
    ]
    yield "sub-tasks", task_lines(snapshot, below)


def _state(snapshot: Snapshot, task_id: str) -> tuple[str, str]:
    task = snapshot.tasks.get(task_id)
    if task is None:
        return "is not there", RED
    if task.get("deleted_at"):
        return "deleted", RED
    return str(task.get("status") or "").replace("_", " "), DIM


def _share(derived: Derived, task_id: str, hours_per_day: float) -> str:
    amount = derived.rollups.get(task_id)
    if amount is None:
        return ""
    parts = []
    if derived.children.get(task_id):
        parts.append(f"{amount.done}/{amount.total}  {int(amount.progress * 100)}%")
    if amount.estimated:
        spent = f"{format_duration(amount.spent, hours_per_day)} of " if amount.spent else ""
        parts.append(spent + format_duration(amount.estimated, hours_per_day))
    return "  ".join([*parts, *(["over"] if amount.is_over else [])])


def _entries(snapshot: Snapshot, row: Document) -> list[Line]:
    """Return the latest entries, and what they all come to."""
    entries = row.get("time_entries") or []
    if not entries:
        return []
    hours = snapshot.hours_per_day
    lines: list[Line] = []
    latest = sorted(entries, key=lambda entry: datetime.fromisoformat(entry["at"]))
    for entry in latest[-_ENTRIES:]:
        spent = format_duration(entry["minutes"], hours)
        shown = (entry["at"], spent, entry.get("user"), entry.get("note"))
        lines.append(text_line("  ".join(str(part) for part in shown if part)))
    total = format_duration(sum(entry["minutes"] for entry in entries), hours)
    earlier = len(entries) - _ENTRIES
    more = f", {earlier} earlier" if earlier > 0 else ""
    return [*lines, [(f"{total} in all{more}", BOLD)]]
