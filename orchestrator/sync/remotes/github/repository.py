"""What a repository and its account have, asked before anything is synced."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from orchestrator.sync.errors import ForbiddenError, GoneError, NotFoundError
from orchestrator.sync.item import Kind
from orchestrator.sync.remote import Capabilities, Choice, Support, Survey, Tie
from orchestrator.sync.remotes.github import mapping, rows
from orchestrator.sync.remotes.github.client import Client
from orchestrator.sync.remotes.github.words import (
    FIELDS,
    OPEN,
    PRIORITIES,
    REASONS,
    STATUSES,
    Column,
    Words,
)

_MOST_ACCOUNTS = 2000
_SETTLE = 5.0


def visit(client: Client, words: Words, tie: Tie) -> tuple[Words, Capabilities]:
    """Return the words of a repository, complete, and what it can hold.

    Raises:
        RemoteError: When the token may not see it or not change it, or it has no issues.
    """
    row = _opened(client, words, tie)
    labels = [rows.text(each, "name") for each in client.rows(f"{words.root}/labels", {}, "labels")]
    words = replace(
        words,
        labels={name.lower(): name for name in labels},
        assignable=_assignable(client, words) if words.logins else None,
    )
    words = _with_columns(client, words, tie, row)
    return words, _capabilities(words, tie, row)


def look_around(client: Client, words: Words, tie: Tie) -> Survey:
    """Return what the account has, and the repository where one is chosen."""
    account = _account(client)
    if not words.repository:
        found = client.get("/user/repos", {"sort": "pushed", "per_page": "100"})
        choices = tuple(
            Choice(row["full_name"], rows.text(row, "description") or "without a description")
            for row in (found if isinstance(found, list) else [])
            if isinstance(row, Mapping) and isinstance(row.get("full_name"), str)
        )
        return Survey(account, {"repository": choices}, ("repository",))
    words, _ = visit(client, replace(words, logins={}), tie)
    accounts = mapping.names(list(_accounts(client, words)), "login")
    return Survey(
        account,
        {"repository": (Choice(words.repository, words.repository),)},
        ("repository",),
        _states(words),
        _priorities(words),
        tuple(Choice(login, login) for login in accounts),
    )


def _account(client: Client) -> str:
    try:
        return rows.text(rows.row(client.get("/user"), "account", "login"), "login")
    except ForbiddenError:
        # The token of an app belongs to nobody.
        return ""


def _opened(client: Client, words: Words, tie: Tie) -> Mapping[str, Any]:
    name = words.repository
    if not name:
        raise NotFoundError(
            f"The integration {tie.name} names no repository.",
            "Write scope: {repository: owner/name} in orchestrator.yaml.",
        )
    try:
        row = rows.row(client.get(words.root), "repository", "full_name")
    except GoneError as error:
        raise NotFoundError(
            f"The repository {name} was renamed, moved or deleted on GitHub.",
            "Write its present name into scope.repository in orchestrator.yaml.",
        ) from error
    except NotFoundError as error:
        raise NotFoundError(
            f"GitHub has no repository {name} that the token may see.",
            "Check scope.repository in orchestrator.yaml, and give the token access to it.",
        ) from error
    if row.get("has_issues") is False:
        raise ForbiddenError(
            f"Issues are turned off in the repository {name} .",
            "Turn them on in its settings, under Features.",
        )
    may = row.get("permissions")
    is_writer = not isinstance(may, Mapping) or may.get("push") or may.get("triage")
    if tie.direction != "pull" and row.get("archived"):
        raise ForbiddenError(
            f"The repository {name} is archived, and cannot be changed.",
            "Write direction: pull for the integration, or unarchive the repository.",
        )
    if tie.direction != "pull" and not is_writer:
        raise ForbiddenError(
            f"The token's owner may not change issues of the repository {name} .",
            "Ask for the role Triage or Write there, or write direction: pull.",
        )
    return row


def _assignable(client: Client, words: Words) -> frozenset[str] | None:
    wanted = {login.lower() for login in words.logins.values()}
    found: set[str] = set()
    for done, row in enumerate(_accounts(client, words), start=1):
        found.add(rows.text(row, "login").lower())
        if wanted <= found:
            break
        if done >= _MOST_ACCOUNTS:
            return None
    return frozenset(found) or None


def _accounts(client: Client, words: Words) -> Iterator[Mapping[str, Any]]:
    # A server that does not tell leaves it to whoever reads the answers.
    with suppress(NotFoundError, ForbiddenError):
        yield from client.rows(f"{words.root}/assignees", {}, "accounts")


def _with_columns(client: Client, words: Words, tie: Tie, row: Mapping[str, Any]) -> Words:
    owner = row.get("owner")
    if not isinstance(owner, Mapping) or owner.get("type") != "Organization":
        return words
    try:
        answer = client.get(f"/orgs/{words.repository.partition('/')[0]}/issue-fields")
    except (NotFoundError, ForbiddenError):
        return words
    columns = {}
    for each in answer if isinstance(answer, list) else []:
        column = _column(each)
        for name, (title, kind) in FIELDS.items():
            if column and (each.get("name"), each.get("data_type")) == (title, kind):
                columns[name] = column
    options = {option.lower() for option in columns.get("priority", Column(0)).options}
    chosen = {each: tie.priorities.get(each, each.capitalize()) for each in PRIORITIES}
    if {value.lower() for value in chosen.values()} <= options:
        return replace(words, columns=columns, priorities=chosen)
    columns.pop("priority", None)
    return replace(words, columns=columns)


def _column(row: Any) -> Column | None:
    if not isinstance(row, Mapping) or not isinstance(row.get("id"), int):
        return None
    return Column(row["id"], tuple(mapping.names(row.get("options"), "name")))


def _capabilities(words: Words, tie: Tie, row: Mapping[str, Any]) -> Capabilities:
    tasks = ["title", "description", "status", "priority", "assignee", "labels"]
    tasks += ["parent", "dependencies", *(name for name in FIELDS if name in words.columns)]
    tasks += ["project"] if words.has_projects else []
    both: Support = "both"
    fields: dict[Kind, Mapping[str, Support]] = {"tasks": dict.fromkeys(tasks, both)}
    if words.has_projects:
        names = ("title", "description", "status", "due_date")
        fields["projects"] = dict.fromkeys(names, both)
    return Capabilities(fields, is_incremental=True, settle=_SETTLE, notes=_notes(words, tie, row))


def _notes(words: Words, tie: Tie, row: Mapping[str, Any]) -> tuple[str, ...]:
    notes = ["Estimates and logged time stay local: GitHub has no place for them."]
    dates = [name for name in ("start_date", "due_date") if name not in words.columns]
    if dates:
        wanted = " and ".join(FIELDS[name][0] for name in dates)
        what = " and ".join(name.replace("_", " ") for name in dates)
        notes.append(
            f"The {what} of tasks stay local: {words.repository} has no issue fields {wanted}, "
            "which organizations can have."
        )
    notes.append(
        "GitHub's API deletes no issues: one that is deleted here is closed there as not planned."
    )
    if words.has_projects:
        notes.append(
            "Milestones are open or closed: planned, on hold and cancelled stay local, and so do "
            "priority, tags, owner and start date of projects."
        )
    notes += [
        f"There is no label {label} in {words.repository} yet: it is made when it is needed."
        for label in sorted({*tie.statuses.values(), *tie.priorities.values()})
        if label not in {OPEN, *REASONS}
        and label.lower() not in words.labels
        and not ("priority" in words.columns and label in words.priorities.values())
    ]
    lost = sorted(user for user in words.logins if words.login(user) is None)
    if lost:
        notes.append(f"No issue there can be assigned to {', '.join(lost)} .")
    if row.get("private") is False:
        notes.append(f"{words.repository} is public: everybody can read what is sent there.")
    return tuple(notes)


def _states(words: Words) -> tuple[Choice, ...]:
    means = {value: status for status, value in STATUSES.items()}
    labels = [name for name in words.labels.values() if words.is_status(name)]
    fixed = [OPEN, *REASONS]
    titles = {
        OPEN: "Open, without a status label",
        "completed": "Closed as completed",
        "not_planned": "Closed as not planned",
        "duplicate": "Closed as duplicate",
    }
    known = {label.lower(): label for label in labels}
    wanted = [known.pop(each, each) for each in STATUSES.values() if each not in fixed]
    return tuple(
        Choice(value, titles.get(value, f"Open, with the label {value}"), means.get(value.lower()))
        for value in [OPEN, *wanted, *sorted(known.values()), *REASONS]
    )


def _priorities(words: Words) -> tuple[Choice, ...]:
    if "priority" in words.columns:
        names = list(words.columns["priority"].options)
    else:
        names = sorted(
            {*words.priorities.values()} | set(filter(words.is_priority, words.labels.values()))
        )
    means = {value.lower(): priority for priority, value in words.priorities.items()}
    return tuple(Choice(name, name, means.get(name.lower())) for name in names)
