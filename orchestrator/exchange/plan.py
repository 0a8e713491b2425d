"""What an import adds to a plan: patch ops, and nothing for what is there already."""

from collections import Counter
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orchestrator.errors import OrchestratorError
from orchestrator.exchange.dates import parse, written
from orchestrator.exchange.identity import free_task_id
from orchestrator.exchange.imported import Document, Imported, Note, Notebook
from orchestrator.exchange.keys import free_key
from orchestrator.exchange.settle import settle
from orchestrator.exchange.untangle import Tangle, untangle
from orchestrator.exchange.weigh import fits, lighten
from orchestrator.model.fields import FIELDS
from orchestrator.model.ids import is_project_id, key_from
from orchestrator.model.pointer import join
from orchestrator.model.snapshot import Snapshot

_UPDATED = {
    "backlog_md": "updated_date", "beads": "updated_at", "github": "updated_at",
    "gitlab": "updated_at", "taskmaster": "updatedAt", "taskwarrior": "modified",
    "todoist": "updated_at",
}  # fmt: skip

Key = tuple[str, int]
"""A task of the source: its id there, and which of several with that id."""


class ImportRefusedError(OrchestratorError):
    """Nothing can be imported into that project."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do.

    Attributes:
        ops: RFC 6902 ops over the virtual document.
        notes: What was changed or could not be kept, the reader's notes first.
        added: How many tasks are added.
        present: How many are there already, and are left as they are.
        places: How many are added to each project that tasks of the source belong in, by its id.
    """

    ops: tuple[Document, ...]
    notes: tuple[Note, ...]
    added: int
    present: int
    places: Mapping[str, int] = field(default_factory=dict)


def plan(snapshot: Snapshot, project: str, imported: Imported, now: datetime) -> ImportPlan:
    """Return what has to be added for the imported plan to be in `project`.

    Args:
        snapshot: The plan as it is.
        project: The id of the project to import into; it is made when it does not exist. Tasks
            that name a project go there.
        imported: What a reader of this package returned.
        now: The present moment, with an offset; no stamp is later.

    Raises:
        ImportRefusedError: The project's id is not one, or the project is deleted.
    """
    places = dict.fromkeys(sorted({_place(task, project) for task in imported.tasks}), 0)
    for place in places | {project: 0}:
        _refuse(snapshot, place)
    notes = Notebook()
    present = _present(snapshot, project, imported, notes)
    ids = _ids(snapshot, imported, present, notes)
    new_users, user_ids = _users(snapshot, imported, notes)
    new: dict[str, Document] = {}
    for task in imported.tasks:
        if task["id"] not in present:
            new[ids[task["id"]]] = _translated(task, ids, user_ids)
    tangle = Tangle(new, snapshot.tasks, project, imported.source, notes)
    untangle(tangle, snapshot.max_depth)
    for task_id, task in new.items():
        settle(task, imported.source, now, notes)
        new[task_id] = lighten(task, imported.source, notes)  # what was dropped is in metadata now
    for task in new.values():
        places[_place(task, project)] += 1
    ops: list[Document] = []
    if new:
        ops += _project_ops(snapshot, filter(places.get, places), imported, now, notes)
        ops += [_add("users", user) for user in new_users]
        ops += [
            _add("tasks", _in_order(task) | {"project": _place(task, project)})
            for _, task in sorted(new.items())
        ]
    said = (*imported.notes, *notes.all())
    return ImportPlan(tuple(ops), said, len(new), len(present), places)


def _place(task: Mapping[str, Any], project: str) -> str:
    return str(task.get("project") or project)


def _refuse(snapshot: Snapshot, project: str) -> None:
    if is_project_id(project) is None:
        raise ImportRefusedError(
            f"{project[:80]!r} is not a project id.", "Small letters, digits and dashes: payments."
        )
    if snapshot.projects.get(project, {}).get("deleted_at"):
        raise ImportRefusedError(
            f"The project {project} is deleted.",
            f"orchestrator project restore {project} brings it back.",
        )


def _key(task: Mapping[str, Any], source: str) -> Key | None:
    metadata = task.get("metadata")
    kept = metadata.get(source) if isinstance(metadata, dict) else None
    if not isinstance(kept, dict) or not isinstance(kept.get("id"), str):
        return None
    copy = kept.get("copy", 1)
    return kept["id"], copy if isinstance(copy, int) else 1


def _present(
    snapshot: Snapshot, project: str, imported: Imported, notes: Notebook
) -> dict[str, str]:
    """Return the ids in the plan of the tasks that an earlier import added, by imported id.

    A task of another project counts when it was moved there since: it was then created at the
    same moment. Without that, two repositories that both number from 1 would be taken for one.
    """
    here: dict[tuple[Key, str], str] = {}
    elsewhere: dict[tuple[Key, str], str] = {}
    for task_id, task in sorted(snapshot.tasks.items(), reverse=True):
        if (key := _key(task, imported.source)) is not None:
            here[key, str(task.get("project"))] = task_id
            elsewhere[key, _moment(task)] = task_id
    found: dict[str, str] = {}
    for task in imported.tasks:
        key = _key(task, imported.source)
        if key is None:
            continue
        known = here.get((key, _place(task, project)))
        if known is None and (known := elsewhere.get((key, _moment(task)))) is not None:
            notes.count("present", "Tasks that are in another project, and are left there")
        if known is not None:
            found[task["id"]] = known
            _note_change(snapshot.tasks[known], task, imported.source, notes)
        elif ("tasks", task["id"]) in snapshot.unreadable:
            found[task["id"]] = task["id"]
            notes.add("present", key[0], f"The file of {task['id']} cannot be read; left as it is.")
    return found


