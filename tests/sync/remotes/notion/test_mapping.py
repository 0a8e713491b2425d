"""A page of Notion's as an item, and a change as what Notion takes, field by field."""

import copy
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.sync.errors import DriftError, InvalidError
from orchestrator.sync.item import Foreign, Item
from orchestrator.sync.remotes.notion import mapping, values
from orchestrator.sync.remotes.notion.ids import plain_id, uuid_in
from orchestrator.sync.remotes.notion.table import Account, Column, Option, Table
from orchestrator.sync.remotes.notion.words import priorities_of, statuses_of

DANA, KIM, GUEST = (f"2b5c0000-7d1e-8000-9f0a-00000000000{at}" for at in (1, 2, 3))
PAGE, OTHER = (f"2b5c0000-7d1e-8000-9f0a-0000000000a{at}" for at in (1, 2))
STATUS = Column(
    "s%3At", "Stage", "status",
    (Option("Backlog", 0), Option("Doing", 1), Option("Blocked", 1), Option("Done", 2),
     Option("Shipped", 2)),
)  # fmt: skip
COLUMNS = {
    "title": Column("title", "Name", "title"),
    "description": Column("text", "Description", "rich_text"),
    "status": STATUS,
    "priority": Column("prio", "Priority", "select", (Option("LOW"),)),
    "assignee": Column("who%7B", "Assignee", "people"),
    "labels": Column("labl", "Labels", "multi_select"),
    "start_date": Column("strt", "Start", "date"),
    "due_date": Column("due", "Due", "date"),
    "estimated_minutes": Column("esti", "Estimate (min)", "number"),
    "parent": Column("prnt", "Parent item", "relation"),
    "dependencies": Column("b%3Ay", "Blocked by", "relation"),
    "external_id": Column("exid", "External ID", "rich_text"),
}
TABLE = Table(
    "tasks", PAGE, columns=COLUMNS, statuses=statuses_of("tasks", STATUS, {}),
    priorities=priorities_of(COLUMNS["priority"], {}),
    accounts={"dana": Account(DANA, "Dana", "dana@x"), "kim": Account(KIM, "Kim", "kim@x")},
)  # fmt: skip


def page(**values_: Any) -> dict[str, Any]:
    """A page that holds these values, by the field's name, as Notion shows them."""
    properties = {
        COLUMNS[name].name: {
            "id": COLUMNS[name].id, "type": COLUMNS[name].type, COLUMNS[name].type: value
        }
        for name, value in values_.items()
    }  # fmt: skip
    return {"id": PAGE, "last_edited_time": "2026-11-23T09:00:00.000Z", "properties": properties}


def item(**values_: Any) -> Item:
    return mapping.item(TABLE, page(**values_), {}, None)


def sent(changes: dict[str, Any], **values_: Any) -> Any:
    """What a change of one field sends for it."""
    (value,) = mapping.properties(TABLE, item(**values_), changes).values()
    (found,) = value.values()
    return found


def chosen(name: str) -> dict[str, str]:
    return {"id": "x", "name": name, "color": "default"}


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Doing", "in_progress"), ("blocked", "blocked"), ("Done", "completed"),
        ("Backlog", "todo"), ("Shipped", "completed"), ("Unheard of", Foreign("Unheard of")),
    ],
)  # fmt: skip
def test_an_option_is_read_by_its_name_and_otherwise_by_its_group(name: str, status: Any) -> None:
    assert item(status=chosen(name)).fields["status"] == status


@pytest.mark.parametrize(
    ("status", "name"),
    [
        ("todo", "Backlog"), ("in_progress", "Doing"), ("blocked", "Blocked"),
        ("in_review", "Doing"), ("completed", "Done"), ("cancelled", "Done"),
    ],
)  # fmt: skip
def test_a_status_without_an_option_shows_as_the_nearest_one(status: str, name: str) -> None:
    assert sent({"status": status}) == {"name": name}
    assert mapping.represent(TABLE, "status", status) == TABLE.status_of(name)


def test_an_option_of_the_same_meaning_is_left_alone() -> None:
    shipped = item(status=chosen("Shipped"))
    assert mapping.properties(TABLE, shipped, {"status": "completed"}) == {}
    assert sent({"status": "todo"}, status=chosen("Shipped")) == {"name": "Backlog"}


def test_a_status_of_the_settings_goes_before_its_usual_name() -> None:
    assert statuses_of("tasks", STATUS, {"completed": "shipped"})["completed"] == "Shipped"
    with pytest.raises(InvalidError, match=r"'Stage' in Notion has no option 'QA' \(any more\)"):
        statuses_of("tasks", STATUS, {"in_review": "QA"})
    with pytest.raises(InvalidError, match="no status that is called done"):
        statuses_of("tasks", STATUS, {"done": "Done"})


def test_an_empty_select_gets_the_usual_options() -> None:
    found = statuses_of("tasks", replace(STATUS, type="select", options=()), {"todo": "Open"})
    assert (found["todo"], found["in_review"]) == ("Open", "In review")


