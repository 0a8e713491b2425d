"""What a fake GitLab does to its rows when it is asked to, and what it refuses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.sync.fakes.gitlab_rows import Issue, Label, Link, Milestone, Rows

_DURATION = re.compile(r"(-)?((?:\d+(?:\.\d+)?(?:mo|w|d|h|m|s))+)")
_PART = re.compile(r"(\d+(?:\.\d+)?)(mo|w|d|h|m|s)")
_SECONDS = {"mo": 576_000, "w": 144_000, "d": 28_800, "h": 3600, "m": 60, "s": 1}
# Lines that GitLab carries out and takes out of a description, but not in a block of code.
_QUICK = re.compile(r"/(close|reopen|label|assign|title|due|estimate|confidential|shrug)\b ?(.*)")
_KINDS = ("issue", "incident", "test_case", "requirement", "task", "ticket")
UPDATABLE = (
    "assignee_id", "assignee_ids", "confidential", "created_at", "description",
    "discussion_locked", "due_date", "labels", "add_labels", "remove_labels", "milestone_id",
    "state_event", "title", "issue_type", "weight", "epic_id", "epic_iid", "start_date",
)  # fmt: skip


class RefusedError(Exception):
    """An answer that is an error: its status and body."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body if isinstance(body, Mapping) else {"message": body}


