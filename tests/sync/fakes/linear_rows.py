"""Rows by type and id, the fields that lead from one to others, and filters over them."""

import random
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.sync.fakes.linear_graphql import Row, compare, refused
from tests.sync.fakes.tracker import Clock

ONE: Mapping[tuple[str, str], tuple[str, str]] = {
    ("Issue", "state"): ("WorkflowState", "stateId"),
    ("Issue", "assignee"): ("User", "assigneeId"),
    ("Issue", "creator"): ("User", "creatorId"),
    ("Issue", "project"): ("Project", "projectId"),
    ("Issue", "parent"): ("Issue", "parentId"),
    ("Issue", "team"): ("Team", "teamId"),
    ("Project", "status"): ("ProjectStatus", "statusId"),
    ("Project", "lead"): ("User", "leadId"),
    ("WorkflowState", "team"): ("Team", "teamId"),
    ("IssueLabel", "team"): ("Team", "teamId"),
    ("IssueRelation", "issue"): ("Issue", "issueId"),
    ("IssueRelation", "relatedIssue"): ("Issue", "relatedIssueId"),
    ("Attachment", "issue"): ("Issue", "issueId"),
}
"""Fields that lead to one row: by type and name, the other type and the column with its id."""

MANY: Mapping[tuple[str, str], tuple[str, str]] = {
    ("Issue", "inverseRelations"): ("IssueRelation", "relatedIssueId"),
    ("Issue", "relations"): ("IssueRelation", "issueId"),
    ("Issue", "attachments"): ("Attachment", "issueId"),
    ("Issue", "children"): ("Issue", "parentId"),
    ("Team", "states"): ("WorkflowState", "teamId"),
    ("Team", "labels"): ("IssueLabel", "teamId"),
    ("Team", "issues"): ("Issue", "teamId"),
    ("Project", "issues"): ("Issue", "projectId"),
}
"""Fields that lead to several: by type and name, the other type and its column."""

LISTED: Mapping[tuple[str, str], tuple[str, str]] = {
    ("Issue", "labels"): ("IssueLabel", "labelIds"),
    ("Project", "labels"): ("ProjectLabel", "labelIds"),
    ("Project", "teams"): ("Team", "teamIds"),
    ("Project", "accessibleTeams"): ("Team", "teamIds"),
}
"""Fields that lead to the rows whose ids a column lists."""


class Rows:
    """What a workspace holds, without a rule about it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.chance = random.Random(98)
        self.rows: dict[str, dict[str, Row]] = {}
        self.by_column: dict[tuple[str, str], dict[str, list[Row]]] = {}
        self.serial = 0
        self.last = datetime(2026, 1, 1, tzinfo=UTC)

    def stamp(self) -> str:
        """The moment of a write: of the clock, in milliseconds, and each later than the last."""
        self.last = max(self.clock.now(), self.last + timedelta(milliseconds=1))
        return self.last.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def put(self, kind: str, **columns: Any) -> Row:
        """Add a row, with an id and stamps of its own unless they are given."""
        made = self.stamp()
        new = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        row = {"id": new, "createdAt": made, "updatedAt": made, **columns}
        row["__kind"] = kind
        self.rows.setdefault(kind, {})[row["id"]] = row
        for (one, column), found in self.by_column.items():
            if one == kind:
                found.setdefault(row.get(column) or "", []).append(row)
        self.serial += 1
        return row

    def drop(self, kind: str, key: str) -> Row:
        """Take a row away for good."""
        self.by_column.clear()
        self.serial += 1
        return self.rows[kind].pop(key)

    def touch(self, row: Row, columns: Mapping[str, Any]) -> None:
        """Write columns of a row."""
        if any(kind == row["__kind"] and name in columns for kind, name in self.by_column):
            self.by_column.clear()
        row |= {**columns, "updatedAt": self.stamp()}
        self.serial += 1

    def where(self, kind: str, column: str, value: str) -> list[Row]:
        """Return the rows with a value in a column."""
        if (kind, column) not in self.by_column:
            found: dict[str, list[Row]] = {}
            for row in self.rows.get(kind, {}).values():
                found.setdefault(row.get(column) or "", []).append(row)
            self.by_column[kind, column] = found
        return self.by_column[kind, column].get(value, [])

    def get(self, kind: str, key: str | None) -> Row:
        """Return a row, an issue by `ENG-12` as well; refused where there is none."""
        row = self.rows.get(kind, {}).get(key or "")
        if row is None and kind == "Issue":
            issues = self.rows.get("Issue", {}).values()
            row = next((each for each in issues if each["identifier"] == key), None)
        if row is None:
            raise refused(f"Entity not found: {kind} - Could not find referenced {kind}.")
        return row

    def matches(self, row: Row | None, wanted: Mapping[str, Any]) -> bool:
        """Return whether a row fits a filter."""
        for name, condition in wanted.items():
            if name == "null":
                fits = (row is None) == condition
            elif name == "and":
                fits = all(self.matches(row, each) for each in condition)
            elif name == "or":
                fits = any(self.matches(row, each) for each in condition)
            elif row is None:
                fits = False
            else:
                fits = self._fits(row, name, condition)
            if not fits:
                return False
        return True

    def _fits(self, row: Row, name: str, condition: Mapping[str, Any]) -> bool:
        place = (row["__kind"], name)
        if place in ONE:
            kind, column = ONE[place]
            return self.matches(self.rows.get(kind, {}).get(row.get(column) or ""), condition)
        if place in MANY or place in LISTED:
            rest = {key: each for key, each in condition.items() if key not in {"some", "every"}}
            rows = list(self.linked(row, name))
            some = {**rest, **(condition.get("some") or {})}
            fits = any(self.matches(each, some) for each in rows) if some else True
            every = condition.get("every") or {}
            return fits and all(self.matches(each, every) for each in rows)
        if name not in row:
            raise refused(f"this fake does not filter by {name}", "internal error")
        return compare(row[name], condition)

    def linked(self, row: Row, name: str) -> Iterator[Row]:
        """Yield the rows that a field with several leads to."""
        place = (row["__kind"], name)
        if place in MANY:
            kind, column = MANY[place]
            yield from self.where(kind, column, row["id"])
            return
        kind, column = LISTED[place]
        rows = self.rows.get(kind, {})
        yield from (rows[key] for key in row.get(column) or () if key in rows)
