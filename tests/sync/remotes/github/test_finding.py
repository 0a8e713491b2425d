"""What was made, deleted or moved away is found, and known for what it is."""

from typing import Any

import pytest

from orchestrator.sync.errors import UnreachableError
from orchestrator.sync.remote import Known
from tests.sync.fakes.github import Github
from tests.sync.fakes.server import Fault
from tests.sync.remotes.github.conftest import Maker, Opener, tasks


@pytest.mark.parametrize("kind", ["lost", "garbage", "half"])
@pytest.mark.parametrize("what", ["tasks", "projects"])
def test_a_lost_create_is_found_and_not_made_again(
    fake: Github, opened: Opener, wanted: Maker, kind: Any, what: Any
) -> None:
    remote = opened(fake)
    remote.fetch(None, {})
    fake.server.faults.append(Fault(kind, fits=lambda seen: seen.method == "POST"))
    one = wanted({"title": "Once"}, what, "launch")
    with pytest.raises((UnreachableError, Exception)) as lost:
        remote.create(one)
    assert lost.value.is_ambiguous  # type: ignore[attr-defined]
    found = remote.find(one)
    assert found is not None
    assert found.fields["title"] == "Once"
    assert remote.create(one).key == found.key
    assert len(fake.items(what)) == 1


def test_a_create_in_the_next_run_finds_what_the_last_one_made(
    fake: Github, opened: Opener, wanted: Maker
) -> None:
    for n in range(30):
        fake.add("tasks", {"title": f"T{n}"})
    fake.api.page_size = 10
    one, other = wanted({"title": "Once"}), wanted({"title": "Other"})
    made = opened(fake).create(one)
    remote = opened(fake)
    assert remote.find(other) is None
    assert remote.create(one).key == made.key
    assert remote.create(other).key != made.key
    assert len(fake.items("tasks")) == 32


def test_looking_for_what_is_not_there_reads_only_what_is_new(
    fake: Github, opened: Opener, wanted: Maker
) -> None:
    for n in range(60):
        fake.add("tasks", {"title": f"T{n}"})
    fake.api.page_size = 20
    remote = opened(fake)
    remote.fetch(None, {})
    before = remote.requests
    assert remote.find(wanted({"title": "Never"})) is None
    assert remote.requests - before == 1


def test_an_issue_that_is_deleted_is_closed_and_known_as_deleted(
    fake: Github, opened: Opener, wanted: Maker
) -> None:
    remote = opened(fake)
    one = wanted({"title": "Gone", "description": "Text"})
    item = remote.create(one)
    remote.delete(item)
    assert fake.items("tasks") == {}
    row = fake.issue(item.key)
    assert (row.state, row.reason) == ("closed", "not_planned")
    assert (row.body or "").startswith("Text\n\n<!-- orchestrator:deleted ")
    remembered: Known = {("tasks", item.key): item.kept}
    assert [each.state for each in remote.fetch(None, remembered).items] == ["trashed"]
    assert remote.fetch(None, {}).items == ()
    assert remote.find(one) is None
    remote.delete(item)
    assert remote.create(one).key != item.key


def test_an_issue_that_came_from_there_is_deleted_as_well(fake: Github, opened: Opener) -> None:
    key = fake.add("tasks", {"title": "Theirs", "description": "Text"})
    remote = opened(fake)
    remote.delete(tasks(remote.fetch(None, {}))[key])
    found = remote.look("tasks", key, {})
    assert found is not None
    assert (found.state, found.fields["description"]) == ("trashed", "Text")


@pytest.mark.parametrize("gone", ["deleted", "moved", "pull"])
def test_what_is_gone_is_not_there(fake: Github, opened: Opener, gone: Any) -> None:
    key = fake.add("tasks", {"title": "T"})
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[key]
    if gone == "pull":
        fake.issue(key).is_pull = True
    else:
        fake.issue(key).gone = gone
        remote.delete(item)
    assert remote.look("tasks", key, {}) is None
    assert tasks(remote.fetch(None, {})) == {}


@pytest.mark.parametrize(
    "key", ["", "0", "7/../../x", "a/b#1/../2", "..", "-1", "7?x=1", "a/../b#7"]
)
@pytest.mark.parametrize("kind", ["tasks", "projects"])
def test_a_key_that_is_none_never_becomes_a_path(
    fake: Github, opened: Opener, key: str, kind: Any
) -> None:
    remote = opened(fake)
    before = remote.requests
    assert remote.look(kind, key, {}) is None or (kind, key) == ("projects", "0")
    assert remote.requests - before == (1 if (kind, key) == ("projects", "0") else 0)
