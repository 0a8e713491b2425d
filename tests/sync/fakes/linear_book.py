"""A Linear workspace in memory: what is in it at first, and what may be done to it."""

import re
from collections.abc import Mapping
from typing import Any

from tests.sync.fakes.linear_graphql import Row, refused
from tests.sync.fakes.linear_markdown import rewritten
from tests.sync.fakes.linear_rows import Rows
from tests.sync.fakes.tracker import PEOPLE, Clock

_STATES = (
    ("Triage", "triage"), ("Backlog", "backlog"), ("Todo", "unstarted"),
    ("In Progress", "started"), ("In Review", "started"), ("Done", "completed"),
    ("Canceled", "canceled"), ("Duplicate", "duplicate"),
)  # fmt: skip
_STAGES = (
    ("Backlog", "backlog"), ("Planned", "planned"), ("In Progress", "started"),
    ("On Ice", "paused"), ("Completed", "completed"), ("Canceled", "canceled"),
)  # fmt: skip
_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


class Book(Rows):
    """The rows, and the rules of writing them."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.numbers: dict[str, int] = {}
        self.most_issues: int | None = None
        self.has_quiet_relations = False
        self.has_attachments = True
        self.team = self._team("ENG", "Engineering")
        self.other = self._team("OPS", "Operations")
        self.stages = {
            name: self.put("ProjectStatus", name=name, type=kind, position=float(place))["id"]
            for place, (name, kind) in enumerate(_STAGES)
        }
        self.users = {
            user: self.put("User", name=user.title(), displayName=handle, email=email, active=True)
            for user, (email, handle) in PEOPLE.items()
        }
        self.users["stranger"] = self.put(
            "User", name="Riley Roe", displayName="riley", email="riley@elsewhere.example",
            active=True,
        )  # fmt: skip
        self.label("api")
        self.label("infra", team=None)
        self.label("theirs", team=self.other["id"])

    def label(self, name: str, team: str | None = "", **columns: Any) -> Row:
        """Make a label of issues: the team's, or the workspace's where there is no team."""
        team = self.team["id"] if team == "" else team
        same = [each for each in self.rows.get("IssueLabel", {}).values() if _same(each, name)]
        if any(each["teamId"] == team or None in {each["teamId"], team} for each in same):
            raise refused(
                "duplicate label name", userPresentableMessage=f"The label {name} exists."
            )
        return self.put("IssueLabel", **{"name": name, "teamId": team, "isGroup": False, **columns})

    def tag(self, name: str, **columns: Any) -> Row:
        """Make a label of projects."""
        if any(_same(each, name) for each in self.rows.get("ProjectLabel", {}).values()):
            raise refused(
                "duplicate label name", userPresentableMessage=f"The label {name} exists."
            )
        return self.put("ProjectLabel", **{"name": name, "isGroup": False, **columns})

    def new_id(self, kind: str, key: str | None) -> dict[str, str]:
        """Return the id that a client chose, if it may."""
        if key is None:
            return {}
        if not _UUID4.fullmatch(key):
            raise refused("Argument Validation Error: id must be a UUID")
        if key in self.rows.get(kind, {}):
            said = f"Entity {kind} with id {key} already exists."
            raise refused(f"conflict on insert of {kind}", userPresentableMessage=said)
        return {"id": key}

    def create_issue(self, given: Mapping[str, Any]) -> Row:
        columns = dict(given)
        team = self.get("Team", columns["teamId"])
        if self.most_issues is not None and len(self.rows.get("Issue", {})) >= self.most_issues:
            raise refused(
                "You have exceeded the free issue limit for this workspace",
                "usage limit exceeded",
            )
        self._judge_issue(None, columns)
        number = self.numbers[team["id"]] = self.numbers.get(team["id"], 0) + 1
        states = self.where("WorkflowState", "teamId", team["id"])
        default = next(row for row in states if row["name"] == "Todo")
        name = f"{team['key']}-{number}"
        row = self.put(
            "Issue",
            **{
                "title": "", "description": None, "priority": 0, "estimate": None, "dueDate": None,
                "assigneeId": None, "projectId": None, "parentId": None, "labelIds": [],
                "trashed": None, "archivedAt": None, "startedAt": None, "completedAt": None,
                "canceledAt": None, "number": number, "identifier": name,
                "url": f"https://linear.app/acme/issue/{name}", "stateId": default["id"],
                "creatorId": self.users["dana"]["id"],
                **columns, **self.new_id("Issue", columns.get("id")),
            },
        )  # fmt: skip
        row["description"] = rewritten(row["description"])
        self._enter(row)
        return row

    def update_issue(self, key: str, given: Mapping[str, Any]) -> Row:
        row = self.get("Issue", key)
        if row["archivedAt"]:
            raise refused("Entity is archived", userPresentableMessage="Unarchive the issue first.")
        columns = dict(given)
        whole = columns["labelIds"] if "labelIds" in columns else row["labelIds"]
        labels: list[str] = [*whole]
        labels += columns.pop("addedLabelIds", None) or ()
        gone = set(columns.pop("removedLabelIds", None) or ())
        columns["labelIds"] = [each for each in dict.fromkeys(labels) if each not in gone]
        self._judge_issue(row, columns)
        if "description" in columns:
            columns["description"] = rewritten(columns["description"])
        self.touch(row, columns)
        self._enter(row)
        return row

    def trash(self, kind: str, key: str) -> Row:
        row = self.get(kind, key)
        self.touch(row, {"trashed": True, "archivedAt": self.stamp()})
        return row

    def relate(self, given: Mapping[str, Any]) -> Row:
        first, second = (self.get("Issue", given[name]) for name in ("issueId", "relatedIssueId"))
        if first is second:
            raise refused("An issue cannot be related to itself.")
        for row in self.where("IssueRelation", "relatedIssueId", second["id"]):
            if (row["issueId"], row["type"]) == (first["id"], given["type"]):
                return row
        columns = {"type": given["type"], **self.new_id("IssueRelation", given.get("id"))}
        made = self.put(
            "IssueRelation", issueId=first["id"], relatedIssueId=second["id"], **columns
        )
        self._notice(made)
        return made

    def unrelate(self, key: str) -> None:
        self.get("IssueRelation", key)
        self._notice(self.drop("IssueRelation", key))

    def create_project(self, given: Mapping[str, Any]) -> Row:
        columns = dict(given)
        for team in columns["teamIds"]:
            self.get("Team", team)
        self._judge_project(columns)
        slug = f"{self.chance.getrandbits(48):012x}"
        row = self.put(
            "Project",
            **{
                "content": None, "priority": 0, "statusId": self.stages["Backlog"],
                "startDate": None, "startDateResolution": None, "targetDate": None,
                "targetDateResolution": None, "leadId": None, "labelIds": [], "trashed": None,
                "archivedAt": None, "startedAt": None, "completedAt": None, "canceledAt": None,
                "slugId": slug, "url": f"https://linear.app/acme/project/{slug}",
                **columns, **self.new_id("Project", columns.get("id")),
            },
        )  # fmt: skip
        row["content"] = rewritten(row["content"])
        return row

    def update_project(self, key: str, given: Mapping[str, Any]) -> Row:
        row = self.get("Project", key)
        if row["archivedAt"]:
            raise refused("Entity is archived")
        columns = dict(given)
        self._judge_project({"name": row["name"], **columns})
        if "content" in columns:
            columns["content"] = rewritten(columns["content"])
        self.touch(row, columns)
        return row

    def _team(self, key: str, name: str) -> Row:
        team = self.put(
            "Team", key=key, name=name, issueEstimationType="fibonacci",
            issueEstimationExtended=False, issueEstimationAllowZero=False,
        )  # fmt: skip
        for place, (state, kind) in enumerate(_STATES):
            self.put(
                "WorkflowState", name=state, type=kind, position=float(place), teamId=team["id"]
            )
        return team

    def _judge_issue(self, row: Row | None, columns: Mapping[str, Any]) -> None:
        if not (columns.get("title", row and row["title"]) or "").strip():
            raise refused("Argument Validation Error: title must not be empty")
        if columns.get("priority") is not None and not 0 <= columns["priority"] <= 4:
            raise refused("Argument Validation Error: priority must be from 0 to 4")
        team = columns.get("teamId") or (row or {})["teamId"]
        kinds = {"stateId": "WorkflowState", "assigneeId": "User", "projectId": "Project"}
        for name, kind in kinds.items():
            if columns.get(name):
                found = self.get(kind, columns[name])
                if kind == "WorkflowState" and found["teamId"] != team:
                    raise refused("The state is not of the issue's team.")
        groups = set()
        for key in columns.get("labelIds") or ():
            label = self.get("IssueLabel", key)
            if label["isGroup"] or label.get("parentId") in groups:
                raise refused("labelIds: an issue can have one label of a group, and no group")
            groups |= {label["parentId"]} if label.get("parentId") else set()
        parent = self.get("Issue", columns["parentId"]) if columns.get("parentId") else None
        while parent is not None:
            if row is not None and parent["id"] == row["id"]:
                raise refused("parentId: an issue cannot be its own ancestor")
            parent = self.rows["Issue"].get(parent["parentId"] or "")

    def _judge_project(self, columns: Mapping[str, Any]) -> None:
        if not columns["name"].strip():
            raise refused("Argument Validation Error: name must not be empty")
        for name, kind in (("statusId", "ProjectStatus"), ("leadId", "User")):
            if columns.get(name):
                self.get(kind, columns[name])
        for key in columns.get("labelIds") or ():
            self.get("ProjectLabel", key)

    def _enter(self, row: Row) -> None:
        """Stamp an issue that comes into a state of another kind."""
        kind = self.rows["WorkflowState"][row["stateId"]]["type"]
        now = row["updatedAt"]
        if kind in {"started", "completed"}:
            row["startedAt"] = row["startedAt"] or now
        row["completedAt"] = (row["completedAt"] or now) if kind == "completed" else None
        row["canceledAt"] = (row["canceledAt"] or now) if kind == "canceled" else None

    def _notice(self, relation: Row) -> None:
        """Whether a relation counts as a change of its issues is not documented: both are tried."""
        if not self.has_quiet_relations:
            for name in ("issueId", "relatedIssueId"):
                self.touch(self.rows["Issue"][relation[name]], {})


def _same(row: Row, name: str) -> bool:
    return bool(row["name"].casefold() == name.casefold())
