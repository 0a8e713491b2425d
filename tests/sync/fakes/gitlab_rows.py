"""The rows of a fake GitLab, and how its REST shows them."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Plan = Literal["ce", "free", "premium"]
LABEL_COLOR = "#6699cc"


@dataclass
class Label:
    id: int
    name: str
    color: str = LABEL_COLOR
    description: str | None = None


@dataclass
class Milestone:
    id: int
    iid: int
    title: str
    created_at: str
    updated_at: str
    description: str | None = None
    state: str = "active"
    due_date: str | None = None
    start_date: str | None = None
    is_of_group: bool = False


@dataclass
class Issue:
    id: int
    iid: int
    title: str
    created_at: str
    updated_at: str
    description: str | None = None
    state: str = "opened"
    kind: str = "issue"
    labels: list[str] = field(default_factory=list)
    assignees: list[int] = field(default_factory=list)
    milestone: int | None = None
    due_date: str | None = None
    start_date: str | None = None
    estimate: int = 0
    spent: int = 0
    parent: int | None = None
    closed_at: str | None = None
    author: int = 10
    confidential: bool = False
    moved_to_id: int | None = None


@dataclass
class Link:
    id: int
    source: int
    target: int
    kind: str
    made_at: str


@dataclass
class Rows:
    """Everything that the fake knows, and its JSON.

    Attributes:
        url: Of the server.
        plan: `ce` for the community's edition, `free` and `premium` for the company's.
        number, path: Of the project.
        level: The role of the token's owner: 10 guest, 20 reporter, 30 developer, 50 owner.
        has_start: Whether this version's issues have a start date.
    """

    now: Callable[[], str]
    url: str = ""
    plan: Plan = "premium"
    number: int = 42
    path: str = "acme/plan"
    level: int = 50
    visibility: str = "private"
    is_archived: bool = False
    has_issues: bool = True
    has_start: bool = True
    issues: dict[int, Issue] = field(default_factory=dict)
    milestones: dict[int, Milestone] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    links: dict[int, Link] = field(default_factory=dict)
    users: dict[int, str] = field(default_factory=dict)
    members: list[int] = field(default_factory=list)
    last_id: int = 184_000_000
    last_iid: int = 0

    @property
    def root(self) -> str:
        return f"{self.url}/api/v4/projects/{self.number}"

    def new_id(self) -> int:
        self.last_id += 13
        return self.last_id

    def by_id(self, id_: int) -> Issue | None:
        return next((each for each in self.issues.values() if each.id == id_), None)

    def links_of(self, iid: int) -> list[tuple[Link, int, str]]:
        """Links of an issue as it sees them, with the issue at the other end."""
        turned = {"blocks": "is_blocked_by"}
        found = [(each, each.target, each.kind) for each in self.links.values()
                 if each.source == iid]  # fmt: skip
        found += [(each, each.source, turned.get(each.kind, each.kind))
                  for each in self.links.values() if each.target == iid]  # fmt: skip
        return found

    def blockers(self, iid: int) -> list[int]:
        return sorted(other for _, other, kind in self.links_of(iid) if kind == "is_blocked_by")

    def user(self, id_: int) -> dict[str, Any]:
        name = self.users[id_]
        return {
            "id": id_,
            "username": name,
            "name": name.capitalize(),
            "state": "active",
            "avatar_url": f"{self.url}/uploads/{name}.png",
            "web_url": f"{self.url}/{name}",
        }

    def label(self, row: Label) -> dict[str, Any]:
        return {
            "id": row.id,
            "name": row.name,
            "description": row.description,
            "description_html": row.description or "",
            "text_color": "#FFFFFF",
            "color": row.color,
            "subscribed": False,
            "priority": None,
            "is_project_label": True,
        }

    def milestone(self, row: Milestone) -> dict[str, Any]:
        of = {"group_id": 7} if row.is_of_group else {"project_id": self.number}
        return {
            "id": row.id,
            "iid": row.iid,
            **of,
            "title": row.title,
            "description": row.description,
            "state": row.state,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "due_date": row.due_date,
            "start_date": row.start_date,
            "expired": False,
            "web_url": f"{self.url}/{self.path}/-/milestones/{row.iid}",
        }

    def stats(self, row: Issue) -> dict[str, Any]:
        return {
            "time_estimate": row.estimate,
            "total_time_spent": row.spent,
            "human_time_estimate": human(row.estimate),
            "human_total_time_spent": human(row.spent),
        }

    def issue(self, row: Issue) -> dict[str, Any]:
        mile = self.milestones.get(row.milestone or 0)
        assignees = [self.user(id_) for id_ in row.assignees]
        root = f"{self.root}/issues/{row.iid}"
        shown = {
            "id": row.id,
            "iid": row.iid,
            "project_id": self.number,
            "title": row.title,
            "description": row.description,
            "state": row.state,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "closed_at": row.closed_at,
            "closed_by": self.user(row.author) if row.closed_at else None,
            "labels": sorted(row.labels),
            "milestone": self.milestone(mile) if mile else None,
            "assignees": assignees,
            "author": self.user(row.author),
            "type": row.kind.upper(),
            "assignee": assignees[0] if assignees else None,
            "user_notes_count": 0,
            "merge_requests_count": 0,
            "upvotes": 0,
            "downvotes": 0,
            "due_date": row.due_date,
            "confidential": row.confidential,
            "discussion_locked": None,
            "issue_type": row.kind,
            "web_url": f"{self.url}/{self.path}/-/issues/{row.iid}",
            "time_stats": self.stats(row),
            "task_completion_status": {"count": 0, "completed_count": 0},
            "has_tasks": False,
            "_links": {"self": root, "notes": f"{root}/notes", "project": self.root},
            "references": {
                "short": f"#{row.iid}",
                "relative": f"#{row.iid}",
                "full": f"{self.path}#{row.iid}",
            },
            "severity": "UNKNOWN",
            "moved_to_id": row.moved_to_id,
            "imported": False,
            "imported_from": "none",
            "service_desk_reply_to": None,
        }
        if self.has_start:
            shown["start_date"] = row.start_date
        if self.plan != "ce":
            shown["blocking_issues_count"] = sum(
                kind == "blocks" for _, _, kind in self.links_of(row.iid)
            )
        if self.plan == "premium":
            shown.update({"weight": None, "epic_iid": None, "epic": None, "iteration": None})
        return shown

    def related(self, link: Link, other: int, kind: str) -> dict[str, Any]:
        return {
            **self.issue(self.issues[other]),
            "issue_link_id": link.id,
            "link_type": kind,
            "link_created_at": link.made_at,
            "link_updated_at": link.made_at,
        }

    def project(self) -> dict[str, Any]:
        name = self.path.rsplit("/", 1)[1]
        return {
            "id": self.number,
            "description": None,
            "name": name.capitalize(),
            "name_with_namespace": f"Acme / {name.capitalize()}",
            "path": name,
            "path_with_namespace": self.path,
            "created_at": "2026-01-02T03:04:05.678Z",
            "default_branch": "main",
            "web_url": f"{self.url}/{self.path}",
            "visibility": self.visibility,
            "archived": self.is_archived,
            "issues_enabled": self.has_issues,
            "permissions": self._permissions(),
        }

    def _permissions(self) -> Mapping[str, Any]:
        access = {"access_level": self.level, "notification_level": 3}
        return {"project_access": access, "group_access": None}


def human(seconds: int) -> str | None:
    """A time as GitLab says it, a day of 8 hours and a week of 5 days."""
    if seconds == 0:
        return None
    rest, parts = abs(seconds), []
    for unit, size in {"w": 144_000, "d": 28_800, "h": 3600, "m": 60, "s": 1}.items():
        count, rest = math.floor(rest / size), rest % size
        parts += [f"{count}{unit}"] if count else []
    return ("-" if seconds < 0 else "") + " ".join(parts)
