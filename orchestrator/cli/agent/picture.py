"""The tree that a run would make, with totals and the critical path."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from orchestrator.cli.escape import printable
from orchestrator.cli.ink import BOLD, DIM, GREEN, YELLOW, paint
from orchestrator.cli.session import Session
from orchestrator.model.duration import format_duration

if TYPE_CHECKING:
    from orchestrator.agent.tools import Draft

_MOST_LINES = 300
_MOST_PATH = 12


def tree_lines(session: Session, draft: "Draft") -> Iterator[str]:
    """Yield the trees of the projects that a draft changes: + is new, ~ is changed."""
    from orchestrator.view.tree import tree

    made, changed = _marks(draft)
    count = 0
    for project in _projects(draft):
        found = draft.snapshot.projects.get(project, {})
        if found.get("deleted_at"):
            continue
        title = printable(str(found.get("title") or ""))
        yield paint(f"{project}  {title}", BOLD, has_color=session.has_color)
        for branch in tree(draft.snapshot, project=project):
            count += 1
            if count > _MOST_LINES:
                yield f"  … and more: {count:,} lines are enough to read"
                return
            mark, code = " ", ""
            if branch.id in made:
                mark, code = "+", GREEN
            elif branch.id in changed:
                mark, code = "~", YELLOW
            sign = paint(mark, code, has_color=session.has_color)
            indent = "  " * branch.depth
            yield f"{sign} {indent}{_row(session, draft, branch.id)}"


def summary(draft: "Draft") -> dict[str, Any]:
    """Return what a draft adds and changes, with the work in it and the critical path."""
    from orchestrator.view.schedule import schedule

    made, changed = _marks(draft)
    parents = {task.get("parent") for _, task in draft.snapshot.live_tasks()}
    minutes = sum(
        draft.snapshot.tasks[task_id].get("estimated_minutes") or 0
        for task_id in made
        if task_id not in parents
    )
    projects = list(_projects(draft))
    paths = {
        project: schedule(draft.snapshot, draft.now.date(), project)
        for project in projects
        if project in draft.snapshot.projects
    }
    return {
        "added": len(made), "changed": len(changed),
        "removed": sum(change.after is None for change in draft.changes),
        "estimated_minutes": minutes,
        "critical_paths": [
            {
                "project": project, "tasks": list(found.path), "minutes": found.minutes,
                "finish": found.finish.isoformat() if found.finish else None,
            }
            for project, found in paths.items()
            if found.path
        ],
    }  # fmt: skip


def summary_lines(draft: "Draft", found: dict[str, Any]) -> Iterator[str]:
    """Yield a summary in words."""
    hours = draft.snapshot.hours_per_day
    parts = [
        f"{found[name]} {'task' if found[name] == 1 else 'tasks'} {name}"
        for name in ("added", "changed", "removed")
        if found[name]
    ]
    work = format_duration(found["estimated_minutes"], hours) if found["estimated_minutes"] else ""
    yield ", ".join(parts or ["no tasks"]) + (f", {work} of work" if work else "")
    for path in found["critical_paths"]:
        ids = path["tasks"]
        shown = " → ".join(ids[:_MOST_PATH]) + (" → …" if len(ids) > _MOST_PATH else "")
        length = format_duration(path["minutes"], hours)
        yield f"critical path of {path['project']} : {length}, until {path['finish']}: {shown}"


def _marks(draft: "Draft") -> tuple[set[str], set[str]]:
    tasks = [change for change in draft.changes if change.kind == "tasks" and change.after]
    made = {change.id for change in tasks if change.before is None}
    return made, {change.id for change in tasks} - made


def _projects(draft: "Draft") -> Iterator[str]:
    found = {
        change.id if change.kind == "projects" else str((change.after or {}).get("project", ""))
        for change in draft.changes
    }
    yield from sorted(found & draft.snapshot.projects.keys())


def _row(session: Session, draft: "Draft", task_id: str) -> str:
    task = draft.snapshot.tasks[task_id]
    parts = []
    if task.get("estimated_minutes"):
        parts.append(format_duration(task["estimated_minutes"], draft.snapshot.hours_per_day))
    if task.get("assignee"):
        parts.append(f"@{task['assignee']}")
    if task.get("due_date"):
        parts.append(f"due {task['due_date']}")
    if task.get("dependencies"):
        parts.append(f"after {' '.join(task['dependencies'])}")
    after = paint(printable("  ".join(parts)), DIM, has_color=session.has_color)
    title = printable(str(task.get("title") or ""))
    return f"{task_id}  {title}{'  ' if after else ''}{after}"
