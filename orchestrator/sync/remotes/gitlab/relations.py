"""Parents and dependencies of issues, which GitLab keeps apart from them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from orchestrator.sync.errors import (
    ClashError,
    InvalidError,
    NotFoundError,
    PlanLimitError,
    RemoteError,
)
from orchestrator.sync.item import Item
from orchestrator.sync.remotes.gitlab import queries, rows
from orchestrator.sync.remotes.gitlab.client import PAGE, Client
from orchestrator.sync.remotes.gitlab.words import Words

_KEY = re.compile(
    r"(?:(?P<project>[\w.-]{1,255}(?:/[\w.-]{1,255})+)#)?(?P<iid>[1-9]\d{0,17})", re.ASCII
)
_LINK = re.compile(r"/(?P<id>\d{1,18})\Z")
_BLOCKED_BY = "is_blocked_by"
_LEVELS = "GitLab hangs tasks below issues, and nothing below tasks."


@dataclass
class Known:
    """What is known of an issue that others may be related to.

    Attributes:
        id: GitLab's own, which is unique on the whole server.
        type: `issue` or `task`.
        parent: Its key, or None.
    """

    id: int
    type: str
    parent: str | None = None


@dataclass
class Relations:
    """The relations of a project's issues.

    Attributes:
        client: What speaks to GitLab.
        words: Of the project.
        seen: By key, what is known of issues.
    """

    client: Client
    words: Words
    seen: dict[str, Known] = field(default_factory=dict)

    def path(self, key: str) -> str:
        """Return where an issue is in the API.

        Raises:
            NotFoundError: When the key is none.
        """
        found = _KEY.fullmatch(key)
        if found is None or ".." in key:
            raise NotFoundError(
                f"GitLab has no issue with the key {key[:80]!r} .", "Sync with --full."
            )
        project = found["project"]
        root = f"/v4/projects/{quote(project, safe='')}" if project else self.words.root
        return f"{root}/issues/{found['iid']}"

    def note(self, item: Item) -> None:
        """Remember what an issue is, for those that are related to it."""
        self.note_kept(item.key, item.kept)

    def note_kept(self, key: str, kept: Mapping[str, Any]) -> None:
        """Remember what was kept of an issue."""
        if isinstance(kept.get("id"), int):
            self.seen[key] = Known(kept["id"], str(kept.get("type")), kept.get("parent"))

    def read(self, iids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return parent and links of issues by key, asked for a hundred at a time."""
        found: dict[str, dict[str, Any]] = {}
        if not self.words.has_parents:
            return found
        for at in range(0, len(iids), PAGE):
            variables = {"path": self.words.path, "iids": list(iids[at : at + PAGE])}
            data = self.client.query(queries.ties(has_links=self.words.has_links), variables)
            for node in _nodes(data):
                key = str(node.get("iid"))
                found[key] = self._ties(key, node)
        return found

    def block(self, current: Item, wanted: Iterable[str]) -> Mapping[str, Any]:
        """Make an issue depend on these and no others, and return its `kept` with them.

        Where the plan turns out to have no blocking links, they stay here.
        """
        others = {name: value for name, value in current.kept.items() if name != "links"}
        if not self.words.has_links:
            return others
        known = current.kept.get("links")
        links: dict[str, Any] = self._listed(current.key) if known is None else dict(known)
        path = f"{self.path(current.key)}/links"
        wished = set(wanted)
        if any(links[key] is None for key in links.keys() - wished):
            links = self._listed(current.key)
        for other in sorted(links.keys() - wished):
            self.client.delete(f"{path}/{int(links.pop(other))}")
        for other in sorted(wished - links.keys()):
            if not self._add(current.key, path, other):
                self.words = replace(self.words, has_links=False)
                return others
            # Its number is only asked for when it is to be taken away again.
            links[other] = None
        return {**current.kept, "links": links}

    def learn(self, labels: Iterable[str]) -> None:
        """Remember how labels are spelled."""
        new = [name for name in labels if name not in self.words.labels.get(name.lower(), ())]
        if new:
            self.words = replace(self.words, labels=self.words.with_labels(new))

    def can_hang(self, key: str | None, parent: str | None) -> bool:
        """Return whether GitLab has a place below another one for an issue, or for a new one."""
        if parent is None:
            return True
        above = self._known(parent)
        below = (each.parent == key for each in self.seen.values())
        has_children = key is not None and any(below)
        is_below = above.type == "task" and above.parent is not None
        return not has_children and not is_below

    def hang(self, current: Item, parent: str | None) -> str | None:
        """Make an issue the child of another one, or of none, and return its parent's key.

        It must be a task by then, unless it loses its parent.
        """
        above = self._known(parent) if parent is not None else None
        if above is not None and above.type == "task":
            self.client.put(self.path(str(parent)), {"issue_type": "issue"})
            above.type = "issue"
        id_ = current.kept.get("id") or self._known(current.key).id
        variables = {"id": _gid(id_), "parent": _gid(above.id) if above else None}
        try:
            payload = self.client.mutate(queries.HANG, variables)
        except InvalidError as error:
            raise InvalidError(error.message, _LEVELS, field="parent") from error
        return self._parent(payload.get("workItem"))

    def _known(self, key: str) -> Known:
        if key not in self.seen:
            row = rows.row(self.client.get(self.path(key)), "issue", "iid", "id")
            self.seen[key] = Known(row["id"], str(row.get("issue_type") or "issue").lower())
        return self.seen[key]

    def _add(self, key: str, path: str, other: str) -> bool:
        found = _KEY.fullmatch(other)
        if found is None:
            raise NotFoundError(
                f"GitLab has no issue with the key {other[:80]!r} .", "Sync with --full."
            )
        project = found["project"] or str(self.words.number or self.words.project)
        body = {
            "target_project_id": project,
            "target_issue_iid": found["iid"],
            "link_type": _BLOCKED_BY,
        }
        try:
            self.client.post(path, body, is_repeatable=True)
        except ClashError as error:
            # Where an answer was lost on the way, it was made the first time.
            if other not in self._listed(key):
                raise InvalidError(
                    f"GitLab has another link between #{key} and #{other} already.",
                    "GitLab keeps one link between two issues: take it away there, then sync.",
                    field="dependencies",
                ) from error
        except (InvalidError, PlanLimitError) as error:
            if is_unlicensed(error):
                return False
            raise InvalidError(error.message, error.hint, field="dependencies") from error
        return True

    def _ties(self, key: str, node: Mapping[str, Any]) -> dict[str, Any]:
        ties: dict[str, Any] = {"parent": self._parent(node)}
        if not self.words.has_links:
            return ties
        links: dict[str, int] = {}
        for widget in _maps(node.get("widgets")):
            linked = widget.get("linkedItems")
            if not isinstance(linked, Mapping):
                continue
            info = linked.get("pageInfo")
            if isinstance(info, Mapping) and info.get("hasNextPage"):
                return {**ties, "links": self._listed(key)}
            for each in _maps(linked.get("nodes")):
                other, id_ = self._key(each.get("workItem")), _LINK.search(str(each.get("linkId")))
                if each.get("linkType") == _BLOCKED_BY and other and id_:
                    links[other] = int(id_["id"])
        return {**ties, "links": links}

    def _listed(self, key: str) -> dict[str, Any]:
        found = {}
        for row in self.client.rows(f"{self.path(key)}/links", {}, "links"):
            if row.get("link_type") == _BLOCKED_BY:
                rows.row(row, "link", "iid", "project_id", "issue_link_id")
                found[self._key_of(row)] = row["issue_link_id"]
        return found

    def _key_of(self, row: Mapping[str, Any]) -> str:
        if row["project_id"] == self.words.number:
            return str(row["iid"])
        references = row.get("references")
        full = references.get("full") if isinstance(references, Mapping) else None
        return str(full or f"{row['project_id']}#{row['iid']}")

    def _parent(self, node: Any) -> str | None:
        widgets = node.get("widgets") if isinstance(node, Mapping) else None
        parents = (self._key(each.get("parent")) for each in _maps(widgets))
        return next((each for each in parents if each), None)

    def _key(self, node: Any) -> str | None:
        """Return the key of a work item: with its project or group where that differs."""
        if not isinstance(node, Mapping) or not str(node.get("iid", "")).isdecimal():
            return None
        place = node.get("namespace")
        path = place.get("fullPath") if isinstance(place, Mapping) else None
        if path is None or str(path).lower() == self.words.path.lower():
            return str(node["iid"])
        return f"{path}#{node['iid']}"


def is_unlicensed(error: RemoteError) -> bool:
    """Return whether a refusal says that the plan, or the edition, has no blocking links."""
    if isinstance(error, PlanLimitError):
        return True
    return isinstance(error, InvalidError) and "link_type does not have" in error.message


def _nodes(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    project = data.get("project")
    if not isinstance(project, Mapping):
        raise NotFoundError(
            "GitLab's GraphQL has no such project that the token may see.",
            "Give the token the scope api, or read_api.",
        )
    items = project.get("workItems")
    return _maps(items.get("nodes") if isinstance(items, Mapping) else None)


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _gid(id_: int) -> str:
    return f"gid://gitlab/WorkItem/{int(id_)}"
