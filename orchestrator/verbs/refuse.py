"""What a changed entity may not say; each refusal is one sentence and names the facts.

`check` says the same of files; a verb says it before anything is done, about what was typed. What
the settings make a warning, or turn off, is not refused here either.
"""

from collections.abc import Iterable

from orchestrator.check.sieve import known_users
from orchestrator.errors import OrchestratorError
from orchestrator.model.ids import is_task_id
from orchestrator.model.places import Kind
from orchestrator.model.pointer import split
from orchestrator.model.shape import Document, judge
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean

_NOUN: dict[Kind, str] = {"tasks": "task", "projects": "project", "users": "user"}
_PEOPLE = ("assignee", "owner")


class ImpossibleError(OrchestratorError):
    """What is asked for contradicts the plan."""


def unknown(snapshot: Snapshot, kind: Kind, entity_id: str) -> ImpossibleError:
    """Return the refusal for an id that names nothing."""
    noun = _NOUN[kind]
    if (kind, entity_id) in snapshot.unreadable:
        return ImpossibleError(f"The file of {entity_id} cannot be read.", "orchestrator check")
    known = snapshot.entities(kind)
    return ImpossibleError(
        f"There is no {noun} {' '.join(entity_id[:60].split())} .",
        did_you_mean(entity_id, known) or f"orchestrator {noun} list shows them.",
    )


def refuse_unknown(snapshot: Snapshot, task_ids: Iterable[str]) -> None:
    """Do nothing when all of these tasks exist, deleted or not.

    Raises:
        ImpossibleError: One does not, or its file cannot be read.
    """
    for task_id in task_ids:
        if task_id not in snapshot.tasks or ("tasks", task_id) in snapshot.unreadable:
            raise unknown(snapshot, "tasks", task_id)


def refuse_gone(snapshot: Snapshot, task_ids: Iterable[str]) -> None:
    """Do nothing when all of these tasks exist and are not deleted.

    Raises:
        ImpossibleError: One does not, is deleted, or its file cannot be read.
    """
    ids = list(task_ids)
    refuse_unknown(snapshot, ids)
    for task_id in ids:
        if snapshot.tasks[task_id].get("deleted_at"):
            root = snapshot.tasks[task_id].get("deleted_with") or task_id
            raise ImpossibleError(f"{task_id} is deleted.", f"{restoring(root)} brings it back.")


def refuse_live(snapshot: Snapshot, kind: Kind, entity_id: str, hint: str) -> None:
    """Do nothing when a task or a project exists and is deleted.

    Args:
        snapshot: The plan.
        kind: Of the entity.
        entity_id: Which.
        hint: What to do when it is not deleted.

    Raises:
        ImpossibleError: There is none, or it is not deleted.
    """
    found = snapshot.entities(kind).get(entity_id)
    if found is None:
        raise unknown(snapshot, kind, entity_id)
    if found.get("deleted_at") is None:
        raise ImpossibleError(f"The {_NOUN[kind]} {entity_id} is not deleted.", hint)


def restoring(root: str) -> str:
    """Return the command that brings back what was deleted with a task or a project."""
    return f"orchestrator {'task' if is_task_id(root) else 'project'} restore {root}"


def refuse_gone_project(snapshot: Snapshot, project_id: str) -> None:
    """Do nothing when a project exists and is not deleted.

    Raises:
        ImpossibleError: It does not, is deleted, or its file cannot be read.
    """
    found = snapshot.projects.get(project_id)
    if found is None or ("projects", project_id) in snapshot.unreadable:
        refusal = unknown(snapshot, "projects", project_id)
        if ("projects", project_id) not in snapshot.unreadable and not did_you_mean(
            project_id, snapshot.projects
        ):
            refusal.hint = f"orchestrator project new {project_id[:60]}"
        raise refusal
    if found.get("deleted_at"):
        raise ImpossibleError(
            f"The project {project_id} is deleted.",
            f"orchestrator project restore {project_id} brings it back.",
        )


def refuse_faults(snapshot: Snapshot, kind: Kind, before: Document, after: Document) -> None:
    """Do nothing when what changes between two documents of one entity may be so.

    What was wrong before, and stays as it is, is no reason to refuse.

    Raises:
        ImpossibleError: A value does not fit its field, a person is unknown or inactive, or the
            entity would be due before it starts.
    """
    changed = {name for name in after if before.get(name) != after[name]}
    if not changed:
        return
    _refuse_values(kind, after, changed)
    for field in _PEOPLE:
        if field in changed:
            refuse_stranger(snapshot, str(after[field]))
    start, due = after.get("start_date"), after.get("due_date")
    if (
        changed & {"start_date", "due_date"}
        and isinstance(start, str)
        and isinstance(due, str)
        and due < start
        and snapshot.severity("ORC303") == "error"
    ):
        raise ImpossibleError(
            f"{after['id']} would be due on {due} and start on {start}, after that.",
            "Set both: start=… due=…",
        )


def refuse_stranger(snapshot: Snapshot, user_id: str) -> None:
    """Do nothing when a task may be given to this person.

    Raises:
        ImpossibleError: The plan has users, and none with this id, or the user is inactive.
    """
    known = known_users(snapshot)
    if known is None:
        return
    if user_id not in known and snapshot.severity("ORC210") == "error":
        hint = did_you_mean(user_id, snapshot.users) or f"orchestrator user new {user_id[:60]}"
        raise ImpossibleError(f"There is no user {user_id[:60]} .", hint)
    if snapshot.users.get(user_id, {}).get("active") is False:
        raise ImpossibleError(
            f"{user_id} is no longer active.",
            f"Choose somebody else, or orchestrator user set {user_id} active=true",
        )


def _refuse_values(kind: Kind, after: Document, changed: set[str]) -> None:
    document = {name: value for name, value in after.items() if name != "project"}
    for problem in judge(kind, "", document, str(after.get("id"))).problems:
        steps = split(problem.pointer)
        if steps and steps[0] in changed:
            raise ImpossibleError(problem.message, problem.hint)
