"""What is in a team or changed there: whole, or since a moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from orchestrator.sync.errors import DriftError
from orchestrator.sync.http import Http
from orchestrator.sync.remote import Progress
from orchestrator.sync.remotes.linear import queries
from orchestrator.sync.remotes.linear.client import page_of, pages, query, query_when
from orchestrator.sync.remotes.linear.refusals import ComplexError

OVERLAP: Final = timedelta(minutes=2)
_SMALLER = 50

Node = Mapping[str, Any]


@dataclass
class Nodes:
    """What was read, by Linear's id, each in its newest form.

    Attributes:
        issues: Of the team.
        projects: That the team can reach.
        newest: The latest change that the first page knew of; later ones may have been missed.
        asked: When the first page was asked for, by the earlier of Linear's clock and ours.
    """

    issues: dict[str, Node] = field(default_factory=dict)
    projects: dict[str, Node] = field(default_factory=dict)
    newest: str | None = None
    asked: datetime | None = None


def read(http: Http, key: str, since: str | None) -> Nodes:
    """Return what changed since a moment, or everything.

    Args:
        http: The way to Linear.
        key: The team's.
        since: A moment as Linear writes it.
    """
    issues, projects = filters(key, since)
    wanted: dict[str, Any] = {"issues": issues, "projects": projects}
    text = queries.CHANGES if since else queries.LISTING
    size = queries.PAGE
    try:
        data, moment = query_when(http, text, {**wanted, "first": size})
    except ComplexError:
        size = _SMALLER
        data, moment = query_when(http, text, {**wanted, "first": size})
    # A clock that is fast must not make anything be missed.
    found = Nodes(asked=min(moment, http.world.now()) if moment else None)
    more_issues = _keep(found.issues, data["issues"])
    more_projects = _keep(found.projects, data["projects"])
    # Sorted by their last change: what changes while the pages are read is newer than this.
    first = [*found.issues.values(), *found.projects.values()]
    found.newest = max((node["updatedAt"] for node in first), default=None)
    if more_projects is not None:
        only = {"projects": projects, "first": size}
        for page in pages(http, queries.PROJECTS, only, _projects, more_projects):
            _merge(found.projects, page)
    if more_issues is not None:
        only = {"issues": issues, "first": size}
        for page in pages(http, queries.ISSUES, only, _issues, more_issues):
            _merge(found.issues, page)
            http.world.progress(Progress("reading issues", len(found.issues)))
    if since:
        _add_newly_blocked(http, found, key, data["issueRelations"], since)
    return found


def filters(key: str, since: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what selects the issues and the projects of a team that changed since a moment."""
    changed = {"updatedAt": {"gt": since}} if since else {}
    team = {"key": {"eq": key}}
    return {"team": team, **changed}, {"accessibleTeams": {"some": team}, **changed}


def watermark(nodes: Nodes, since: str | None) -> str | None:
    """Return from when to ask next time: never earlier than this time."""
    moments = [nodes.asked] if nodes.asked else []
    if nodes.newest is not None:
        try:
            moments.append(datetime.fromisoformat(nodes.newest))
        except ValueError:
            said = nodes.newest[:40]
            raise DriftError(f"Linear wrote a moment that is none: {said} .") from None
    if not moments:
        return since
    moment = max(moments).astimezone(UTC) - OVERLAP
    text = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return max(text, since) if since else text


def blockers(http: Http, node: Node) -> list[Node]:
    """Return all relations in which an issue is the second one."""
    nodes, after = page_of(node["inverseRelations"])
    found = list(nodes)
    if after is not None:
        for page in pages(http, queries.BLOCKERS, {"id": node["id"]}, _inverse, after):
            found += page
    return found


def by_id(http: Http, ids: Sequence[str], *, is_project: bool = False) -> list[Node]:
    """Return the issues or projects of these ids that there are, archived and trashed ones too."""
    text = queries.PROJECTS if is_project else queries.ISSUES
    name = "projects" if is_project else "issues"
    found: list[Node] = []
    size = queries.PAGE
    for start in range(0, len(ids), size):
        some = ids[start : start + size]
        variables = {name: {"id": {"in": list(some)}}, "first": max(1, len(some))}
        for page in pages(http, text, variables, _projects if is_project else _issues):
            found += page
    return found


def _add_newly_blocked(http: Http, found: Nodes, key: str, recent: Any, since: str) -> None:
    """Read issues of which only a relation is new, which need not count as their own change."""
    nodes, after = page_of(recent)
    relations = list(nodes)
    while after is not None and relations[-1]["updatedAt"] > since:
        data = query(http, queries.RECENT_RELATIONS, {"after": after})
        nodes, after = page_of(data["issueRelations"])
        relations += nodes
        if not nodes:
            break
    missing = {
        each["relatedIssue"]["id"]
        for each in relations
        if each["updatedAt"] > since
        and each["type"] == "blocks"
        and each["relatedIssue"]["team"]["key"] == key
    } - set(found.issues)
    _merge(found.issues, by_id(http, sorted(missing)))


def _keep(into: dict[str, Node], connection: Any) -> str | None:
    nodes, after = page_of(connection)
    _merge(into, nodes)
    return after


def _merge(into: dict[str, Node], nodes: Iterable[Node]) -> None:
    for node in nodes:
        known = into.get(node["id"])
        if known is None or known["updatedAt"] <= node["updatedAt"]:
            into[node["id"]] = node


def _issues(data: Mapping[str, Any]) -> Any:
    return data["issues"]


def _projects(data: Mapping[str, Any]) -> Any:
    return data["projects"]


def _inverse(data: Mapping[str, Any]) -> Any:
    return data["issue"]["inverseRelations"]
