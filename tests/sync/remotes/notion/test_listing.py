"""What a listing brings: whole, of late, in slices, and when Notion's lists are late."""

from typing import Any

import pytest

from orchestrator.sync.errors import DriftError
from orchestrator.sync.item import Foreign
from orchestrator.sync.remotes.notion.remote import Notion as Remote
from tests.sync.fakes.notion import Notion
from tests.sync.fakes.server import Fault, Reply, Seen
from tests.sync.remotes.notion.conftest import Opener, known, tasks


def filled(fake: Notion, count: int, **apart: float) -> list[str]:
    """Tasks, each made a while after the one before."""
    keys = []
    for at in range(count):
        keys.append(fake.add("tasks", {"title": f"Task {at}"}))
        fake.clock.pass_by(**apart)
    return keys


def test_projects_come_before_tasks_and_in_our_words(fake: Notion, remote: Remote) -> None:
    fields = {
        "title": "Payments", "status": "on_hold", "priority": "low", "owner": "kim",
        "tags": ["api"], "start_date": "2026-12-01", "due_date": "2026-12-24",
        "description": "All of it",
    }  # fmt: skip
    project = fake.add("projects", fields)
    task = fake.add("tasks", {"title": "Capture", "project": project, "actual_minutes": 30})
    first, second = remote.fetch(None, {}).items
    assert (first.kind, first.key) == ("projects", project)
    assert first.fields == fields
    assert (second.kind, second.key) == ("tasks", task)
    assert (second.fields["project"], second.fields["actual_minutes"]) == (project, 30)


def test_a_listing_takes_as_many_requests_as_it_has_pages(fake: Notion, remote: Remote) -> None:
    filled(fake, 250)
    before = remote.requests
    assert len(tasks(remote.fetch(None, {}))) == 250
    assert remote.requests - before == fake.least(listed=250) == 4


def test_a_watermark_is_notions_own_clock_less_an_overlap(fake: Notion, remote: Remote) -> None:
    fake.add("tasks", {"title": "Old"})
    fake.clock.pass_by(hours=3, seconds=42)
    mark = remote.fetch(None, {}).watermark or ""
    assert mark.startswith("2026-11-23T11:55:00.000Z ")
    fake.clock.pass_by(hours=-2)
    assert remote.fetch(mark, {}).watermark == mark, "a clock set back moves nothing back"


def test_without_a_date_the_newest_change_is_the_clock(fake: Notion, remote: Remote) -> None:
    fake.has_date = False
    assert remote.fetch(None, {}).watermark is None
    fake.add("tasks", {"title": "Newest"})
    fake.clock.pass_by(hours=3)
    assert (remote.fetch(None, {}).watermark or "").startswith("2026-11-23T08:55:00.000Z ")


def test_what_changed_in_the_minute_of_a_listing_is_in_the_next_one(
    fake: Notion, remote: Remote
) -> None:
    (key,) = filled(fake, 1)
    fake.clock.pass_by(seconds=50)
    first = remote.fetch(None, {})
    fake.clock.pass_by(seconds=5)
    fake.edit("tasks", key, {"title": "In the same minute"})
    assert tasks(first)[key].updated_at == fake.book.pages[key].edited.strftime(
        "%Y-%m-%dT%H:%M:00.000Z"
    )
    fake.clock.pass_by(minutes=2)
    again = remote.fetch(first.watermark, known(first))
    assert tasks(again)[key].fields["title"] == "In the same minute"
    assert not again.is_complete


def test_a_listing_that_notion_cuts_off_is_asked_for_in_slices(
    fake: Notion, remote: Remote
) -> None:
    fake.api.most, fake.api.page_size = 20, 10
    keys = filled(fake, 53, minutes=1)
    listing = remote.fetch(None, {})
    assert set(tasks(listing)) == set(keys)
    assert listing.is_complete
    assert listing.warnings == ()


def test_a_minute_with_more_than_notion_lists_makes_a_listing_incomplete(
    fake: Notion, remote: Remote
) -> None:
    fake.api.most = 20
    filled(fake, 30)
    listing = remote.fetch(None, {})
    assert not listing.is_complete
    assert listing.watermark is None, "what was not shown is asked for again"
    assert len(tasks(listing)) == 20
    assert listing.warnings == (
        "Notion did not show all pages of Tasks: more changed within one minute than it lists.",
    )


