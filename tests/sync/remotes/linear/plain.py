"""A team without a server, and issues as Linear would answer them."""

from dataclasses import replace
from typing import Any

from orchestrator.sync.item import Item
from orchestrator.sync.remote import Tie
from orchestrator.sync.remotes.linear.mapping import inputs, issue_item, sets
from orchestrator.sync.remotes.linear.team import Account, Label, State, Team, in_order, points_of
from tests.sync.fakes.tracker import PEOPLE

STATES = in_order(
    State(f"s-{name}", name, kind, position)
    for position, (name, kind) in enumerate(
        [("Triage", "triage"), ("Icebox", "backlog"), ("Next", "unstarted"), ("Todo", "unstarted"),
         ("Code Review", "started"), ("Building", "started"), ("Testing", "started"),
         ("Done", "completed"), ("Canceled", "canceled"), ("Duplicate", "duplicate"),
         ("Limbo", "somewhere")]
    )
)  # fmt: skip
STAGES = tuple(
    State(f"p-{kind}", kind.title(), kind)
    for kind in ("backlog", "planned", "started", "paused", "completed", "canceled")
)
LABELS = (
    Label("l-api", "API", "team"), Label("l-db", "db"), Label("l-db-team", "db", "team"),
    Label("l-blocked", "Blocked"),
)  # fmt: skip
ACCOUNTS = (
    Account("u-dana", "Dana Ionescu", "dana", "dana@example.com"),
    Account("u-kim", "Kim", "kimmy", "kim@example.com"),
    Account("u-riley", "Riley", "riley", "riley@elsewhere.example"),
)
TEAM = Team(
    id="team", key="ENG", tie=Tie("linear-eng", "linear", "env:X", people=PEOPLE),
    states=STATES, stages=STAGES, labels=LABELS, tags=(Label("t-q1", "Q1"),), accounts=ACCOUNTS,
    minutes=60.0, points=points_of("fibonacci", is_extended=False, has_zero=False),
)  # fmt: skip
TASK_STATUSES = ["todo", "in_progress", "blocked", "in_review", "completed", "cancelled"]
PROJECT_STATUSES = ["planned", "active", "on_hold", "completed", "cancelled"]
PRIORITIES = [None, "low", "medium", "high", "urgent"]


def tied(**changes: Any) -> Team:
    return replace(TEAM, tie=replace(TEAM.tie, **changes))


def issue(**changes: Any) -> dict[str, Any]:
    return {
        "id": "i-1", "identifier": "ENG-1", "title": "Title", "description": None, "priority": 0,
        "estimate": None, "dueDate": None, "url": "https://linear.example/ENG-1", "trashed": None,
        "labelIds": [], "createdAt": "2026-11-01T00:00:00.000Z",
        "updatedAt": "2026-11-02T00:00:00.000Z", "startedAt": None, "completedAt": None,
        "archivedAt": None, "state": {"id": "s-Todo", "name": "Todo", "type": "unstarted"},
        "assignee": None, "project": None, "parent": None, "attachments": {"nodes": []}, **changes,
    }  # fmt: skip


def project(**changes: Any) -> dict[str, Any]:
    return {
        "id": "p-1", "name": "Project", "slugId": "abc", "content": None, "priority": 0,
        "startDate": None, "startDateResolution": None, "targetDate": None,
        "targetDateResolution": None, "url": "", "trashed": None, "labelIds": [],
        "createdAt": "2026-11-01T00:00:00.000Z", "updatedAt": "2026-11-02T00:00:00.000Z",
        "startedAt": None, "completedAt": None, "archivedAt": None,
        "status": {"id": "p-started", "name": "Started", "type": "started"}, "lead": None,
        **changes,
    }  # fmt: skip


def state(name: str) -> dict[str, str]:
    found = next(each for each in STATES if each.name == name)
    return {"id": found.id, "name": found.name, "type": found.type}


def written(fields: dict[str, Any], team: Team = TEAM) -> Item:
    """What is read of a new issue that these fields were written to."""
    made = inputs("tasks", fields, team)
    labels = sets("tasks", fields, team).added
    node = issue(labelIds=[*labels], title=made.get("title", "Title"))
    plain = ("description", "priority", "dueDate", "estimate")
    node |= {name: made[name] for name in plain if name in made}
    if "stateId" in made:
        node["state"] = state(made["stateId"].removeprefix("s-"))
    if made.get("assigneeId"):
        account = next(each for each in ACCOUNTS if each.id == made["assigneeId"])
        node["assignee"] = {"id": account.id, "email": account.email, "displayName": account.handle}
    for name in ("parent", "project"):
        node[name] = {"id": made[f"{name}Id"]} if made.get(f"{name}Id") else None
    return issue_item(node, [], team)
