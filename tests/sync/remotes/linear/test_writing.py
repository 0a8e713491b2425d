"""What the adapter makes, changes and deletes, and with how many requests."""

from typing import Any

import pytest

from orchestrator.sync.errors import GoneError, InvalidError, UnreachableError
from orchestrator.sync.item import Foreign, Kind
from orchestrator.sync.remote import Remote
from tests.sync.fakes.linear import Linear
from tests.sync.fakes.server import Fault
from tests.sync.remotes.linear.desk import by_title, opened, wanted


def test_a_task_is_made_with_all_its_fields_in_one_request(fake: Linear, remote: Remote) -> None:
    project = fake.add("projects", {"title": "P"})
    parent = fake.add("tasks", {"title": "Parent"})
    fields: dict[str, Any] = {
        "description": "- a\n- b", "status": "in_progress", "priority": "high", "assignee": "dana",
        "labels": ["api", "infra"], "due_date": "2026-12-01", "parent": parent, "project": project,
    }  # fmt: skip
    before = remote.requests
    task = wanted("tasks", **fields)
    item = remote.create(task)
    assert remote.requests - before == 1
    assert {name: item.fields[name] for name in fields} == fields
    assert (item.key, item.external, item.state) == (task.token, "PAY-1", "live")
    assert (item.name, item.url) == ("ENG-2", "https://linear.app/acme/issue/ENG-2")
    there = fake.items("tasks")[task.token]
    assert {**there, "description": None} == {
        **fields, "title": "Task 1", "description": None, "dependencies": []
    }  # fmt: skip
    assert by_title(remote.fetch(None, {}).items)["Task 1"] == item


def test_a_project_is_made_changed_and_deleted(fake: Linear, remote: Remote) -> None:
    fields: dict[str, Any] = {
        "description": "- a", "status": "on_hold", "priority": "low", "owner": "kim",
        "tags": ["q1"], "start_date": "2026-11-01", "due_date": "2026-12-01",
    }  # fmt: skip
    item = remote.create(wanted("projects", **fields))
    assert {name: item.fields[name] for name in fields} == fields
    before = remote.requests
    changes = {"title": "New", "status": "active", "tags": ["q1", "q2"], "owner": None}
    changed = remote.update(item, changes)
    assert remote.requests - before == 2
    assert {name: changed.fields[name] for name in changes} == changes
    assert changed.fields["due_date"] == "2026-12-01"
    only = remote.update(changed, {"tags": []})
    assert only.fields["tags"] == []
    remote.delete(only)
    found = remote.look("projects", item.key, {})
    assert found is not None
    assert found.state == "trashed"
    assert fake.items("projects") == {}


def test_an_update_sends_one_request_and_only_what_changed(fake: Linear, remote: Remote) -> None:
    first, second = (fake.add("tasks", {"title": title}) for title in ("First", "Second"))
    key = fake.add("tasks", {"title": "T", "labels": ["api"], "dependencies": [first]})
    current = by_title(remote.fetch(None, {}).items)["T"]
    fake.edit("tasks", key, {"priority": "urgent", "due_date": "2026-12-01"})
    before = remote.requests
    changes = {"title": "U", "status": "in_review", "labels": ["infra"], "dependencies": [second]}
    item = remote.update(current, changes)
    assert remote.requests - before == 1
    assert {name: item.fields[name] for name in changes} == changes
    assert (item.fields["priority"], item.fields["due_date"]) == ("urgent", "2026-12-01")
    sent = fake.server.seen[-1].json["variables"]["input"]
    assert set(sent) == {"title", "stateId", "addedLabelIds", "removedLabelIds"}
    assert remote.update(item, {}) == item


@pytest.mark.parametrize("names", [["first"], ["first", "second"], []])
def test_dependencies_alone_can_change(fake: Linear, remote: Remote, names: list[str]) -> None:
    keys = {name: fake.add("tasks", {"title": name}) for name in ("first", "second")}
    fake.add("tasks", {"title": "T", "dependencies": [keys["second"]]})
    current = by_title(remote.fetch(None, {}).items)["T"]
    deps = sorted(keys[name] for name in names)
    item = remote.update(current, {"dependencies": deps})
    assert item.fields["dependencies"] == deps
    assert fake.items("tasks")[item.key]["dependencies"] == deps


def test_every_field_can_be_cleared(fake: Linear, remote: Remote) -> None:
    parent = fake.add("tasks", {"title": "Parent"})
    project = fake.add("projects", {"title": "P"})
    fields: dict[str, Any] = {
        "description": "text", "assignee": "dana", "labels": ["api"], "due_date": "2026-12-01",
        "priority": "low", "parent": parent, "project": project,
    }  # fmt: skip
    fake.add("tasks", {"title": "T", **fields})
    current = by_title(remote.fetch(None, {}).items)["T"]
    empty: dict[str, Any] = {**dict.fromkeys(fields), "labels": []}
    item = remote.update(current, empty)
    assert {name: item.fields[name] for name in fields} == empty


def test_a_blocked_task_carries_a_label_and_goes_on_without(fake: Linear, remote: Remote) -> None:
    item = remote.create(wanted("tasks", status="blocked", labels=["api"]))
    assert fake.items("tasks")[item.key]["status"] == "blocked"
    assert (item.fields["status"], item.fields["labels"]) == ("blocked", ["api"])
    item = remote.update(item, {"status": "in_progress"})
    assert fake.items("tasks")[item.key]["status"] == "in_progress"
    assert item.fields["labels"] == ["api"]


