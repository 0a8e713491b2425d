"""Linear's JSON and our items, in both directions; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from orchestrator.sync.item import Foreign, Item, Kind
from orchestrator.sync.remotes.linear.description import normal
from orchestrator.sync.remotes.linear.queries import MARK
from orchestrator.sync.remotes.linear.team import Label, State, Team

TASK_FIELDS: Final = (
    "title", "description", "status", "priority", "assignee", "labels", "due_date",
    "parent", "dependencies", "project",
)  # fmt: skip
PROJECT_FIELDS: Final = (
    "title", "description", "status", "priority", "owner", "tags", "start_date", "due_date",
)  # fmt: skip
_RESOLUTIONS: Final = {"start_date": "startDateResolution", "due_date": "targetDateResolution"}
_INPUTS: Final = {
    "tasks": {
        "title": "title", "description": "description", "due_date": "dueDate",
        "parent": "parentId", "project": "projectId",
    },
    "projects": {
        "title": "name", "description": "content", "start_date": "startDate",
        "due_date": "targetDate",
    },
}  # fmt: skip
_STAMPS: Final = {
    "createdAt": "created_at",
    "startedAt": "started_at",
    "completedAt": "completed_at",
}

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Sets:
    """What has to be put on an item and taken from it, by Linear's ids.

    Attributes:
        added: Labels to put on.
        removed: Labels to take off.
        blockers: Issues that block it from now on.
        freed: Relations that end.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    blockers: tuple[str, ...] = ()
    freed: tuple[str, ...] = ()


class UnwritableError(ValueError):
    """A value that Linear has no place for; `args` are the field and the value."""


def issue_item(node: Mapping[str, Any], relations: Sequence[Mapping[str, Any]], team: Team) -> Item:
    """Return the task that an issue is.

    Args:
        node: As the fragment `I` selects it.
        relations: All of its inverse relations.
        team: What the words mean.
    """
    state = _state(node["state"])
    label_ids = sorted(node["labelIds"])
    names = team.label_names
    blockers = {each["id"]: each["issue"]["id"] for each in relations if each["type"] == "blocks"}
    fields: dict[str, Any] = {
        "title": _line(node["title"]),
        "description": normal(node["description"]),
        "status": team.status_of(state, is_blocked=not team.marks.isdisjoint(label_ids)),
        "priority": team.priority_of(node["priority"]),
        "assignee": team.user(node["assignee"]),
        "labels": _labels(names[each] for each in label_ids if each in names) - team.hidden,
        "due_date": node["dueDate"],
        "parent": _id(node["parent"]),
        "dependencies": set(blockers.values()),
        "project": _id(node["project"]),
    }
    fields = {name: sorted(v) if isinstance(v, set) else v for name, v in fields.items()}
    if team.minutes is not None:
        points = node["estimate"]
        fields["estimated_minutes"] = None if points is None else round(points * team.minutes)
    marks = [each["url"] for each in node["attachments"]["nodes"]]
    kept = {"state": dict(node["state"]), "labels": label_ids, "relations": blockers}
    return _item("tasks", node, fields, kept, marks[0].removeprefix(MARK) if marks else None)


def project_item(node: Mapping[str, Any], team: Team) -> Item:
    """Return the project that one of Linear's is, as the fragment `P` selects it."""
    tag_ids = sorted(node["labelIds"])
    names = team.tag_names
    fields: dict[str, Any] = {
        "title": _line(node["name"]),
        "description": normal(node["content"]),
        "status": team.stage_of(_state(node["status"])),
        "priority": team.priority_of(node["priority"]),
        "owner": team.user(node["lead"]),
        "tags": sorted(_labels(names[each] for each in tag_ids if each in names)),
        "start_date": _day(node, "startDate"),
        "due_date": _day(node, "targetDate"),
    }
    vague = {name: node[there] for name, there in _RESOLUTIONS.items() if node[there]}
    kept = {"state": dict(node["status"]), "labels": tag_ids, "vague": vague}
    return _item("projects", node, fields, kept, None)


def inputs(
    kind: Kind, changes: Mapping[str, Any], team: Team, current: Item | None = None
) -> dict[str, Any]:
    """Return the input of a mutation, without the sets, for an item that is new or is there.

    Raises:
        UnwritableError: A value has no counterpart.
    """
    found: dict[str, Any] = {}
    kept: Mapping[str, Any] = current.kept if current is not None else {}
    for name, value in changes.items():
        if isinstance(value, Foreign) or name in kept.get("vague", {}):
            # A quarter is more than a day can say: it stays as it is over there.
            continue
        if name in _INPUTS[kind]:
            found[_INPUTS[kind][name]] = _plain(name, value)
        elif name == "status":
            found |= _status_input(kind, value, team, kept)
        elif name == "priority":
            found["priority"] = _or_refuse(name, value, team.priority_for(value))
        elif name in {"assignee", "owner"}:
            account = team.account(value) if value else None
            key = "assigneeId" if kind == "tasks" else "leadId"
            found[key] = _or_refuse(name, value, account).id if value else None
        elif name == "estimated_minutes" and team.minutes is not None:
            found["estimate"] = None if value is None else team.points_for(value)
    return found


