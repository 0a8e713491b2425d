"""Issues and milestones are made and changed, and nothing else is."""

from datetime import timedelta
from typing import Any

import pytest

from orchestrator.sync.errors import ForbiddenError, InvalidError, NotFoundError
from orchestrator.sync.item import Foreign, Item
from tests.sync.fakes.github import STRANGER, Github
from tests.sync.fakes.server import Fault
from tests.sync.remotes.github.conftest import FULL, Maker, Opener, tasks


@pytest.mark.parametrize("makes_labels", [True, False])
@pytest.mark.parametrize("has_fields", [True, False])
def test_an_item_that_is_made_has_every_field(
    opened: Opener, wanted: Maker, *, has_fields: bool, makes_labels: bool
) -> None:
    with Github(has_fields=has_fields).running() as fake:
        fake.api.changes.makes_labels = makes_labels
        remote = opened(fake)
        fields = {
            name: value for name, value in FULL.items() if has_fields or not name.endswith("_date")
        }
        item = remote.create(wanted(fields))
        assert {name: item.fields[name] for name in fields} == fields
        assert {name: fake.items("tasks")[item.key][name] for name in fields} == fields
        assert item.external == "PAY-7K3F"
        assert item == remote.look("tasks", item.key, item.kept)


def test_a_project_is_made_changed_and_deleted(fake: Github, opened: Opener, wanted: Maker) -> None:
    remote = opened(fake)
    fields = {"title": "Launch", "description": "Why", "status": "active", "due_date": "2026-12-01"}
    item = remote.create(wanted(fields, "projects", "launch"))
    assert item.fields == fake.items("projects")[item.key] == fields
    changed = remote.update(item, {"title": "Land", "status": "cancelled", "due_date": None})
    assert changed.fields == fake.items("projects")[item.key]
    assert changed.fields == {
        "title": "Land", "description": "Why", "status": "completed", "due_date": None
    }  # fmt: skip
    assert changed.external == "launch"
    remote.delete(changed)
    assert fake.items("projects") == {}
    assert remote.look("projects", item.key, {}) is None
    remote.delete(changed)


def test_one_request_changes_all_fields_of_an_issue(fake: Github, opened: Opener) -> None:
    key = fake.add("tasks", {"title": "Old", "status": "blocked", "labels": ["api", "docs"]})
    remote = opened(fake)
    current = tasks(remote.fetch(None, {}))[key]
    before = remote.requests
    fields = {**FULL, "status": "todo"}
    changed = remote.update(current, {**fields, "labels": ["api", "docs"]})
    assert remote.requests - before == 1
    assert changed.fields == {**current.fields, **fields, "labels": ["api", "docs"]}
    assert fake.items("tasks")[key] == dict(changed.fields)


def test_a_change_of_one_field_leaves_what_the_workspace_has_no_word_for(
    fake: Github, opened: Opener
) -> None:
    fields = {"title": "Old", "status": "later", "labels": ["api"], "assignee": STRANGER}
    key = fake.add("tasks", fields)
    fake.issue(key).values[502] = "High"
    remote = opened(fake)
    current = tasks(remote.fetch(None, {}))[key]
    assert current.fields["status"] == Foreign("status:later")
    assert current.fields["assignee"] == Foreign(STRANGER)
    remote.update(current, {"labels": ["web"], "assignee": "kim", "priority": "low"})
    row = fake.issue(key)
    assert sorted(row.labels) == ["status:later", "web"]
    assert row.assignees == ["kim", STRANGER]
    assert row.values == {502: "High", 501: "Low"}


@pytest.mark.parametrize("merges", [True, False])
def test_an_emptied_date_is_emptied_and_the_other_stays(
    fake: Github, opened: Opener, *, merges: bool
) -> None:
    fake.api.changes.merges_values = merges
    key = fake.add("tasks", FULL)
    remote = opened(fake)
    current = tasks(remote.fetch(None, {}))[key]
    changed = remote.update(current, {"due_date": None, "priority": "low"})
    assert (changed.fields["due_date"], changed.fields["start_date"]) == (None, FULL["start_date"])
    assert changed.fields["priority"] == "low"


