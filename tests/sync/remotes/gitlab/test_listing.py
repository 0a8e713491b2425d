"""A listing brings over what a GitLab holds, all of it or what changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.sync.fakes.gitlab import Gitlab
from tests.sync.fakes.server import Fault, Seen
from tests.sync.remotes.gitlab.conftest import FULL, Maker, Opener, known, paths, tasks


def test_a_listing_over_several_pages_has_everything_once(fake: Gitlab, opened: Opener) -> None:
    fake.api.page_size = 3
    milestone = fake.add("projects", {"title": "Launch"})
    keys = [fake.add("tasks", {"title": f"T{n}", "project": milestone}) for n in range(10)]
    fake.issue("4").kind = "incident"
    remote = opened(fake)
    before = remote.requests
    listing = remote.fetch(None, {})
    assert [(item.kind, item.key) for item in listing.items] == [
        ("projects", milestone), *(("tasks", key) for key in keys if key != "4")
    ]  # fmt: skip
    assert listing.is_complete
    assert remote.requests - before == fake.least(listed=10)
    assert next(told for told in fake.clock.told if told.what == "reading issues").total == 10


def test_every_field_comes_over_as_it_is_there(fake: Gitlab, opened: Opener) -> None:
    dates = {"start_date": "2026-11-01", "due_date": "2026-12-24"}
    milestone = fake.add("projects", {"title": "Launch", **dates})
    parent = fake.add("tasks", {"title": "Parent"})
    key = fake.add(
        "tasks", {**FULL, "parent": parent, "dependencies": [parent], "project": milestone}
    )
    listing = opened(fake).fetch(None, {})
    assert tasks(listing)[key].fields == {
        **FULL, "parent": parent, "dependencies": [parent], "project": milestone
    }  # fmt: skip
    assert tasks(listing)[key].name == f"#{key}"
    assert tasks(listing)[key].url.endswith(f"/acme/plan/-/issues/{key}")
    assert listing.items[0].fields == {
        "title": "Launch", "description": "", "status": "active", **dates
    }  # fmt: skip


def test_an_incremental_listing_has_what_changed_since(fake: Gitlab, opened: Opener) -> None:
    fake.is_com = False
    keys = [fake.add("tasks", {"title": f"T{n}"}) for n in range(5)]
    remote = opened(fake)
    first = remote.fetch(None, {})
    fake.clock.pass_by(hours=1)
    fake.edit("tasks", keys[2], {"title": "Changed"})
    second = remote.fetch(first.watermark, known(first))
    assert tasks(second)[keys[2]].fields["title"] == "Changed"
    assert not second.is_complete
    fake.clock.pass_by(hours=1)
    third = remote.fetch(second.watermark, known(second))
    assert tasks(third).keys() == {keys[2]}
    before = remote.requests
    assert remote.fetch(third.watermark, known(third)).items == ()
    assert remote.requests - before == fake.least(listed=0)


def test_what_changes_while_it_is_listed_is_listed_the_next_time(
    fake: Gitlab, opened: Opener
) -> None:
    keys = [fake.add("tasks", {"title": f"T{n}"}) for n in range(9)]
    fake.api.page_size = 3
    remote = opened(fake)

    def edit(seen: Seen) -> bool:
        # Between the second page and the third, somebody changes what was on the first.
        if seen.get("page") == "3":
            fake.clock.pass_by(minutes=20)
            fake.edit("tasks", keys[0], {"title": "Changed"})
        return False

    fake.server.faults.append(Fault("cut", fits=edit))
    first = remote.fetch(None, {})
    assert set(tasks(first)) == set(keys)
    assert tasks(first)[keys[0]].fields["title"] == "T0"
    fake.server.faults.clear()
    fake.clock.pass_by(hours=1)
    assert tasks(remote.fetch(first.watermark, known(first)))[keys[0]].fields["title"] == "Changed"


@pytest.mark.parametrize("shift", [-3, 3])
def test_the_clock_here_may_be_wrong(fake: Gitlab, opened: Opener, shift: int) -> None:
    fake.add("tasks", {"title": "T"})
    remote = opened(fake)
    remote._client.http.world = replace(
        remote._client.http.world, now=lambda: fake.clock.now() + timedelta(hours=shift)
    )
    assert remote.fetch(None, {}).watermark == "2026-11-23T08:55:00Z"


def test_a_server_that_does_not_say_its_time_is_asked_from_the_newest_change(
    fake: Gitlab, opened: Opener
) -> None:
    fake.add("tasks", {"title": "T"})
    fake.has_date = False
    remote = opened(fake)
    assert remote.fetch(None, {}).watermark == "2026-11-23T08:55:00Z"
    assert remote.fetch("2026-11-23T08:58:00Z", {}).watermark == "2026-11-23T08:58:00Z"


def test_a_relation_that_bumped_nothing_is_seen_in_the_next_full_listing(
    fake: Gitlab, opened: Opener
) -> None:
    blocker, key = (fake.add("tasks", {"title": f"T{n}"}) for n in range(2))
    remote = opened(fake)
    first = remote.fetch(None, {})
    before = fake.issue(key).updated_at
    fake.terms._rest(fake.issue(key), {"dependencies": [blocker], "parent": blocker})
    assert fake.issue(key).updated_at == before
    full = tasks(remote.fetch(None, known(first)))[key].fields
    assert (full["dependencies"], full["parent"]) == ([blocker], blocker)


def test_an_issue_with_more_links_than_a_page_has_all_of_them(fake: Gitlab, opened: Opener) -> None:
    blockers = [fake.add("tasks", {"title": f"T{n}"}) for n in range(3)]
    key = fake.add("tasks", {"title": "Blocked", "dependencies": blockers})
    assert fake.graph is not None
    fake.graph.links_page = 1
    assert tasks(opened(fake).fetch(None, {}))[key].fields["dependencies"] == blockers
    assert paths(fake).count(f"/api/v4/projects/42/issues/{key}/links") == 1


def test_a_parent_in_another_place_is_named_with_it(fake: Gitlab, opened: Opener) -> None:
    key = fake.add("tasks", {"title": "T"})
    assert fake.graph is not None
    fake.graph.foreign_parents = {int(key): ("acme", "5")}
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[key]
    assert item.fields["parent"] == "acme#5"
    assert remote.update(item, {"title": "New"}).fields["parent"] == "acme#5"


def test_a_milestone_of_the_group_is_kept_and_not_listed(fake: Gitlab, opened: Opener) -> None:
    milestone = fake.add("projects", {"title": "Company's"})
    key = fake.add("tasks", {"title": "T", "project": milestone})
    fake.rows.milestones[int(milestone)].is_of_group = True
    listing = opened(fake).fetch(None, {})
    assert [item.key for item in listing.items] == [key]
    assert listing.items[0].fields["project"] == milestone


def test_milestones_can_be_left_alone(fake: Gitlab, opened: Opener) -> None:
    milestone = fake.add("projects", {"title": "Launch"})
    key = fake.add("tasks", {"title": "T", "project": milestone})
    remote = opened(fake, scope={"project": "acme/plan", "projects": "none"})
    item = remote.fetch(None, {}).items[0]
    assert item.key == key
    assert "project" not in item.fields
    remote.update(item, {"title": "New"})
    assert fake.items("tasks")[key]["project"] == milestone


def test_an_issue_that_was_moved_to_another_project_is_gone(fake: Gitlab, opened: Opener) -> None:
    key = fake.add("tasks", {"title": "T"})
    remote = opened(fake)
    fake.issue(key).moved_to_id, fake.issue(key).state = 4711, "closed"
    assert remote.fetch(None, {}).items[0].state == "trashed"
    seen = remote.look("tasks", key, {})
    assert seen is not None
    assert seen.state == "trashed"


def test_a_whole_run_takes_the_fewest_requests(fake: Gitlab, opened: Opener, wanted: Maker) -> None:
    fake.add("projects", {"title": "Launch"})
    for n in range(250):
        fake.add("tasks", {"title": f"T{n}", "status": "blocked", "labels": ["api", "web"]})
    remote = opened(fake)
    before = remote.requests
    listed = tasks(remote.fetch(None, {}))
    for item in list(listed.values())[:20]:
        remote.update(item, {"title": "New", "status": "completed", "labels": ["web"]})
    for n in range(5):
        remote.create(wanted({"title": f"N{n}", "status": "blocked", "labels": ["api"]}))
    assert remote.requests - before == fake.least(listed=250, changed=20, made=5)
