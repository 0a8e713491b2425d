"""Rules on the tasks and the project that a task names (ORC202, 203, 206, 209, 211)."""

from collections.abc import Iterator

from orchestrator.check.facts import Facts, found
from orchestrator.check.slips import one_slip_hint
from orchestrator.model.problem import Problem


def parent_missing(facts: Facts) -> Iterator[Problem]:
    """Yield ORC202: a parent that no file holds."""
    tasks, unreadable = facts.snapshot.tasks, facts.snapshot.unreadable
    for task_id in facts.lost:
        parent = tasks[task_id]["parent"]
        if parent == task_id or task_id in facts.deleted or ("tasks", parent) in unreadable:
            continue
        yield found(
            facts, "ORC202", ("tasks", task_id), f"The parent {parent} does not exist.", "/parent",
            one_slip_hint(parent, tasks) or "Name a task that exists, or remove the line.",
        )  # fmt: skip


def parent_elsewhere(facts: Facts) -> Iterator[Problem]:
    """Yield ORC203: a parent in another project."""
    tasks = facts.snapshot.tasks
    for task_id in facts.astray:
        if task_id in facts.deleted:
            continue
        parent, here = facts.parents[task_id], tasks[task_id]["project"]
        home = tasks[parent]["project"]
        yield found(
            facts, "ORC203", ("tasks", task_id),
            f"The parent {parent} is in the project {home} and this task is in {here} .",
            "/parent",
            f"Move the task, orchestrator task move {task_id} --to {home} , or name a parent "
            f"in {here} ; dependencies may cross projects.",
        )  # fmt: skip


def dependency_missing(facts: Facts) -> Iterator[Problem]:
    """Yield ORC206: a dependency that no file holds."""
    tasks, unreadable = facts.snapshot.tasks, facts.snapshot.unreadable
    for task_id, dependencies in facts.dependencies.items():
        for index, needed in enumerate(dependencies):
            if needed in tasks or task_id in facts.deleted or ("tasks", needed) in unreadable:
                continue
            yield found(
                facts, "ORC206", ("tasks", task_id), f"The dependency {needed} does not exist.",
                f"/dependencies/{index}",
                one_slip_hint(needed, tasks) or "Name a task that exists, or remove the entry.",
            )  # fmt: skip


def self_reference(facts: Facts) -> Iterator[Problem]:
    """Yield ORC209: a task that is its own parent or dependency."""
    tasks = facts.snapshot.tasks
    for task_id in facts.lost:
        if tasks[task_id]["parent"] == task_id:
            yield found(
                facts, "ORC209", ("tasks", task_id), f"{task_id} is its own parent.", "/parent",
                "Remove the line, or name another task.",
                fix=({"op": "remove", "path": f"/tasks/{task_id}/parent"},),
            )  # fmt: skip
    for task_id, dependencies in facts.dependencies.items():
        if task_id not in dependencies:
            continue
        index = dependencies.index(task_id)
        place = f"/tasks/{task_id}/dependencies"
        yield found(
            facts, "ORC209", ("tasks", task_id), f"{task_id} depends on itself.",
            f"/dependencies/{index}", "Remove the entry, or name another task.",
            fix=({"op": "remove", "path": f"{place}/{index}" if len(dependencies) > 1 else place},),
        )  # fmt: skip


def live_under_deleted(facts: Facts) -> Iterator[Problem]:
    """Yield ORC211: a task that lives on under a deleted parent or in a deleted project."""
    tasks, deleted = facts.snapshot.tasks, facts.deleted
    for parent in deleted:
        for task_id in facts.children.get(parent, ()):
            if task_id not in deleted:
                yield found(
                    facts, "ORC211", ("tasks", task_id), f"The parent {parent} is deleted.",
                    "/parent",
                    f"Delete it too, or bring the parent back, orchestrator task restore "
                    f"{parent} , or name another parent.",
                )  # fmt: skip
    gone = {
        project_id
        for project_id, project in facts.snapshot.projects.items()
        if project.get("deleted_at") is not None
    }
    if not gone:
        return
    for task_id, task in tasks.items():
        if task["project"] in gone and task_id not in deleted:
            project_id = task["project"]
            yield found(
                facts, "ORC211", ("tasks", task_id), f"The project {project_id} is deleted.", "",
                f"Delete it too, or bring the project back, orchestrator project restore "
                f"{project_id} , or move the task.",
            )  # fmt: skip
