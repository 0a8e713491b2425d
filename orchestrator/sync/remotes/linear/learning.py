"""Finding out what a team in Linear has: states, labels, accounts, estimates."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from orchestrator.sync.errors import InvalidError, NotFoundError
from orchestrator.sync.http import Http
from orchestrator.sync.item import Foreign
from orchestrator.sync.remote import Capabilities, Choice, Survey, Tie
from orchestrator.sync.remotes.linear import queries
from orchestrator.sync.remotes.linear.client import page_of, pages, query
from orchestrator.sync.remotes.linear.mapping import PROJECT_FIELDS, TASK_FIELDS
from orchestrator.sync.remotes.linear.team import (
    PRIORITIES,
    PROJECT_TYPES,
    TASK_TYPES,
    Account,
    Label,
    State,
    Team,
    in_order,
    points_of,
)

_SCOPE: Final = ("team", "minutes_per_point")
_LIMIT = 10_000


def learn(http: Http, tie: Tie) -> Team:
    """Return what there is to know of the team that the settings name.

    Raises:
        RemoteError: There is no such team, or the settings name what it does not have.
    """
    key, minutes = _scope(tie)
    wanted = _labels_of(key.upper())
    data = query(http, queries.GREET, {"team": key.upper(), "labels": wanted})
    teams = data["teams"]["nodes"]
    if not teams:
        raise NotFoundError(
            f"Linear has no team {key} that the token may see.",
            f"Set scope.team of the integration {tie.name} to one of: {_keys_of(http)} .",
        )
    found = teams[0]
    labels = _all(http, data, "issueLabels", queries.LABELS, {"labels": wanted})
    tags = _all(http, data, "projectLabels", queries.TAGS, {})
    users = _all(http, data, "users", queries.USERS, {})
    points = points_of(
        found["issueEstimationType"],
        is_extended=found["issueEstimationExtended"],
        has_zero=found["issueEstimationAllowZero"],
    )
    team = Team(
        id=found["id"],
        key=found["key"],
        tie=tie,
        states=_states(found["states"]["nodes"]),
        stages=_states(data["projectStatuses"]["nodes"]),
        labels=labels_in(labels),
        tags=labels_in(tags),
        accounts=tuple(_account(each) for each in users),
        minutes=minutes if points else None,
        points=points,
    )
    _check(team)
    return team


def labels_again(http: Http, team: Team) -> Team:
    """Return the team with the labels that its issues can have by now."""
    wanted = {"labels": _labels_of(team.key)}
    found = pages(http, queries.LABELS, wanted, lambda data: data["issueLabels"])
    return replace(team, labels=labels_in(each for page in found for each in page))


def tags_again(http: Http, team: Team) -> Team:
    """Return the team with the labels that projects can have by now."""
    found = pages(http, queries.TAGS, {}, lambda data: data["projectLabels"])
    return replace(team, tags=labels_in(each for page in found for each in page))


def labels_in(nodes: Iterable[Mapping[str, Any]]) -> tuple[Label, ...]:
    """Return the labels that can be put on something: groups cannot."""
    return tuple(
        Label(each["id"], " ".join(each["name"].split()), (each.get("team") or {}).get("id"))
        for each in nodes
        if not each.get("isGroup")
    )


def capabilities(team: Team) -> Capabilities:
    """Return what can be kept in step with this team."""
    tasks = [*TASK_FIELDS, *(["estimated_minutes"] if team.minutes else [])]
    notes = ["Linear has no start date, spent time or test requirements: they stay local."]
    if "minutes_per_point" not in team.tie.scope:
        notes.append("Estimates stay local until scope.minutes_per_point says what a point is.")
    elif team.minutes is None:
        notes.append(f"The team {team.key} uses no estimates: they stay local.")
    return Capabilities(
        fields={
            "tasks": dict.fromkeys(tasks, "both"),
            "projects": dict.fromkeys(PROJECT_FIELDS, "both"),
        },
        is_incremental=True,
        notes=tuple(notes),
    )


def survey(http: Http, tie: Tie) -> Survey:
    """Return what can be chosen in the settings."""
    data = query(http, queries.VIEWER, {})
    teams = sorted(_all(http, data, "teams", queries.TEAMS, {}), key=lambda each: each["key"])
    viewer = data["viewer"]
    scopes = {"team": tuple(Choice(each["key"], each["name"]) for each in teams)}
    account = viewer["email"] or viewer["displayName"]
    if "team" not in tie.scope:
        return Survey(account, scopes, ("team",))
    # What the settings map so far may be wrong: that is no reason not to show what there is.
    team = learn(http, replace(tie, statuses={}, priorities={}, users={}))
    states = []
    for state in team.states:
        means = team.status_of(state, is_blocked=False)
        states.append(Choice(state.name, state.name, None if isinstance(means, Foreign) else means))
    active = (each for each in team.accounts if each.is_active)
    users = sorted(active, key=lambda each: each.name.casefold())
    return Survey(
        account,
        scopes,
        ("team",),
        states=tuple(states),
        users=tuple(Choice(each.email or each.id, each.name, each.email) for each in users),
    )


def _scope(tie: Tie) -> tuple[str, float | None]:
    unknown = sorted(set(tie.scope) - set(_SCOPE))
    if unknown:
        raise InvalidError(
            f"The integration {tie.name} has a scope that Linear does not know: {unknown[0]} .",
            f"It can have: {', '.join(_SCOPE)} .",
        )
    key = tie.scope.get("team", "").strip()
    if not key:
        raise InvalidError(
            f"The integration {tie.name} does not say which team of Linear's it mirrors.",
            "Set scope: {team: ENG} with the team's key.",
        )
    said = tie.scope.get("minutes_per_point")
    if said is None:
        return key, None
    if not said.isascii() or not said.isdecimal() or not 1 <= int(said[:9]) <= _LIMIT:
        raise InvalidError(
            f"The minutes_per_point of {tie.name} must be a number from 1 to {_LIMIT:,}.",
            'Write for example scope: {team: ENG, minutes_per_point: "240"}',
        )
    return key, float(said)


def _check(team: Team) -> None:
    """Refuse settings that name what is not there: a state that was renamed, a wrong priority."""
    tie = team.tie
    names = {state.name.casefold() for state in team.states}
    stages = {state.name.casefold() for state in team.stages}
    for status, name in tie.statuses.items():
        of_task, of_project = status in TASK_TYPES, status in PROJECT_TYPES
        if (of_task and name.casefold() in names) or (of_project and name.casefold() in stages):
            continue
        if not of_task and not of_project:
            raise InvalidError(
                f"The integration {tie.name} maps a status that does not exist: {status} .",
                f"There are: {', '.join(dict.fromkeys([*TASK_TYPES, *PROJECT_TYPES]))} .",
            )
        there = team.states if of_task else team.stages
        raise InvalidError(
            f"The team {team.key} has no state called {name} , to which {status} is mapped.",
            f"Its states are: {', '.join(state.name for state in there)} .",
            field="status",
        )
    for word in tie.priorities:
        if word not in PRIORITIES or team.priority_for(word) is None:
            raise InvalidError(
                f"The integration {tie.name} maps the priority {word} to none of Linear's.",
                "They are: Urgent, High, Medium, Low, No priority .",
                field="priority",
            )


def _labels_of(key: str) -> dict[str, Any]:
    return {"or": [{"team": {"key": {"eq": key}}}, {"team": {"null": True}}]}


def _keys_of(http: Http) -> str:
    teams = query(http, queries.VIEWER, {})["teams"]["nodes"]
    return ", ".join(sorted(each["key"] for each in teams)) or "none at all"


def _all(
    http: Http, data: Mapping[str, Any], name: str, text: str, variables: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    nodes, after = page_of(data[name])
    found = list(nodes)
    if after is not None:
        for page in pages(http, text, variables, lambda more: more[name], after):
            found += page
    return found


def _states(nodes: Iterable[Mapping[str, Any]]) -> tuple[State, ...]:
    return in_order(
        State(each["id"], each["name"], each["type"], each["position"]) for each in nodes
    )


def _account(node: Mapping[str, Any]) -> Account:
    return Account(
        node["id"], node["name"], node["displayName"], node["email"], is_active=node["active"]
    )
