"""What is Motion's alone: hidden tasks, twelve requests a minute, projects that only begin."""

import pytest

from orchestrator.sync.errors import ForbiddenError, InvalidError, NotFoundError
from orchestrator.sync.item import Foreign, Wanted
from orchestrator.sync.remotes.motion.remote import Motion as Remote
from tests.sync.fakes.motion import Motion
from tests.sync.fakes.server import Fault, Reply
from tests.sync.fakes.tracker import TOKEN
from tests.sync.remotes.motion.conftest import made, only


@pytest.mark.parametrize("ends_with_null", [True, False])
@pytest.mark.parametrize("size", [1, 3, 50])
def test_the_server_chooses_how_much_is_on_a_page(
    fake: Motion, remote: Remote, size: int, *, ends_with_null: bool
) -> None:
    fake.page_size, fake.ends_with_null = size, ends_with_null
    keys = {fake.add("tasks", {"title": f"T{n}", "status": "completed"}) for n in range(7)}
    assert {item.key for item in remote.fetch(None, {}).items} == keys


def test_pages_that_go_in_a_circle_are_refused(fake: Motion, remote: Remote) -> None:
    page = {"meta": {"nextCursor": "c_1", "pageSize": 1}, "projects": []}
    fake.server.faults.append(Fault("reply", times=5, reply=Reply(200, page)))
    with pytest.raises(Exception, match="pages without end"):
        remote.fetch(None, {})


def test_one_person_asks_no_more_than_twelve_times_a_minute(fake: Motion) -> None:
    fake.is_team = False
    with Remote(fake.tie(), TOKEN, fake.clock.world) as remote:
        remote.greet()
        began = fake.clock.now()
        item = made(remote)
        for n in range(30):
            remote.update(item, {"title": f"T{n}"})
    assert (fake.clock.now() - began).total_seconds() >= 120
    assert all(seen.headers["x-api-key"] == TOKEN for seen in fake.server.seen)
    # The pace was kept from our side: Motion never had to refuse.
    assert len(fake.server.seen) == remote.requests == 4 + 31


def test_where_motion_does_not_say_how_long_the_wait_grows(fake: Motion, remote: Remote) -> None:
    fake.server.faults.append(Fault("reply", times=3, reply=fake.limited()))
    slept = len(fake.clock.slept)
    remote.fetch(None, {})
    assert fake.clock.slept[slept:] == [5, 10, 20]


@pytest.mark.parametrize("status", [200, 204])
def test_either_answer_to_a_deletion_is_fine(fake: Motion, remote: Remote, status: int) -> None:
    fake.deletes_with = status
    item = made(remote)
    remote.delete(item)
    assert fake.items("tasks") == {}
    assert remote.look("tasks", item.key, item.kept) is None


def test_name_and_workspace_are_always_sent(fake: Motion, remote: Remote) -> None:
    remote.update(made(remote), {"priority": "urgent"})
    body = fake.server.seen[-1].json
    assert body == {"name": "Capture", "workspaceId": "w_1", "priority": "ASAP"}


def test_an_assignee_is_taken_away_by_a_request_of_its_own(fake: Motion, remote: Remote) -> None:
    item = remote.update(made(remote, assignee="dana"), {"assignee": None, "title": "Free"})
    assert (item.fields["assignee"], item.fields["title"]) == (None, "Free")
    assert [seen.method for seen in fake.server.seen[-2:]] == ["DELETE", "PATCH"]
    assert remote.update(item, {"assignee": None}).fields["assignee"] is None


def test_the_description_is_what_was_sent_until_somebody_edits_it(
    fake: Motion, remote: Remote
) -> None:
    text = "1) not quite\n* what HTML\n+ gives back"
    item = made(remote, description=text)
    assert item.fields["description"] == text
    known = {("tasks", item.key): item.kept}
    again = only(remote, known)
    assert again.fields["description"] == text
    fake.edit("tasks", item.key, {"description": "Somebody **else**"})
    assert only(remote, known).fields["description"] == "Somebody **else**"


def test_the_mark_outlives_a_new_description(fake: Motion, remote: Remote) -> None:
    item = made(remote, description="Old")
    remote.update(item, {"description": "New"})
    assert fake.items("tasks")[item.key]["description"] == "New"
    assert only(remote).external == "PAY-1"