def test_relations_are_made_and_taken_away(fake: Github, opened: Opener) -> None:
    first, second, third = (fake.add("tasks", {"title": f"T{n}"}) for n in range(3))
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[third]
    item = remote.update(item, {"parent": first, "dependencies": [first, second]})
    assert (item.fields["parent"], item.fields["dependencies"]) == (first, [first, second])
    item = remote.update(item, {"parent": second, "dependencies": [second]})
    assert (item.fields["parent"], item.fields["dependencies"]) == (second, [second])
    assert item == remote.look("tasks", third, item.kept)
    item = remote.update(item, {"parent": None, "dependencies": []})
    assert (item.fields["parent"], item.fields["dependencies"]) == (None, [])
    assert fake.items("tasks")[third]["parent"] is None


def test_relations_that_are_there_already_are_no_error(fake: Github, opened: Opener) -> None:
    first, second = (fake.add("tasks", {"title": f"T{n}"}) for n in range(2))
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[second]
    fake.edit("tasks", second, {"parent": first, "dependencies": [first]})
    changed = remote.update(item, {"parent": first, "dependencies": [first]})
    assert (changed.fields["parent"], changed.fields["dependencies"]) == (first, [first])


@pytest.mark.parametrize("kind", ["lost", "cut"])
@pytest.mark.parametrize("name", ["sub_issues", "blocked_by", "/issues/2"])
def test_a_change_whose_answer_is_lost_is_made_once(
    fake: Github, opened: Opener, kind: Any, name: str
) -> None:
    first, second = (fake.add("tasks", {"title": f"T{n}"}) for n in range(2))
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[second]
    fits = lambda seen: seen.method != "GET" and seen.path.endswith(name)  # noqa: E731
    fake.server.faults.append(Fault(kind, fits=fits))
    changes = {"title": "New", "parent": first, "dependencies": [first]}
    changed = remote.update(item, changes)
    assert {each: changed.fields[each] for each in changes} == changes
    assert fake.server.faults[0].times == 0


def test_a_parent_that_github_refuses_is_said_of_the_field(fake: Github, opened: Opener) -> None:
    first = fake.add("tasks", {"title": "T1"})
    second = fake.add("tasks", {"title": "T2", "parent": first})
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[first]
    with pytest.raises(InvalidError, match="cannot be an ancestor") as refused:
        remote.update(item, {"parent": second})
    assert refused.value.field == "parent"
    assert "8 levels" in (refused.value.hint or "")


def test_text_from_the_browser_is_the_same_text(
    fake: Github, opened: Opener, wanted: Maker
) -> None:
    remote = opened(fake)
    item = remote.create(wanted({"title": "T", "description": "one"}))
    fake.edit("tasks", item.key, {"description": "one\n\n- two"})
    assert "\r\n" in (fake.issue(item.key).body or "")
    found = remote.look("tasks", item.key, item.kept)
    assert found is not None
    assert found.fields["description"] == "one\n\n- two"
    assert found.external == "PAY-7K3F"


def test_what_is_dropped_without_a_word_is_an_error(fake: Github, opened: Opener) -> None:
    key = fake.add("tasks", {"title": "T"})
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[key]
    del fake.rows.logins["kim"]
    with pytest.raises(ForbiddenError, match=r"did not take the assignees kim \."):
        remote.update(item, {"assignee": "kim"})


def test_a_task_without_a_project_of_its_own_key_is_refused(fake: Github, opened: Opener) -> None:
    with pytest.raises(NotFoundError, match="has no issue with the key"):
        opened(fake).update(Item("tasks", "x/y", {}), {"title": "T"})


def test_writes_are_a_second_apart(fake: Github, opened: Opener, wanted: Maker) -> None:
    remote = opened(fake)
    began = fake.clock.now()
    for n in range(100):
        remote.create(wanted({"title": f"T{n}"}))
    assert fake.clock.now() - began >= timedelta(seconds=99)
    assert all(seen.method != "POST" or seen.path for seen in fake.server.seen)
    assert len(fake.items("tasks")) == 100
