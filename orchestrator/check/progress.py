"""Rules on work that went ahead of what it rests on (ORC305, 306)."""

from collections.abc import Iterator

from orchestrator.check.facts import Facts, found, names
from orchestrator.model.problem import Problem
from orchestrator.model.vocabulary import STARTED


def open_children(facts: Facts) -> Iterator[Problem]:
    """Yield ORC305: a completed task with live children that are open."""
    for parent in facts.completed:
        unfinished = [child for child in facts.children.get(parent, ()) if child in facts.open]
        if unfinished:
            are = "is" if len(unfinished) == 1 else "are"
            yield found(
                facts, "ORC305", ("tasks", parent),
                f"{parent} is completed while {names(unfinished)} under it {are} open.",
                "/status", "Complete or cancel them, or open this task again.",
            )  # fmt: skip


def open_dependencies(facts: Facts) -> Iterator[Problem]:
    """Yield ORC306: a task that was started while it still waits for others."""
    for task_id, dependencies in facts.dependencies.items():
        unfinished = [needed for needed in dependencies if needed in facts.open]
        if not unfinished or not (task_id in facts.completed or task_id in facts.open):
            continue
        status = facts.snapshot.tasks[task_id]["status"]
        if task_id in unfinished:
            unfinished.remove(task_id)
        if unfinished and (status == "completed" or status in STARTED):
            are = "is" if len(unfinished) == 1 else "are"
            yield found(
                facts, "ORC306", ("tasks", task_id),
                f"{task_id} is {status} while {names(unfinished)} that it depends on {are} open.",
                "/status", "Finish them first, or remove the dependency.",
            )  # fmt: skip
