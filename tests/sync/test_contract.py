"""What holds for every tracker: one suite over five fakes, through the adapters alone."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest

from orchestrator.sync.errors import AuthError, NotFoundError, RemoteError
from orchestrator.sync.item import REFERENCES, Foreign, Item, Kind, Wanted
from orchestrator.sync.remote import Capabilities, Remote
from orchestrator.sync.remotes import KINDS, open_remote
from tests.sync.fakes.server import Fault, Reply, Seen
from tests.sync.fakes.tracker import TOKEN, Clock, Tracker

FULL: dict[str, Any] = {
    "title": "Capture the payment",
    "description": "Take the money.\n\n- once\n- and only once\n",
    "status": "in_progress",
    "priority": "high",
    "assignee": "dana",
    "labels": ["api", "db"],
    "start_date": "2026-11-25",
    "due_date": "2026-12-01",
    "estimated_minutes": 90,
}
OTHER: dict[str, Any] = {
    "title": "Capture the whole payment",
    "description": "Take all of the money.\n",
    "status": "completed",
    "priority": "low",
    "assignee": "kim",
    "labels": ["db", "web"],
    "start_date": "2026-11-26",
    "due_date": "2026-12-24",
    "estimated_minutes": 150,
}
EMPTY: dict[str, Any] = {
    "description": "", "assignee": None, "labels": [], "start_date": None, "due_date": None,
    "estimated_minutes": None,
}  # fmt: skip


def fake_of(kind: str) -> Tracker:
    module = import_module(f"tests.sync.fakes.{kind}")
    made: Tracker = getattr(module, kind.capitalize())(Clock())
    return made


@dataclass
class Desk:
    """A tracker and its adapter, both running."""

    fake: Tracker
    remote: Remote
    can: Capabilities

    def holds(self, name: str, kind: Kind = "tasks") -> bool:
        return self.can.fields.get(kind, {}).get(name) == "both"

    def fitting(self, fields: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in fields.items() if self.holds(name)}

    def make(self, title: str = "Capture", number: int = 1, **fields: Any) -> Item:
        wanted = {"title": title, "status": "todo", **fields}
        token = str(UUID(int=(4 << 76) | (8 << 60) | number))
        item = self.remote.create(
            Wanted("tasks", f"PAY-{number}", token, self.fitting(wanted) | {"title": title})
        )
        rest = {
            name: value
            for name, value in self.fitting(wanted).items()
            if not self.same(name, item.fields.get(name), value)
        }
        return self.remote.update(item, rest) if rest else item

    def same(self, name: str, one: Any, other: Any) -> bool:
        if name in REFERENCES:
            return bool((one or None) == (other or None))
        shown = [self.remote.represent("tasks", name, value) for value in (one, other)]
        return bool(shown[0] == shown[1])

    def listed(self, since: str | None = None) -> dict[str, Item]:
        found = self.remote.fetch(since, {}).items
        keys = [(item.kind, item.key) for item in found]
        assert len(keys) == len(set(keys)), "an item stands in a listing once"
        return {item.key: item for item in found if item.kind == "tasks" and item.state == "live"}


@pytest.fixture(params=KINDS)
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    fake = fake_of(request.param)
    with ExitStack() as stack:
        stack.enter_context(fake.running())
        remote = stack.enter_context(open_remote(fake.tie(), TOKEN, fake.clock.world))
        yield Desk(fake, remote, remote.greet())


def test_a_title_and_a_status_can_be_held(desk: Desk) -> None:
    assert desk.holds("title")
    assert desk.holds("status")


def test_what_somebody_over_there_made_is_listed_in_our_words(desk: Desk) -> None:
    fields = desk.fitting(FULL)
    key = desk.fake.add("tasks", fields)
    found = desk.listed()[key]
    assert {name for name in fields if not desk.same(name, found.fields[name], fields[name])} == (
        set()
    )


def test_everything_is_listed_however_many_pages_it_takes(desk: Desk) -> None:
    keys = {desk.fake.add("tasks", {"title": f"Task {at}", "status": "todo"}) for at in range(230)}
    listing = desk.remote.fetch(None, {})
    assert listing.is_complete
    assert {item.key for item in listing.items if item.kind == "tasks"} == keys


def test_completed_and_cancelled_tasks_are_listed_too(desk: Desk) -> None:
    done = desk.fake.add("tasks", {"title": "Done", "status": "completed"})
    dropped = desk.fake.add("tasks", {"title": "Dropped", "status": "cancelled"})
    found = desk.listed()
    assert found[done].fields["status"] == "completed"
    assert found[dropped].fields["status"] == "cancelled"


def test_an_incremental_listing_has_what_changed(desk: Desk) -> None:
    if not desk.can.is_incremental:
        assert desk.remote.fetch(None, {}).watermark is None
        return
    old = [desk.fake.add("tasks", {"title": f"Task {at}", "status": "todo"}) for at in range(5)]
    desk.fake.clock.pass_by(hours=1)
    mark = desk.remote.fetch(None, {}).watermark
    desk.fake.clock.pass_by(hours=1)
    since = desk.remote.fetch(mark, {}).watermark
    desk.fake.clock.pass_by(hours=1)
    desk.fake.edit("tasks", old[3], {"title": "Changed"})
    listing = desk.remote.fetch(since, {})
    assert not listing.is_complete
    found = {item.key: item for item in listing.items if item.kind == "tasks"}
    assert found[old[3]].fields["title"] == "Changed"
    assert old[0] not in found


def test_what_is_created_is_there_as_it_was_wanted(desk: Desk) -> None:
    fields = desk.fitting(FULL)
    item = desk.make(**fields)
    there = desk.fake.items("tasks")[item.key]
    for name, value in fields.items():
        assert desk.same(name, item.fields[name], value), name
        assert desk.same(name, there[name], value), name


def test_creating_twice_with_one_token_makes_one_item(desk: Desk) -> None:
    wanted = Wanted("tasks", "PAY-1", "0b9f0f2e-6a4c-4c0e-9d55-3a1c5e3f7a10", {"title": "Once"})
    first = desk.remote.create(wanted)
    desk.fake.clock.pass_by(minutes=5)
    again = desk.remote.find(wanted) or desk.remote.create(wanted)
    assert again.key == first.key
    assert len(desk.fake.items("tasks")) == 1


@pytest.mark.parametrize("name", FULL)
def test_one_field_is_changed_and_no_other(desk: Desk, name: str) -> None:
    if not desk.holds(name):
        assert name not in desk.make().fields or desk.can.fields["tasks"].get(name) == "read"
        return
    before = desk.fitting(FULL)
    item = desk.make(**before)
    after = desk.remote.update(item, {name: OTHER[name]})
    assert desk.same(name, after.fields[name], OTHER[name])
    there = desk.fake.items("tasks")[item.key]
    for other, value in before.items():
        wanted = OTHER[name] if other == name else value
        assert desk.same(other, there[other], wanted), other


@pytest.mark.parametrize("name", EMPTY)
def test_a_field_is_emptied(desk: Desk, name: str) -> None:
    if not desk.holds(name):
        return
    item = desk.make(**desk.fitting(FULL))
    after = desk.remote.update(item, {name: EMPTY[name]})
    is_left = name in getattr(desk.fake, "never_emptied", ())
    assert bool(after.fields[name]) is is_left
    assert bool(desk.fake.items("tasks")[item.key][name]) is is_left


def test_every_status_that_can_be_held_comes_back(desk: Desk) -> None:
    item = desk.make()
    for status in ("in_progress", "blocked", "in_review", "completed", "cancelled", "todo"):
        item = desk.remote.update(item, {"status": status})
        wanted = desk.remote.represent("tasks", "status", status)
        if not isinstance(wanted, Foreign):
            assert item.fields["status"] == wanted
            assert desk.listed()[item.key].fields["status"] == wanted


def test_a_status_given_twice_changes_nothing(desk: Desk) -> None:
    item = desk.make(status="in_progress")
    again = desk.remote.update(item, {"status": "in_progress"})
    assert again.fields["status"] == item.fields["status"]


@pytest.mark.parametrize(
    "title",
    ["Ünïcödé — “quoted” 'too'", "🚀 launch 🇷🇴", "a < b && c > d", "50% \\ done $x `y` {z}", "-"],
)
def test_any_title_comes_back_as_it_went(desk: Desk, title: str) -> None:
    item = desk.make(title)
    assert item.fields["title"] == title
    assert desk.fake.items("tasks")[item.key]["title"] == title
    assert desk.listed()[item.key].fields["title"] == title


def test_a_long_description_comes_back_whole(desk: Desk) -> None:
    if not desk.holds("description"):
        return
    text = "\n\n".join(f"Paragraph {at} of many, with words enough to fill it." for at in range(99))
    item = desk.make(description=text)
    assert desk.same("description", item.fields["description"], text)
    assert desk.same("description", desk.listed()[item.key].fields["description"], text)


def test_what_an_item_represents_is_a_fixed_point(desk: Desk) -> None:
    for fields in (FULL, OTHER, EMPTY):
        for name, value in desk.fitting(fields).items():
            once = desk.remote.represent("tasks", name, value)
            assert desk.remote.represent("tasks", name, once) == once


def test_a_parent_is_set_moved_and_cleared(desk: Desk) -> None:
    if not desk.holds("parent"):
        return
    top, side, child = (desk.make(f"Task {at}", at) for at in (1, 2, 3))
    for wanted in (top.key, side.key, None):
        child = desk.remote.update(child, {"parent": wanted})
        assert child.fields["parent"] == wanted
        assert desk.listed()[child.key].fields["parent"] == wanted


def test_dependencies_are_added_and_taken_away(desk: Desk) -> None:
    if not desk.holds("dependencies"):
        return
    one, two, last = (desk.make(f"Task {at}", at) for at in (1, 2, 3))
    for wanted in ([one.key], sorted([one.key, two.key]), [two.key], []):
        last = desk.remote.update(last, {"dependencies": wanted})
        assert sorted(last.fields["dependencies"]) == wanted
        assert sorted(desk.listed()[last.key].fields["dependencies"]) == wanted


def test_an_item_is_looked_at_until_it_is_gone(desk: Desk) -> None:
    item = desk.make("Short-lived")
    seen = desk.remote.look("tasks", item.key, item.kept)
    assert seen is not None
    assert seen.fields["title"] == "Short-lived"
    desk.fake.remove("tasks", item.key)
    gone = desk.remote.look("tasks", item.key, item.kept)
    assert gone is None or gone.state == "trashed"
    assert item.key not in desk.listed()


def test_deleting_twice_is_deleting_once(desk: Desk) -> None:
    kept, item = desk.make("Kept", 1), desk.make("Deleted", 2)
    desk.remote.delete(item)
    desk.remote.delete(item)
    left = {
        key for key, fields in desk.fake.items("tasks").items() if fields["status"] != "cancelled"
    }
    assert left == {kept.key}


def test_changing_what_is_gone_says_so(desk: Desk) -> None:
    item = desk.make()
    desk.fake.remove("tasks", item.key)
    with pytest.raises(RemoteError) as found:
        desk.remote.update(item, {"title": "Too late"})
    assert_is_one_sentence(found.value)


def test_a_create_whose_answer_was_lost_is_found_again(desk: Desk) -> None:
    wanted = Wanted("tasks", "PAY-7", "6f9c1d52-0d3b-4b7e-8a41-0f4a5f0b9c11", {"title": "Lost"})
    before = len(desk.fake.server.seen)
    desk.fake.server.faults.append(Fault("lost", fits=makes_a_task))
    item = made_in_spite_of_all(desk, wanted)
    assert len(desk.fake.server.seen) > before
    assert list(desk.fake.items("tasks")) == [item.key]


def test_what_was_never_sent_is_not_found(desk: Desk) -> None:
    desk.make("Another")
    wanted = Wanted("tasks", "PAY-8", "6f9c1d52-0d3b-4b7e-8a41-0f4a5f0b9c12", {"title": "Another"})
    assert desk.remote.find(wanted) is None


def test_a_limit_is_waited_for(desk: Desk) -> None:
    key = desk.fake.add("tasks", {"title": "Waited for", "status": "todo"})
    desk.fake.server.faults.append(Fault("reply", times=2, reply=desk.fake.limited()))
    slept = len(desk.fake.clock.slept)
    assert key in desk.listed()
    assert sum(desk.fake.clock.slept[slept:]) >= 1


def test_a_server_that_fails_for_a_moment_is_asked_again(desk: Desk) -> None:
    key = desk.fake.add("tasks", {"title": "Patience", "status": "todo"})
    desk.fake.server.faults.append(Fault("reply", times=1, reply=Reply(502, {"message": "bad"})))
    desk.fake.server.faults.append(Fault("cut", times=1))
    assert key in desk.listed()


@pytest.mark.parametrize("kind", ["garbage", "half"])
def test_an_answer_that_is_no_answer_is_refused_in_a_sentence(desk: Desk, kind: Any) -> None:
    desk.fake.add("tasks", {"title": "Unread", "status": "todo"})
    desk.fake.server.faults.append(Fault(kind, times=99))
    with pytest.raises(RemoteError) as found:
        desk.remote.fetch(None, {})
    assert_is_one_sentence(found.value)
    desk.fake.server.faults.clear()
    assert len(desk.listed()) == 1


@pytest.mark.parametrize("token", ["wrong", "wrong\n", "tok with blanks", "тест"])
def test_a_wrong_token_is_refused_with_a_hint(desk: Desk, token: str) -> None:
    with (
        pytest.raises(AuthError) as found,
        open_remote(desk.fake.tie(), token, desk.fake.clock.world) as remote,
    ):
        remote.greet()
    assert_is_one_sentence(found.value)
    assert token not in found.value.message + (found.value.hint or "")


@pytest.mark.parametrize("scope", [{}, {"nowhere": "x"}])
def test_a_scope_that_says_too_little_is_refused(desk: Desk, scope: dict[str, str]) -> None:
    tie = desk.fake.tie(scope=scope)
    with (
        pytest.raises(RemoteError) as found,
        open_remote(tie, TOKEN, desk.fake.clock.world) as remote,
    ):
        remote.greet()
    assert_is_one_sentence(found.value)


def test_a_place_that_vanished_is_refused_by_name(desk: Desk) -> None:
    required = desk.remote.survey().required
    there = dict(desk.fake.tie().scope)
    name = required[-1]
    other = {"repository": "acme/vanished", "project": "acme/vanished"}.get(name, "vanished")
    tie = desk.fake.tie(scope={**there, name: other})
    with (
        pytest.raises(NotFoundError) as found,
        open_remote(tie, TOKEN, desk.fake.clock.world) as remote,
    ):
        remote.greet()
    assert_is_one_sentence(found.value)
    assert "vanished" in found.value.message


def test_the_survey_names_what_the_settings_need(desk: Desk) -> None:
    survey = desk.remote.survey()
    assert survey.account
    assert survey.required
    assert set(survey.required) <= set(desk.fake.tie().scope)
    people = {choice.means for choice in survey.users} | {choice.value for choice in survey.users}
    assert people & {"dana", "dana@example.com"}


def test_an_account_that_nobody_here_is_stays_over_there(desk: Desk) -> None:
    if not desk.holds("assignee"):
        return
    item = desk.make()
    desk.fake.edit("tasks", item.key, {"assignee": "stranger"})
    found = desk.listed()[item.key]
    assert isinstance(found.fields["assignee"], Foreign)
    after = desk.remote.update(found, {"title": "Renamed"})
    assert isinstance(after.fields["assignee"], Foreign)
    assert desk.fake.items("tasks")[item.key]["assignee"] == "stranger"


def test_a_user_without_an_account_cannot_be_represented(desk: Desk) -> None:
    if desk.holds("assignee"):
        assert isinstance(desk.remote.represent("tasks", "assignee", "nobody-there"), Foreign)


def test_listing_takes_no_more_requests_than_it_must(desk: Desk) -> None:
    for at in range(300):
        desk.fake.add("tasks", {"title": f"Task {at}", "status": "todo"})
    before = desk.remote.requests
    desk.remote.fetch(None, {})
    assert desk.remote.requests - before <= 1.2 * desk.fake.least(listed=300) + 1


def test_changing_takes_no_more_requests_than_it_must(desk: Desk) -> None:
    items = [desk.make(f"Task {at}", at) for at in range(1, 11)]
    before = desk.remote.requests
    fields = {"title": "New", "status": "in_progress", "labels": ["api"]}
    for item in items:
        desk.remote.update(item, desk.fitting(fields))
    assert desk.remote.requests - before <= 1.2 * desk.fake.least(listed=0, changed=10)


def test_the_token_goes_only_where_it_belongs(desk: Desk) -> None:
    desk.make("Private")
    desk.listed()
    for seen in desk.fake.server.seen:
        assert TOKEN not in seen.path
        assert all(TOKEN not in value for _, value in seen.query)
        assert TOKEN.encode() not in seen.body


def made_in_spite_of_all(desk: Desk, wanted: Wanted) -> Item:
    """Make an item as the engine does: when the answer is lost, it is looked for."""
    try:
        return desk.remote.create(wanted)
    except RemoteError as error:
        if not error.is_ambiguous:
            raise
    desk.fake.clock.pass_by(seconds=desk.can.settle)
    found = desk.remote.find(wanted)
    assert found is not None
    return found


def makes_a_task(seen: Seen) -> bool:
    """Whether a request makes a task, in any of the five APIs."""
    if seen.method != "POST":
        return False
    if "graphql" in seen.path:
        return b"issueCreate" in seen.body or b"IssueCreate" in seen.body
    return seen.path.endswith(("/issues", "/pages", "/tasks"))


def assert_is_one_sentence(error: RemoteError) -> None:
    assert error.message.endswith(".")
    assert "\n" not in error.message
    assert len(error.message) < 400
    assert TOKEN not in error.message
    assert error.hint
