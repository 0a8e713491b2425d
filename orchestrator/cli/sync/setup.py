"""What `sync init` makes of options, answers and what a tracker has."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.session import Session
from orchestrator.cli.sync.ask import Asker
from orchestrator.cli.sync.chosen import (
    STATUSES,
    accounts_of,
    lost_statuses,
    projects_of,
    statuses_of,
)
from orchestrator.cli.sync.open import remote_of, world_of
from orchestrator.errors import OrchestratorError
from orchestrator.model.ids import is_integration_name
from orchestrator.model.pointer import join
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean
from orchestrator.patch.ops import Operation, Patch

if TYPE_CHECKING:
    from orchestrator.sync.remote import Choice, Survey, Tie

_TOKENS = {
    "linear": "env:LINEAR_API_KEY", "gitlab": "env:GITLAB_TOKEN", "notion": "env:NOTION_TOKEN",
    "motion": "env:MOTION_API_KEY", "github": "env:GITHUB_TOKEN",
}  # fmt: skip
_PRIORITIES = ("low", "medium", "high", "urgent")
_MOST_NAMED = 20


class SetupError(OrchestratorError):
    """An integration cannot be set up so."""


@dataclass(frozen=True)
class Given:
    """What the options of `sync init` say.

    Attributes:
        kind: Of the tracker.
        name: Of the integration, or None.
        token: Where the token is, or None.
        url: The server, or None.
        scope: By key.
        projects: Of ours.
        statuses: Ours → theirs.
        priorities: Ours → theirs.
        users: Ours → theirs.
        rest: Further fields of the integration; None where nothing was said.
        adds_users: Whether accounts that nobody here is become users.
    """

    kind: str
    name: str | None
    token: str | None
    url: str | None
    scope: Mapping[str, str]
    projects: Sequence[str]
    statuses: Mapping[str, str]
    priorities: Mapping[str, str]
    users: Mapping[str, str]
    rest: Mapping[str, Any]
    adds_users: bool


@dataclass(frozen=True)
class Draft:
    """An integration that is ready to be written.

    Attributes:
        name: Its name.
        document: As orchestrator.yaml gets it.
        users: New people, by id.
        notes: What people should know.
    """

    name: str
    document: Mapping[str, Any]
    users: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def paired(option: str, texts: Iterable[str]) -> dict[str, str]:
    """Return `key=value` texts as a mapping.

    Raises:
        click.UsageError: A text has another form.
    """
    found: dict[str, str] = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not sign or not key.strip() or not value.strip():
            raise click.UsageError(f"{option} is KEY=VALUE, not {text[:60]!r}.")
        found[key.strip()] = value.strip()
    return found


def survey_of(session: Session, snapshot: Snapshot, given: Given, asker: Asker) -> Draft:
    """Ask the tracker what it has, and the person what to choose of it.

    Raises:
        SetupError: Something that was given is not there.
        UnansweredError: Something must be chosen, and nobody can be asked.
        RemoteError: The tracker cannot be read.
    """
    _refuse(snapshot, given)
    token = given.token or asker.text("Where is the token", _TOKENS[given.kind])
    tie = _tie(snapshot, given, token)
    tie, survey = _scoped(session, tie, asker)
    notes = [f"The token belongs to {survey.account} ."]
    _refuse_unknown("state", given.statuses, survey.states)
    _refuse_unknown("priority", given.priorities, survey.priorities)
    _refuse_unknown("account", given.users, survey.users)
    name = given.name or _free_name(snapshot, given.kind, tie.scope)
    given = replace(
        given,
        projects=projects_of(snapshot, given.projects, asker),
        statuses=statuses_of(given.statuses, survey.states, asker),
        users=accounts_of(snapshot, given.users, survey.users, asker),
    )
    notes += _state_notes(given, survey)
    strangers = [account for account in survey.users if not _is_known(snapshot, given, account)]
    users, accounts = _new_users(snapshot, strangers if given.adds_users else ())
    if strangers and not users:
        named = ", ".join(account.title for account in strangers[:_MOST_NAMED])
        more = " …" if len(strangers) > _MOST_NAMED else ""
        notes.append(f"Accounts that nobody here is: {named}{more} ; --add-users makes them users.")
    document: dict[str, Any] = {"kind": given.kind, "token": token}
    optional = {
        "url": given.url, "scope": dict(tie.scope), "projects": list(given.projects),
        **given.rest, "statuses": dict(given.statuses), "priorities": dict(given.priorities),
        "users": {**given.users, **accounts},
    }  # fmt: skip
    document |= {key: value for key, value in optional.items() if value not in (None, {}, [])}
    return Draft(name, document, users, tuple(notes))


def patch_of(snapshot: Snapshot, draft: Draft) -> Patch:
    """Return the patch that writes an integration and its new people."""
    ops: list[Operation] = []
    if isinstance(snapshot.file_document("settings", "").get("integrations"), dict):
        path = join(["settings", "integrations", draft.name])
        ops.append({"op": "add", "path": path, "value": dict(draft.document)})
    else:
        value = {draft.name: dict(draft.document)}
        ops.append({"op": "add", "path": "/settings/integrations", "value": value})
    for user_id, user in draft.users.items():
        ops.append({"op": "add", "path": join(["users", user_id]), "value": dict(user)})
    return Patch(tuple(ops), title=f"Set up {draft.name}")


def shown(draft: Draft) -> str:
    """Return an integration as orchestrator.yaml will have it, and who is made a user."""
    from orchestrator.text.render import render

    text = render({"integrations": {draft.name: dict(draft.document)}}, ()).rstrip("\n")
    people = "".join(f"\nuser {user_id}: {user['name']}" for user_id, user in draft.users.items())
    return f"{text}{people}"


def _refuse(snapshot: Snapshot, given: Given) -> None:
    from orchestrator.sync.settings import integrations

    known = integrations(snapshot.settings)
    if given.name is not None and not is_integration_name(given.name):
        raise SetupError(
            f"{given.name[:60]!r} is no name of an integration.",
            "Small letters, digits and dashes: linear-eng.",
        )
    if given.name is not None and given.name in known:
        raise SetupError(
            f"There is an integration {given.name} already.",
            "Edit it in orchestrator.yaml, or give this one another --name.",
        )
    for project in given.projects:
        if project not in snapshot.projects:
            hint = did_you_mean(project, list(snapshot.projects))
            raise SetupError(f"There is no project {project[:60]} .", hint)
    for user in given.users:
        if user not in snapshot.users:
            hint = did_you_mean(user, list(snapshot.users))
            raise SetupError(f"There is no user {user[:60]} .", hint)
    for option, chosen, words in (
        ("--status", given.statuses, STATUSES), ("--priority", given.priorities, _PRIORITIES)
    ):  # fmt: skip
        for word in chosen:
            if word not in words:
                raise click.UsageError(f"{option}: {word[:40]!r} is none of {', '.join(words)}.")


def _tie(snapshot: Snapshot, given: Given, token: str) -> "Tie":
    from orchestrator.sync.settings import tie_of

    name = given.name or given.kind
    document = {"kind": given.kind, "token": token, "scope": dict(given.scope), "url": given.url}
    document |= {"statuses": dict(given.statuses), "priorities": dict(given.priorities)}
    return tie_of({"integrations": {name: document}}, snapshot.users, name)


def _scoped(session: Session, tie: "Tie", asker: Asker) -> "tuple[Tie, Survey]":
    """Return the integration with everything in its scope that it must have."""
    survey = _surveyed(session, tie)
    while missing := next((key for key in survey.required if key not in tie.scope), None):
        choices = survey.scopes.get(missing, ())
        value = asker.pick(missing, f"--scope {missing}=", choices)
        tie = replace(tie, scope={**tie.scope, missing: value})
        survey = _surveyed(session, tie)
    for key, value in tie.scope.items():
        known = [choice.value for choice in survey.scopes.get(key, ())]
        if known and value not in known:
            raise SetupError(
                f"{tie.kind} has no {key} {value[:60]} that the token may see.",
                did_you_mean(value, known) or f"There are: {', '.join(known[:_MOST_NAMED])} .",
            )
    return tie, survey


def _surveyed(session: Session, tie: "Tie") -> "Survey":
    with remote_of(session, tie, world_of(lambda _: None)) as remote:
        return remote.survey()


def _refuse_unknown(what: str, chosen: Mapping[str, str], known: "Sequence[Choice]") -> None:
    values = [word for choice in known for word in (choice.value, choice.title)]
    for value in chosen.values():
        if values and value not in values:
            hint = did_you_mean(value, values)
            there = ", ".join(choice.value for choice in known[:_MOST_NAMED])
            raise SetupError(
                f"There is no {what} {value[:60]} over there.", hint or f"There are: {there} ."
            )


def _state_notes(given: Given, survey: "Survey") -> Iterator[str]:
    """Yield what the states over there mean here, and which statuses have none."""
    chosen = {theirs: ours for ours, theirs in given.statuses.items()}
    pairs = []
    for state in survey.states:
        means = chosen.get(state.value) or chosen.get(state.title) or state.means
        pairs.append(f"{state.title} is {means or 'unknown'}")
    if pairs:
        yield f"States: {', '.join(pairs)}"
    if lost := lost_statuses(given.statuses, survey.states):
        yield f"No state of their own: {', '.join(lost)} ; --status {lost[0]}=STATE chooses one."


def _is_known(snapshot: Snapshot, given: Given, account: "Choice") -> bool:
    emails = {str(user.get("email") or "").casefold() for user in snapshot.users.values()}
    is_named = account.value in given.users.values() or account.title in given.users.values()
    return is_named or (account.means or "").casefold() in emails - {""}


def _new_users(
    snapshot: Snapshot, accounts: "Iterable[Choice]"
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return new users for accounts, and the accounts of those who have no address to find them by.

    Their ids are made of their addresses or names.
    """
    from orchestrator.exchange.identity import user_id

    made: dict[str, dict[str, Any]] = {}
    named: dict[str, str] = {}
    for account in accounts:
        email = account.means if account.means and "@" in account.means else None
        start = (email or account.title).partition("@")[0]
        new_id = user_id(start, {*snapshot.users, *made})
        name = " ".join(account.title.split())[:200] or new_id
        made[new_id] = {"id": new_id, "name": name, **({"email": email} if email else {})}
        if email is None:
            named[new_id] = account.value
    return made, named


def _free_name(snapshot: Snapshot, kind: str, scope: Mapping[str, str]) -> str:
    """Return a name made of the kind, and of the scope where another has that name."""
    from orchestrator.sync.settings import integrations

    known = integrations(snapshot.settings)
    first = next(iter(scope.values()), "")
    slug = re.sub(r"[^a-z0-9]+", "-", first.casefold()).strip("-")[:40]
    wanted = [kind, f"{kind}-{slug}" if slug else kind]
    wanted += [f"{wanted[-1]}-{number}" for number in range(2, len(known) + 3)]
    return next(name for name in wanted if name not in known and is_integration_name(name))
