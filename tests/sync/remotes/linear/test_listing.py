"""What the adapter reads: everything, what changed, and what there is to choose from."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from orchestrator.sync.item import Kind
from orchestrator.sync.remote import Remote
from orchestrator.sync.remotes import open_remote
from orchestrator.sync.remotes.linear import listing
from tests.sync.fakes.linear import OWN, Linear
from tests.sync.fakes.linear_graphql import schema_of
from tests.sync.fakes.server import Fault
from tests.sync.fakes.tracker import TOKEN
from tests.sync.remotes.linear.desk import NO_SCHEMA, TRIMMED, by_title, opened, wanted


def test_a_listing_brings_everything_over_several_pages(fake: Linear, remote: Remote) -> None:
    fake.page = 3
    project = fake.add("projects", {"title": "Payments", "status": "active"})
    keys = [fake.add("tasks", {"title": f"T{n}", "project": project}) for n in range(8)]
    before = remote.requests
    found = remote.fetch(None, {})
    assert found.is_complete
    assert [item.kind for item in found.items] == ["projects"] + ["tasks"] * 8
    assert {item.key for item in found.items} == {project, *keys}
    assert remote.requests - before == 3
    assert {item.fields.get("project") for item in found.items[1:]} == {project}


def test_pages_go_on_in_the_order_in_which_they_began(fake: Linear, remote: Remote) -> None:
    fake.page = 1
    kinds: tuple[Kind, ...] = ("projects", "tasks")
    keys = {fake.add(kind, {"title": f"{kind} {n}"}): kind for kind in kinds for n in range(4)}
    for key in list(keys)[::4]:
        fake.edit(keys[key], key, {"title": "Edited"})
    items = remote.fetch(None, {}).items
    assert sorted(item.key for item in items) == sorted(keys)


def test_of_two_forms_of_an_issue_the_newer_one_is_taken() -> None:
    forms = [{"id": "i", "updatedAt": f"2026-11-0{day}T00:00:00.000Z"} for day in (2, 3, 1)]
    found: dict[str, Any] = {}
    listing._merge(found, forms)
    assert found == {"i": forms[1]}


def test_greeting_and_listing_take_the_fewest_requests(fake: Linear) -> None:
    for number in range(5):
        fake.add("tasks", {"title": f"T{number}"})
    with opened(fake) as remote:
        remote.greet()
        remote.fetch(None, {})
        assert remote.requests == fake.least(listed=5) == 2


def test_an_incremental_listing_brings_what_changed_and_little_more(
    fake: Linear, remote: Remote
) -> None:
    old = fake.add("tasks", {"title": "Old"})
    project = fake.add("projects", {"title": "P"})
    fake.clock.pass_by(minutes=10)
    fake.add("tasks", {"title": "Edge"})
    first = remote.fetch(None, {})
    assert first.watermark == "2026-11-23T09:08:00.000Z"
    fake.clock.pass_by(minutes=10)
    fake.add("tasks", {"title": "New"})
    again = remote.fetch(first.watermark, {})
    assert not again.is_complete
    assert set(by_title(again.items)) == {"Edge", "New"}
    fake.clock.pass_by(minutes=10)
    fake.edit("tasks", old, {"title": "Renamed"})
    fake.edit("projects", project, {"title": "Q"})
    last = remote.fetch(again.watermark, {})
    assert set(by_title(last.items)) == {"New", "Renamed", "Q"}


def test_a_watermark_goes_on_where_nothing_changes_and_never_back(
    fake: Linear, remote: Remote
) -> None:
    fake.add("tasks", {"title": "T"})
    fake.clock.pass_by(hours=1)
    since = remote.fetch(None, {}).watermark
    assert since == "2026-11-23T09:58:00.000Z"
    assert remote.fetch(since, {}).items == ()
    assert remote.fetch("2026-11-23T10:30:00.000Z", {}).watermark == "2026-11-23T10:30:00.000Z"


@pytest.mark.parametrize(("ours", "theirs"), [(-5, 0), (5, 0), (0, 5)])
def test_a_clock_that_is_wrong_makes_nothing_be_missed(
    fake: Linear, ours: int, theirs: int
) -> None:
    world = fake.clock.world
    fake.fast = timedelta(hours=theirs)
    wrong = replace(world, now=lambda: fake.clock.now() + timedelta(hours=ours))
    with open_remote(fake.tie(), TOKEN, wrong) as remote:
        remote.greet()
        fake.add("tasks", {"title": "Old"})
        since = remote.fetch(None, {}).watermark
        fake.clock.pass_by(seconds=1)
        fake.add("tasks", {"title": "New"})
        assert "New" in by_title(remote.fetch(since, {}).items)


def test_what_changes_while_pages_are_read_comes_next_time(fake: Linear, remote: Remote) -> None:
    fake.page = 2
    keys = [fake.add("tasks", {"title": f"T{number}"}) for number in range(6)]
    asked = []

    def edit(_: Any) -> bool:
        # Before the second page, its oldest item becomes the newest, and so leaves all pages.
        asked.append(1)
        if len(asked) == 2:
            fake.clock.pass_by(hours=1)
            fake.edit("tasks", keys[0], {"title": "Moved"})
        return False

    fake.server.faults.append(Fault("cut", fits=edit))
    first = remote.fetch(None, {})
    assert keys[0] not in {item.key for item in first.items}
    fake.server.faults.clear()
    assert "Moved" in by_title(remote.fetch(first.watermark, {}).items)


def test_archived_and_trashed_issues_are_listed_as_such(fake: Linear, remote: Remote) -> None:
    fake.add("tasks", {"title": "Live"})
    archived = fake.add("tasks", {"title": "Archived"})
    fake.book.touch(fake.book.get("Issue", archived), {"archivedAt": fake.book.stamp()})
    fake.remove("tasks", fake.add("tasks", {"title": "Trashed"}))
    fake.remove("projects", fake.add("projects", {"title": "Project"}))
    states = {title: item.state for title, item in by_title(remote.fetch(None, {}).items).items()}
    assert states == {
        "Live": "live", "Archived": "archived", "Trashed": "trashed", "Project": "trashed"
    }  # fmt: skip


def test_other_teams_are_left_alone(fake: Linear, remote: Remote) -> None:
    ops = fake.book.other["id"]
    fake.book.create_issue({"teamId": ops, "title": "Theirs"})
    fake.book.create_project({"teamIds": [ops], "name": "Theirs"})
    shared = fake.book.create_project({"teamIds": [ops, fake.book.team["id"]], "name": "Shared"})
    assert [item.key for item in remote.fetch(None, {}).items] == [shared["id"]]


def test_many_blockers_are_all_read(fake: Linear, remote: Remote) -> None:
    blockers = [fake.add("tasks", {"title": f"B{number}"}) for number in range(9)]
    fake.add("tasks", {"title": "Blocked", "dependencies": blockers})
    item = by_title(remote.fetch(None, {}).items)["Blocked"]
    assert item.fields["dependencies"] == sorted(blockers)


def test_a_new_relation_is_noticed_even_where_it_changes_no_issue(
    fake: Linear, remote: Remote
) -> None:
    fake.book.has_quiet_relations = True
    first, second = (fake.add("tasks", {"title": title}) for title in ("First", "Second"))
    theirs = fake.book.create_issue({"teamId": fake.book.other["id"], "title": "Theirs"})["id"]
    since = remote.fetch(None, {}).watermark
    fake.clock.pass_by(hours=1)
    fake.edit("tasks", second, {"dependencies": [first]})
    fake.book.relate({"issueId": first, "relatedIssueId": theirs, "type": "blocks"})
    fake.book.relate({"issueId": second, "relatedIssueId": first, "type": "related"})
    before = remote.requests
    [item] = remote.fetch(since.replace("08:58", "09:30") if since else None, {}).items
    assert (item.key, item.fields["dependencies"]) == (second, [first])
    assert remote.requests - before == 2


def test_more_new_relations_than_a_page_are_all_noticed(fake: Linear, remote: Remote) -> None:
    fake.book.has_quiet_relations = True
    fake.page = 2
    keys = [fake.add("tasks", {"title": f"T{number}"}) for number in range(6)]
    fake.clock.pass_by(hours=1)
    for first, second in pairwise(keys):
        fake.edit("tasks", second, {"dependencies": [first]})
    items = remote.fetch("2026-11-23T09:30:00.000Z", {}).items
    assert {item.key for item in items} == set(keys[1:])


def test_what_stays_local_is_said(remote: Remote) -> None:
    capabilities = remote.greet()
    assert "estimated_minutes" not in capabilities.fields["tasks"]
    assert "start_date" not in capabilities.fields["tasks"]
    assert capabilities.is_incremental
    assert any("minutes_per_point" in note for note in capabilities.notes)


def test_a_survey_shows_what_can_be_chosen(fake: Linear) -> None:
    with opened(fake, scope={}) as remote:
        found = remote.survey()
    assert (found.account, found.required) == ("dana@example.com", ("team",))
    assert [(each.value, each.title) for each in found.scopes["team"]] == [
        ("ENG", "Engineering"), ("OPS", "Operations")
    ]  # fmt: skip
    assert found.states == ()
    with opened(fake, statuses={"todo": "Gone"}) as remote:
        found = remote.survey()
    means = {each.value: each.means for each in found.states}
    assert (means["Todo"], means["In Review"], means["Done"]) == ("todo", "in_review", "completed")
    assert [each.means for each in found.users] == [
        "dana@example.com", "kim@example.com", "riley@elsewhere.example"
    ]  # fmt: skip


def test_many_labels_and_users_are_all_learned(fake: Linear) -> None:
    for number in range(7):
        fake.book.label(f"l{number}")
        fake.book.tag(f"t{number}")
    fake.page = 3
    with opened(fake) as remote:
        remote.greet()
        before = remote.requests
        item = remote.create(wanted("tasks", labels=["l0", "l6"], assignee="dana"))
        assert item.fields["labels"] == ["l0", "l6"]
        assert remote.create(wanted("projects", tags=["t0", "t6"])).fields["tags"] == ["t0", "t6"]
        assert remote.requests - before == 2


def test_a_whole_page_costs_less_than_a_query_may(fake: Linear, remote: Remote) -> None:
    fake.add("tasks", {"title": "T"})
    remote.fetch(None, {})
    remote.fetch("2026-11-23T08:00:00.000Z", {})
    assert [seen.json["variables"].get("first") for seen in fake.server.seen] == [None, 250, 250]


@pytest.mark.skipif(TRIMMED is None, reason=NO_SCHEMA)
def test_the_schema_beside_the_fake_says_nothing_that_linear_s_does_not() -> None:
    assert TRIMMED is not None
    own, vendors = schema_of(Path(OWN)), schema_of(TRIMMED)
    for name, kind in own.type_map.items():
        if name.startswith("__"):
            continue
        theirs = vendors.type_map[name]
        for field, value in getattr(kind, "fields", {}).items():
            there = getattr(theirs, "fields", {})[field]
            assert str(value.type) == str(there.type), f"{name}.{field}"
            for argument, given in getattr(value, "args", {}).items():
                assert str(given.type) == str(there.args[argument].type), f"{name}.{field}"
        assert set(getattr(kind, "values", {})) <= set(getattr(theirs, "values", {})), name
