"""What a project and its account have, asked before anything is synced."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from orchestrator.sync.errors import (
    DriftError,
    ForbiddenError,
    GoneError,
    InvalidError,
    NotFoundError,
    PlanLimitError,
    RemoteError,
)
from orchestrator.sync.item import Kind
from orchestrator.sync.remote import Capabilities, Choice, Support, Survey, Tie
from orchestrator.sync.remotes.gitlab import queries, rows
from orchestrator.sync.remotes.gitlab.client import Client
from orchestrator.sync.remotes.gitlab.relations import is_unlicensed
from orchestrator.sync.remotes.gitlab.words import CLOSED, DONE, OPENED, PRIORITIES, STATUSES, Words

_MOST_MEMBERS = 5000
_SETTLE = 5.0
_WRITING = frozenset({"api"})
_READING = frozenset({"api", "read_api"})
# Whoever may see issues but not plan them: GitLab's role Guest.
_REPORTER = 15
_REFUSED = (NotFoundError, ForbiddenError, InvalidError, PlanLimitError, DriftError)


def visit(client: Client, words: Words, tie: Tie) -> tuple[Words, Capabilities]:
    """Return the words of a project, complete, and what it can hold.

    Raises:
        RemoteError: When the token may not see it or not change it, or it has no issues.
    """
    token = _check_token(client, tie)
    row = _opened(client, words, tie)
    words = replace(words, number=row["id"], path=rows.text(row, "path_with_namespace"))
    labels = client.rows(f"{words.root}/labels", {}, "labels")
    words = replace(words, labels=words.with_labels(rows.text(each, "name") for each in labels))
    words = replace(words, accounts=_accounts(client, words))
    query = {"issue_type": "issue", "state": "all", "per_page": "1"}
    sample = next(iter(_list(client.get(f"{words.root}/issues", query))), None)
    words = replace(words, has_start=sample is None or "start_date" in sample)
    why = _why_no_parents(client, words)
    words = replace(words, has_parents=not why)
    words = replace(words, has_links=not why and _has_links(client, words, tie, sample))
    return words, _capabilities(words, tie, row, token, why)


def look_around(client: Client, words: Words, tie: Tie) -> Survey:
    """Return what the account has, and the project where one is chosen."""
    me = rows.row(client.get("/v4/user"), "account", "username")
    if not words.project:
        query = {"membership": "true", "order_by": "last_activity_at", "per_page": "100"}
        names = [rows.text(each, "path_with_namespace") for each in _list(
            client.get("/v4/projects", {**query, "with_issues_enabled": "true"})
        )]  # fmt: skip
        choices = tuple(Choice(name, name) for name in names if name)
        return Survey(me["username"], {"project": choices}, ("project",))
    words, _ = visit(client, words, tie)
    names = [rows.text(each, "username") for each in _members(client, words)]
    return Survey(
        me["username"],
        {"project": (Choice(words.project, words.path),)},
        ("project",),
        _states(words),
        _priorities(words),
        tuple(Choice(name, name) for name in names),
    )


def _check_token(client: Client, tie: Tie) -> Mapping[str, Any]:
    """Refuse a token that cannot do what is asked for; return what it says about itself."""
    try:
        token = client.get("/v4/personal_access_tokens/self")
    except (NotFoundError, ForbiddenError, DriftError):
        # Older servers, and tokens of other kinds, say nothing about themselves.
        return {}
    scopes = token.get("scopes") if isinstance(token, Mapping) else None
    needed = _READING if tie.direction == "pull" else _WRITING
    if isinstance(scopes, list) and scopes and not needed & {str(each) for each in scopes}:
        raise ForbiddenError(
            f"The token's scope is too small for that: it has {', '.join(map(str, scopes))}.",
            "Make a token with the scope api, or with read_api and direction: pull.",
        )
    return token if isinstance(token, Mapping) else {}


def _opened(client: Client, words: Words, tie: Tie) -> Mapping[str, Any]:
    name = words.project
    if not name:
        raise NotFoundError(
            f"The integration {tie.name} names no project.",
            "Write scope: {project: group/name} in orchestrator.yaml.",
        )
    try:
        row = rows.row(client.get(words.root), "project", "id", "path_with_namespace")
    except GoneError as error:
        raise NotFoundError(
            f"The project {name} was renamed or moved on GitLab.",
            "Write its present path into scope.project in orchestrator.yaml.",
        ) from error
    except NotFoundError as error:
        raise NotFoundError(
            f"GitLab has no project {name} that the token may see.",
            "Check scope.project in orchestrator.yaml, and give the token access to it.",
        ) from error
    if row.get("issues_enabled") is False:
        raise ForbiddenError(
            f"Issues are turned off in the project {name} .",
            "Turn them on in its settings, under Visibility, project features, permissions.",
        )
    if tie.direction != "pull" and row.get("archived"):
        raise ForbiddenError(
            f"The project {name} is archived, and cannot be changed.",
            "Write direction: pull for the integration, or unarchive the project.",
        )
    level = _level(row)
    if tie.direction != "pull" and level is not None and level < _REPORTER:
        raise ForbiddenError(
            f"The token's owner may not change issues of the project {name} .",
            "Ask for the role Planner, Reporter or higher there, or write direction: pull.",
        )
    return row


def _level(row: Mapping[str, Any]) -> int | None:
    may = row.get("permissions")
    if not isinstance(may, Mapping):
        return None
    given = [each["access_level"] for each in may.values() if isinstance(each, Mapping)]
    # An administrator has no role, and may do everything.
    return max(given) if given else None


def _members(client: Client, words: Words) -> Iterable[Mapping[str, Any]]:
    for done, row in enumerate(client.rows(f"{words.root}/members/all", {}, "members"), start=1):
        if row.get("state", "active") == "active":
            yield row
        if done >= _MOST_MEMBERS:
            return


def _accounts(client: Client, words: Words) -> dict[str, int] | None:
    try:
        members = [rows.row(each, "member", "id", "username") for each in _members(client, words)]
    except (NotFoundError, ForbiddenError):
        return None
    return {row["username"].lower(): row["id"] for row in members}


def _why_no_parents(client: Client, words: Words) -> str:
    """Return why GraphQL tells nothing about parents, or "" ."""
    try:
        client.query(queries.ties(has_links=False), {"path": words.path, "iids": ["1"]})
    except _REFUSED as error:
        return error.message
    return ""


def _has_links(client: Client, words: Words, tie: Tie, sample: Mapping[str, Any] | None) -> bool:
    """Return whether the plan has blocking links, by whatever the server's version can tell."""
    try:
        data = client.query(queries.FEATURES, {"path": words.path})
    except _REFUSED:
        # Before GitLab 18.3 there was no such question.
        pass
    else:
        place = data.get("namespace")
        found = place.get("availableFeatures") if isinstance(place, Mapping) else None
        if isinstance(found, Mapping):
            return bool(found.get("hasBlockedIssuesFeature"))
    version = client.get("/v4/version")
    if isinstance(version, Mapping) and version.get("enterprise") is False:
        return False
    # Both came with the same plan, and the key is there only where it holds.
    if sample is None or "weight" in sample:
        return True
    return tie.direction != "pull" and _takes_links(client, words, sample)