def test_a_priority_is_spelled_as_the_database_spells_it() -> None:
    assert sent({"priority": "low"}) == {"name": "LOW"}
    assert sent({"priority": "urgent"}) == {"name": "Urgent"}
    assert item(priority=chosen("low")).fields["priority"] == "low"
    assert item(priority=chosen("P0")).fields["priority"] == Foreign("P0")
    assert item(priority=None).fields["priority"] is None
    with pytest.raises(InvalidError, match="no priority that is called none"):
        priorities_of(None, {"none": "None"})


def people(*ids: str) -> list[dict[str, str]]:
    return [{"object": "user", "id": each, "name": f"name of {each[-1]}"} for each in ids]


def test_the_first_person_that_is_known_here_is_the_assignee() -> None:
    assert item(assignee=people(GUEST, KIM)).fields["assignee"] == "kim"
    assert item(assignee=people(GUEST)).fields["assignee"] == Foreign("name of 3")
    assert item(assignee=[]).fields["assignee"] is None


def test_further_people_stay_when_the_assignee_changes() -> None:
    assert sent({"assignee": "dana"}, assignee=people(GUEST, KIM)) == [{"id": DANA}, {"id": GUEST}]
    assert sent({"assignee": None}, assignee=people(GUEST, KIM)) == [{"id": GUEST}]
    with pytest.raises(InvalidError, match="no account for nobody"):
        sent({"assignee": "nobody"})


def test_a_due_date_keeps_its_time_and_its_end() -> None:
    due = {"start": "2026-12-01T14:30:00.000+01:00", "end": None, "time_zone": None}
    assert item(due_date=due).fields["due_date"] == "2026-12-01"
    moved = {"start": "2026-12-05T14:30:00.000+01:00"}
    assert sent({"due_date": "2026-12-05"}, due_date=due) == moved
    days = {"start": "2026-12-01", "end": "2026-12-03", "time_zone": None}
    assert sent({"due_date": "2026-12-02"}, due_date=days) == {
        "start": "2026-12-02", "end": "2026-12-03",
    }  # fmt: skip
    assert sent({"due_date": "2026-12-24"}, due_date=days) == {
        "start": "2026-12-24", "end": "2026-12-26",
    }  # fmt: skip
    assert sent({"due_date": None}, due_date=days) is None


RANGE = replace(
    TABLE, columns={"title": COLUMNS["title"], "dates": Column("dats", "Dates", "date")}
)


@pytest.mark.parametrize(
    ("span", "start", "due"),
    [
        (None, None, None),
        ({"start": "2026-12-01", "end": None}, None, "2026-12-01"),
        ({"start": "2026-12-01", "end": "2026-12-03"}, "2026-12-01", "2026-12-03"),
    ],
)
def test_one_property_holds_start_and_end(span: Any, start: Any, due: Any) -> None:
    prop = {"id": "dats", "type": "date", "date": span}
    row = {**page(), "properties": {"When": prop}}
    found = mapping.item(RANGE, row, {}, None)
    assert (found.fields["start_date"], found.fields["due_date"]) == (start, due)
    back = mapping.properties(RANGE, None, {"start_date": start, "due_date": due})
    shown = {name: each for name, each in (span or {}).items() if each}
    assert back == {"dats": {"date": shown or None}}


def test_in_one_property_the_other_day_stays() -> None:
    prop = {"id": "dats", "type": "date", "date": {"start": "2026-12-01", "end": "2026-12-03"}}
    found = mapping.item(RANGE, {**page(), "properties": {"When": prop}}, {}, None)
    changed = mapping.properties(RANGE, found, {"due_date": "2026-12-09"})
    assert changed == {"dats": {"date": {"start": "2026-12-01", "end": "2026-12-09"}}}
    alone = mapping.properties(RANGE, None, {"start_date": "2026-12-01"})
    assert alone == {"dats": {"date": None}}


@pytest.mark.parametrize(
    ("number", "minutes"),
    [(90, 90), (90.0, 90), (0, 0), (None, None), (1.5, Foreign("1.5")), (-3, Foreign("-3"))],
)
def test_a_number_is_minutes_when_it_can_be(number: Any, minutes: Any) -> None:
    assert item(estimated_minutes=number).fields["estimated_minutes"] == minutes


def test_the_first_of_several_parents_is_the_parent_and_the_others_stay() -> None:
    parents = [{"id": OTHER.replace("-", "")}, {"id": DANA}]
    assert item(parent=parents).fields["parent"] == OTHER
    assert sent({"parent": PAGE}, parent=parents) == [{"id": PAGE}, {"id": DANA}]


def test_more_than_a_hundred_relations_are_refused_in_words() -> None:
    keys = [PAGE[:-3] + f"{at:03x}" for at in range(101)]
    with pytest.raises(
        InvalidError, match="no more than 100 at once, and the dependencies are 101"
    ):
        sent({"dependencies": keys})


def test_labels_that_cannot_be_options_stay_here() -> None:
    labels = [" db ", "a,b", "api", "x" * 101, ""]
    assert sent({"labels": labels}) == [{"name": "api"}, {"name": "db"}]
    assert mapping.represent(TABLE, "labels", labels) == ["api", "db"]


