"""GraphQL of a fake GitLab: parents, links and what the plan has."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLInterfaceType, GraphQLSchema, build_schema, graphql_sync

from tests.sync.fakes.gitlab_changes import Changes
from tests.sync.fakes.gitlab_rows import Issue, Rows
from tests.sync.fakes.server import Reply

_NEW = " availableFeatures: NamespaceAvailableFeatures"
_LARGEST_PAGE = 100
_NOTHING = (
    "The resource that you are attempting to access does not exist or you don't have permission "
    "to perform this action"
)


@dataclass
class Graph:
    """The questions and changes that are answered.

    Attributes:
        rows, changes: What they work on.
        is_old: Whether this version cannot say what the plan has.
        links_page: The most links that one page of an issue's has.
        foreign_parents: Parents in other places by iid: path of the place and iid there.
    """

    rows: Rows
    changes: Changes
    is_old: bool = False
    links_page: int = _LARGEST_PAGE
    foreign_parents: dict[int, tuple[str, str]] | None = None

    def answer(self, body: Any) -> Reply:
        if not isinstance(body, Mapping) or not isinstance(body.get("query"), str):
            return Reply(200, {"errors": [{"message": "Unexpected end of document"}]})
        root = {
            "project": self._project,
            "namespace": self._namespace,
            "currentUser": {"id": "gid://gitlab/User/10", "username": self.rows.users[10]},
            "workItemUpdate": self._update,
        }
        found = graphql_sync(
            _schema(is_old=self.is_old), body["query"], root, variable_values=body.get("variables")
        )
        errors = [{"message": each.message} for each in found.errors or ()]
        return Reply(200, {"errors": errors} if errors else {"data": found.data})

    def _project(self, _info: Any, fullPath: str) -> Any:  # noqa: N803 - GitLab's name for it
        if fullPath.lower() != self.rows.path.lower():
            return None
        return {"id": f"gid://gitlab/Project/{self.rows.number}", "fullPath": self.rows.path,
                "workItems": self._items}  # fmt: skip

    def _namespace(self, _info: Any, fullPath: str) -> Any:  # noqa: N803 - GitLab's name for it
        if fullPath.lower() != self.rows.path.lower():
            return None
        has = {"hasBlockedIssuesFeature": self.rows.plan == "premium"}
        return {**_place(self.rows.path), "availableFeatures": has}

    def _items(
        self, _info: Any, iids: list[str] | None = None, first: int = 100, after: str | None = None
    ) -> Any:
        rows = sorted(self.rows.issues.values(), key=lambda row: -row.id)
        wanted = [row for row in rows if iids is None or str(row.iid) in iids]
        start = int(after or 0)
        page = wanted[start : start + min(first, _LARGEST_PAGE)]
        info = {"hasNextPage": start + len(page) < len(wanted), "endCursor": str(start + len(page))}
        return {"nodes": [self._item(row) for row in page], "pageInfo": info}

    def _item(self, row: Issue) -> dict[str, Any]:
        place, iid = (self.foreign_parents or {}).get(row.iid, (self.rows.path, ""))
        above = self.rows.issues.get(row.parent or 0)
        epic = {"id": "gid://gitlab/WorkItem/1", "iid": iid, "title": "Epic"}
        parent = {**epic, "namespace": _place(place)} if iid else None
        return {
            **self._plain(row),
            "widgets": [
                {"__typename": "WorkItemWidgetDescription", "type": "DESCRIPTION"},
                {
                    "__typename": "WorkItemWidgetHierarchy",
                    "type": "HIERARCHY",
                    "hasParent": above is not None,
                    "parent": self._plain(above) if above else parent,
                },
                {
                    "__typename": "WorkItemWidgetLinkedItems",
                    "type": "LINKED_ITEMS",
                    "linkedItems": lambda _info, first=100: self._links(row, first),
                },
            ],
        }

    def _links(self, row: Issue, first: int) -> Any:
        found = self.rows.links_of(row.iid)
        nodes = [
            {
                "linkId": f"gid://gitlab/WorkItems::RelatedWorkItemLink/{link.id}",
                "linkType": kind,
                "workItem": self._plain(self.rows.issues[other]),
            }
            for link, other, kind in found
        ]
        size = min(first, self.links_page)
        return {"nodes": nodes[:size], "pageInfo": {"hasNextPage": len(nodes) > size}}

    def _plain(self, row: Issue) -> dict[str, Any]:
        return {
            "id": f"gid://gitlab/WorkItem/{row.id}",
            "iid": str(row.iid),
            "title": row.title,
            "namespace": _place(self.rows.path),
        }

    def _update(self, _info: Any, input: Mapping[str, Any]) -> Any:  # noqa: A002 - GitLab's name
        row = self._found(input["id"])
        if self.rows.level < 15:
            raise GraphQLError(_NOTHING)
        hierarchy = input.get("hierarchyWidget")
        said = None
        if hierarchy is not None and "parentId" in hierarchy:
            id_ = hierarchy["parentId"]
            said = self.changes.hang(row, self._found(id_) if id_ else None)
        return {"errors": [said] if said else [], "workItem": self._item(row)}

    def _found(self, gid: str) -> Issue:
        prefix, _, number = gid.rpartition("/")
        row = self.rows.by_id(int(number)) if number.isdecimal() else None
        if prefix != "gid://gitlab/WorkItem":
            raise GraphQLError(f'"{gid}" does not represent an instance of WorkItem')
        if row is None:
            raise GraphQLError(_NOTHING)
        return row


@cache
def _schema(*, is_old: bool) -> GraphQLSchema:
    text = Path(__file__).with_name("gitlab.graphql").read_text(encoding="utf-8")
    schema = build_schema(text.replace(_NEW, "") if is_old else text)
    widget = schema.type_map["WorkItemWidget"]
    assert isinstance(widget, GraphQLInterfaceType)
    widget.resolve_type = lambda value, _info, _kind: value["__typename"]
    return schema


def _place(path: str) -> dict[str, str]:
    return {"id": "gid://gitlab/Namespaces::ProjectNamespace/9", "fullPath": path}
