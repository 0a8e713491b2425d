"""What a fake GitHub does to its rows when it is asked to, and what it refuses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.sync.fakes.github_rows import OPTIONS, Issue, Label, Milestone, Rows

_DOCS = "https://docs.github.com/rest"


class RefusedError(Exception):
    """An answer that is an error: its status and body."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "message": message, "documentation_url": _DOCS, "status": str(status), **more
        }  # fmt: skip


def invalid(resource: str, field: str, code: str, **more: Any) -> RefusedError:
    error = {"resource": resource, "field": field, "code": code, **more}
    return RefusedError(422, "Validation Failed", errors=[error])


@dataclass
class Changes:
    """Writes to the rows.

    Attributes:
        rows: Of the repository.
        now: The moment as GitHub writes it.
        makes_labels: Whether a label that is not there is made when an issue gets it.
        merges_values: Whether field values that are sent leave the others as they are.
        bumps: Whether a change of relations changes `updated_at` of the issue.
    """

    rows: Rows
    now: Callable[[], str]
    makes_labels: bool = True
    merges_values: bool = True
    bumps: bool = True

    def issue(self, body: Mapping[str, Any], *, is_writer: bool, author: str = "dana") -> Issue:
        title = body.get("title")
        if not isinstance(title, str) or not title.strip():
            raise invalid("Issue", "title", "missing_field")
        moment = self.now()
        row = Issue(self.rows.last_number + 1, self.rows.new_id(), "", moment, moment)
        row.author = author
        dropped = () if is_writer else ("labels", "assignees", "milestone", "issue_field_values")
        self._fill(row, {name: body[name] for name in body if name not in dropped})
        self.rows.last_number += 1
        self.rows.issues[row.number] = row
        return row

    def change(self, row: Issue, body: Mapping[str, Any]) -> None:
        self._fill(row, body)
        if "state" in body or "state_reason" in body:
            self._state(row, body.get("state", row.state), body.get("state_reason"))
        row.updated_at = self.now()

    def label(self, body: Mapping[str, Any]) -> Label:
        name = str(body.get("name") or "").strip()
        if not name or len(name) > 50:
            raise invalid("Label", "name", "invalid")
        if name.lower() in self.rows.labels:
            raise invalid("Label", "name", "already_exists")
        color = str(body.get("color") or "ededed")
        if len(color) != 6 or any(sign not in "0123456789abcdefABCDEF" for sign in color):
            raise invalid("Label", "color", "invalid")
        row = Label(self.rows.new_id(), name, color.lower(), body.get("description"))
        self.rows.labels[name.lower()] = row
        return row

    def milestone(self, row: Milestone | None, body: Mapping[str, Any]) -> Milestone:
        title = body.get("title", row.title if row else None)
        if not isinstance(title, str) or not title.strip():
            raise invalid("Milestone", "title", "missing_field")
        same = [each for each in self.rows.milestones.values() if each.title == title]
        if any(each is not row for each in same):
            raise invalid("Milestone", "title", "already_exists")
        moment = self.now()
        if row is None:
            if "due_on" in body and body["due_on"] is None:
                raise RefusedError(
                    422, "Invalid request.\n\nFor 'properties/due_on', nil is no str"
                )
            number = max(self.rows.milestones, default=0) + 1
            row = Milestone(number, self.rows.new_id(), title, moment, moment)
            self.rows.milestones[number] = row
        row.title = title.strip()
        row.description = body.get("description", row.description)
        row.state = body.get("state", row.state)
        row.closed_at = (row.closed_at or moment) if row.state == "closed" else None
        if "due_on" in body:
            row.due_on = californian(body["due_on"]) if body["due_on"] else None
        row.updated_at = moment
        return row

    def drop_milestone(self, number: int) -> None:
        del self.rows.milestones[number]
        for each in self.rows.issues.values():
            if each.milestone == number:
                each.milestone, each.updated_at = None, self.now()

    def hang(self, parent: Issue, child: Issue, *, may_replace: bool) -> None:
        if child.parent == parent.number:
            raise _refused_child("Issue may not contain duplicate sub-issues")
        if child.parent and not may_replace:
            raise _refused_child("Sub issue may only have one parent")
        if len(self.rows.children(parent.number)) >= 100:
            raise _refused_child("Parent cannot have more than 100 sub-issues")
        above: list[int] = []
        each: int | None = parent.number
        while each:
            above.append(each)
            each = self.rows.issues[each].parent
        if child.number in above:
            raise _refused_child("Sub issue cannot be an ancestor of its parent")
        if len(above) + self._depth(child.number) > 8:
            raise _refused_child("Sub issues may only be nested 8 levels deep")
        child.parent = parent.number
        self.touch(parent, child)

    def block(self, row: Issue, blocker: Issue) -> None:
        if blocker.number in row.blocked_by:
            raise RefusedError(422, "Validation Failed", errors=["Issue is blocked by it already"])
        if blocker is row or row.number in blocker.blocked_by:
            raise RefusedError(422, "Validation Failed", errors=["Issue cannot block itself"])
        if len(row.blocked_by) >= 50:
            raise RefusedError(422, "Validation Failed", errors=["Too many dependencies"])
        row.blocked_by.append(blocker.number)
        self.touch(row, blocker)

    def touch(self, *issues: Issue) -> None:
        for each in issues:
            each.updated_at = self.now() if self.bumps else each.updated_at

    def values(self, row: Issue, sent: Any, *, is_whole: bool) -> None:
        found = {} if is_whole else dict(row.values)
        for each in sent:
            column = next((one for one in self.rows.columns if one.id == each["field_id"]), None)
            if column is None:
                raise invalid("IssueFieldValue", "field_id", "invalid")
            value = each["value"]
            if column.kind == "single_select" and value not in OPTIONS:
                raise invalid("IssueFieldValue", "value", "invalid", value=str(value))
            found[column.id] = value
        row.values = found

    def _fill(self, row: Issue, body: Mapping[str, Any]) -> None:
        title, text = body.get("title", row.title), body.get("body", row.body)
        if not str(title or "").strip():
            raise invalid("Issue", "title", "missing_field")
        if len(str(title)) > 256:
            raise invalid("Issue", "title", "custom", message="title is too long (maximum is 256)")
        if text is not None and len(text) > 65_536:
            raise invalid("Issue", "body", "custom", message="body is too long (maximum is 65536)")
        number = body.get("milestone", row.milestone)
        if number is not None and number not in self.rows.milestones:
            raise invalid("Issue", "milestone", "invalid", value=str(number))
        if "labels" in body:
            row.labels = self._labels(body["labels"])
        if "assignees" in body:
            wanted = dict.fromkeys(self._login(each) for each in body["assignees"])
            # Whoever cannot be assigned is left out without a word.
            row.assignees = [login for login in wanted if login][:10]
        if "issue_field_values" in body:
            self.values(row, body["issue_field_values"], is_whole=not self.merges_values)
        row.title, row.body, row.milestone = str(title).strip(), text, number

    def _labels(self, sent: list[Any]) -> list[str]:
        names = [each["name"] if isinstance(each, Mapping) else str(each) for each in sent]
        found: dict[str, str] = {}
        for name in names:
            if name.lower() not in self.rows.labels:
                if not self.makes_labels:
                    raise invalid("Label", "name", "invalid", value=name)
                self.label({"name": name})
            found[name.lower()] = self.rows.labels[name.lower()].name
        return list(found.values())

    def _login(self, sent: Any) -> str | None:
        login = sent["login"] if isinstance(sent, Mapping) else str(sent)
        return next((each for each in self.rows.logins if each.lower() == login.lower()), None)

    def _state(self, row: Issue, state: str, reason: str | None) -> None:
        was = row.state
        row.state = state
        if state == "closed":
            keeps = reason is None and was == "closed"
            row.reason = row.reason if keeps else reason or "completed"
            row.closed_at = row.closed_at or self.now()
        else:
            row.reason = "reopened" if was == "closed" else row.reason
            row.closed_at = None

    def _depth(self, number: int) -> int:
        return 1 + max((self._depth(each.number) for each in self.rows.children(number)), default=0)


def californian(text: str) -> str:
    """Midnight of that moment's day in California, as GitHub keeps it: winter time will do."""
    moment = datetime.fromisoformat(text) - timedelta(hours=8)
    return f"{moment.date().isoformat()}T08:00:00Z"


def _refused_child(why: str) -> RefusedError:
    said = "An error occurred while adding the sub-issue to the parent issue."
    return RefusedError(422, f"{said} {why}")
