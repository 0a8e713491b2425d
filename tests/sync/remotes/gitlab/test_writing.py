"""What is written to a GitLab is what was wanted, and nothing else of it changes."""

import pytest

from orchestrator.sync.errors import RemoteError
from orchestrator.sync.item import Item
from tests.sync.fakes.gitlab import Gitlab
from tests.sync.fakes.server import Fault, Reply
from tests.sync.remotes.gitlab.conftest import FULL, Maker, Opener, paths, tasks


def test_an_issue_is_made_with_one_request_and_one_for_its_estimate(
    fake: Gitlab, opened: Opener, wanted: Maker
) -> None:
    remote = opened(fake)
    remote.fetch(None, {})
    before = remote.requests
    at_once = {name: value for name, value in FULL.items()
               if name not in {"start_date", "actual_minutes"}}  # fmt: skip
    item = remote.create(wanted(FULL))
    assert remote.requests - before == 2
    assert {name: item.fields[name] for name in at_once} == at_once
    rest = {name: FULL[name] for name in ("start_date", "actual_minutes")}
    item = remote.update(item, rest)
    assert {name: item.fields[name] for name in FULL} == FULL
    there = fake.items("tasks")[item.key]
    assert {name: there[name] for name in FULL} == FULL


def test_a_label_in_another_case_makes_no_second_one(
    fake: Gitlab, opened: Opener, wanted: Maker
) -> None:
    fake.changes.label({"name": "API", "color": "#123456"})
    remote = opened(fake)
    item = remote.create(wanted({"title": "T", "labels": ["api"]}))
    assert item.fields["labels"] == ["API"]
    again = remote.create(wanted({"title": "T", "labels": ["Fresh"]}))
    assert remote.update(again, {"labels": ["fresh", "Api"]}).fields["labels"] == ["API", "Fresh"]
    assert set(fake.rows.labels) == {"API", "Fresh"}


def test_labels_that_others_added_meanwhile_stay(fake: Gitlab, opened: Opener) -> None:
    key = fake.add("tasks", {"title": "T", "labels": ["a"]})
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[key]
    fake.edit("tasks", key, {"labels": ["a", "theirs"]})
    assert remote.update(item, {"labels": ["b"]}).fields["labels"] == ["b", "theirs"]


def test_a_command_in_a_text_is_not_carried_out(
    fake: Gitlab, opened: Opener, wanted: Maker
) -> None:
    text = "Steps:\n\n/close\n/label ~urgent"
    remote = opened(fake)
    item = remote.create(wanted({"title": "T", "description": text}))
    assert item.fields["description"] == text
    assert (item.fields["status"], item.fields["labels"]) == ("todo", [])
    item = remote.update(item, {"description": f"{text}\n/confidential"})
    assert item.fields["description"] == f"{text}\n/confidential"
    assert not fake.issue(item.key).confidential
    # Without the escape this GitLab would have done it.
    fake.changes.change(fake.issue(item.key), {"description": "/close"})
    assert fake.issue(item.key).state == "closed"


def test_an_issue_that_may_not_be_deleted_is_closed_and_marked(
    fake: Gitlab, opened: Opener, wanted: Maker
) -> None:
    fake.rows.level = 30
    remote = opened(fake)
    made = [remote.create(wanted({"title": f"T{n}", "status": "blocked"})) for n in range(2)]
    for item in made:
        remote.delete(item)
        remote.delete(item)
    assert paths(fake, "DELETE") == [f"/api/v4/projects/42/issues/{made[0].key}"]
    assert fake.items("tasks") == {}
    row = fake.issue(made[0].key)
    assert (row.state, row.labels) == ("closed", ["status::cancelled"])
    assert {item.state for item in remote.fetch(None, {}).items} == {"trashed"}
    fake.changes.change(row, {"state_event": "reopen"})
    item = tasks(remote.fetch(None, {}))[made[0].key]
    assert (item.state, item.external) == ("live", None)
    after = remote.update(item, {"status": "completed"})
    assert (after.state, after.external) == ("live", "PAY-7K3F")


def test_an_owner_deletes_issues_for_good(fake: Gitlab, opened: Opener, wanted: Maker) -> None:
    remote = opened(fake)
    item = remote.create(wanted({"title": "T"}))
    remote.delete(item)
    assert fake.rows.issues == {}
    assert remote.look("tasks", item.key, item.kept) is None


def test_milestones_are_made_changed_and_deleted(
    fake: Gitlab, opened: Opener, wanted: Maker
) -> None:
    remote = opened(fake)
    fields = {"title": "Launch", "description": "Why", "status": "planned",
              "start_date": "2026-11-01", "due_date": "2026-12-01"}  # fmt: skip
    made = wanted(fields, "projects", "launch")
    item = remote.create(made)
    assert item.fields == {**fields, "status": "active"}
    assert remote.find(made) == item
    item = remote.update(item, {"status": "completed", "due_date": None})
    assert fake.items("projects")[item.key]["status"] == "completed"
    assert (item.fields["status"], item.fields["due_date"]) == ("completed", None)
    task = remote.create(wanted({"title": "T", "project": item.key}))
    assert fake.items("tasks")[task.key]["project"] == item.key
    assert remote.update(task, {"project": None}).fields["project"] is None
    remote.delete(item)
    remote.delete(item)
    assert remote.look("projects", item.key, item.kept) is None


def test_a_create_from_an_earlier_run_is_found_by_its_mark(
    fake: Gitlab, opened: Opener, wanted: Maker
) -> None:
    made = wanted({"title": "T"})
    first = opened(fake).create(made)
    for n in range(30):
        fake.add("tasks", {"title": f"Other {n}"})
    assert opened(fake).create(made).key == first.key
    found = opened(fake).find(made)
    assert isinstance(found, Item)
    assert found.external == made.id
    assert opened(fake).find(wanted({"title": "T"})) is None


def test_a_create_that_fails_half_way_is_there_all_the_same(
    fake: Gitlab, opened: Opener, wanted: Maker
) -> None:
    remote = opened(fake)
    fits = lambda seen: seen.path.endswith("/time_estimate")  # noqa: E731
    refusal = Reply(403, {"message": "403 Forbidden"})
    fake.server.faults.append(Fault("reply", fits=fits, reply=refusal))
    item = remote.create(wanted({"title": "T", "estimated_minutes": 60}))
    assert item.fields["estimated_minutes"] is None
    assert remote.update(item, {"estimated_minutes": 60}).fields["estimated_minutes"] == 60


@pytest.mark.parametrize("key", ["../../x", "7/../8", "7?x=1", "", "0", "a/b", "7#8", "\uff17"])
def test_a_key_that_is_none_goes_into_no_path(fake: Gitlab, opened: Opener, key: str) -> None:
    remote = opened(fake)
    before = len(fake.server.seen)
    for kind in ("tasks", "projects"):
        if kind == "projects" and key == "0":
            continue
        with pytest.raises(RemoteError) as refused:
            remote.update(Item(kind, key, {}), {"title": "x"})
        assert refused.value.hint
    assert fake.server.seen[before:] == []