def test_what_was_made_in_one_minute_is_asked_for_by_its_changes(
    fake: Notion, remote: Remote
) -> None:
    fake.api.most = 20
    keys = filled(fake, 30)
    for key in keys:
        fake.clock.pass_by(minutes=1)
        fake.edit("tasks", key, {"status": "completed"})
    listing = remote.fetch(None, {})
    assert set(tasks(listing)) == set(keys)
    assert listing.is_complete


def test_of_late_a_page_that_changes_while_it_is_listed_is_in_the_next_listing(
    fake: Notion, remote: Remote
) -> None:
    since = remote.fetch(None, {}).watermark
    fake.api.page_size = 2
    keys = filled(fake, 7, minutes=1)
    asked = list[Seen]()

    def changes(request: Seen) -> bool:
        asked.append(request)
        if len(asked) == 3:
            fake.edit("tasks", keys[2], {"title": "Meanwhile"})
        return False

    fake.server.faults.append(Fault("reply", fits=changes))
    listing = remote.fetch(since, {})
    fake.server.faults.clear()
    assert set(keys) - {keys[2]} <= set(tasks(listing))
    again = tasks(remote.fetch(listing.watermark, known(listing)))
    assert again[keys[2]].fields["title"] == "Meanwhile"


def test_a_page_that_changes_while_it_is_listed_is_listed_once_and_newest(
    fake: Notion, remote: Remote
) -> None:
    fake.api.page_size = 2
    keys = filled(fake, 7, minutes=1)
    asked = list[Seen]()

    def changes(request: Seen) -> bool:
        asked.append(request)
        if len(asked) == 3:
            fake.edit("tasks", keys[0], {"title": "Meanwhile"})
        return False

    fake.server.faults.append(Fault("reply", fits=changes))
    listing = remote.fetch(None, {})
    items = [item for item in listing.items if item.kind == "tasks"]
    fake.server.faults.clear()
    again = tasks(remote.fetch(listing.watermark, known(listing)))
    assert {item.key for item in items} == set(keys)
    assert len(items) == len(keys)
    assert again[keys[0]].fields["title"] == "Meanwhile"


def test_what_is_older_in_a_list_than_it_was_last_seen_is_read_again(
    fake: Notion, remote: Remote
) -> None:
    (key,) = filled(fake, 1)
    item = tasks(remote.fetch(None, {}))[key]
    fake.clock.pass_by(minutes=10)
    fake.api.lag = 120
    changed = remote.update(item, {"title": "Ours"})
    fake.clock.pass_by(seconds=30)
    seen = tasks(remote.fetch(None, {("tasks", key): changed.kept}))
    assert seen[key].fields["title"] == "Ours"


def test_more_than_25_relations_are_read_to_the_end(fake: Notion, remote: Remote) -> None:
    fake.api.page_size = 20
    blockers = filled(fake, 30)
    key = fake.add("tasks", {"title": "Waits for all", "dependencies": blockers})
    before = remote.requests
    item = remote.look("tasks", key, {})
    assert item is not None
    assert item.fields["dependencies"] == sorted(blockers)
    assert remote.requests - before == 3
    after = remote.update(item, {"dependencies": blockers[1:]})
    assert after.fields["dependencies"] == sorted(blockers[1:])
    assert fake.items("tasks")[key]["dependencies"] == sorted(blockers[1:])


def test_more_than_25_people_are_read_to_the_end(fake: Notion, remote: Remote) -> None:
    key = fake.add("tasks", {"title": "Everybody's"})
    strangers = [fake.book.new_id() for _ in range(30)]
    kim = fake.book.users["kim"]["id"]
    fake.book.pages[key].values["who%7B"] = [*strangers, kim]
    item = tasks(remote.fetch(None, {}))[key]
    assert item.fields["assignee"] == "kim"
    assert item.kept["assignee"] == [*strangers, kim]


def test_a_page_in_another_database_is_not_here(fake: Notion, remote: Remote) -> None:
    project = fake.add("projects", {"title": "Payments"})
    assert remote.look("tasks", project, {}) is None
    assert remote.look("projects", project, {}) is not None


def test_a_page_in_the_trash_says_so(fake: Notion, remote: Remote) -> None:
    key = fake.add("tasks", {"title": "Thrown away"})
    fake.remove("tasks", key)
    item = remote.look("tasks", key, {})
    assert item is not None
    assert item.state == "trashed"
    fake.book.pages[key].is_trashed, fake.book.pages[key].is_archived = False, True
    item = remote.look("tasks", key, {})
    assert item is not None
    assert item.state == "archived"