def test_a_foreign_value_is_never_sent() -> None:
    assert mapping.properties(TABLE, None, {"status": Foreign("Odd"), "start_date": None}) == {
        "strt": {"date": None}
    }


@settings(max_examples=30)
@given(st.text(max_size=5000) | st.text("😀a", min_size=1990, max_size=6100))
def test_any_text_goes_in_pieces_that_notion_takes_and_comes_back(text: str) -> None:
    pieces = [each["text"]["content"] for each in values.rich_text(text, "description")]
    assert "".join(pieces) == text
    assert all(len(piece.encode("utf-16-le", "surrogatepass")) <= 4000 for piece in pieces)


def test_a_text_that_is_too_long_is_refused_in_words() -> None:
    with pytest.raises(InvalidError, match="more than the 200,000 signs"):
        values.rich_text("x" * 200_001, "description")


@given(st.sampled_from(["title", "description"]), st.text(max_size=200))
def test_what_is_written_comes_back_as_it_is_represented(name: str, text: str) -> None:
    (prop,) = mapping.properties(TABLE, None, {name: text}).values()
    (written,) = prop.values()
    shown = [{"plain_text": each["text"]["content"]} for each in written]
    once = mapping.represent(TABLE, name, text)
    assert item(**{name: shown}).fields[name] == once
    assert mapping.represent(TABLE, name, once) == once


def test_a_mark_is_ours_only_when_it_can_be_an_id() -> None:
    assert item(external_id=[{"plain_text": "PAY-7K3F "}]).external == "PAY-7K3F"
    assert item(external_id=[{"plain_text": "see the wiki"}]).external is None
    assert item(external_id=[]).external is None


def test_a_page_is_found_by_the_ids_of_its_properties_whatever_they_are_called() -> None:
    row = page(due_date={"start": "2026-12-01"})
    row["properties"] = {"Deadline": row["properties"]["Due"]}
    assert mapping.item(TABLE, row, {}, None).fields == {"due_date": "2026-12-01"}
    assert plain_id("b%3Ay") == plain_id("b:y") == "b:y"


def test_a_page_that_the_database_counts_has_its_number_as_a_name() -> None:
    row = page()
    unique = {"id": "u", "type": "unique_id", "unique_id": {"prefix": "ENG", "number": 12}}
    row["properties"] = {"ID": unique}
    assert mapping.item(TABLE, row, {}, None).name == "ENG-12"
    assert item().name == ""


@pytest.mark.parametrize("row", [None, [], {"id": PAGE}, {"object": "page", "id": 3}])
def test_what_is_no_page_is_refused(row: Any) -> None:
    with pytest.raises(DriftError, match="Notion answered with"):
        mapping.item(TABLE, row, {}, None)


@pytest.mark.parametrize(
    "text",
    [
        PAGE, PAGE.replace("-", ""), PAGE.upper(),
        f"https://www.notion.so/acme/The-Tasks-{PAGE.replace('-', '')}?v={OTHER.replace('-', '')}",
        f"https://app.notion.com/p/{PAGE.replace('-', '')}#top", f" {PAGE}/ ",
    ],
)  # fmt: skip
def test_an_id_is_found_in_whatever_people_copy(text: str) -> None:
    assert uuid_in(text) == PAGE


@pytest.mark.parametrize("text", ["", "vanished", "../" + PAGE[:-1], PAGE + "0", "%2e%2e"])
def test_what_has_no_id_has_none(text: str) -> None:
    assert uuid_in(text) is None


WHOLE = page(
    title=[{"plain_text": "Capture"}], description=[{"plain_text": "Why"}],
    status=chosen("Doing"), priority=chosen("LOW"), assignee=people(GUEST, KIM),
    labels=[chosen("api")], due_date={"start": "2026-12-01", "end": None, "time_zone": None},
    estimated_minutes=90, parent=[{"id": OTHER}], dependencies=[{"id": OTHER}],
    external_id=[{"plain_text": "PAY-1"}],
)  # fmt: skip
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, [], {}, "", "odd", 7, -1.5, True, [None], [7], {"id": 7}, [{}]]
)


@given(st.data())
def test_whatever_a_page_holds_is_read_or_refused_in_words(data: st.DataObject) -> None:
    row = copy.deepcopy(WHOLE)
    where: Any = row
    for _ in range(data.draw(st.integers(0, 5))):
        keys = list(where) if isinstance(where, dict) else list(range(len(where)))
        inner = [key for key in keys if isinstance(where[key], dict | list) and where[key]]
        if not inner:
            break
        where = where[data.draw(st.sampled_from(inner))]
    keys = list(where) if isinstance(where, dict) else list(range(len(where)))
    where[data.draw(st.sampled_from(keys))] = data.draw(ODD)
    with suppress(DriftError):
        found = mapping.item(TABLE, row, {}, None)
        assert found.key
        mapping.properties(TABLE, found, {"status": "todo", "due_date": "2026-12-24"})
