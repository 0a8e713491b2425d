"""Rules on work that went ahead of what it rests on (ORC305, 306)."""

from collections.abc import Iterator

from orchestrator.check.facts import Facts, found, names
from orchestrator.model.problem import Problem
from orchestrator.model.vocabulary import DONE, STARTED

_NOT_OPEN = DONE | {None}  # a status that could not be read is not held against anyone
_BEGAN = STARTED | {"completed"}


def open_children(facts: Facts) -> Iterator[Problem]:
    """Yield ORC305: a completed task with live children that are open."""
    tasks, deleted = facts.snapshot.tasks, facts.deleted
    for parent, children in facts.children.items():
        if tasks[parent].get("status") != "completed" or parent in deleted:
            continue
        unfinished = [
            child
            for child in children
            if tasks[child].get("status") not in _NOT_OPEN and child not in deleted
        ]
        if unfinished:
            are = "is" if len(unfinished) == 1 else "are"
            yield found(
                facts, "ORC305", ("tasks", parent),
                f"{parent} is completed while {names(unfinished)} under it {are} open.",
                "/status", "Complete or cancel them, or open this task again.",
            )  # fmt: skip


def open_dependencies(facts: Facts) -> Iterator[Problem]:
    """Yield ORC306: a task that was started while it still waits for others."""
    tasks, deleted = facts.snapshot.tasks, facts.deleted
    for task_id, dependencies in facts.dependencies.items():
        status = tasks[task_id].get("status")
        if status not in _BEGAN or task_id in deleted:
            continue
        unfinished = [
            needed
            for needed in dependencies
            if needed in tasks
            and tasks[needed].get("status") not in _NOT_OPEN
            and needed not in deleted
            and needed != task_id
        ]
        if unfinished:
            are = "is" if len(unfinished) == 1 else "are"
            yield found(
                facts, "ORC306", ("tasks", task_id),
                f"{task_id} is {status} while {names(unfinished)} that it depends on {are} open.",
                "/status", "Finish them first, or remove the dependency.",
            )  # fmt: skip
