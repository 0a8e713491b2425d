"""New projects, tasks and users."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from orchestrator.errors import OrchestratorError
from orchestrator.model.fields import FIELDS
from orchestrator.model.ids import (
    is_project_id,
    is_project_key,
    is_task_id,
    is_user_id,
    key_from,
    new_task_id,
)
from orchestrator.model.places import Kind
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean
from orchestrator.patch.ops import Patch
from orchestrator.verbs.assign import Assignment, assigned


class ImpossibleError(OrchestratorError):
    """What is asked for contradicts the plan."""


def create_task(  # noqa: PLR0913, PLR0917 - what a new task is made of
    snapshot: Snapshot,
    project: str,
    title: str,
    wishes: Sequence[Assignment],
    now: datetime,
    choose: Callable[[str], str],
    task_id: str | None = None,
) -> tuple[str, Patch]:
    """Return a new task's id and the patch that adds it.

    Args:
        snapshot: The plan.
        project: The project's id.
        title: The task's title.
        wishes: Its other fields.
        now: For the stamps.
        choose: Picks one character of a string, at random.
        task_id: The id to use instead of a random one.

    Raises:
        ImpossibleError: There is no such project, or the id is taken or malformed.
    """
    found = snapshot.projects.get(project)
    if found is None:
        hint = did_you_mean(project, snapshot.projects) or f"orchestrator project new {project}"
        raise ImpossibleError(f"There is no project {project} .", hint)
    taken = {name.upper() for name in snapshot.tasks} | {
        name for kind, name in snapshot.unreadable if kind == "tasks"
    }
    if task_id is None:
        siblings = sum(task["project"] == project for task in snapshot.tasks.values())
        new_id: str = new_task_id(str(found.get("key") or "T"), taken, siblings, choose)
    else:
        new_id = _free(task_id, is_task_id(task_id) is not None, taken, "PAY-7K3F")
    document = assigned(
        {"id": new_id, "title": title, "status": "todo", "created_at": stamp(now)},
        wishes, snapshot.hours_per_day,
    )  # fmt: skip
    return new_id, _adding("tasks", new_id, {**document, "project": project}, now)


def create_project(
    snapshot: Snapshot,
    project_id: str,
    title: str | None,
    key: str | None,
    wishes: Sequence[Assignment],
    now: datetime,
) -> Patch:
    """Return the patch that adds a project.

    Raises:
        ImpossibleError: The id or key is taken or malformed.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", project_id.lower()).strip("-")[:63] or "payments-api"
    _free(project_id, is_project_id(project_id) is not None, set(snapshot.projects), slug)
    keys = {str(project.get("key")): name for name, project in snapshot.projects.items()}
    chosen = key or _free_key(key_from(project_id), keys)
    if not is_project_key(chosen):
        raise ImpossibleError(
            f"{chosen!r} is not a project key.", "Up to 16 capitals and digits: PAY."
        )
    if chosen in keys:
        raise ImpossibleError(
            f"The key {chosen} belongs to {keys[chosen]} .", "Choose another with --key."
        )
    document = assigned(
        {
            "id": project_id,
            "key": chosen,
            "title": title or project_id.replace("-", " ").capitalize(),
            "status": "active",
            "created_at": stamp(now),
        },
        wishes, snapshot.hours_per_day,
    )  # fmt: skip
    return _adding("projects", project_id, document, now)


def create_user(
    snapshot: Snapshot, user_id: str, name: str | None, wishes: Sequence[Assignment], now: datetime
) -> Patch:
    """Return the patch that adds a user.

    Raises:
        ImpossibleError: The id is taken or malformed.
    """
    _free(user_id, is_user_id(user_id) is not None, set(snapshot.users), "dana")
    document = assigned(
        {
            "id": user_id,
            "name": name or user_id.replace(".", " ").title(),
            "created_at": stamp(now),
        },
        wishes, snapshot.hours_per_day,
    )  # fmt: skip
    return _adding("users", user_id, document, now)


def stamp(now: datetime) -> str:
    """Return a moment as files hold it: ISO 8601 with seconds and offset."""
    return now.isoformat(timespec="seconds")


def _free(wanted: str, is_formed: bool, taken: set[str], example: str) -> str:  # noqa: FBT001
    if not is_formed:
        raise ImpossibleError(f"{wanted[:60]!r} is not an id.", f"An id looks like {example} .")
    if wanted in taken:
        raise ImpossibleError(f"The id {wanted} is taken.", "Choose another.")
    return wanted


def _free_key(key: str, taken: dict[str, str]) -> str:
    number = 2
    candidate = key
    while candidate in taken:
        candidate = f"{key[:14]}{number}"
        number += 1
    return candidate


def _adding(kind: Kind, entity_id: str, document: Document, now: datetime) -> Patch:
    from orchestrator.verbs.stamps import stamped

    order = (*FIELDS[kind], "project")
    full = stamped(kind, None, document, now)
    value = {name: full[name] for name in order if name in full}
    return Patch(({"op": "add", "path": f"/{kind}/{entity_id}", "value": value},))
