"""Items that are on one side only: what is imported, and what is made over there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.sync.action import FieldChange
from orchestrator.sync.item import REFERENCES, Foreign, Item, Kind
from orchestrator.sync.reconcile.compare import remote_reference, sent_value
from orchestrator.sync.reconcile.draft import Draft
from orchestrator.sync.reconcile.identity import derived_id, project_id, project_key
from orchestrator.sync.reconcile.links import Key
from orchestrator.sync.reconcile.refs import Frame
from orchestrator.sync.reconcile.sides import Name
from orchestrator.sync.reconcile.stage import Stage
from orchestrator.sync.reconcile.values import SETS, UNTITLED, fitted, local_value

_FIRST_STATUS: Mapping[Kind, str] = {"tasks": "todo", "projects": "active"}


@dataclass(slots=True)
class Incoming:
    """Items of theirs that are new here.

    Attributes:
        items: By the id that each gets.
        projects: The project of each task among them.
        keys: The key of each project that is made.
        makes_home: Whether the project for tasks that are in none has to be made.
        outside: How many were left out since their project is not mirrored.
        refused: Why an item is left out, by the id that it would get.
    """

    items: dict[Name, Item] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    makes_home: bool = False
    outside: int = 0
    refused: dict[Name, tuple[Item, str]] = field(default_factory=dict)

    @property
    def ids(self) -> dict[Key, str]:
        """The id that each gets, by kind and key."""
        return {(kind, item.key): name for (kind, name), item in self.items.items()}


def incoming(stage: Stage) -> Incoming:
    """Return what is imported, each item with the id that every clone would give it."""
    found = Incoming()
    if not stage.takes():
        return found
    ordered = sorted(stage.links.remote, key=lambda item: (item.kind, item.key))
    wanted = [
        item
        for item in ordered
        if item.kind in stage.fields and stage.is_wanted(item.key, item.name)
    ]
    _projects(stage, wanted, found)
    _tasks(stage, wanted, found)
    return found


def _projects(stage: Stage, items: list[Item], found: Incoming) -> None:
    documents = stage.local.documents["projects"]
    taken = {*documents, *(name for kind, name in stage.local.unreadable if kind == "projects")}
    taken |= {name for kind, name in stage.base.records if kind == "projects"}
    taken.add(stage.tie.name)
    keys = {str(document.get("key")) for document in documents.values()}
    for item in items:
        if item.kind != "projects":
            continue
        if stage.tie.projects is not None:
            found.outside += 1
            continue
        title = str(item.fields.get("title") or UNTITLED)
        new = project_id(title, _origin(stage, item), taken)
        found.items["projects", new] = item
        found.keys[new] = project_key(title, keys)
        taken.add(new)
        keys.add(found.keys[new])
    if stage.home is not None and stage.home not in found.keys:
        found.keys.setdefault(stage.home, project_key(stage.home, keys))


def _tasks(stage: Stage, items: list[Item], found: Incoming) -> None:
    documents = stage.local.documents["tasks"]
    taken = {*documents, *(name for kind, name in stage.local.unreadable if kind == "tasks")}
    taken |= {name for kind, name in stage.base.records if kind == "tasks"}
    new_projects = found.ids
    for item in items:
        if item.kind != "tasks":
            continue
        project = _project_of(stage, item, new_projects)
        if project is None:
            found.outside += 1
            continue
        document = stage.local.document("projects", project)
        if document is None and ("projects", project) not in found.items:
            if project != stage.home or ("projects", project) in stage.local.unreadable:
                found.outside += 1
                continue
            found.makes_home = True
        prefix = str(document["key"]) if document and document.get("key") else found.keys[project]
        new = derived_id(prefix, _origin(stage, item), taken)
        taken.add(new)
        if document is not None and document.get("deleted_at"):
            found.refused["tasks", new] = (item, f"its project {project} is deleted here")
            continue
        found.items["tasks", new] = item
        found.projects[new] = project


def _project_of(stage: Stage, item: Item, new: Mapping[Key, str]) -> str | None:
    key = item.fields.get("project")
    if key is None:
        return stage.home
    project = stage.links.ids.get(("projects", key)) or new.get(("projects", key))
    if stage.tie.projects is not None and project not in stage.tie.projects:
        return None
    return project


def _origin(stage: Stage, item: Item) -> str:
    return f"{stage.tie.kind}:{item.kind}:{item.key}"


def imported(
    stage: Stage, frame: Frame, name: Name, item: Item, project: str | None
) -> tuple[Draft, list[str]]:
    """Return the draft that makes an item of theirs here, and what people should know."""
    kind, entity_id = name
    draft = Draft("create", kind, entity_id, item.key, _title(item), "local", item=item)
    notes: list[str] = []
    values: dict[str, Any] = {}
    for each in stage.fields[kind]:
        if each not in item.fields:
            continue
        value = item.fields[each]
        if each in REFERENCES:
            value = remote_reference(stage, frame, each, value)
            value = None if isinstance(value, Foreign) else value
        else:
            value = fitted(kind, each, value, stage.local.users)
            if isinstance(value, Foreign):
                notes += [f"{each}: {value.text!r} has no word here"] if value.text else []
                value = None
        if value not in (None, []):
            values[each] = value
    values.setdefault("title", UNTITLED)
    values.setdefault("status", _FIRST_STATUS[kind])
    if kind == "tasks":
        values["project"] = project
    owner = stage.tie.owner
    draft.changes = [
        FieldChange(each, "local", None, value, owner.get(each, "both"))
        for each, value in values.items()
    ]
    return draft, notes


def _title(item: Item) -> str:
    return str(item.fields.get("title") or UNTITLED)


def home_draft(stage: Stage, found: Incoming) -> Iterator[Draft]:
    """Yield the draft that makes the project for tasks that are in none over there."""
    if found.makes_home and stage.home is not None:
        values = {"title": stage.home, "status": "active", "key": found.keys[stage.home]}
        changes = [
            FieldChange(each, "local", None, value, "both") for each, value in values.items()
        ]
        yield Draft(
            "create", "projects", stage.home, None, stage.home, "local", changes,
            reason="for what is in no project there",
        )  # fmt: skip


def made(stage: Stage, frame: Frame, name: Name, why: str = "") -> tuple[Draft, list[str]]:
    """Return the draft that makes an item of ours over there, and what people should know."""
    kind, entity_id = name
    document = stage.local.documents[kind][entity_id]
    draft = Draft("create", kind, entity_id, None, str(document.get("title", "")), "remote",
                  reason=why)  # fmt: skip
    if not document.get("title") or not document.get("status"):
        draft.skip("its title and status cannot be read")
        return draft, []
    notes: list[str] = []
    for each, support in stage.fields[kind].items():
        value = local_value(document, each)
        if value is None or support == "read":
            continue
        if each in REFERENCES:
            looks = frame.see(each, value)
            value = list(looks) if isinstance(looks, tuple) else sent_value(stage, each, looks)
        else:
            looks = stage.lens.see(kind, each, value)
            value = list(looks) if each in SETS and isinstance(looks, tuple) else value
            if isinstance(looks, Foreign):
                notes.append(f"{each}: {value} cannot be held there")
        if looks is None or isinstance(looks, Foreign) or value is None:
            continue
        draft.changes.append(
            FieldChange(each, "remote", None, value, stage.tie.owner.get(each, "both"))
        )
    return draft, notes
