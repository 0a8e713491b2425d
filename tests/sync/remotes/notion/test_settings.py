"""What the settings say of databases, properties, options and people, and what a survey tells."""

from collections.abc import Callable
from typing import Any

import pytest

from orchestrator.sync.errors import InvalidError, NotFoundError, RemoteError
from orchestrator.sync.item import Foreign
from tests.sync.fakes.notion import Notion
from tests.sync.fakes.notion_rows import Property, Table
from tests.sync.fakes.server import Fault, Reply
from tests.sync.remotes.notion.conftest import Opener, tasks, wanted


def scope(fake: Notion, **more: str) -> dict[str, str]:
    return {**fake.tie().scope, **more}


def test_everything_that_the_databases_have_can_be_held(opened: Opener) -> None:
    found = opened(greets=False).greet()
    assert set(found.fields["tasks"]) == {
        "title", "description", "status", "priority", "assignee", "labels", "start_date",
        "due_date", "estimated_minutes", "actual_minutes", "parent", "dependencies", "project",
    }  # fmt: skip
    assert set(found.fields["projects"]) == {
        "title", "description", "status", "priority", "owner", "tags", "start_date", "due_date",
    }  # fmt: skip
    assert {*found.fields["tasks"].values(), *found.fields["projects"].values()} == {"both"}
    assert found.notes == ()
    assert found.is_incremental


@pytest.mark.parametrize("how", ["id", "plain", "link"])
def test_a_database_is_named_by_its_id_or_its_link(fake: Notion, opened: Opener, how: str) -> None:
    id_ = fake.tasks.database
    plain = id_.replace("-", "")
    link = f"https://www.notion.so/acme/Tasks-{plain}?v={fake.tasks.id.replace('-', '')}"
    remote = opened(scope={"database": {"id": id_, "plain": plain, "link": link}[how]})
    assert remote.tables["tasks"].id == fake.tasks.id


def test_a_data_source_can_be_named_alone(fake: Notion, opened: Opener) -> None:
    remote = opened(scope={"data_source": fake.tasks.id})
    key = fake.add("tasks", {"title": "Capture"})
    assert set(tasks(remote.fetch(None, {}))) == {key}


def test_of_several_data_sources_one_is_named(fake: Notion, opened: Opener) -> None:
    more = Table(fake.book.new_id(), fake.tasks.database, "Archive", dict(fake.tasks.properties))
    fake.api.more_sources["Tasks"] = [more]
    with pytest.raises(InvalidError, match="not one data source but 2: Tasks, Archive"):
        opened()
    assert opened(scope=scope(fake, data_source="archive")).tables["tasks"].id == more.id
    with pytest.raises(NotFoundError, match="no data source 'Nothing'"):
        opened(scope=scope(fake, data_source="Nothing"))


def test_a_field_without_a_property_stays_local_and_is_told(fake: Notion, opened: Opener) -> None:
    for name in ("Start", "Parent item", "Sub-item", "Priority"):
        del fake.tasks.properties[name]
    fake.tasks.properties["Due"] = Property("dueX", "rich_text")
    found = opened(greets=False).greet()
    assert not {"start_date", "parent", "priority", "due_date"} & set(found.fields["tasks"])
    said = "The database Tasks has no property for {}: that stays local."
    lacking = "priority (Priority, select), start_date (Start, date), due_date (Due, date), parent"
    assert found.notes == (said.format(f"{lacking} (Parent item, relation)"),)


