"""Tasks along the days: the rows of a Gantt chart, for every way to draw one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TaskFilter
from orchestrator.model.vocabulary import DONE
from orchestrator.view.rollup import Rollup, actual_minutes, rollups
from orchestrator.view.schedule import Placed, Schedule
from orchestrator.view.select import select

Group = Literal["project", "assignee"]
NOBODY = "nobody"
RECENT_DAYS = 30
_LEAST_DAYS = 14
# A task that is due and has none of these is a day that matters rather than work.
_WORK = ("start_date", "started_at", "estimated_minutes")


class Row(NamedTuple):
    """One line of a timeline.

    Attributes:
        id: The task; of a heading the project or the person.
        title: What it is called.
        kind: A heading, a task with others below it, a task, or a day that matters.
        depth: How many of the tasks above it are shown.
        status: The task's; `""` for a heading.
        start: The first day of its bar; None where nothing says when.
        finish: The last day of its bar.
        due: When it should be finished; None once it is done.
        progress: From 0 to 1.
        is_critical: Whether the end of the plan moves when this slips.
        days_late: By how many days it misses its due date, as the schedule has it.
        waits_for: The shown tasks that it depends on.
    """

    id: str
    title: str
    kind: Literal["heading", "parent", "task", "milestone"]
    depth: int = 0
    status: str = ""
    start: date | None = None
    finish: date | None = None
    due: date | None = None
    progress: float = 0.0
    is_critical: bool = False
    days_late: int = 0
    waits_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """A Gantt chart.

    Attributes:
        title: The workspace's name, or the project's.
        rows: In the order in which they are read.
        first: The first day that is shown.
        last: The last one.
        today: The day on which it is drawn.
    """

    title: str
    rows: tuple[Row, ...]
    first: date
    last: date
    today: date

    @property
    def tasks(self) -> list[Row]:
        """The rows that are not headings."""
        return [row for row in self.rows if row.kind != "heading"]


def timeline(  # noqa: PLR0913 - what to draw, how, and from when to when
    snapshot: Snapshot,
    ids: Iterable[str],
    plan: Schedule,
    today: date,
    *,
    group: Group = "project",
    first: date | None = None,
    last: date | None = None,
) -> Timeline:
    """Return the timeline of some tasks, under a heading for each project or person.

    A bar is from start to due date where a task has both, from stamp to stamp where it is done,
    and else where the schedule puts it. Tasks below another are indented; siblings are sorted by
    when they begin.

    Args:
        snapshot: The plan.
        ids: The tasks to show.
        plan: When they can happen.
        today: Is always shown, unless `first` or `last` cut it off.
        group: What the headings are.
        first: The first day to show; None is the first of all bars.
        last: The last one.
    """
    chosen = {task_id: snapshot.tasks[task_id] for task_id in ids}
    forest = _Forest(chosen, plan.above, group)
    progress = rollups(snapshot, plan.above)
    rows = _rows(chosen, forest, plan, progress)
    ordered = tuple(_ordered(snapshot, forest, rows, group))
    days = [today, *(day for row in ordered for day in (row.start, row.finish, row.due) if day)]
    begin = first or min(days)
    # Fewer days would be wider than anything that they could show.
    least = date.fromordinal(min(begin.toordinal() + _LEAST_DAYS - 1, date.max.toordinal()))
    end = max(last, begin) if last else max(*days, least)
    projects = {task["project"] for task in chosen.values()}
    title = str(snapshot.settings.get("name") or "Plan")
    if len(projects) == 1:
        title = _project_title(snapshot, min(projects))
    return Timeline(title, ordered, begin, end, today)


def shown_ids(
    snapshot: Snapshot, wanted: TaskFilter, today: date, *, shows_all: bool = False
) -> tuple[list[str], int]:
    """Return the tasks that a timeline shows, and how many it leaves out for being done long ago.

    Cancelled tasks, and those completed more than a month ago, are there when `shows_all` is, or
    when the filter asks for them by id, by status or by the day of completion.

    Raises:
        FilterError: The filter names what is nowhere in the plan.
    """
    found = select(snapshot, wanted)
    asks = wanted.status or wanted.id or wanted.completed_after or wanted.completed_before
    if shows_all or asks or wanted.is_open is False:
        return found, 0
    since = (today - timedelta(days=RECENT_DAYS)).isoformat()
    shown, older = [], 0
    for task_id in found:
        task = snapshot.tasks[task_id]
        if task.get("status") == "completed" and (task.get("completed_at") or "")[:10] < since:
            older += 1
        elif task.get("status") != "cancelled":
            shown.append(task_id)
    return shown, older


def part(made: Timeline, limit: int, offset: int = 0) -> Timeline:
    """Return a timeline with at most `limit` tasks, without the first `offset`, as long as it was.

    Above each first task of a group is its heading.
    """
    rows: list[Row] = []
    heading: list[Row] = []
    at = 0
    for row in made.rows:
        if row.kind == "heading":
            heading = [row]
            continue
        if offset <= at < offset + limit:
            rows += [*heading, row]
            heading = []
        at += 1
    return replace(made, rows=tuple(rows))


class _Forest:
    """The chosen tasks below each other, within their groups."""

    def __init__(
        self, chosen: Mapping[str, Document], above: Mapping[str, str], group: Group
    ) -> None:
        self.above = above
        self.group = {task_id: str(task.get(group) or "") for task_id, task in chosen.items()}
        self.children: dict[str, list[str]] = {}
        self.roots: dict[str, list[str]] = {}
        for task_id in chosen:
            parent = self._nearest(task_id)
            if parent is None:
                self.roots.setdefault(self.group[task_id], []).append(task_id)
            else:
                self.children.setdefault(parent, []).append(task_id)

    def _nearest(self, task_id: str) -> str | None:
        """Return the nearest task above that is chosen and in the same group."""
        at = self.above.get(task_id)
        while at is not None and self.group.get(at) != self.group[task_id]:
            at = self.above.get(at)
        return at

    def preorder(self) -> list[tuple[str, int]]:
        """Return the chosen tasks, each after the one above it, and how deep they are."""
        order: list[tuple[str, int]] = []
        stack = [(task_id, 0) for roots in self.roots.values() for task_id in roots]
        while stack:
            task_id, depth = stack.pop()
            order.append((task_id, depth))
            stack += [(child, depth + 1) for child in self.children.get(task_id, ())]
        return order


def _rows(
    chosen: Mapping[str, Document],
    forest: _Forest,
    plan: Schedule,
    progress: Mapping[str, Rollup],
) -> dict[str, Row]:
    has_children = set(plan.above.values())
    rows: dict[str, Row] = {}
    for task_id, depth in reversed(forest.preorder()):
        task = chosen[task_id]
        placed = plan.tasks.get(task_id)
        due = _date(task, "due_date")
        is_parent = task_id in has_children
        is_milestone = due is not None and not is_parent and not any(map(task.get, _WORK))
        if is_milestone and not (placed and placed.is_done):
            start, finish = due, due
        else:
            start, finish = _span(task, placed, due)
        if is_parent:
            below = [rows[child] for child in forest.children.get(task_id, ())]
            starts = [day for day in (start, *(row.start for row in below)) if day]
            finishes = [day for day in (finish, *(row.finish for row in below)) if day]
            start, finish = min(starts, default=None), max(finishes, default=None)
        names = task.get("dependencies")
        rows[task_id] = Row(
            task_id,
            str(task.get("title") or ""),
            "milestone" if is_milestone else "parent" if is_parent else "task",
            depth,
            str(task.get("status") or "todo"),
            start,
            finish,
            due if task.get("status") not in DONE else None,
            _progress(task, progress.get(task_id), is_parent=is_parent),
            placed is not None and placed.is_critical,
            (placed.finish - due).days if placed and due and placed.is_late else 0,
            tuple(name for name in names if name in chosen) if names else (),
        )
    return rows


def _ordered(
    snapshot: Snapshot, forest: _Forest, rows: Mapping[str, Row], group: Group
) -> Iterable[Row]:
    """Yield headings and rows in reading order; what belongs to nobody comes last."""

    def when(task_id: str) -> tuple[date, date, str]:
        row = rows[task_id]
        return row.start or date.max, row.finish or date.max, task_id

    for name in sorted(forest.roots, key=lambda name: (not name, name)):
        yield Row(name or NOBODY, _heading(snapshot, name, group), "heading")
        stack = sorted(forest.roots[name], key=when, reverse=True)
        while stack:
            task_id = stack.pop()
            yield rows[task_id]
            if task_id in forest.children:
                stack += sorted(forest.children[task_id], key=when, reverse=True)


def _heading(snapshot: Snapshot, name: str, group: Group) -> str:
    if group == "project":
        return _project_title(snapshot, name)
    return str(snapshot.users.get(name, {}).get("name") or name or NOBODY)


def _project_title(snapshot: Snapshot, name: str) -> str:
    return str(snapshot.projects.get(name, {}).get("title") or name)


def _span(
    task: Document, placed: Placed | None, due: date | None
) -> tuple[date | None, date | None]:
    if placed is not None and placed.is_done:
        return placed.start, placed.finish
    start = _date(task, "start_date")
    if start is not None and due is not None and start <= due:
        return start, due
    if placed is None:
        return start or due, due if start is None else start
    return min(start or placed.start, placed.finish), placed.finish


def _progress(task: Document, found: Rollup | None, *, is_parent: bool) -> float:
    """Return the share that is done; of an open task, the time spent of what was estimated."""
    if task.get("status") == "completed":
        return 1.0
    if is_parent and found is not None:
        return found.progress
    estimate = task.get("estimated_minutes") or 0
    return min(actual_minutes(task) / estimate, 1.0) if estimate else 0.0


def _date(task: Document, field: str) -> date | None:
    found = task.get(field)
    return date.fromisoformat(found) if found else None
