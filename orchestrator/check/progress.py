"""Rules on work that went ahead of what it rests on (ORC305, 306)."""

from collections.abc import Iterator

from orchestrator.check.facts import Facts, found, names
from orchestrator.model.problem import Problem


def open_children(facts: Facts) -> Iterator[Problem]:
    """Yield ORC305: a completed task with live children that are open."""
    settled = facts.settled
    for parent in facts.completed:
        unfinished = [child for child in facts.children.get(parent, ()) if child not in settled]
        if unfinished:
            are = "is" if len(unfinished) == 1 else "are"
            yield found(
                facts, "ORC305", ("tasks", parent),
                f"{parent} is completed while {names(unfinished)} under it {are} open.",
                "/status", "Complete or cancel them, or open this task again.",
            )  # fmt: skip


def open_dependencies(facts: Facts) -> Iterator[Problem]:
    """Yield ORC306: a task that was started while it still waits for others."""
    tasks, settled = facts.snapshot.tasks, facts.settled
    for task_id in facts.begun:
        unfinished = [
            needed
            for needed in facts.dependencies[task_id]
            if needed not in settled and needed in tasks and needed != task_id
        ]
        if unfinished:
            are = "is" if len(unfinished) == 1 else "are"
            yield found(
                facts, "ORC306", ("tasks", task_id),
                f"{task_id} is {tasks[task_id]['status']} while {names(unfinished)} that it "
                f"depends on {are} open.",
                "/status", "Finish them first, or remove the dependency.",
            )  # fmt: skip