def _takes_links(client: Client, words: Words, sample: Mapping[str, Any]) -> bool:
    """Return whether a link that can never be is refused for itself, not for the plan."""
    iid = str(rows.row(sample, "issue", "iid")["iid"])
    body = {
        "target_project_id": str(words.number),
        "target_issue_iid": iid,
        "link_type": "is_blocked_by",
    }
    try:
        client.post(f"{words.root}/issues/{iid}/links", body, is_repeatable=True)
    except _REFUSED as error:
        return not is_unlicensed(error) and not isinstance(error, ForbiddenError)
    except RemoteError as error:
        if error.is_ambiguous:
            raise
    return True


def _capabilities(
    words: Words, tie: Tie, row: Mapping[str, Any], token: Mapping[str, Any], why: str
) -> Capabilities:
    tasks = ["title", "description", "status", "priority", "assignee", "labels", "due_date"]
    tasks += ["estimated_minutes", "actual_minutes"]
    tasks += ["start_date"] if words.has_start else []
    tasks += ["parent"] if words.has_parents else []
    tasks += ["dependencies"] if words.has_links else []
    tasks += ["project"] if words.has_projects else []
    both: Support = "both"
    fields: dict[Kind, Mapping[str, Support]] = {"tasks": dict.fromkeys(tasks, both)}
    if words.has_projects:
        names = ("title", "description", "status", "start_date", "due_date")
        fields["projects"] = dict.fromkeys(names, both)
    notes = tuple(_notes(words, tie, row, token, why))
    return Capabilities(fields, is_incremental=True, settle=_SETTLE, notes=notes)


def _notes(
    words: Words, tie: Tie, row: Mapping[str, Any], token: Mapping[str, Any], why: str
) -> Iterable[str]:
    if why:
        yield f"Parents and dependencies stay local, since GraphQL tells nothing: {why}"
    else:
        yield "GitLab hangs tasks below issues, and nothing below tasks: deeper parents stay local."
    if not words.has_links and not why:
        yield "Dependencies stay local: blocking links need GitLab Premium."
    if not words.has_start:
        yield "The start date of tasks stays local: this version of GitLab has none."
    if words.has_projects:
        yield (
            "Milestones are active or closed: planned, on hold and cancelled stay local, and so do "
            "priority, tags and owner of projects."
        )
    for label in sorted({*tie.statuses.values(), *tie.priorities.values()} - {OPENED, CLOSED}):
        if label.lower() not in words.labels:
            yield f"There is no label {label} in {words.path} yet: it is made when it is needed."
    if words.accounts is None:
        yield "The members of the project cannot be read: assignees stay local."
    else:
        lost = sorted(user for user in words.usernames if words.account(user) is None)
        if lost:
            yield f"No issue there can be assigned to {', '.join(lost)} ."
    if row.get("visibility") == "public":
        yield f"{words.path} is public: everybody can read what is sent there."
    if isinstance(token.get("expires_at"), str):
        yield f"The token expires on {token['expires_at'][:10]}."


def _states(words: Words) -> tuple[Choice, ...]:
    means = {value: status for status, value in STATUSES.items()}
    labels = {name: name for names in words.labels.values() for name in names}
    wanted = [each for each in STATUSES.values() if each not in {OPENED, CLOSED}]
    done = {STATUSES[each] for each in DONE}
    names = dict.fromkeys([*wanted, *sorted(filter(words.is_status, labels))])
    return (
        Choice(OPENED, "Open, without a status label", means[OPENED]),
        *(
            Choice(
                name,
                f"{'Closed' if name in done else 'Open'}, with the label {name}",
                means.get(name.lower()),
            )
            for name in names
        ),
        Choice(CLOSED, "Closed, without a status label", means[CLOSED]),
    )


def _priorities(words: Words) -> tuple[Choice, ...]:
    known = (name for names in words.labels.values() for name in names)
    names = sorted({*words.priorities.values(), *filter(words.is_priority, known)})
    means = {words.priorities[each].lower(): each for each in PRIORITIES}
    return tuple(Choice(name, name, means.get(name.lower())) for name in names)


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
