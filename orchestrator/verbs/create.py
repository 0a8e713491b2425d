"""New projects, tasks and users."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from orchestrator.check.facts import way
from orchestrator.model.fields import FIELDS
from orchestrator.model.graph import ancestors
from orchestrator.model.ids import (
    is_project_id,
    is_project_key,
    is_task_id,
    is_user_id,
    key_from,
    new_task_id,
)
from orchestrator.model.oneself import ME, NOBODY
from orchestrator.model.places import Kind
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.ops import Operation, Patch
from orchestrator.verbs.assign import Assignment, assigned
from orchestrator.verbs.link import refuse_links
from orchestrator.verbs.refuse import (
    ImpossibleError,
    refuse_faults,
    refuse_gone,
    refuse_gone_project,
)
from orchestrator.verbs.stamps import stamped
from orchestrator.verbs.template import Seed, sown


def create_task(  # noqa: PLR0913, PLR0917 - what a new task is made of
    snapshot: Snapshot,
    project: str,
    title: str,
    wishes: Sequence[Assignment],
    now: datetime,
    choose: Callable[[str], str],
    task_id: str | None = None,
    seed: Seed | None = None,
) -> tuple[str, Patch]:
    """Return a new task's id and the patch that adds it.

    Args:
        snapshot: The plan.
        project: The project's id.
        title: The task's title.
        wishes: Its other fields.
        now: For the stamps, and the day that words like friday start from.
        choose: Picks one character of a string, at random.
        task_id: The id to use instead of a random one.
        seed: What a template says of the task, and of those to make below it.

    Raises:
        ImpossibleError: There is no such project, the id is taken or malformed, or the task may
            not be what is wished for.
        AssignmentError: A value does not fit its field.
    """
    refuse_gone_project(snapshot, project)
    title = title.strip()
    taken = {name.upper() for name in snapshot.tasks} | {
        name for kind, name in snapshot.unreadable if kind == "tasks"
    }
    fresh = _fresh_ids(snapshot, project, taken, choose)
    if task_id is None:
        new_id = next(fresh)
    else:
        new_id = _free(task_id, is_task_id(task_id) is not None, taken, "PAY-7K3F")
        taken.add(new_id)
    grown = sown(seed or Seed(title), title, now.date())
    born = {"status": "todo", "created_at": stamp(now)}
    root = assigned(
        {"id": new_id, "title": title, **born, **grown.fields},
        wishes, snapshot.hours_per_day, now.date(),
    )  # fmt: skip
    made = {new_id: root, **_below(new_id, grown, born, fresh)}
    wanted = {name: {**document, "project": project} for name, document in made.items()}
    _refuse_tasks(snapshot, project, new_id, wanted)
    return new_id, Patch(tuple(_adding("tasks", *item, now) for item in wanted.items()))


def _below(top: str, grown: Seed, born: Document, fresh: Iterator[str]) -> dict[str, Document]:
    """Return the tasks that a seed makes below one, level by level."""
    made: dict[str, Document] = {}
    level = [(top, child) for child in grown.tasks]
    while level:
        below = []
        for parent, child in level:
            child_id = next(fresh)
            made[child_id] = {
                "id": child_id, "title": child.title, **born, **child.fields, "parent": parent,
            }  # fmt: skip
            below += [(child_id, grandchild) for grandchild in child.tasks]
        level = below
    return made


def _fresh_ids(
    snapshot: Snapshot, project: str, taken: set[str], choose: Callable[[str], str]
) -> Iterator[str]:
    key = str(snapshot.projects[project].get("key") or "T")
    siblings = sum(task["project"] == project for task in snapshot.tasks.values())
    while True:
        found = new_task_id(key, taken, siblings, choose)
        taken.add(found)
        yield found


def _refuse_tasks(snapshot: Snapshot, project: str, root: str, wanted: dict[str, Document]) -> None:
    """Refuse new tasks that may not be so, or not there."""
    for document in wanted.values():
        refuse_faults(snapshot, "tasks", {}, document)
    over: list[str] = []
    if parent := wanted[root].get("parent"):
        refuse_gone(snapshot, [parent])
        home = snapshot.tasks[parent]["project"]
        if home != project:
            raise ImpossibleError(
                f"The parent {parent} is in the project {home} and not in {project} .",
                f"Leave the project out, or name a parent in {project} .",
            )
        over = [*reversed(ancestors(snapshot, parent)), parent]
    deepest = list(wanted)[-1]
    chain = [deepest]
    while chain[0] != root:
        chain.insert(0, wanted[chain[0]]["parent"])
    depth = len(over) + len(chain) - 1
    if depth > snapshot.max_depth and snapshot.severity("ORC204") == "error":
        raise ImpossibleError(
            f"{deepest} would be at depth {depth} and the deepest allowed is "
            f"{snapshot.max_depth}: {way([*over, *chain])} .",
            "Choose a parent further up, or raise max_depth in orchestrator.yaml.",
        )
    refuse_links(snapshot, wanted)


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
        wishes, snapshot.hours_per_day, now.date(),
    )  # fmt: skip
    refuse_faults(snapshot, "projects", {}, document)
    return Patch((_adding("projects", project_id, document, now),))


def create_user(
    snapshot: Snapshot, user_id: str, name: str | None, wishes: Sequence[Assignment], now: datetime
) -> Patch:
    """Return the patch that adds a user.

    Raises:
        ImpossibleError: The id is taken, malformed or a word of the commands.
    """
    if user_id in {ME, NOBODY}:
        raise ImpossibleError(
            f"{user_id} is no id for a user: commands understand it otherwise.",
            "Choose another, as dana .",
        )
    _free(user_id, is_user_id(user_id) is not None, set(snapshot.users), "dana")
    document = assigned(
        {
            "id": user_id,
            "name": name or user_id.replace(".", " ").title(),
            "created_at": stamp(now),
        },
        wishes, snapshot.hours_per_day, now.date(),
    )  # fmt: skip
    refuse_faults(snapshot, "users", {}, document)
    return Patch((_adding("users", user_id, document, now),))


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


def _adding(kind: Kind, entity_id: str, document: Document, now: datetime) -> Operation:
    order = (*FIELDS[kind], "project")
    full = stamped(kind, None, document, now)
    value = {name: full[name] for name in order if name in full}
    return {"op": "add", "path": f"/{kind}/{entity_id}", "value": value}
