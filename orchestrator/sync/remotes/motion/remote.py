"""One workspace of Motion: its tasks, and its projects as far as the API lets them be made."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from orchestrator.sync.errors import ForbiddenError, InvalidError, NotFoundError, RemoteError
from orchestrator.sync.item import Foreign, Item, Kind, Listing, Wanted
from orchestrator.sync.remote import Capabilities, Choice, Known, Support, Survey, Tie, World
from orchestrator.sync.remotes.motion import description, mapping
from orchestrator.sync.remotes.motion.client import ALONE, TEAM, client_of, part
from orchestrator.sync.remotes.motion.words import (
    Account,
    State,
    Words,
    accounts_of,
    priorities_of,
    states_of,
)

NOTES = (
    "Motion has no subtasks and no dependencies in its API: parent and dependencies stay local.",
    "A start date can only be read, where Motion schedules the task itself.",
    "Labels must be made in Motion: those that the workspace lacks stay local.",
    "A priority, due date or project, once set, can be changed there but not taken away.",
    "Projects are made in Motion; later changes of theirs, and their deletion, stay local.",
    "Time spent stays local: Motion's chunks are plans.",
)
_TASKS: Mapping[str, Support] = {
    "title": "both", "description": "both", "status": "both", "priority": "both",
    "assignee": "both", "labels": "both", "due_date": "both", "estimated_minutes": "both",
    "project": "both", "start_date": "read",
}  # fmt: skip
_PROJECTS: Mapping[str, Support] = {
    "title": "create", "description": "create", "status": "read", "priority": "create",
    "due_date": "create", "tags": "create",
}  # fmt: skip
CAPABILITIES = Capabilities({"tasks": _TASKS, "projects": _PROJECTS}, notes=NOTES)


class Motion:
    """One workspace.

    Attributes:
        tie: Its integration.
        words: What its statuses, labels and accounts mean; known after `greet`.
    """

    def __init__(self, tie: Tie, token: str, world: World) -> None:
        self.tie = tie
        self.words = Words(priorities=priorities_of(tie.priorities))
        self._client = client_of(tie, token, world)
        self._made: dict[str, str] = {}

    @property
    def requests(self) -> int:
        """How many HTTP requests were sent so far."""
        return self._client.http.sent

    def __enter__(self) -> Self:
        """Open the connections."""
        self._client.http.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close them."""
        self._client.http.__exit__(kind, error, trace)

    def greet(self) -> Capabilities:
        """Find the workspace, and learn its statuses, labels, accounts and time zone."""
        workspace = self._workspace()
        self._client.use(ALONE if workspace.get("type") == "individual" else TEAM)
        states = self._states(workspace["id"])
        names = [_name(row) for row in workspace.get("labels") or ()]
        self.words = replace(
            self.words,
            workspace=workspace["id"],
            known=states,
            states=states_of(self.tie.statuses, states),
            labels={name.casefold(): name for name in names if name},
            accounts=accounts_of(self.tie, self._accounts(workspace["id"])),
            zone=self._zone(),
        )
        return CAPABILITIES

    def survey(self) -> Survey:
        """Return the account's workspaces, and what the chosen one has."""
        me = mapping.shaped(self._client.get("/users/me"), "user", "id", "name")
        found = list(self._client.rows("/workspaces", {}, "workspaces"))
        scopes = {
            "workspace": [Choice(str(row.get("name")), str(row.get("name"))) for row in found]
        }
        if not self.tie.scope.get("workspace"):
            return Survey(me["name"], scopes, ("workspace",))
        chosen = self._workspace(found)
        states = self._states(chosen["id"])
        means = {name: status for status, name in states_of({}, states).items()}
        people = (
            Choice(each.email or each.name, each.name, each.email or None)
            for each in self._accounts(chosen["id"])
        )
        return Survey(
            me["name"],
            scopes,
            ("workspace",),
            tuple(Choice(each.name, each.name, means.get(each.name)) for each in states),
            users=tuple(people),
        )

    def fetch(self, since: str | None, known: Known) -> Listing:
        """Return all projects and tasks: Motion cannot be asked for what changed."""
        del since
        scope = {"workspaceId": self.words.workspace}
        items: dict[tuple[Kind, str], Item] = {}
        for row in self._client.rows("/projects", scope, "projects"):
            key = _id(row)
            items["projects", key] = self._project(row, known.get(("projects", key), {}))
        for item in self._tasks(known):
            before = items.get(("tasks", item.key))
            if before is None or before.updated_at <= item.updated_at:
                items["tasks", item.key] = item
        return Listing(tuple(items.values()), is_complete=True, watermark=None)

    def look(self, kind: Kind, key: str, kept: Mapping[str, Any]) -> Item | None:
        """Return one item as it is now, or None when it is not there."""
        try:
            row = self._client.get(f"/{kind}/{part(key)}")
        except NotFoundError:
            return None
        return self._project(row, kept) if kind == "projects" else self._task(row, kept)

    def find(self, wanted: Wanted) -> Item | None:
        """Return the item whose description ends with the mark of an earlier create."""
        mark = description.mark_of(wanted.id, wanted.token)
        if mark.token in self._made:
            return self.look(wanted.kind, self._made[mark.token], {})
        if wanted.kind == "tasks":
            items = self._tasks({})
        else:
            scope = {"workspaceId": self.words.workspace}
            rows = self._client.rows("/projects", scope, "projects")
            items = (self._project(row, {}) for row in rows)
        return next((item for item in items if mapping.mark_in(item.kept) == mark), None)

    def create(self, wanted: Wanted) -> Item:
        """Make a task or a project with all that it can hold."""
        mark = description.mark_of(wanted.id, wanted.token)
        if mark.token in self._made:
            found = self.find(wanted)
            if found is not None:
                return found
        fields = {"title": wanted.id, "description": "", **wanted.fields}
        text = description.written(fields["description"] or "", mark)
        if wanted.kind == "projects":
            row = self._client.post("/projects", self._project_body(fields, text))
            item = self._project(row, {}, text)
        else:
            body = {
                **mapping.body(self.words, None, fields),
                "workspaceId": self.words.workspace,
                "description": text,
            }
            row = self._client.post("/tasks", body)
            item = self._task(row, {}, text)
        self._made[mark.token] = item.key
        return item

    def update(self, current: Item, changes: Mapping[str, Any]) -> Item:
        """Change a task; Motion takes no changes of projects."""
        path = f"/{current.kind}/{part(current.key)}"
        if current.kind == "projects":
            return self._project(self._client.get(path), current.kept)
        if changes.get("assignee", "") is None and current.kept.get("assignees"):
            self._client.delete(f"{path}/assignee")
        body = mapping.body(self.words, current, changes)
        sent = body.get("description")
        if not body:
            return self._task(self._client.get(path), current.kept)
        # Motion's pages say that both are needed, whatever else changes.
        body = {"name": current.kept.get("name") or current.fields.get("title"), **body}
        row = self._client.patch(path, {**body, "workspaceId": self.words.workspace})
        return self._task(row, current.kept, sent)

    def delete(self, current: Item) -> None:
        """Delete a task for good; Motion's API deletes no projects."""
        if current.kind == "projects":
            name = current.fields.get("title") or current.key
            raise ForbiddenError(
                f"Motion's API cannot delete the project {name} .",
                "Delete it in Motion, or keep it: sync unlink takes it out of the sync.",
            )
        self._client.delete(f"/tasks/{part(current.key)}")

    def represent(self, kind: Kind, name: str, value: Any) -> Any:
        """Return what reading would give after writing `value` to a field."""
        return mapping.represent(self.words, kind, name, value)

    def _tasks(self, known: Known) -> Iterator[Item]:
        # Without all statuses, what is resolved is hidden.
        query = {"workspaceId": self.words.workspace, "includeAllStatuses": "true"}
        for row in self._client.rows("/tasks", query, "tasks"):
            yield self._task(row, known.get(("tasks", _id(row)), {}))

    def _task(self, row: Any, kept: Mapping[str, Any], sent: str | None = None) -> Item:
        return mapping.task(self.words, row, kept, sent)

    def _project(self, row: Any, kept: Mapping[str, Any], sent: str | None = None) -> Item:
        return mapping.project(self.words, row, kept, sent)

    def _project_body(self, fields: Mapping[str, Any], text: str) -> dict[str, Any]:
        body: dict[str, Any] = {
            "name": mapping.title(fields["title"]),
            "workspaceId": self.words.workspace,
            "description": description.to_html(text),
        }
        if fields.get("priority") in self.words.priorities:
            body["priority"] = self.words.priorities[fields["priority"]]
        if labels := self.words.spelled(fields.get("tags") or ()):
            body["labels"] = labels
        if fields.get("due_date") and not isinstance(fields["due_date"], Foreign):
            body["dueDate"] = fields["due_date"]
        return body

    def _workspace(self, found: Sequence[Mapping[str, Any]] | None = None) -> Mapping[str, Any]:
        wanted = self.tie.scope.get("workspace", "")
        unknown = sorted(set(self.tie.scope) - {"workspace"})
        if not wanted or unknown:
            said = f"knows no {unknown[0]}" if unknown else "names no workspace"
            raise InvalidError(
                f"The scope of {self.tie.name} {said}.",
                "Write scope: {workspace: NAME} into orchestrator.yaml; sync init motion asks.",
            )
        rows = self._client.rows("/workspaces", {}, "workspaces") if found is None else found
        listed = [mapping.shaped(row, "workspace", "id", "name") for row in rows]
        for row in listed:
            if wanted == row["id"] or wanted.casefold() == row["name"].casefold():
                return row
        names = ", ".join(row["name"] for row in listed) or "none"
        raise NotFoundError(
            f"Motion has no workspace {wanted!r} for this key.",
            f"It sees {names[:200]}; mend scope.workspace in orchestrator.yaml.",
        )

    def _states(self, workspace: str) -> tuple[State, ...]:
        rows = self._client.get("/statuses", {"workspaceId": workspace})
        found = rows if isinstance(rows, list) else []
        shaped = [mapping.shaped(row, "status", "name") for row in found]
        return tuple(
            State(row["name"], bool(row.get("isDefaultStatus")), bool(row.get("isResolvedStatus")))
            for row in shaped
        )

    def _accounts(self, workspace: str) -> list[Account]:
        rows = self._client.rows("/users", {"workspaceId": workspace}, "users")
        shaped = (mapping.shaped(row, "user", "id", "name") for row in rows)
        return [Account(row["id"], row["name"], str(row.get("email") or "")) for row in shaped]

    def _zone(self) -> str:
        """The time zone of the work schedule; UTC where there is none."""
        with suppress(RemoteError, ZoneInfoNotFoundError, ValueError):
            rows = self._client.get("/schedules")
            named = [row for row in rows or () if isinstance(row, Mapping) and row.get("timezone")]
            for row in sorted(named, key=lambda each: not each.get("isDefaultTimezone")):
                return ZoneInfo(str(row["timezone"])).key
        return "UTC"


def _id(row: Mapping[str, Any]) -> str:
    key: str = mapping.shaped(row, "task or project", "id")["id"]
    return key


def _name(row: Any) -> str:
    return str(row.get("name") or "") if isinstance(row, Mapping) else ""
