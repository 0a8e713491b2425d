"""The rows of a fake GitHub, and how its API shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

LABEL_COLOR = "ededed"
OPTIONS = {"Urgent": 1, "High": 2, "Medium": 3, "Low": 4}


@dataclass
class Label:
    id: int
    name: str
    color: str = LABEL_COLOR
    description: str | None = None


@dataclass
class Milestone:
    number: int
    id: int
    title: str
    created_at: str
    updated_at: str
    description: str | None = None
    state: str = "open"
    due_on: str | None = None
    closed_at: str | None = None


@dataclass
class Issue:
    number: int
    id: int
    title: str
    created_at: str
    updated_at: str
    body: str | None = None
    state: str = "open"
    reason: str | None = None
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    milestone: int | None = None
    parent: int | None = None
    blocked_by: list[int] = field(default_factory=list)
    values: dict[int, Any] = field(default_factory=dict)
    closed_at: str | None = None
    author: str = "dana"
    association: str = "MEMBER"
    is_pull: bool = False
    gone: Literal["", "deleted", "moved"] = ""


@dataclass(frozen=True)
class Column:
    id: int
    name: str
    kind: str


COLUMNS = (
    Column(501, "Priority", "single_select"),
    Column(502, "Effort", "single_select"),
    Column(503, "Start date", "date"),
    Column(504, "Target date", "date"),
)


@dataclass
class Rows:
    """Everything that the fake knows, and its JSON.

    Attributes:
        url: Of the server.
        owner, name: Of the repository.
        columns: Fields of the organization; empty for a person's repository.
    """

    owner: str
    name: str
    columns: tuple[Column, ...]
    url: str = ""
    issues: dict[int, Issue] = field(default_factory=dict)
    milestones: dict[int, Milestone] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    logins: dict[str, int] = field(default_factory=dict)
    last_number: int = 0
    last_id: int = 2_100_000_000
    children_of: dict[int, list[Issue]] = field(default_factory=dict)
    blocking: dict[int, list[Issue]] = field(default_factory=dict)
    counts: dict[int, dict[str, int]] = field(default_factory=dict)

    @property
    def root(self) -> str:
        return f"{self.url}/repos/{self.owner}/{self.name}"

    @property
    def page(self) -> str:
        return f"{self.url.replace('api.', '')}/{self.owner}/{self.name}"

    def new_id(self) -> int:
        self.last_id += 7
        return self.last_id

    def live(self) -> list[Issue]:
        return [each for each in self.issues.values() if not each.gone]

    def by_id(self, id_: Any) -> Issue | None:
        return next((each for each in self.live() if each.id == id_ and not each.is_pull), None)

    def children(self, number: int) -> list[Issue]:
        return [each for each in self.live() if each.parent == number]

    def blockers(self, issue: Issue) -> list[Issue]:
        return [self.issues[each] for each in issue.blocked_by if not self.issues[each].gone]

    def user(self, login: str) -> dict[str, Any]:
        root = f"{self.url}/users/{login}"
        links = ("followers", "subscriptions", "organizations", "repos", "received_events")
        more = {"following": "{/other_user}", "gists": "{/gist_id}", "starred": "{/owner}{/repo}"}
        return {
            "login": login,
            "id": self.logins.get(login, 1),
            "node_id": f"U_{login}",
            "avatar_url": f"{self.url}/u/{login}",
            "gravatar_id": "",
            "url": root,
            "html_url": f"{self.url}/{login}",
            "type": "User",
            "site_admin": False,
            "events_url": f"{root}/events{{/privacy}}",
            **{f"{each}_url": f"{root}/{each}" for each in links},
            **{f"{each}_url": f"{root}/{each}{rest}" for each, rest in more.items()},
        }

    def label(self, label: Label) -> dict[str, Any]:
        return {
            "id": label.id,
            "node_id": f"LA_{label.id}",
            "url": f"{self.root}/labels/{label.name}",
            "name": label.name,
            "color": label.color,
            "default": False,
            "description": label.description,
        }

    def milestone(self, row: Milestone) -> dict[str, Any]:
        counts = self.counts.get(row.number, {"open": 0, "closed": 0})
        url = f"{self.root}/milestones/{row.number}"
        return {
            "url": url,
            "html_url": f"{self.page}/milestone/{row.number}",
            "labels_url": f"{url}/labels",
            "id": row.id,
            "node_id": f"MI_{row.id}",
            "number": row.number,
            "title": row.title,
            "description": row.description,
            "creator": self.user("dana"),
            "open_issues": counts["open"],
            "closed_issues": counts["closed"],
            "state": row.state,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "due_on": row.due_on,
            "closed_at": row.closed_at,
        }

    def value(self, id_: int, value: Any) -> dict[str, Any]:
        column = next(each for each in self.columns if each.id == id_)
        shown = {
            "issue_field_id": id_,
            "issue_field_name": column.name,
            "node_id": f"IFV_{id_}",
            "data_type": column.kind,
            "value": value,
        }
        if column.kind != "single_select":
            return shown
        option = {"id": OPTIONS[value], "name": value, "color": "red"}
        return {**shown, "value": option["id"], "single_select_option": option}

    def issue(self, row: Issue) -> dict[str, Any]:
        url = f"{self.root}/issues/{row.number}"
        pull = {f"{each}url": f"{url}/pull" for each in ("", "html_", "diff_", "patch_")}
        mile = self.milestones.get(row.milestone or 0)
        assignees = [self.user(login) for login in row.assignees]
        parent = row.parent if row.parent and not self.issues[row.parent].gone else None
        shown = {
            "url": url,
            "repository_url": self.root,
            "labels_url": f"{url}/labels{{/name}}",
            "comments_url": f"{url}/comments",
            "events_url": f"{url}/events",
            "html_url": f"{self.page}/issues/{row.number}",
            "id": row.id,
            "node_id": f"I_{row.id}",
            "number": row.number,
            "title": row.title,
            "user": self.user(row.author),
            "labels": [self.label(self.labels[name.lower()]) for name in row.labels],
            "state": row.state,
            "locked": False,
            "assignee": assignees[0] if assignees else None,
            "assignees": assignees,
            "milestone": self.milestone(mile) if mile else None,
            "comments": 0,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "closed_at": row.closed_at,
            "author_association": row.association,
            "active_lock_reason": None,
            "body": row.body,
            "closed_by": None,
            "state_reason": row.reason,
            "issue_field_values": [self.value(*each) for each in row.values.items()],
            "parent_issue_url": f"{self.root}/issues/{parent}" if parent else None,
            **self._summaries(row),
        }
        return {**shown, "pull_request": pull} if row.is_pull else shown

    def repository(self, *, may: Mapping[str, bool], is_archived: bool) -> dict[str, Any]:
        owner = {**self.user(self.owner), "type": "Organization" if self.columns else "User"}
        links = "archive assignees blobs branches collaborators comments commits compare contents"
        links += " contributors deployments downloads events forks git_commits git_refs git_tags"
        links += " hooks issue_comment issue_events issues keys labels languages merges milestones"
        links += " notifications pulls releases stargazers statuses subscribers subscription tags"
        links += " teams trees git ssh clone svn mirror"
        counts = "forks forks_count open_issues open_issues_count size stargazers_count watchers"
        counts += " watchers_count network_count subscribers_count"
        moment = "2026-01-02T03:04:05Z"
        return {
            "id": 4_711,
            "node_id": "R_4711",
            "name": self.name,
            "full_name": f"{self.owner}/{self.name}",
            "private": True,
            "owner": owner,
            "html_url": self.page,
            "description": None,
            "fork": False,
            "url": self.root,
            **{f"{each}_url": f"{self.root}/{each}" for each in links.split()},
            **dict.fromkeys(counts.split(), 0),
            **dict.fromkeys(("has_issues", "has_projects", "has_wiki"), True),
            **dict.fromkeys(("has_pages", "has_discussions", "disabled"), False),
            **dict.fromkeys(("homepage", "language", "license")),
            **dict.fromkeys(("created_at", "updated_at", "pushed_at"), moment),
            "archived": is_archived,
            "default_branch": "main",
            "permissions": {"admin": False, "pull": True, **may},
        }

    def column(self, column: Column) -> dict[str, Any]:
        options = [
            {"id": id_, "name": name, "color": "red", "priority": id_}
            for name, id_ in OPTIONS.items()
        ]
        return {
            "id": column.id,
            "node_id": f"IF_{column.id}",
            "name": column.name,
            "description": None,
            "data_type": column.kind,
            "options": options if column.kind == "single_select" else None,
        }

    def index(self) -> None:
        """Look up once what every row is asked for; before rows are shown."""
        self.children_of, self.blocking, self.counts = {}, {}, {}
        for each in self.live():
            if each.parent:
                self.children_of.setdefault(each.parent, []).append(each)
            for blocker in each.blocked_by:
                self.blocking.setdefault(blocker, []).append(each)
            if each.milestone:
                counts = self.counts.setdefault(each.milestone, {"open": 0, "closed": 0})
                counts[each.state] += 1

    def _summaries(self, row: Issue) -> dict[str, Any]:
        children = self.children_of.get(row.number, [])
        done = sum(each.state == "closed" for each in children)
        blockers = self.blockers(row)
        blocking = self.blocking.get(row.number, [])
        return {
            "sub_issues_summary": {
                "total": len(children),
                "completed": done,
                "percent_completed": 100 * done // len(children) if children else 0,
            },
            "issue_dependencies_summary": {
                "blocked_by": sum(each.state == "open" for each in blockers),
                "total_blocked_by": len(blockers),
                "blocking": sum(each.state == "open" for each in blocking),
                "total_blocking": len(blocking),
            },
        }
