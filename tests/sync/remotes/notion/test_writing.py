"""What is made, changed, found and deleted in Notion, and with how many requests."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from orchestrator.sync.errors import GoneError, InvalidError, RemoteError
from orchestrator.sync.item import Item
from orchestrator.sync.remotes.notion.remote import Notion as Remote
from tests.sync.fakes.notion import Notion
from tests.sync.fakes.server import Fault, Seen
from tests.sync.remotes.notion.conftest import Opener, tasks, wanted

FULL: Mapping[str, Any] = {
    "title": "Capture", "description": "Take it.\n\n- once", "status": "in_review",
    "priority": "high", "assignee": "dana", "labels": ["api", "db"], "start_date": "2026-11-25",
    "due_date": "2026-12-01", "estimated_minutes": 90, "actual_minutes": 30,
}  # fmt: skip
PROJECT: Mapping[str, Any] = {
    "title": "Payments", "description": "All of it", "status": "active", "priority": "high",
    "owner": "kim", "tags": ["api"], "start_date": "2026-12-01", "due_date": "2026-12-24",
}  # fmt: skip


def test_a_task_is_made_whole_with_one_request(fake: Notion, remote: Remote) -> None:
    project = remote.create(wanted({"title": "Payments"}, kind="projects"))
    parent, other = (remote.create(wanted({}, at)) for at in (2, 3))
    before = remote.requests
    fields = {**FULL, "project": project.key, "parent": parent.key, "dependencies": [other.key]}
    item = remote.create(wanted(fields, 4))
    assert remote.requests - before == fake.least(listed=0, made=1) - 2 == 1
    assert item.fields == fields
    assert item.external == "PAY-4"
    assert fake.items("tasks")[item.key] == fields


def test_a_project_is_made_and_changed(fake: Notion, remote: Remote) -> None:
    item = remote.create(wanted(PROJECT, kind="projects"))
    assert item.fields == PROJECT
    assert fake.items("projects")[item.key] == PROJECT
    changes = {"status": "completed", "due_date": "2026-12-31", "owner": None}
    assert remote.update(item, changes).fields == {**PROJECT, **changes}
    remote.delete(item)
    assert fake.items("projects") == {}


def test_a_change_of_many_fields_is_one_request(remote: Remote) -> None:
    item = remote.create(wanted(FULL))
    before = remote.requests
    changes: dict[str, Any] = {
        "title": "New", "status": "completed", "labels": [], "due_date": None,
    }  # fmt: skip
    after = remote.update(item, changes)
    assert remote.requests - before == 1
    assert after.fields == {**item.fields, **changes}


def test_the_other_side_of_a_relation_follows(fake: Notion, remote: Remote) -> None:
    parent, child = (remote.create(wanted({}, at)) for at in (1, 2))
    remote.update(child, {"parent": parent.key})
    assert fake.book.pages[parent.key].values["subs"] == [child.key]


def test_properties_that_are_nobodys_stay_as_they_are(fake: Notion, remote: Remote) -> None:
    key = fake.add("tasks", {"title": "Capture"})
    fake.book.pages[key].values["chck"] = True
    remote.update(tasks(remote.fetch(None, {}))[key], {"title": "New"})
    assert fake.book.pages[key].values["chck"] is True


def test_further_people_stay_when_somebody_else_is_assigned(fake: Notion, remote: Remote) -> None:
    key = fake.add("tasks", {"title": "Capture", "assignee": "dana"})
    ids = {who: user["id"] for who, user in fake.book.users.items()}
    fake.book.pages[key].values["who%7B"] = [ids["dana"], ids["stranger"]]
    item = remote.update(tasks(remote.fetch(None, {}))[key], {"assignee": "kim"})
    assert item.fields["assignee"] == "kim"
    assert fake.book.pages[key].values["who%7B"] == [ids["kim"], ids["stranger"]]


def test_a_priority_that_the_database_lacks_is_made(fake: Notion, remote: Remote) -> None:
    item = remote.create(wanted({"priority": "urgent"}))
    assert item.fields["priority"] == "urgent"
    assert ("Urgent", 0) in fake.tasks.properties["Priority"].options


def test_a_lost_answer_is_looked_for_by_the_external_id(
    fake: Notion, remote: Remote, opened: Opener
) -> None:
    asked = wanted({"description": "Why"})
    fake.api.lag = 8

    def makes(request: Seen) -> bool:
        return request.path == "/v1/pages"

    fake.server.faults.append(Fault("lost", fits=makes))
    with pytest.raises(RemoteError) as failed:
        remote.create(asked)
    assert failed.value.is_ambiguous
    later = opened()
    settle = later.greet().settle
    assert later.find(asked) is None, "questions are behind what was written"
    fake.clock.pass_by(seconds=settle)
    before = later.requests
    found = later.find(asked)
    assert found is not None
    assert later.requests - before == 1
    assert list(fake.items("tasks")) == [found.key]
    assert later.find(replace(asked, id="PAY-2", token="other")) is None


def test_a_copy_of_a_page_is_not_the_one_that_was_made(
    fake: Notion, remote: Remote, opened: Opener
) -> None:
    asked = wanted({})
    item = remote.create(asked)
    fake.clock.pass_by(minutes=5)
    copy = fake.add("tasks", {"title": "Copy"})
    fake.book.pages[copy].values["exid"] = asked.id
    found = opened().find(asked)
    assert found is not None
    assert found.key == item.key


def test_a_page_in_the_trash_is_never_found_nor_brought_back(
    fake: Notion, remote: Remote, opened: Opener
) -> None:
    asked = wanted({})
    item = remote.create(asked)
    remote.delete(item)
    assert fake.book.pages[item.key].is_trashed
    assert opened().find(asked) is None
    assert remote.find(asked) is None
    assert remote.create(asked).key != item.key
    remote.delete(item)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_page_in_the_trash_cannot_be_changed(
    fake: Notion, remote: Remote, *, is_known: bool
) -> None:
    item = remote.create(wanted({}))
    fake.remove("tasks", item.key)
    if is_known:
        item = replace(item, state="trashed")
    with pytest.raises(GoneError, match="in Notion's trash"):
        remote.update(item, {"title": "Too late"})


def test_a_long_description_goes_in_pieces(fake: Notion, remote: Remote) -> None:
    text = "Words and 😀. " * 700
    item = remote.create(wanted({"description": text}))
    assert item.fields["description"] == text.rstrip()
    assert fake.items("tasks")[item.key]["description"] == text.rstrip()
    most = remote.update(item, {"description": "y" * 200_000})
    assert most.fields["description"] == "y" * 200_000
    with pytest.raises(InvalidError, match="more than the 200,000 signs"):
        remote.update(item, {"description": "x" * 200_001})


@pytest.fixture
def bodied(fake: Notion, opened: Opener) -> Remote:
    fake.describe_in_bodies()
    return opened()


def made(remote: Remote, text: str) -> Item:
    return remote.create(wanted({"description": text}))


def test_a_body_is_written_in_notions_markdown_and_read_as_it_went(
    fake: Notion, bodied: Remote
) -> None:
    text = "# Why\n\nWrapped\nwords.\n\n* {one}\n  * two"
    before = bodied.requests
    item = made(bodied, text)
    assert bodied.requests - before == 2
    assert fake.book.pages[item.key].body == "# Why\nWrapped words.\n- \\{one\\}\n\t- two"
    assert item.fields["description"] == text
    listed = bodied.fetch(None, {("tasks", item.key): item.kept})
    assert tasks(listed)[item.key].fields["description"] == text


def test_a_body_alone_is_changed_with_one_request(fake: Notion, bodied: Remote) -> None:
    item = made(bodied, "First")
    before = bodied.requests
    item = bodied.update(item, {"description": "Second\n"})
    assert item.fields["description"] == "Second"
    assert bodied.requests - before == 1
    item = bodied.update(item, {"description": "", "title": "Empty"})
    assert (item.fields["description"], item.fields["title"]) == ("", "Empty")
    assert fake.book.pages[item.key].body == ""


def test_other_changes_leave_the_body_unread(fake: Notion, bodied: Remote) -> None:
    item = made(bodied, "Words")
    before = bodied.requests
    changed = bodied.update(item, {"title": "New"})
    assert bodied.requests - before == fake.least(listed=0, changed=1) - 2 == 1
    assert changed.fields["description"] == "Words"
    fake.clock.pass_by(seconds=1)
    fake.edit("tasks", item.key, {"description": "Theirs"})
    seen = tasks(bodied.fetch(None, {("tasks", item.key): changed.kept}))
    assert seen[item.key].fields["description"] == "Theirs"


def test_a_body_with_what_would_be_lost_is_not_replaced(fake: Notion, bodied: Remote) -> None:
    item = made(bodied, "And a page below")
    fake.book.pages[item.key].has_subpage = True
    with pytest.raises(InvalidError, match="would delete 1 child page"):
        bodied.update(item, {"description": "Gone"})
    fake.book.pages[item.key].unknown_blocks.append(item.key)
    seen = bodied.look("tasks", item.key, item.kept)
    assert seen is not None
    with pytest.raises(InvalidError, match="holds blocks that Markdown cannot"):
        bodied.update(seen, {"description": "Gone"})
    assert fake.book.pages[item.key].body == "And a page below"


def test_a_project_without_a_database_is_refused(opened: Opener, fake: Notion) -> None:
    remote = opened(scope={"database": fake.tasks.database})
    with pytest.raises(InvalidError, match="names no database for projects"):
        remote.create(wanted({}, kind="projects"))
    assert remote.look("projects", fake.add("projects", {"title": "P"}), {}) is None
