"""What a change does to other tasks, said in a line each: parents, dependants, what is free now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from orchestrator.check.facts import names
from orchestrator.model.graph import hierarchy
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE
from orchestrator.patch.apply import Change
from orchestrator.view.ready import Held, is_open, is_running, urgency

_MATTERS = ("status", "deleted_at", "dependencies", "parent")
_BEGUN = frozenset({"in_progress", "in_review", "completed"})
_MOST = 5


def effects(before: Snapshot, after: Snapshot, changes: Iterable[Change]) -> list[str]:
    """Return what a change means for tasks that it does not touch, a sentence each.

    Args:
        before: The plan as it was.
        after: The plan as it is.
        changes: What was done, of which only tasks that were there already count.
    """
    done = list(changes)
    made = {change.id for change in done if change.kind == "tasks" and change.before is None}
    changed = {
        change.id: (change.before, change.after)
        for change in done
        if change.kind == "tasks" and change.before is not None and change.after is not None
    }
    touched = [
        task_id
        for task_id, (was, now) in changed.items()
        if any(was.get(field) != now.get(field) for field in _MATTERS)
    ]
    if not touched:
        return []
    restated = {
        task_id
        for task_id in touched
        if changed[task_id][0].get("status") != changed[task_id][1].get("status")
    }
    children = hierarchy(after).children
    finished = list(_finished_parents(after, children, restated))
    reopened = [
        task_id
        for task_id in touched
        if _is_closed(changed[task_id][0]) and is_open(after.tasks, task_id)
    ]
    near = _near(after, children, touched)
    near |= {str(changed[task_id][0].get("parent")) for task_id in touched}
    is_same_tree = not made and all(
        was.get("parent") == now.get("parent") for was, now in changed.values()
    )
    earlier = children if is_same_tree else hierarchy(before).children
    could, can = _able(before, earlier, near), _able(after, children, near)
    told = restated | made | {parent for parent, _ in finished}
    lines = [
        *_freed(after, [item for item in can if item not in could and item not in told]),
        *_held_again(after, [item for item in could if item not in can and item not in touched]),
        *(line for _, line in finished),
        *_left_open(after, children, restated),
        *_closed_above(after, reopened, changed.keys()),
        *_begun_behind(after, reopened),
    ]
    return list(dict.fromkeys(lines))


def _near(after: Snapshot, children: Mapping[str, Sequence[str]], touched: list[str]) -> set[str]:
    """Return the tasks whose readiness a change of others can change, and some more."""
    named = frozenset(touched)
    stack = list(touched)
    stack += [
        task_id
        for task_id, task in after.tasks.items()
        if (needed := task.get("dependencies")) and not named.isdisjoint(needed)
    ]
    found: set[str] = set()
    while stack:
        task_id = stack.pop()
        if task_id not in found:
            found.add(task_id)
            stack += children.get(task_id, ())
    return found | {str(after.tasks[task_id].get("parent")) for task_id in touched}


def _able(
    snapshot: Snapshot, children: Mapping[str, Sequence[str]], near: set[str]
) -> dict[str, None]:
    """Return those of some tasks that can be started, the most urgent first, as `ready` does."""
    held = Held(snapshot)
    tasks = snapshot.tasks
    found = [
        task_id
        for task_id in near
        if is_open(tasks, task_id)
        and tasks[task_id].get("status") == "todo"
        and not held.by(task_id, tasks[task_id])
        and not any(is_open(tasks, child) for child in children.get(task_id, ()))
        and is_running(snapshot, tasks[task_id]["project"])
    ]
    return dict.fromkeys(sorted(found, key=lambda task_id: urgency(task_id, tasks[task_id])))


def _is_closed(task: Document) -> bool:
    return task.get("status") in DONE


def _freed(after: Snapshot, free: Sequence[str]) -> Iterator[str]:
    """Yield the tasks that can be started now and could not before."""
    for task_id in free[:_MOST]:
        yield f"{task_id} can start now: {after.tasks[task_id].get('title', '')}"
    if len(free) > _MOST:
        yield f"… and {len(free) - _MOST:,} more can start now: orchestrator ready"


def _held_again(after: Snapshot, lost: Sequence[str]) -> Iterator[str]:
    """Yield the tasks that could be started before and wait for something again."""
    waits = Held(after)
    held = [
        task_id
        for task_id in lost
        if is_open(after.tasks, task_id) and waits.by(task_id, after.tasks[task_id])
    ]
    if held:
        yield f"{names(held)} must wait again."


def _finished_parents(
    after: Snapshot, children: Mapping[str, Sequence[str]], restated: set[str]
) -> Iterator[tuple[str, str]]:
    parents = dict.fromkeys(
        after.tasks[task_id].get("parent")
        for task_id in restated
        if _is_closed(after.tasks[task_id])
    )
    for parent in sorted(name for name in parents if name and is_open(after.tasks, name)):
        below = [item for item in children[parent] if not after.tasks[item].get("deleted_at")]
        if all(_is_closed(after.tasks[item]) for item in below):
            are = "The one task" if len(below) == 1 else f"All {len(below):,} tasks"
            verb = "is" if len(below) == 1 else "are"
            yield parent, f"{are} under {parent} {verb} done: orchestrator task done {parent}"


def _left_open(
    after: Snapshot, children: Mapping[str, Sequence[str]], restated: set[str]
) -> Iterator[str]:
    """Yield what is still open below a task that was cancelled; of a completed one, check warns."""
    for task_id in sorted(restated):
        if after.tasks[task_id].get("status") == "cancelled":
            still = [item for item in children.get(task_id, ()) if is_open(after.tasks, item)]
            if still:
                are = "is" if len(still) == 1 else "are"
                yield f"{names(still)} under {task_id} {are} still open."


def _closed_above(
    after: Snapshot, reopened: Sequence[str], changed: Iterable[str]
) -> Iterator[str]:
    said = set(changed)
    for task_id in reopened:
        parent = after.tasks[task_id].get("parent")
        while parent is not None and parent in after.tasks and parent not in said:
            said.add(parent)
            above = after.tasks[parent]
            if _is_closed(above) and not above.get("deleted_at"):
                yield (
                    f"{parent} above {task_id} is {above['status']}; "
                    f"reopen it as well: orchestrator task reopen {parent}"
                )
            parent = above.get("parent")


def _begun_behind(after: Snapshot, reopened: Sequence[str]) -> Iterator[str]:
    if not reopened:
        return
    again = set(reopened)
    found = [
        (task_id, needed)
        for task_id, task in after.live_tasks()
        if task.get("status") in _BEGUN
        for needed in task.get("dependencies") or ()
        if needed in again
    ]
    for task_id, needed in sorted(found)[:_MOST]:
        word = "completed" if _is_closed(after.tasks[task_id]) else "started"
        yield f"{task_id} , which depends on {needed} , was {word} already."
    if len(found) > _MOST:
        yield f"… and {len(found) - _MOST:,} more that depend on what was reopened."
