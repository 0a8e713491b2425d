"""From orchestrator.yaml to a `Tie`: what is missing or wrong is said, and where."""

from dataclasses import replace
from typing import Any

import pytest

from orchestrator.sync.remote import Tie
from orchestrator.sync.settings import IntegrationError, digest_of, tie_of

USERS: dict[str, dict[str, Any]] = {
    "dana": {"id": "dana", "email": "dana@example.com", "handles": {"lin": "dd", "other": "x"}},
    "kim": {"id": "kim", "email": None},
    "gone": {"id": "gone", "email": "gone@example.com", "deleted_at": "2026-01-01T00:00:00Z"},
}


def settings(**integration: Any) -> dict[str, Any]:
    return {"integrations": {"lin": integration}}


def test_everything_that_is_said_is_taken_over() -> None:
    tie = tie_of(
        settings(
            kind="linear", token="env:X", url="https://t.example/", scope={"team": "ENG"},
            projects=["pay"], direction="pull", on_conflict="newest", owner={"title": "local"},
            prune=True, statuses={"blocked": "Stuck"}, priorities={"low": "Nice"},
            users={"kim": "K"},
        ),
        USERS, "lin",
    )  # fmt: skip
    assert (tie.name, tie.kind, tie.url, tie.projects) == (
        "lin", "linear", "https://t.example", ("pay",),
    )  # fmt: skip
    assert (tie.direction, tie.on_conflict, tie.owner, tie.prune) == (
        "pull", "newest", {"title": "local"}, True,
    )  # fmt: skip
    assert tie.people == {"dana": ("dana@example.com", "dd"), "kim": (None, None)}
    assert (tie.statuses, tie.users) == ({"blocked": "Stuck"}, {"kim": "K"})


def test_what_is_not_said_has_its_default() -> None:
    tie = tie_of(settings(kind="github", token="keyring:gh"), {}, "lin")
    assert (tie.url, tie.projects, tie.direction, tie.on_conflict, tie.prune, tie.scope) == (
        None, None, "both", "stop", False, {},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "name", "said"),
    [
        ({}, "lin", "No tracker is set up"),
        ({"integrations": ["lin"]}, "lin", "No tracker is set up"),
        (settings(kind="linear", token="env:X"), "line", "There is no integration line ."),
        (settings(kind="linear"), "lin", "integrations.lin.token is missing"),
        (settings(token="env:X"), "lin", "integrations.lin.kind is missing"),
        (settings(kind="jira", token="env:X"), "lin", "integrations.lin.kind in orchestrator.yaml"),
        (settings(kind="linear", token="lin_api_3f"), "lin", "integrations.lin.token in orch"),
        (settings(kind="linear", token="env:X", prune="yes"), "lin", "integrations.lin.prune"),
        (settings(kind="linear", token="env:X", colour="red"), "lin", "integrations.lin.colour"),
        ({"integrations": {"lin": "x"}}, "lin", "integrations.lin in orchestrator.yaml"),
    ],
)
def test_what_is_missing_or_wrong_is_named(found: Any, name: str, said: str) -> None:
    with pytest.raises(IntegrationError) as refused:
        tie_of(found, {}, name)
    assert said in refused.value.message
    assert "lin_api_3f" not in refused.value.message
    assert refused.value.message.endswith(".")
    assert refused.value.hint


@pytest.mark.parametrize(
    "change",
    [
        {"projects": ("pay",)}, {"scope": {"team": "OPS"}}, {"statuses": {"blocked": "Halted"}},
        {"priorities": {"high": "P1"}}, {"users": {"kim": "acc-2"}},
        {"people": {"kim": ("kim@example.com", None)}}, {"url": "https://other.example"},
    ],
)  # fmt: skip
def test_settings_that_read_an_item_otherwise_are_told_apart(change: dict[str, Any]) -> None:
    tie = Tie("trk", "linear", "env:X")
    assert digest_of(replace(tie, **change)) != digest_of(tie)


def test_who_wins_and_where_the_token_is_change_no_reading() -> None:
    tie = Tie("trk", "linear", "env:X")
    other = Tie("trk", "linear", "env:Y", direction="pull", on_conflict="local", prune=True)
    assert digest_of(tie) == digest_of(other)