def test_a_start_date_is_read_where_motion_schedules(fake: Motion, remote: Remote) -> None:
    fake.add("tasks", {"title": "Scheduled", "start_date": "2026-11-25"})
    assert only(remote).fields["start_date"] == "2026-11-25"
    assert "start_date" not in made(remote, start_date="2026-11-26").fields


def test_a_status_that_nobody_mapped_stays_over_there(fake: Motion, remote: Remote) -> None:
    fake.add("tasks", {"title": "Someday", "status": "Backlog"})
    item = only(remote)
    assert item.fields["status"] == Foreign("Backlog")
    remote.update(item, {"title": "Some day"})
    assert fake.items("tasks")[item.key]["status"] == "Backlog"


def test_a_project_is_made_with_all_it_can_hold(fake: Motion, remote: Remote) -> None:
    fields = {
        "title": "Payments", "description": "# Why\n\nMoney.", "priority": "high",
        "tags": ["api", "unknown"], "due_date": "2026-12-24",
    }  # fmt: skip
    wanted = Wanted("projects", "payments", "6f9c1d52-0d3b-4b7e-8a41-0f4a5f0b9c21", fields)
    item = remote.create(wanted)
    body = fake.server.seen[-1].json
    assert (body["priority"], body["labels"], body["dueDate"]) == ("HIGH", ["api"], "2026-12-24")
    assert "<h1>Why</h1>" in body["description"]
    assert (item.fields["title"], item.fields["description"]) == ("Payments", "# Why\n\nMoney.")
    assert "due_date" not in item.fields
    assert remote.find(wanted) is not None
    task = made(remote, project=item.key)
    assert task.fields["project"] == item.key


def test_a_project_is_not_deleted(fake: Motion, remote: Remote) -> None:
    fake.add("projects", {"title": "Payments"})
    (project,) = remote.fetch(None, {}).items
    with pytest.raises(ForbiddenError, match="cannot delete the project Payments"):
        remote.delete(project)


def test_a_due_date_that_is_taken_away_here_stays_there(remote: Remote) -> None:
    item = made(remote, due_date="2026-12-01")
    assert remote.update(item, {"due_date": None}).fields["due_date"] == "2026-12-01"


def test_a_workspace_is_found_by_name_or_id(fake: Motion) -> None:
    for name in ("engineering", "w_1"):
        with Remote(fake.tie(scope={"workspace": name}), TOKEN, fake.clock.world) as remote:
            remote.greet()
            assert remote.words.workspace == "w_1"
    with (
        Remote(fake.tie(scope={"workspace": "Sales"}), TOKEN, fake.clock.world) as remote,
        pytest.raises(NotFoundError) as found,
    ):
        remote.greet()
    assert "Engineering" in str(found.value.hint)


def test_a_label_that_motion_refuses_is_named(fake: Motion, remote: Remote) -> None:
    refused = Reply(400, {"message": "Label x does not exist in workspace"})
    fake.server.faults.append(Fault("reply", times=1, reply=refused))
    with pytest.raises(InvalidError) as found:
        made(remote)
    assert found.value.field == "labels"
    assert "workspace settings" in str(found.value.hint)


def test_ids_do_not_leave_their_place_in_the_path(fake: Motion, remote: Remote) -> None:
    assert remote.look("tasks", "../users/me?x=", {}) is None
    assert fake.server.seen[-1].path == "/tasks/..%2Fusers%2Fme%3Fx%3D"


def test_the_survey_shows_workspaces_first_and_statuses_then(fake: Motion) -> None:
    with Remote(fake.tie(scope={}), TOKEN, fake.clock.world) as remote:
        assert [choice.value for choice in remote.survey().scopes["workspace"]] == ["Engineering"]
        assert remote.survey().states == ()
    with Remote(fake.tie(), TOKEN, fake.clock.world) as remote:
        means = {choice.value: choice.means for choice in remote.survey().states}
    assert means["In Progress"] == "in_progress"
    assert means["Backlog"] is None


@pytest.mark.parametrize("zone", ["Nowhere/Land", "", None])
def test_an_odd_time_zone_is_utc(fake: Motion, zone: str | None) -> None:
    reply = Reply(200, [{"name": "Work", "timezone": zone, "isDefaultTimezone": True}])
    fake.server.faults.append(
        Fault("reply", fits=lambda seen: seen.path == "/schedules", reply=reply)
    )
    with Remote(fake.tie(), TOKEN, fake.clock.world) as remote:
        remote.greet()
        assert remote.words.zone == "UTC"
