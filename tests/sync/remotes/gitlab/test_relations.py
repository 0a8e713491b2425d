"""Parents, links and logged time, which GitLab takes one by one."""

import json

import pytest

from orchestrator.sync.errors import InvalidError, NotFoundError, UnreachableError
from tests.sync.fakes.gitlab import Gitlab
from tests.sync.fakes.server import Fault
from tests.sync.remotes.gitlab.conftest import Maker, Opener, tasks


def posted(fake: Gitlab, path: str) -> list[dict[str, str]]:
    found = [seen for seen in fake.server.seen if seen.path.endswith(path) and seen.body]
    return [json.loads(seen.body) for seen in found]


def test_a_child_is_made_as_a_task_below_its_parent(
    fake: Gitlab, opened: Opener, wanted: Maker
) -> None:
    remote = opened(fake)
    remote.fetch(None, {})
    parent = remote.create(wanted({"title": "Parent"}))
    before = remote.requests
    child = remote.create(wanted({"title": "Child", "parent": parent.key}))
    assert remote.requests - before == 2
    assert child.fields["parent"] == parent.key
    assert (fake.issue(parent.key).kind, fake.issue(child.key).kind) == ("issue", "task")


def test_an_issue_becomes_a_task_when_it_gets_a_parent_and_a_task_an_issue_when_it_is_one(
    fake: Gitlab, opened: Opener
) -> None:
    one, two = (fake.add("tasks", {"title": f"T{n}"}) for n in range(2))
    fake.issue(one).kind = "task"
    remote = opened(fake)
    items = tasks(remote.fetch(None, {}))
    after = remote.update(items[two], {"parent": one, "title": "New"})
    assert (after.fields["parent"], after.fields["title"]) == (one, "New")
    assert (fake.issue(one).kind, fake.issue(two).kind) == ("issue", "task")
    assert remote.look("tasks", two, {}) == after


def test_what_would_hang_deeper_than_gitlab_goes_stays_here(
    fake: Gitlab, opened: Opener, wanted: Maker
) -> None:
    top = fake.add("tasks", {"title": "Top"})
    middle = fake.add("tasks", {"title": "Middle", "parent": top})
    other = fake.add("tasks", {"title": "Other"})
    remote = opened(fake)
    items = tasks(remote.fetch(None, {}))
    low = remote.create(wanted({"title": "Low", "parent": middle}))
    assert low.fields["parent"] is None
    assert remote.update(low, {"parent": middle}).fields["parent"] is None
    # One that has children cannot become a task either.
    assert remote.update(items[top], {"parent": other}).fields["parent"] is None
    assert fake.items("tasks")[middle]["parent"] == top


def test_a_parent_that_gitlab_refuses_is_said_in_a_sentence(fake: Gitlab, opened: Opener) -> None:
    one, two = (fake.add("tasks", {"title": f"T{n}"}) for n in range(2))
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[two]
    fake.issue(one).kind = "incident"
    with pytest.raises(InvalidError) as refused:
        remote.update(item, {"parent": one})
    assert refused.value.field == "parent"
    assert "not allowed to add this type of parent" in refused.value.message
    assert refused.value.hint == "GitLab hangs tasks below issues, and nothing below tasks."


def test_a_link_is_made_and_taken_away_by_its_own_number(fake: Gitlab, opened: Opener) -> None:
    one, two, key = (fake.add("tasks", {"title": f"T{n}"}) for n in range(3))
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[key]
    item = remote.update(item, {"dependencies": [one, two]})
    assert posted(fake, f"/issues/{key}/links") == [
        {"target_project_id": "42", "target_issue_iid": each, "link_type": "is_blocked_by"}
        for each in (one, two)
    ]
    item = remote.update(item, {"dependencies": [two]})
    assert item.fields["dependencies"] == [two]
    assert fake.rows.blockers(int(key)) == [int(two)]
    assert remote.update(item, {"dependencies": []}).fields["dependencies"] == []
    assert fake.rows.links == {}