def _moment(task: Mapping[str, Any]) -> str:
    created = task.get("created_at")
    return (
        f"{parse(created).timestamp()} {task.get('title')}" if created else f"{task.get('title')}"
    )


def _note_change(there: Mapping[str, Any], task: Document, source: str, notes: Notebook) -> None:
    key = _UPDATED.get(source, "")
    ours, theirs = there["metadata"][source].get(key), task["metadata"][source].get(key)
    name = task["metadata"][source]["id"]
    if theirs and ours != theirs:
        notes.add(
            "present", name, f"It has changed since it was imported ({theirs}); left as it is."
        )
    elif not theirs and there.get("title") != task["title"]:
        # Two files that both number from 1 look like this too.
        shown = f"{task['title'][:60]!r} there and {str(there.get('title'))[:60]!r} here"
        notes.add("present", name, f"It is called {shown}; left as it is.")


def _ids(
    snapshot: Snapshot, imported: Imported, present: Mapping[str, str], notes: Notebook
) -> dict[str, str]:
    """Return the final id of each imported task; one that another task has gets a suffix."""
    taken = {each.upper() for each in snapshot.tasks}
    taken |= {each.upper() for kind, each in snapshot.unreadable if kind == "tasks"}
    ids = dict(present)
    for task in imported.tasks:
        wanted = task["id"]
        if wanted in present:
            continue
        origin, copy = _key(task, imported.source) or (wanted, 1)
        ids[wanted] = free_task_id(wanted, f"{origin}#{copy}", taken)
        taken.add(ids[wanted])
        if ids[wanted] != wanted:
            notes.add("id", origin, f"{wanted} is another task; it is imported as {ids[wanted]} .")
    return ids


def _users(
    snapshot: Snapshot, imported: Imported, notes: Notebook
) -> tuple[list[Document], dict[str, str]]:
    """Return the users to add, and who each imported user is in the plan.

    A person is known by e-mail, by the name in an integration, or by a name that only one has.
    """
    known: dict[str, str] = {}
    names = Counter(str(user.get("name")).casefold() for user in snapshot.users.values())
    for user_id, user in sorted(snapshot.users.items(), reverse=True):
        if names[name := str(user.get("name")).casefold()] == 1:
            known[name] = user_id
    for user_id, user in sorted(snapshot.users.items(), reverse=True):
        handles = user.get("handles")
        for name in (*(handles.values() if isinstance(handles, dict) else ()), user.get("email")):
            if isinstance(name, str):
                known[name.casefold()] = user_id
    new = []
    ids = {}
    for user in imported.users:
        user_id = user["id"]
        there = user_id in snapshot.users or ("users", user_id) in snapshot.unreadable
        match = known.get(str(user.get("email", "")).casefold())
        if match is None and (match := known.get(user["name"].casefold())) and not there:
            notes.add("people", user["name"], f"This is taken to be the user {match} .")
        ids[user_id] = user_id if there or match is None else match
        if not there and match is None:
            new.append(user)
    return new, ids


def _translated(task: Document, ids: Mapping[str, str], users: Mapping[str, str]) -> Document:
    found = deepcopy(task)
    found["id"] = ids[task["id"]]
    if "parent" in found:
        found["parent"] = ids[found["parent"]]
    if "dependencies" in found:
        found["dependencies"] = sorted({ids[each] for each in found["dependencies"]})
    for key in ("assignee", "deleted_by"):
        if key in found:
            found[key] = users[found[key]]
    return found


def _project_ops(
    snapshot: Snapshot,
    projects: Iterable[str],
    imported: Imported,
    now: datetime,
    notes: Notebook,
) -> list[Document]:
    taken = {str(each.get("key")) for each in snapshot.projects.values()}
    moment = written(now.replace(microsecond=0))
    ops = []
    for project in projects:
        if project in snapshot.projects or ("projects", project) in snapshot.unreadable:
            continue
        suggested = imported.projects.get(project, imported.project)
        key = free_key(taken, [str(suggested.get("key", "")), key_from(project)])
        taken.add(key)
        document = {
            "id": project,
            "key": key,
            "title": str(suggested.get("title") or project)[:500],
            "status": "active",
            "created_at": moment,
            "started_at": moment,
        }
        if metadata := suggested.get("metadata"):
            document["metadata"] = metadata
        if not fits(document):
            del document["metadata"]
            notes.add(
                "size", project, "What the source says of the project is more than a file holds."
            )
        ops.append(_add("projects", document))
    return ops


def _in_order(task: Document) -> Document:
    return {key: task[key] for key in FIELDS["tasks"] if key in task}


def _add(kind: str, document: Document) -> Document:
    return {"op": "add", "path": join([kind, document["id"]]), "value": document}