def sets(kind: Kind, changes: Mapping[str, Any], team: Team, current: Item | None = None) -> Sets:
    """Return what has to be put on an item and taken off; the labels must all be known by now.

    Labels that are not the team's, and whatever else was not read as one of ours, stay.
    """
    kept: Mapping[str, Any] = current.kept if current is not None else {}
    on: set[str] = set(kept.get("labels", ()))
    wanted = set(on)
    name, known = ("labels", team.labels) if kind == "tasks" else ("tags", team.tags)
    if name in changes:
        names = _names(kind, changes, team)
        hidden = team.hidden if kind == "tasks" else frozenset()
        wanted -= {each.id for each in known if each.name not in names | hidden}
        there = {each.name for each in known if each.id in wanted}
        wanted |= {_label_id(each, kind, team) for each in names - there}
    if kind == "tasks" and team.reserved and isinstance(changes.get("status"), str):
        _, has_mark = team.state_for(changes["status"])
        if not has_mark:
            wanted -= team.marks
        elif wanted.isdisjoint(team.marks):
            wanted.add(_label_id(team.reserved, kind, team))
    relations: Mapping[str, str] = kept.get("relations", {})
    blockers: set[str] = set(relations.values())
    blocking = set(changes.get("dependencies", blockers) or ())
    return Sets(
        added=tuple(sorted(wanted - on)),
        removed=tuple(sorted(on - wanted)),
        blockers=tuple(sorted(blocking - blockers)),
        freed=tuple(sorted(each for each, key in relations.items() if key not in blocking)),
    )


def unknown_labels(kind: Kind, changes: Mapping[str, Any], team: Team) -> list[str]:
    """Return the names of labels that have to be made before `sets` can be asked."""
    names = _names(kind, changes, team)
    if kind == "tasks" and team.reserved and isinstance(changes.get("status"), str):
        names |= {team.reserved} if team.state_for(changes["status"])[1] else set()
    find = team.label if kind == "tasks" else team.tag
    return sorted(name for name in names if find(name) is None)


def represent(kind: Kind, name: str, value: Any, team: Team) -> Any:
    """Return what reading would give after writing a value."""
    if isinstance(value, Foreign) or (value is None and name in {"title", "status"}):
        return value
    match name:
        case "title":
            return _line(value)
        case "description":
            return normal(value)
        case "status" if kind == "tasks":
            state, is_blocked = team.state_for(value)
            return (
                Foreign(str(value)) if state is None
                else team.status_of(state, is_blocked=is_blocked)
            )  # fmt: skip
        case "status":
            stage = team.stage_for(value)
            return Foreign(str(value)) if stage is None else team.stage_of(stage)
        case "priority":
            number = team.priority_for(value)
            return Foreign(str(value)) if number is None else team.priority_of(number)
        case "assignee" | "owner" if value:
            account = team.account(value)
            return Foreign(str(value)) if account is None else team.user({"id": account.id})
        case "labels" | "tags":
            return sorted(_names(kind, {name: value}, team))
        case "estimated_minutes" if value is not None and team.minutes is not None:
            return round(team.points_for(value) * team.minutes)
        case "start_date" | "due_date" if value:
            return value.isoformat() if isinstance(value, date) else str(value)
    return value or None if name in {"assignee", "owner"} else value


def _item(
    kind: Kind,
    node: Mapping[str, Any],
    fields: Mapping[str, Any],
    kept: Mapping[str, Any],
    external: str | None,
) -> Item:
    trashed = bool(node["trashed"])
    archived = node["archivedAt"] is not None
    return Item(
        kind=kind,
        key=node["id"],
        fields=fields,
        kept=kept,
        name=node["identifier"] if kind == "tasks" else node["slugId"],
        url=node["url"],
        updated_at=node["updatedAt"],
        state="trashed" if trashed else "archived" if archived else "live",
        stamps={ours: node[theirs] for theirs, ours in _STAMPS.items() if node[theirs]},
        external=external or None,
    )


def _status_input(kind: Kind, status: str, team: Team, kept: Mapping[str, Any]) -> dict[str, str]:
    there = _state(kept["state"]) if "state" in kept else None
    if kind == "projects":
        stage = _or_refuse("status", status, team.stage_for(status))
        same = there is not None and team.stage_of(there) == team.stage_of(stage)
        return {} if same else {"statusId": stage.id}
    state, is_blocked = team.state_for(status)
    state = _or_refuse("status", status, state)
    wanted = team.status_of(state, is_blocked=is_blocked)
    # Another column of the same meaning is somebody's choice.
    same = there is not None and team.status_of(there, is_blocked=is_blocked) == wanted
    return {} if same else {"stateId": state.id}


def _or_refuse(name: str, value: Any, found: _Found | None) -> _Found:
    if found is None:
        raise UnwritableError(name, value)
    return found


def _label_id(name: str, kind: Kind, team: Team) -> str:
    found: Label | None = (team.label if kind == "tasks" else team.tag)(name)
    return _or_refuse("labels" if kind == "tasks" else "tags", name, found).id


def _plain(name: str, value: Any) -> Any:
    if name == "title":
        return _line(value)
    return value.isoformat() if isinstance(value, date) else value


def _day(node: Mapping[str, Any], name: str) -> Any:
    resolution = node[f"{name}Resolution"]
    return Foreign(f"the {resolution} of {node[name]}") if resolution else node[name]


def _state(value: Mapping[str, Any]) -> State:
    return State(value["id"], value["name"], value["type"])


def _id(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else value["id"]


def _line(text: str) -> str:
    return " ".join(text.split())


def _labels(names: Any) -> set[str]:
    return {_line(name) for name in names if name.strip()}


def _names(kind: Kind, changes: Mapping[str, Any], team: Team) -> set[str]:
    """Return the names of the wanted labels as Linear spells those that it has."""
    if kind == "projects":
        found = {each: team.tag(each) for each in _labels(changes.get("tags") or ())}
        return {each if tag is None else tag.name for each, tag in found.items()}
    found = {each: team.label(each) for each in _labels(changes.get("labels") or ())}
    return {each if label is None else label.name for each, label in found.items()} - team.hidden