def test_a_property_is_named_by_the_settings(fake: Notion, opened: Opener) -> None:
    fake.tasks.properties["Deadline"] = fake.tasks.properties.pop("Due")
    for told in ("Deadline", "deadline", "due%5D", "due]"):
        assert opened(scope=scope(fake, due_date=told)).tables["tasks"].columns["due_date"].name
    remote = opened(scope=scope(fake, labels="none", project_tags="none"))
    assert "labels" not in remote.tables["tasks"].columns
    assert "tags" not in remote.tables["projects"].columns


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"due_date": "Deadline"}, "no property 'Deadline' (any more)"),
        ({"due_date": "Status"}, "'Status' in Notion is a status, and not a date"),
        ({"deadline": "Due"}, "a key that Notion does not know: deadline"),
        ({"database": ""}, "names no database"),
    ],
)
def test_a_scope_that_cannot_be_is_refused(
    fake: Notion, opened: Opener, changes: Any, said: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        opened(scope=scope(fake, **changes))
    assert said in refused.value.message
    assert refused.value.hint


def test_one_database_for_both_is_refused(fake: Notion, opened: Opener) -> None:
    with pytest.raises(InvalidError, match="one database for tasks and for projects"):
        opened(scope=scope(fake, projects=fake.tasks.database))


@pytest.mark.parametrize("key", ["database", "projects", "data_source"])
def test_a_database_that_vanished_is_refused_by_name(
    fake: Notion, opened: Opener, key: str
) -> None:
    gone = "2b5cffff-7d1e-8fff-9f0a-ffffffffffff"
    with pytest.raises(NotFoundError, match=gone) as refused:
        opened(scope=scope(fake, **{key: gone}))
    assert "Connections" in (refused.value.hint or "")


def test_a_database_without_a_place_for_the_id_is_only_read(fake: Notion, opened: Opener) -> None:
    del fake.tasks.properties["External ID"]
    with pytest.raises(InvalidError, match="no text property 'External ID'"):
        opened()
    remote = opened(direction="pull")
    assert remote.find(wanted({})) is None
    assert opened(scope=scope(fake, external_id="Description"), direction="both").tables


def test_one_property_can_hold_start_and_due(fake: Notion, opened: Opener) -> None:
    remote = opened(scope=scope(fake, start_date="Due"))
    days = {"start_date": "2026-12-01", "due_date": "2026-12-03"}
    item = remote.create(wanted(days))
    assert {name: item.fields[name] for name in days} == days
    assert fake.book.pages[item.key].values["due%5D"] == {
        "start": "2026-12-01", "end": "2026-12-03", "time_zone": None,
    }  # fmt: skip


def test_a_relation_to_somewhere_else_is_not_the_one_that_is_meant(
    fake: Notion, opened: Opener
) -> None:
    parent = fake.tasks.properties["Parent item"]
    fake.tasks.properties["Parent item"] = parent._replace(target=fake.projects.id, pair="")
    assert "parent" not in opened().tables["tasks"].columns


def test_without_a_database_for_projects_they_stay_local(fake: Notion, opened: Opener) -> None:
    found = opened(scope={"database": fake.tasks.database}, greets=False).greet()
    assert set(found.fields) == {"tasks"}
    assert "project" not in found.fields["tasks"]
    assert found.notes == ("Projects stay local: the scope names no database for them.",)


@pytest.mark.parametrize(("told", "is_told"), [("", True), ("body", False), ("none", False)])
def test_where_descriptions_are_is_told_unless_it_was_chosen(
    fake: Notion, opened: Opener, told: str, *, is_told: bool
) -> None:
    if not told:
        fake.describe_in_bodies()
    more = {"description": told, "project_description": told} if told else {}
    found = opened(scope=scope(fake, **more), greets=False).greet()
    assert ("description" in found.fields["tasks"]) is (told != "none")
    assert any("bodies of pages" in note for note in found.notes) is is_told


def test_people_are_found_by_the_settings_a_handle_or_an_email(
    fake: Notion, opened: Opener
) -> None:
    people = {"dana": ("DANA@example.com", None), "kim": (None, "Kim"), "lee": (None, None)}
    remote = opened(people=people, users={"lee": "who@else.example"})
    for user, who in (("dana", "dana"), ("kim", "kim"), ("lee", "stranger")):
        item = remote.create(wanted({"assignee": user}))
        assert fake.items("tasks")[item.key]["assignee"] == who
        remote.delete(item)
    assert remote.represent("tasks", "assignee", "nobody") == Foreign("nobody")


def test_a_connection_that_may_not_read_users_leaves_people_alone(
    fake: Notion, opened: Opener
) -> None:
    fake.api.may.discard("users")
    found = opened(greets=False).greet()
    assert "assignee" not in found.fields["tasks"]
    assert "owner" not in found.fields["projects"]
    assert found.notes == (
        "Assignees and owners stay local: the connection lacks the capability to read users.",
    )


@pytest.mark.parametrize("capability", ["read", "update", "insert"])
def test_a_capability_that_is_missing_is_told(
    fake: Notion, opened: Opener, capability: str
) -> None:
    remote = opened()
    item = remote.create(wanted({}))
    fake.api.may.discard(capability)
    calls: dict[str, Callable[[], object]] = {
        "read": lambda: remote.fetch(None, {}),
        "update": lambda: remote.update(item, {"title": "New"}),
        "insert": lambda: remote.create(wanted({}, 2)),
    }
    with pytest.raises(RemoteError, match="The connection may not do that in Notion"):
        calls[capability]()


def test_a_survey_tells_what_can_be_chosen(fake: Notion, opened: Opener) -> None:
    fake.api.page_size = 1
    found = opened(scope={}, greets=False).survey()
    assert found.account == "Planner in Acme"
    assert found.required == ("database",)
    choices = {choice.title: choice.value for choice in found.scopes["database"]}
    assert choices == {"Tasks": fake.tasks.database, "Projects": fake.projects.database}
    assert found.states == ()


def test_a_survey_of_a_database_tells_its_options_and_people(fake: Notion, opened: Opener) -> None:
    del fake.tasks.properties["External ID"]
    found = opened(greets=False).survey()
    states = {choice.value: choice.means for choice in found.states}
    assert (states["Done"], states["In review"], states["Doing"]) == (
        "completed", "in_review", None,
    )  # fmt: skip
    assert [choice.value for choice in found.priorities] == ["Low", "Medium", "High"]
    assert {choice.means for choice in found.users} == {
        "dana@example.com", "kim@example.com", "who@else.example",
    }  # fmt: skip


def test_a_database_that_is_described_oddly_is_refused(fake: Notion, opened: Opener) -> None:
    bodies: list[Any] = [{"object": "database"}, [], {"id": fake.tasks.database}]
    for body in bodies:
        fake.server.faults.append(Fault("reply", reply=Reply(200, body)))
        with pytest.raises(RemoteError) as refused:
            opened()
        assert refused.value.message.endswith(".")