def test_other_links_are_left_alone(fake: Gitlab, opened: Opener) -> None:
    one, key = (fake.add("tasks", {"title": f"T{n}"}) for n in range(2))
    related = {"target_project_id": 42, "target_issue_iid": int(one)}
    fake.changes.link(fake.issue(key), related)
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[key]
    assert item.fields["dependencies"] == []
    remote.update(item, {"dependencies": []})
    with pytest.raises(InvalidError) as refused:
        remote.update(item, {"dependencies": [one]})
    assert refused.value.message == f"GitLab has another link between #{key} and #{one} already."
    assert refused.value.field == "dependencies"
    assert [link.kind for link in fake.rows.links.values()] == ["relates_to"]


def test_a_link_whose_answer_was_lost_is_made_once(fake: Gitlab, opened: Opener) -> None:
    one, key = (fake.add("tasks", {"title": f"T{n}"}) for n in range(2))
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[key]
    fits = lambda seen: seen.method == "POST" and seen.path.endswith("/links")  # noqa: E731
    fake.server.faults.append(Fault("lost", fits=fits))
    assert remote.update(item, {"dependencies": [one]}).fields["dependencies"] == [one]
    assert len(fake.rows.links) == 1


def test_a_blocker_that_vanished_is_not_found(fake: Gitlab, opened: Opener) -> None:
    one, key = (fake.add("tasks", {"title": f"T{n}"}) for n in range(2))
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[key]
    fake.remove("tasks", one)
    for other in (one, "../x"):
        with pytest.raises(NotFoundError) as refused:
            remote.update(item, {"dependencies": [other]})
        assert refused.value.hint


def test_a_parent_that_was_not_listed_is_looked_at(fake: Gitlab, opened: Opener) -> None:
    one, key = (fake.add("tasks", {"title": f"T{n}"}) for n in range(2))
    remote = opened(fake)
    item = remote.look("tasks", key, {})
    assert item is not None
    assert remote.update(item, {"parent": one}).fields["parent"] == one


def test_logged_time_is_sent_as_what_it_changes_by(fake: Gitlab, opened: Opener) -> None:
    key = fake.add("tasks", {"title": "T", "actual_minutes": 60})
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[key]
    item = remote.update(item, {"actual_minutes": 90})
    item = remote.update(item, {"actual_minutes": 75})
    assert [each["duration"] for each in posted(fake, "/add_spent_time")] == ["30m", "-15m"]
    assert item.fields["actual_minutes"] == 75
    assert remote.update(item, {"actual_minutes": None}).fields["actual_minutes"] is None
    assert fake.issue(key).spent == 0


def test_time_that_somebody_logs_meanwhile_is_theirs(fake: Gitlab, opened: Opener) -> None:
    key = fake.add("tasks", {"title": "T", "actual_minutes": 60})
    remote = opened(fake)
    first = remote.fetch(None, {})
    item = tasks(first)[key]
    fake.edit("tasks", key, {"actual_minutes": 70})
    after = remote.update(item, {"actual_minutes": 90})
    assert fake.issue(key).spent == 100 * 60
    # The ten minutes look like what they are: a change that the next listing brings.
    assert after.fields["actual_minutes"] == 90
    assert tasks(remote.fetch(first.watermark, {}))[key].fields["actual_minutes"] == 100


def test_time_is_not_logged_twice_when_an_answer_is_lost(fake: Gitlab, opened: Opener) -> None:
    key = fake.add("tasks", {"title": "T", "actual_minutes": 60})
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[key]
    fits = lambda seen: seen.path.endswith("/add_spent_time")  # noqa: E731
    fake.server.faults.append(Fault("lost", fits=fits))
    assert remote.update(item, {"actual_minutes": 90}).fields["actual_minutes"] == 90
    assert fake.issue(key).spent == 90 * 60
    fake.server.faults.append(Fault("cut", fits=fits))
    with pytest.raises(UnreachableError) as refused:
        remote.update(item, {"actual_minutes": 120})
    assert refused.value.is_ambiguous
    assert fake.issue(key).spent == 90 * 60


def test_more_time_than_there_is_cannot_be_taken_away(fake: Gitlab, opened: Opener) -> None:
    key = fake.add("tasks", {"title": "T", "actual_minutes": 60})
    remote = opened(fake)
    item = tasks(remote.fetch(None, {}))[key]
    fake.edit("tasks", key, {"actual_minutes": 10})
    with pytest.raises(InvalidError) as refused:
        remote.update(item, {"actual_minutes": 5})
    assert refused.value.field == "actual_minutes"