@dataclass
class Changes:
    """Writes to the rows.

    Attributes:
        rows: Of the project.
        bumps: Whether a change of relations changes `updated_at` of the issue.
    """

    rows: Rows
    bumps: bool = True

    def make(self, body: Mapping[str, Any], author: int = 10) -> Issue:
        if "title" not in body:
            raise RefusedError(400, {"error": "title is missing"})
        moment = self.rows.now()
        kind = body.get("issue_type", "issue")
        _one_of("issue_type", kind, _KINDS)
        row = Issue(self.rows.new_id(), 0, "", moment, moment, kind=kind, author=author)
        # A start date is no parameter here, and like any other that is none it is ignored.
        taken = {name: value for name, value in body.items() if name != "start_date"}
        self._fill(row, taken)
        self.rows.last_iid += 1
        row.iid = self.rows.last_iid
        self.rows.issues[row.iid] = row
        return row

    def change(self, row: Issue, body: Mapping[str, Any]) -> None:
        if not any(name in body for name in UPDATABLE):
            names = ", ".join(UPDATABLE)
            missing = f"{names} are missing, at least one parameter must be provided"
            raise RefusedError(400, {"error": missing})
        _one_of("state_event", body.get("state_event", "close"), ("close", "reopen"))
        _one_of("issue_type", body.get("issue_type", "task"), _KINDS)
        kind = body.get("issue_type", row.kind)
        if kind != row.kind and (row.parent or self._children(row)):
            raise RefusedError(400, {"message": {"base": ["Type cannot be changed"]}})
        self._fill(row, body)
        row.kind = kind
        if event := body.get("state_event"):
            self._state(row, event)
        row.updated_at = self.rows.now()

    def drop(self, row: Issue) -> None:
        del self.rows.issues[row.iid]
        gone = [
            key for key, each in self.rows.links.items() if row.iid in {each.source, each.target}
        ]
        for key in gone:
            del self.rows.links[key]
        for each in self.rows.issues.values():
            each.parent = None if each.parent == row.iid else each.parent

    def label(self, body: Mapping[str, Any]) -> Label:
        for name in ("name", "color"):
            if name not in body:
                raise RefusedError(400, {"error": f"{name} is missing"})
        if str(body["name"]) in self.rows.labels:
            raise RefusedError(409, "Label already exists")
        if "," in str(body["name"]):
            raise RefusedError(400, {"message": {"title": ["is invalid"]}})
        row = Label(self.rows.new_id(), str(body["name"]), str(body["color"]))
        row.description = body.get("description")
        self.rows.labels[row.name] = row
        return row

    def milestone(self, row: Milestone | None, body: Mapping[str, Any]) -> Milestone:
        title = body.get("title", row.title if row else None)
        if title is None:
            raise RefusedError(400, {"error": "title is missing"})
        if not str(title).strip():
            raise RefusedError(400, {"message": {"title": ["can't be blank"]}})
        same = [each for each in self.rows.milestones.values() if each.title == title]
        if any(each is not row for each in same):
            taken = "already being used for another group or project milestone."
            raise RefusedError(400, {"message": {"title": [taken]}})
        moment = self.rows.now()
        if row is None:
            number = self.rows.new_id()
            row = Milestone(number, len(self.rows.milestones) + 1, "", moment, moment)
        start = _day(body.get("start_date", row.start_date))
        due = _day(body.get("due_date", row.due_date))
        if start and due and due < start:
            raise RefusedError(400, {"message": {"due_date": ["must be greater than start date"]}})
        _one_of("state_event", body.get("state_event", "close"), ("close", "activate"))
        row.title, row.start_date, row.due_date = str(title).strip(), start, due
        row.description = body.get("description", row.description)
        if event := body.get("state_event"):
            row.state = "closed" if event == "close" else "active"
        row.updated_at = moment
        self.rows.milestones[row.id] = row
        return row

    def drop_milestone(self, number: int) -> None:
        del self.rows.milestones[number]
        for each in self.rows.issues.values():
            if each.milestone == number:
                each.milestone, each.updated_at = None, self.rows.now()

    def link(self, row: Issue, body: Mapping[str, Any]) -> Link:
        for name in ("target_project_id", "target_issue_iid"):
            if name not in body:
                raise RefusedError(400, {"error": f"{name} is missing"})
        kind = body.get("link_type", "relates_to")
        known = ("relates_to",) if self.rows.plan == "ce" else (
            "relates_to", "blocks", "is_blocked_by")  # fmt: skip
        _one_of("link_type", kind, known)
        if str(body["target_project_id"]) not in {str(self.rows.number), self.rows.path}:
            raise RefusedError(404, "404 Project Not Found")
        iid = str(body["target_issue_iid"])
        other = self.rows.issues.get(int(iid)) if iid.isdecimal() else None
        if other is None:
            raise RefusedError(404, "404 Not found")
        if kind != "relates_to" and self.rows.plan != "premium":
            raise RefusedError(403, "Blocked issues not available for current license")
        if other is row:
            said = "No matching issue found. Make sure that you are adding a valid issue URL."
            raise RefusedError(404, said)
        if any(end == other.iid for _, end, _ in self.rows.links_of(row.iid)):
            raise RefusedError(409, "Issue(s) already assigned")
        ends = (other.iid, row.iid) if kind == "is_blocked_by" else (row.iid, other.iid)
        stored = "blocks" if kind == "is_blocked_by" else kind
        link = Link(self.rows.new_id(), *ends, stored, self.rows.now())
        self.rows.links[link.id] = link
        self._touch(row, other)
        return link

    def unlink(self, row: Issue, id_: int) -> None:
        link = self.rows.links.get(id_)
        if link is None or row.iid not in {link.source, link.target}:
            raise RefusedError(404, "404 Not found")
        del self.rows.links[id_]
        self._touch(self.rows.issues[link.source], self.rows.issues[link.target])

    def hang(self, row: Issue, parent: Issue | None) -> str | None:
        """Set a parent; return what is said against it, or None."""
        if parent is None:
            row.parent = None
        elif parent is row:
            return "#{row.iid} cannot be added: the item is its own parent"
        elif (row.kind, parent.kind) != ("task", "issue"):
            return f"#{row.iid} cannot be added: it's not allowed to add this type of parent item"
        else:
            row.parent = parent.iid
        self._touch(row)
        return None

    def estimate(self, row: Issue, body: Mapping[str, Any]) -> None:
        row.estimate = max(0, _seconds(body))
        row.updated_at = self.rows.now()

    def spend(self, row: Issue, body: Mapping[str, Any]) -> None:
        seconds = _seconds(body)
        if row.spent + seconds < 0:
            said = "Time to subtract exceeds the total time spent"
            raise RefusedError(400, {"message": {"base": [said]}})
        row.spent += seconds
        row.updated_at = self.rows.now()

    def _touch(self, *issues: Issue) -> None:
        for each in issues:
            each.updated_at = self.rows.now() if self.bumps else each.updated_at

    def _children(self, row: Issue) -> list[Issue]:
        return [each for each in self.rows.issues.values() if each.parent == row.iid]

    def _fill(self, row: Issue, body: Mapping[str, Any]) -> None:
        title = str(body.get("title", row.title) or "").strip()
        text = body.get("description", row.description)
        if not title:
            raise RefusedError(400, {"message": {"title": ["can't be blank"]}})
        if len(title) > 255:
            said = "is too long (maximum is 255 characters)"
            raise RefusedError(400, {"message": {"title": [said]}})
        if text is not None and len(text) > 1_048_576:
            # In the words of Ruby, as some of its answers are.
            said = '{:description=>["is too long (maximum is 1048576 characters)"]}'
            raise RefusedError(400, said)
        row.title = " ".join(title.splitlines())
        row.description = self._obey(row, text) if "description" in body else text
        if "labels" in body:
            row.labels = self._named(body["labels"])
        row.labels = list(dict.fromkeys([*row.labels, *self._named(body.get("add_labels"))]))
        removed = self._named(body.get("remove_labels"))
        row.labels = [name for name in row.labels if name not in removed]
        if "assignee_ids" in body:
            wanted = [_whole("assignee_ids", id_) for id_ in body["assignee_ids"] or []]
            ids = [id_ for id_ in wanted if id_ in self.rows.members]
            row.assignees = ids if self.rows.plan == "premium" else ids[:1]
        if "milestone_id" in body:
            number = _whole("milestone_id", body["milestone_id"])
            # One that is not there is left out without a word.
            row.milestone = number if number in self.rows.milestones else None
        if "due_date" in body:
            row.due_date = _day(body["due_date"])
        if "start_date" in body and self.rows.has_start:
            row.start_date = _day(body["start_date"])

    def _obey(self, row: Issue, text: str | None) -> str | None:
        kept, in_code = [], False
        for line in (text or "").split("\n"):
            in_code ^= line.startswith("```")
            found = None if in_code else _QUICK.match(line)
            if found is None:
                kept.append(line)
            elif found[1] == "close":
                self._state(row, "close")
            elif found[1] == "confidential":
                row.confidential = True
            elif found[1] == "label":
                row.labels += self._named(found[2].replace("~", ""))
        return "\n".join(kept) if text is not None else None

    def _named(self, sent: Any) -> list[str]:
        """Labels of a text or list, made where they are not there: case makes another one."""
        parts = sent if isinstance(sent, list) else [sent or ""]
        if not all(isinstance(part, str) for part in parts):
            raise RefusedError(400, {"error": "labels is invalid"})
        names = [name.strip() for part in parts for name in str(part).split(",") if name.strip()]
        for name in names:
            if name not in self.rows.labels:
                self.rows.labels[name] = Label(self.rows.new_id(), name)
        return list(dict.fromkeys(names))

    def _state(self, row: Issue, event: str) -> None:
        row.state = "closed" if event == "close" else "opened"
        row.closed_at = (row.closed_at or self.rows.now()) if event == "close" else None


def _one_of(name: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known:
        raise RefusedError(400, {"error": f"{name} does not have a valid value"})


def _whole(name: str, value: Any) -> int:
    if value not in (None, "") and not str(value).isdecimal():
        raise RefusedError(400, {"error": f"{name} is invalid"})
    return int(value or 0)


def _seconds(body: Mapping[str, Any]) -> int:
    if "duration" not in body:
        raise RefusedError(400, {"error": "duration is missing"})
    found = _DURATION.fullmatch(re.sub(r"\s", "", str(body["duration"])))
    if found is None:
        raise RefusedError(400, {"message": {"base": ["Time format is invalid"]}})
    total = sum(float(count) * _SECONDS[unit] for count, unit in _PART.findall(found[2]))
    return int(-total if found[1] else total)


def _day(value: Any) -> str | None:
    try:
        return date.fromisoformat(str(value)).isoformat() if value else None
    except ValueError:
        return None