@pytest.mark.parametrize("key", ["", "7", "../users", "a/b?c", "2b5c"])
def test_a_key_that_cannot_be_one_is_never_sent(remote: Remote, key: str) -> None:
    before = remote.requests
    assert remote.look("tasks", key, {}) is None
    assert remote.requests == before


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"results": [], "has_more": True, "next_cursor": None}, "and not where"),
        ({"results": [], "has_more": True, "next_cursor": "x"}, "in pages without end"),
        ({"results": "none"}, "no list of pages"),
        (["odd"], "no list of pages"),
        ({"results": [{"object": "page", "id": 3}]}, "a page that has no id"),
    ],
)
def test_a_list_that_is_none_is_refused(fake: Notion, remote: Remote, body: Any, said: str) -> None:
    fake.server.faults.append(Fault("reply", times=3, reply=Reply(200, body)))
    with pytest.raises(DriftError, match=said):
        remote.fetch(None, {})


def test_a_renamed_property_is_told_until_the_settings_know_it(
    fake: Notion, remote: Remote, opened: Opener
) -> None:
    key = fake.add("tasks", {"title": "Capture", "due_date": "2026-12-01"})
    mark = remote.fetch(None, {}).watermark
    fake.tasks.properties["Deadline"] = fake.tasks.properties.pop("Due")
    later = opened()
    for _ in range(2):
        listing = later.fetch(mark, {})
        (told,) = listing.warnings
        assert told.startswith("The property for due_date is called Deadline in Notion now")
        assert "due_date" not in tasks(listing)[key].fields
        mark = listing.watermark
    scope = {**fake.tie().scope, "due_date": "Deadline"}
    mended = opened(scope=scope)
    listing = mended.fetch(mark, {})
    assert listing.warnings == ()
    assert tasks(listing)[key].fields["due_date"] == "2026-12-01"


def test_a_property_that_is_renamed_meanwhile_is_still_found(fake: Notion, remote: Remote) -> None:
    key = fake.add("tasks", {"title": "Capture", "due_date": "2026-12-01"})
    fake.tasks.properties["Deadline"] = fake.tasks.properties.pop("Due")
    item = tasks(remote.fetch(None, {}))[key]
    assert item.fields["due_date"] == "2026-12-01"
    remote.update(item, {"due_date": "2026-12-24"})
    due = fake.book.pages[key].values[fake.tasks.properties["Deadline"].id]
    assert due["start"] == "2026-12-24"


def test_bodies_are_read_once_and_then_only_when_their_page_changed(
    fake: Notion, opened: Opener
) -> None:
    fake.describe_in_bodies()
    keys = [
        fake.add("tasks", {"title": f"Task {at}", "description": f"# Why\n\nNo. {at}"})
        for at in range(10)
    ]
    fake.clock.pass_by(hours=1)
    remote = opened()
    before = remote.requests
    first = remote.fetch(None, {})
    assert remote.requests - before == fake.least(listed=10) == 12
    assert tasks(first)[keys[3]].fields["description"] == "# Why\n\nNo. 3"
    fake.edit("tasks", keys[3], {"description": "Nothing"})
    fake.clock.pass_by(hours=1)
    before = remote.requests
    again = tasks(remote.fetch(None, known(first)))
    assert remote.requests - before == 3, "two pages of lists and one body"
    assert again[keys[3]].fields["description"] == "Nothing"
    assert again[keys[4]].fields["description"] == "# Why\n\nNo. 4"


def test_a_body_that_changed_within_the_minute_in_which_it_was_read_is_read_again(
    fake: Notion, opened: Opener
) -> None:
    fake.describe_in_bodies()
    key = fake.add("tasks", {"title": "Capture", "description": "First"})
    remote = opened()
    first = remote.fetch(None, {})
    fake.edit("tasks", key, {"description": "Second"})
    fake.clock.pass_by(minutes=1)
    again = remote.fetch(first.watermark, known(first))
    assert tasks(again)[key].fields["description"] == "Second"


def test_a_body_with_what_markdown_cannot_hold_is_foreign(fake: Notion, opened: Opener) -> None:
    fake.describe_in_bodies()
    key = fake.add("tasks", {"title": "Capture", "description": "And a board"})
    fake.book.pages[key].unknown_blocks.append("2b5c0000-7d1e-8000-9f0a-0000000000b1")
    item = tasks(opened().fetch(None, {}))[key]
    assert item.fields["description"] == Foreign("blocks")
