"""A listing brings over what a GitHub holds, all of it or what changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.sync.fakes.github import Github
from tests.sync.fakes.server import Fault, Seen
from tests.sync.remotes.github.conftest import FULL, Maker, Opener, known, paths, tasks


def test_a_listing_over_several_pages_has_everything_once(fake: Github, opened: Opener) -> None:
    fake.api.page_size = 3
    milestone = fake.add("projects", {"title": "Launch"})
    keys = [fake.add("tasks", {"title": f"T{n}", "project": milestone}) for n in range(10)]
    fake.rows.issues[4].is_pull = True
    remote = opened(fake)
    before = remote.requests
    listing = remote.fetch(None, {})
    assert [(item.kind, item.key) for item in listing.items] == [
        ("projects", milestone), *(("tasks", key) for key in keys if key != "4")
    ]  # fmt: skip
    assert listing.is_complete
    assert remote.requests - before == fake.least(listed=10)
    assert next(told for told in fake.clock.told if told.what == "reading issues").total == 400


def test_every_field_comes_over_as_it_is_there(fake: Github, opened: Opener) -> None:
    milestone = fake.add("projects", {"title": "Launch", "due_date": "2026-12-24"})
    parent = fake.add("tasks", {"title": "Parent"})
    key = fake.add(
        "tasks", {**FULL, "parent": parent, "dependencies": [parent], "project": milestone}
    )
    listing = opened(fake).fetch(None, {})
    assert tasks(listing)[key].fields == {
        **FULL, "parent": parent, "dependencies": [parent], "project": milestone
    }  # fmt: skip
    assert tasks(listing)[key].name == f"#{key}"
    assert listing.items[0].fields == {
        "title": "Launch", "description": "", "status": "active", "due_date": "2026-12-24"
    }  # fmt: skip


def test_an_incremental_listing_has_what_changed_since(fake: Github, opened: Opener) -> None:
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
    assert remote.fetch(third.watermark, known(third)).items == ()


def test_what_changes_while_it_is_listed_is_listed_the_next_time(
    fake: Github, opened: Opener
) -> None:
    keys = [fake.add("tasks", {"title": f"T{n}"}) for n in range(9)]
    fake.api.page_size = 3
    remote = opened(fake)

    def edit(seen: Seen) -> bool:
        # Between the second page and the third, somebody changes what was on the first.
        if seen.get("page") == "3":
            fake.clock.pass_by(minutes=20)
            fake.edit("tasks", keys[0], {"title": "Changed"})
            fake.edit("tasks", keys[8], {"title": "Changed too"})
        return False

    fake.server.faults.append(Fault("cut", fits=edit))
    first = remote.fetch(None, {})
    assert set(tasks(first)) == set(keys)
    assert tasks(first)[keys[0]].fields["title"] == "T0"
    fake.server.faults.clear()
    fake.clock.pass_by(hours=1)
    assert tasks(remote.fetch(first.watermark, known(first)))[keys[0]].fields["title"] == "Changed"


@pytest.mark.parametrize("shift", [-3, 3])
def test_the_clock_here_may_be_wrong(fake: Github, opened: Opener, shift: int) -> None:
    key = fake.add("tasks", {"title": "T"})
    remote = opened(fake)
    remote._client.http.world = replace(
        remote._client.http.world, now=lambda: fake.clock.now() + timedelta(hours=shift)
    )
    assert remote.fetch(None, {}).watermark == "2026-11-23T08:55:00Z"
    assert key


def test_a_server_that_does_not_say_its_time_is_asked_from_the_newest_change(
    fake: Github, opened: Opener
) -> None:
    fake.add("tasks", {"title": "T"})
    fake.has_date = False
    remote = opened(fake)
    assert remote.fetch(None, {}).watermark == "2026-11-23T08:55:00Z"
    assert remote.fetch("2026-11-23T08:58:00Z", {}).watermark == "2026-11-23T08:58:00Z"


def test_dependencies_are_asked_for_only_where_they_may_have_changed(
    fake: Github, opened: Opener
) -> None:
    blocker, other = (fake.add("tasks", {"title": f"T{n}"}) for n in range(2))
    key = fake.add("tasks", {"title": "Blocked", "dependencies": [blocker]})
    remote = opened(fake)
    first = remote.fetch(None, {})
    asked = f"/repos/acme/plan/issues/{key}/dependencies/blocked_by"
    assert paths(fake).count(asked) == 1
    remote.fetch(first.watermark, known(first))
    assert paths(fake).count(asked) == 1
    fake.clock.pass_by(minutes=1)
    fake.edit("tasks", key, {"dependencies": [other]})
    second = remote.fetch(first.watermark, known(first))
    assert tasks(second)[key].fields["dependencies"] == [other]
    assert paths(fake).count(asked) == 2


def test_a_dependency_that_bumped_nothing_is_seen_in_the_next_full_listing(
    fake: Github, opened: Opener
) -> None:
    fake.api.changes.bumps = False
    blocker, key = (fake.add("tasks", {"title": f"T{n}"}) for n in range(2))
    remote = opened(fake)
    first = remote.fetch(None, {})
    fake.issue(key).blocked_by.append(int(blocker))
    full = remote.fetch(None, known(first))
    assert tasks(full)[key].fields["dependencies"] == [blocker]


@pytest.mark.parametrize("has_fields", [True, False])
def test_a_whole_run_takes_the_fewest_requests(
    opened: Opener, wanted: Maker, *, has_fields: bool
) -> None:
    with Github(has_fields=has_fields).running() as fake:
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
        least = fake.least(listed=250, changed=20, made=5)
        assert remote.requests - before == least == 3 + 1 + 25
