"""What `sync init` asks beyond the scope, and what it finds out by itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestrator.cli.sync.ask import Asker
from orchestrator.cli.sync.chosen import accounts_of, projects_of, statuses_of
from orchestrator.model.snapshot import Snapshot
from orchestrator.sync.remote import Choice
from tests.conftest import Cli
from tests.sync.fakes.github import Github
from tests.sync.fakes.tracker import TOKEN

Answers = Callable[..., Asker]

PLAN = Snapshot(
    users={
        "dana": {"id": "dana", "name": "Dana Ionescu", "email": "dana@example.com"},
        "kim": {"id": "kim", "name": "Kim Lee"},
        "lee": {"id": "lee", "name": "Lee Wong"},
        "bot": {"id": "bot", "name": "Bot", "kind": "agent"},
        "gone": {"id": "gone", "name": "Gone", "active": False},
    },
    projects={"pay": {"id": "pay"}, "web": {"id": "web"}, "old": {"id": "old", "deleted_at": "x"}},
)
ACCOUNTS = (
    Choice("u-1", "Dana", "dana@example.com"), Choice("kim-gh", "Kim Lee"), Choice("wong", "L. W."),
)  # fmt: skip
STATES = (Choice("Todo", "Todo", "todo"), Choice("Stuck", "Stuck"), Choice("Odd", "Odd"))


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answers:
    def prepare(*said: str) -> Asker:
        answers = iter(said)
        monkeypatch.setattr("click.prompt", lambda *_, **__: next(answers))
        return Asker(may_ask=True)

    return prepare


def test_people_are_found_by_address_and_name_and_the_others_asked_for(answering: Answers) -> None:
    found = accounts_of(PLAN, {}, ACCOUNTS, answering("nobody", "wong"))
    assert found == {"kim": "kim-gh", "lee": "wong"}


def test_an_account_is_chosen_by_its_number_or_not_at_all(answering: Answers) -> None:
    assert accounts_of(PLAN, {}, ACCOUNTS, answering("2"))["lee"] == "wong"
    assert "lee" not in accounts_of(PLAN, {}, ACCOUNTS, answering(""))


def test_where_nobody_can_be_asked_what_was_given_stays() -> None:
    asker = Asker(may_ask=False)
    assert accounts_of(PLAN, {"lee": "wong"}, ACCOUNTS, asker) == {"kim": "kim-gh", "lee": "wong"}
    assert statuses_of({"blocked": "Stuck"}, STATES, asker) == {"blocked": "Stuck"}
    assert projects_of(PLAN, ["pay"], asker) == ["pay"]
    assert projects_of(PLAN, [], asker) == []


def test_statuses_without_a_state_are_asked_for_while_states_are_free(answering: Answers) -> None:
    # in_progress, blocked and in_review are asked for; then no state is free any more.
    found = statuses_of({}, STATES, answering("", "Stuck", "Odd"))
    assert found == {"blocked": "Stuck", "in_review": "Odd"}


def test_projects_are_chosen_among_those_that_live(answering: Answers) -> None:
    assert projects_of(PLAN, [], answering("old", "web, pay web")) == ["web", "pay"]
    assert projects_of(PLAN, [], answering("")) == []


def test_a_tracker_without_addresses_gets_the_people_of_the_same_name(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    with Github().running() as fake:
        given: tuple[Any, ...] = ("--url", fake.server.url, "--scope", "repository=acme/plan")
        Cli(repo)("sync", "init", "github", *given, "--yes")
    assert "dana: dana" in (repo / "orchestrator.yaml").read_text()
