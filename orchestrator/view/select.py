"""Tasks that a filter lets through."""

from collections.abc import Callable, Iterator

from orchestrator.model.graph import ancestors, hierarchy, subtree
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean
from orchestrator.model.task_filter import FilterError, TaskFilter
from orchestrator.model.vocabulary import DEFAULT_PRIORITY, DONE
from orchestrator.view.ready import Held, is_blocked, ready

Lets = Callable[[str, Document], bool]
"""Whether a task, by id and document, is let through."""


def select(snapshot: Snapshot, wanted: TaskFilter) -> list[str]:
    """Return the ids of the tasks that a filter lets through, in the snapshot's order.

    Raises:
        FilterError: It names a project, task or person that is nowhere in the plan.
    """
    lets = predicate(snapshot, wanted)
    return [task_id for task_id, task in snapshot.tasks.items() if lets(task_id, task)]


def predicate(snapshot: Snapshot, wanted: TaskFilter) -> Lets:
    """Return the function that says whether a task is let through.

    Raises:
        FilterError: The filter names a project, task or person that is nowhere in the plan.
    """
    refuse_unknown(snapshot, wanted)
    tests = [*_own(wanted), *_placed(snapshot, wanted), *_able(snapshot, wanted)]

    def lets(task_id: str, task: Document) -> bool:
        for test in tests:  # noqa: SIM110 - a generator would cost more than most tests
            if not test(task_id, task):
                return False
        return True

    return lets


def _own(wanted: TaskFilter) -> Iterator[Lets]:
    """Yield the tests of a task's own fields, the cheap ones that drop the most first."""
    yield lambda _, task: bool(task.get("deleted_at")) == wanted.is_deleted
    if wanted.id:
        yield lambda task_id, _: task_id in wanted.id
    if wanted.project:
        yield lambda _, task: task["project"] in wanted.project
    if wanted.status:
        yield lambda _, task: task.get("status") in wanted.status
    if wanted.is_open is not None:
        yield lambda _, task: (task.get("status") not in DONE) == wanted.is_open
    if wanted.priority:
        yield lambda _, task: (task.get("priority") or DEFAULT_PRIORITY) in wanted.priority
    if wanted.assignee:
        yield lambda _, task: (task.get("assignee") or "") in wanted.assignee
    if wanted.parent is not None:
        yield lambda _, task: (task.get("parent") or "") == wanted.parent
    yield from _labelled(wanted)
    yield from _dated(wanted)
    yield from _weighed(wanted)
    if wanted.text:
        text = wanted.text.casefold()
        yield lambda task_id, task: any(
            text in part.casefold()
            for part in (task_id, task.get("title") or "", task.get("description") or "")
        )


def _labelled(wanted: TaskFilter) -> Iterator[Lets]:
    every, some, none = map(frozenset, (wanted.label, wanted.any_label, wanted.no_label))
    if every:
        yield lambda _, task: every <= set(task.get("labels") or ())
    if some:
        yield lambda _, task: not some.isdisjoint(task.get("labels") or ())
    if none:
        yield lambda _, task: none.isdisjoint(task.get("labels") or ())


def _dated(wanted: TaskFilter) -> Iterator[Lets]:
    bounds = (
        ("due_date", wanted.due_after, wanted.due_before),
        ("created_at", wanted.created_after, wanted.created_before),
        ("completed_at", wanted.completed_after, wanted.completed_before),
    )
    for field, after, before in bounds:
        if after is not None or before is not None:
            yield _between(field, after, before)
    if (overdue_on := wanted.overdue_on) is not None:
        yield lambda _, task: is_overdue(task, overdue_on)


def _between(field: str, after: str | None, before: str | None) -> Lets:
    # ISO days sort as text; a stamp's day is the one that its author saw on the wall.
    def lets(_: str, task: Document) -> bool:
        day = (task.get(field) or "")[:10]
        return bool(day) and (after is None or day > after) and (before is None or day < before)

    return lets


def _weighed(wanted: TaskFilter) -> Iterator[Lets]:
    if (least := wanted.min_estimate) is not None:
        yield lambda _, task: (task.get("estimated_minutes") or 0) >= least
    if (most := wanted.max_estimate) is not None:
        yield (
            lambda _, task: (
                task.get("estimated_minutes") is not None and task["estimated_minutes"] <= most
            )
        )
    if wanted.has_estimate is not None:
        yield lambda _, task: (task.get("estimated_minutes") is not None) == wanted.has_estimate
    if wanted.has_dependencies is not None:
        yield lambda _, task: bool(task.get("dependencies")) == wanted.has_dependencies


def _placed(snapshot: Snapshot, wanted: TaskFilter) -> Iterator[Lets]:
    if wanted.under is not None:
        below = set(subtree(hierarchy(snapshot).children, wanted.under)) - {wanted.under}
        yield lambda task_id, _: task_id in below
    if (depth := wanted.depth) is not None:
        yield lambda task_id, _: len(ancestors(snapshot, task_id)) <= depth


def _able(snapshot: Snapshot, wanted: TaskFilter) -> Iterator[Lets]:
    if wanted.is_ready is not None:
        able = set(ready(snapshot))
        yield lambda task_id, _: (task_id in able) == wanted.is_ready
    if wanted.is_blocked is not None:
        held = Held(snapshot)
        yield lambda task_id, task: is_blocked(held, task_id, task) == wanted.is_blocked


def is_overdue(task: Document, today: str) -> bool:
    """Return whether a task is open and was due before `today`, an ISO date."""
    due = task.get("due_date")
    return due is not None and due < today and task.get("status") not in DONE


def refuse_unknown(snapshot: Snapshot, wanted: TaskFilter) -> None:
    """Do nothing when all that a filter names is in the plan.

    Raises:
        FilterError: It names a project, task or person that is nowhere in the plan.
    """
    for project in wanted.project:
        if project not in snapshot.projects and ("projects", project) not in snapshot.unreadable:
            raise FilterError(
                f"There is no project {project[:60]} .",
                did_you_mean(project, snapshot.projects)
                or "orchestrator project list shows them.", "project",
            )  # fmt: skip
    for task_id in (*wanted.id, wanted.parent, wanted.under):
        if task_id and task_id not in snapshot.tasks:
            raise FilterError(
                f"There is no task {task_id[:60]} .",
                did_you_mean(task_id, snapshot.tasks) or "orchestrator task list shows them.",
            )
    if unknown := [name for name in wanted.assignee if name and name not in snapshot.users]:
        # A plan without users/ may name anybody; then those count who are named.
        named = {task.get("assignee") for task in snapshot.tasks.values()}
        for name in unknown:
            if name not in named and ("users", name) not in snapshot.unreadable:
                raise FilterError(
                    f"There is no user {name[:60]} .",
                    did_you_mean(name, snapshot.users) or "orchestrator user list shows them.",
                    "assignee",
                )