def test_labels_of_another_team_and_unknown_accounts_stay(fake: Linear, remote: Remote) -> None:
    theirs = next(r for r in fake.book.rows["IssueLabel"].values() if r["name"] == "theirs")
    key = fake.add("tasks", {"title": "T", "labels": ["api"]})
    row = fake.book.get("Issue", key)
    fake.book.touch(row, {"labelIds": [*row["labelIds"], theirs["id"]]})
    fake.book.touch(row, {"assigneeId": fake.book.users["stranger"]["id"]})
    [current] = remote.fetch(None, {}).items
    assert current.fields["assignee"] == Foreign("riley@elsewhere.example")
    item = remote.update(current, {"labels": ["infra"], "title": "U"})
    assert theirs["id"] in fake.book.get("Issue", key)["labelIds"]
    assert fake.book.get("Issue", key)["assigneeId"] == fake.book.users["stranger"]["id"]
    assert item.fields["labels"] == ["infra"]
    before = remote.requests
    remote.fetch(None, {})
    assert remote.requests - before == 1


def test_a_label_that_somebody_just_made_is_found(fake: Linear, remote: Remote) -> None:
    fake.book.label("Fresh")
    fake.add("tasks", {"title": "T", "labels": ["Fresh"]})
    [item] = remote.fetch(None, {}).items
    assert item.fields["labels"] == ["Fresh"]
    fake.book.label("Later")
    item = remote.update(item, {"labels": ["Fresh", "later"]})
    assert item.fields["labels"] == ["Fresh", "Later"]


def test_a_label_that_cannot_be_made_is_said(fake: Linear, remote: Remote) -> None:
    fake.book.label("group", isGroup=True)
    with pytest.raises(InvalidError, match="has no label group") as caught:
        remote.create(wanted("tasks", labels=["group"]))
    assert caught.value.field == "labels"
    assert fake.items("tasks") == {}


def test_making_what_is_there_returns_it(fake: Linear, remote: Remote) -> None:
    kinds: tuple[Kind, ...] = ("tasks", "projects")
    for kind in kinds:
        made = remote.create(wanted(kind))
        assert remote.create(wanted(kind)) == made
        assert len(fake.items(kind)) == 1


@pytest.mark.parametrize("kind", ["tasks", "projects"])
def test_an_answer_that_got_lost_makes_nothing_twice(
    fake: Linear, remote: Remote, kind: Kind
) -> None:
    fake.server.faults.append(Fault("lost"))
    item = remote.create(wanted(kind))
    assert item.fields["title"] == "Task 1"
    assert list(fake.items(kind)) == [item.key]
    found = remote.find(wanted(kind))
    assert found == item
    assert remote.find(wanted(kind, 2)) is None


def test_an_update_is_sent_again_unless_it_would_relate_issues_twice(
    fake: Linear, remote: Remote
) -> None:
    first = fake.add("tasks", {"title": "First"})
    item = remote.create(wanted("tasks"))
    fake.server.faults.append(Fault("lost"))
    item = remote.update(item, {"title": "New"})
    fake.server.faults.append(Fault("lost"))
    with pytest.raises(UnreachableError) as caught:
        remote.update(item, {"dependencies": [first]})
    assert caught.value.is_ambiguous
    found = remote.look("tasks", item.key, {})
    assert found is not None
    assert (found.fields["title"], found.fields["dependencies"]) == ("New", [first])


def test_an_issue_whose_mark_failed_is_an_issue_all_the_same(fake: Linear, remote: Remote) -> None:
    fake.book.has_attachments = False
    item = remote.create(wanted("tasks"))
    assert list(fake.items("tasks")) == [item.key]
    assert item.external is None


def test_deleting_puts_into_the_trash_and_twice_is_no_error(fake: Linear, remote: Remote) -> None:
    item = remote.create(wanted("tasks"))
    remote.delete(item)
    assert fake.items("tasks") == {}
    remote.delete(item)
    found = remote.look("tasks", item.key, {})
    assert found is not None
    assert found.state == "trashed"
    with pytest.raises(GoneError):
        remote.update(found, {"title": "Back"})
    fake.purge()
    assert remote.look("tasks", item.key, {}) is None
    remote.delete(item)


def test_a_key_that_is_none_of_linear_s_is_not_asked_for(remote: Remote) -> None:
    before = remote.requests
    assert remote.look("tasks", "../../x", {}) is None
    assert remote.look("projects", "", {}) is None
    assert remote.requests == before


def test_an_archived_issue_is_taken_out_before_it_is_changed(fake: Linear, remote: Remote) -> None:
    key = fake.add("tasks", {"title": "T"})
    fake.book.touch(fake.book.get("Issue", key), {"archivedAt": fake.book.stamp()})
    [current] = remote.fetch(None, {}).items
    item = remote.update(current, {"title": "U"})
    assert (item.state, item.fields["title"]) == ("live", "U")


def test_estimates_are_points_where_the_settings_say_so(fake: Linear) -> None:
    scope = {"team": "ENG", "minutes_per_point": "60"}
    with opened(fake, scope=scope) as remote:
        assert remote.greet().fields["tasks"]["estimated_minutes"] == "both"
        item = remote.create(wanted("tasks", estimated_minutes=120))
        assert item.fields["estimated_minutes"] == 120
        assert fake.book.get("Issue", item.key)["estimate"] == 2
        assert remote.update(item, {"estimated_minutes": None}).fields["estimated_minutes"] is None
