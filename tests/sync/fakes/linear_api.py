"""Linear's API over a book of rows: one document in, HTTP status and JSON out."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graphql import ExecutionResult, GraphQLError, execute

from tests.sync.fakes.linear_book import Book
from tests.sync.fakes.linear_graphql import (
    Page,
    Row,
    empty,
    judged,
    paged,
    points,
    refused,
    schema_of,
)
from tests.sync.fakes.linear_rows import LISTED, MANY, ONE

MOST_POINTS = 10_000
_LISTS = {
    "issues": "Issue", "projects": "Project", "teams": "Team", "users": "User",
    "workflowStates": "WorkflowState", "projectStatuses": "ProjectStatus",
    "issueLabels": "IssueLabel", "projectLabels": "ProjectLabel",
    "issueRelations": "IssueRelation",
}  # fmt: skip
_ONES = {
    "issue": "Issue", "project": "Project", "team": "Team", "user": "User",
    "workflowState": "WorkflowState", "projectStatus": "ProjectStatus",
    "issueLabel": "IssueLabel", "projectLabel": "ProjectLabel", "issueRelation": "IssueRelation",
}  # fmt: skip


class Api:
    """Runs documents against the book; `page` holds pages to fewer rows."""

    def __init__(self, book: Book, schema: Path) -> None:
        self.book = book
        self.schema = schema
        self.page: int | None = None
        self._listed: tuple[Any, list[Row]] = (None, [])

    def executed(self, text: str, variables: Mapping[str, Any]) -> tuple[int, Any, float]:
        document, errors = judged(self.schema, text)
        if document is None or errors:
            wrong = [refused(error.message, "graphql error") for error in errors]
            return 400, {"errors": [error.formatted for error in wrong]}, 0.0
        schema = schema_of(self.schema)
        cost = points(schema, document, variables)
        if cost > MOST_POINTS:
            error = refused(
                f"Query too complex: {cost:.0f} points, of which {MOST_POINTS} are allowed"
            )
            return 400, {"errors": [error.formatted]}, cost
        result = execute(
            schema, document, None, None, dict(variables), field_resolver=self._resolve
        )
        assert isinstance(result, ExecutionResult)
        found: dict[str, Any] = {"data": result.data}
        if result.errors:
            found["errors"] = [_worded(error).formatted for error in result.errors]
            if any(error.path is None for error in result.errors):
                return 400, {"errors": found["errors"]}, cost
        return 200, found, cost

    def _resolve(self, source: Any, info: Any, **given: Any) -> Any:
        kind, name = info.parent_type.name, info.field_name
        if kind == "Mutation":
            return self._mutate(name, given)
        if kind == "Query":
            return self._query(name, given)
        if isinstance(source, Page):
            return source.field(name)
        place = (kind, name)
        if place in ONE and "id" in source:
            other, column = ONE[place]
            return self.book.rows.get(other, {}).get(source.get(column) or "")
        if (place in MANY or place in LISTED) and "id" in source:
            rows = [*self.book.linked(source, name)]
            wanted = given.pop("filter", None) or {}
            return paged([row for row in rows if self.book.matches(row, wanted)], given, self.page)
        return source[name] if name in source else empty(info.return_type)

    def _query(self, name: str, given: dict[str, Any]) -> Any:
        if name in _LISTS:
            wanted = given.pop("filter", None) or {}
            key = (self.book.serial, name, json.dumps(wanted, sort_keys=True))
            if self._listed[0] != key:
                rows = self.book.rows.get(_LISTS[name], {}).values()
                fits = [row for row in rows if self.book.matches(row, wanted)]
                self._listed = (key, fits)
            return paged(self._listed[1], given, self.page)
        if name in _ONES:
            return self.book.get(_ONES[name], given["id"])
        if name == "viewer":
            return self.book.users["dana"]
        raise refused(f"this fake does not answer {name}", "internal error")

    def _mutate(self, name: str, given: dict[str, Any]) -> Any:
        done = {"success": True, "lastSyncId": self.book.serial}
        find = self._project if name.startswith("project") else self._issue
        return {**done, **find(name, given.get("id", ""), given.get("input") or {}, given)}

    def _issue(self, name: str, key: str, value: Row, given: Row) -> Row:
        book = self.book
        match name:
            case "issueCreate":
                return {"issue": book.create_issue(_without_id(value))}
            case "issueUpdate":
                return {"issue": book.update_issue(key, value)}
            case "issueUnarchive":
                book.touch(book.get("Issue", key), {"archivedAt": None, "trashed": None})
                return {"entity": book.get("Issue", key)}
            case "issueArchive":
                book.touch(book.get("Issue", key), {"archivedAt": book.stamp()})
                return {"entity": book.get("Issue", key)}
            case "issueDelete":
                return {"entity": book.trash("Issue", key)}
            case "issueLabelCreate":
                return {"issueLabel": book.label(value["name"], value.get("teamId"))}
            case "issueRelationCreate":
                return {"issueRelation": book.relate(value)}
            case "issueRelationDelete":
                book.unrelate(key)
                return {"entityId": key}
            case "attachmentCreate":
                book.get("Issue", value["issueId"])
                if not book.has_attachments:
                    raise refused("Attachments are switched off", "forbidden")
                same = book.where("Attachment", "issueId", value["issueId"])
                row = next((each for each in same if each["url"] == value["url"]), None)
                return {"attachment": row or book.put("Attachment", **value)}
            case _:
                raise refused(
                    f"this fake does not do {name} with {sorted(given)}", "internal error"
                )

    def _project(self, name: str, key: str, value: Row, given: Row) -> Row:
        book = self.book
        match name:
            case "projectCreate":
                return {"project": book.create_project(_without_id(value))}
            case "projectUpdate":
                return {"project": book.update_project(key, value)}
            case "projectDelete":
                return {"entity": book.trash("Project", key)}
            case "projectAddLabel" | "projectRemoveLabel":
                label = book.get("ProjectLabel", given["labelId"])["id"]
                labels = [each for each in book.get("Project", key)["labelIds"] if each != label]
                labels += [label] if name == "projectAddLabel" else []
                return {"project": book.update_project(key, {"labelIds": labels})}
            case "projectLabelCreate":
                return {"projectLabel": book.tag(value["name"])}
            case _:
                raise refused(f"this fake does not do {name}", "internal error")


def _without_id(value: dict[str, Any]) -> dict[str, Any]:
    """Leave out an id that is null, as the vendor's client sends one."""
    return {name: each for name, each in value.items() if name != "id" or each is not None}


def _worded(error: GraphQLError) -> GraphQLError:
    if error.extensions:
        return error
    kind = "graphql error" if error.path is None else "internal error"
    found = refused(error.message, kind)
    return GraphQLError(error.message, path=error.path, extensions=found.extensions)
