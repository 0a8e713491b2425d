"""Tables as tasks: columns by name and by wish, encodings, delimiters, dates, odd rows."""

import random
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exchange import csv_table
from orchestrator.exchange.calendar_words import is_ambiguous, order_in, spelled
from orchestrator.exchange.csv_columns import FIELDS
from orchestrator.exchange.csv_table import Options, Table
from orchestrator.exchange.imported import Document, Notebook
from orchestrator.exchange.keys import keys_of
from orchestrator.exchange.rows import TableError, delimiter_of, rows
from tests.exchange.into_plan import by_origin, into, sentences, sound

JIRA = (
    "Summary,Issue key,Issue id,Issue Type,Status,Project key,Project name,Priority,Assignee,"
    "Created,Resolved,Due date,Labels,Labels,Description,Original estimate,Time Spent,"
    "Inward issue link (Blocks),Parent,Custom field (Story Points)\n"
    "Cart,SHOP-1,10001,Story,In Progress,SHOP,Web Shop,High,Dana Ionescu,12/Jan/26 3:45 PM,,"
    '2026-02-01,api,web,"Lines,\nand ""totals"".",7200,5400,,,5\n'
    "Totals,SHOP-2,10002,Sub-task,Done,SHOP,Web Shop,Lowest,,13/Jan/26 9:00 AM,"
    "20/Jan/26 9:00 AM,,,,,,,SHOP-1,,\n"
    "Taxes,SHOP-3,10003,Sub-task,To Do,SHOP,Web Shop,Medium,,13/Jan/26 9:00 AM,,,,,,,,,10001,\n"
)
ASANA = (
    "Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,"
    "Start Date,Due Date,Tags,Notes,Projects,Parent task,Blocked By (Dependencies)\n"
    '1201,2026-01-02,2026-01-09,2026-01-09,"Ask, then wait",Untitled section,Dana,'
    'dana@example.com,2026-01-03,2026-01-08,"a,b",Why.,Shop,,\n'
    '1202,2026-01-02,,2026-01-09,Order,Doing,,,,,,,Shop,"Ask, then wait",\n'
    '1203,2026-01-02,,2026-01-09,Ship,,,,,,,,Shop,,"Ask, then wait"\n'
)
LINEAR = (
    "ID,Team,Title,Description,Status,Estimate,Priority,Project ID,Project,Creator,Assignee,"
    "Labels,Cycle Number,Created,Completed,Canceled,Due Date,Parent issue,Blocked by\n"
    'ENG-7,Eng,Search,,In Review,3,No priority,p1,Find It,Ana,ana@example.com,"Bug, UI",4,'
    "Mon Sep 29 2025 12:00:00 GMT+0000 (GMT),,,2025-10-09,,\n"
    "ENG-8,Eng,Index,,Canceled,,Urgent,,,,,,,Mon Sep 29 2025 12:00:00 GMT+0000 (GMT),,"
    "Tue Sep 30 2025 12:00:00 GMT+0000 (GMT),,ENG-7,ENG-7\n"
)
TRELLO = (
    "Card ID,Card Name,Card URL,Card Description,Labels,Members,Due Date,List ID,List Name,"
    "Board Name,Archived\n"
    '64f,Tiles,https://trello.example/c/1,20 m²,"Buy (green), Now (red)","ana, ben",'
    "2026-10-09T08:00:00.000Z,l1,Doing,House,false\n"
)


def table(text: str, **options: Any) -> Table:
    return csv_table.read(text.encode(), keys_of({}), Options(**options))


def one(text: str, **options: Any) -> Document:
    (task,) = table(text, **options).imported.tasks
    return task


def test_an_export_of_jira_is_understood() -> None:
    read = table(JIRA)
    found = by_origin(read.imported)
    assert found["SHOP-1"] == {
        "id": "SHOP-1",
        "title": "Cart",
        "status": "in_progress",
        "priority": "high",
        "assignee": "dana-ionescu",
        "labels": ["api", "web"],
        "description": 'Lines,\nand "totals".\n',
        "due_date": "2026-02-01",
        "created_at": "2026-01-12T15:45:00Z",
        "estimated_minutes": 120,
        "actual_minutes": 90,
        "project": "web-shop",
        "metadata": {
            "csv": {
                "id": "SHOP-1",
                "Issue_Type": "Story",
                "Project_key": "SHOP",
                "Custom_field_Story_Points_": "5",
                "other_id": "10001",
            }
        },
    }
    assert found["SHOP-2"]["completed_at"] == "2026-01-20T09:00:00Z"
    assert found["SHOP-2"]["dependencies"] == ["SHOP-1"]
    assert found["SHOP-3"]["parent"] == "SHOP-1"
    assert read.columns.by_field()["labels"] == ["Labels", "Labels"]
    assert "Issue Type" in read.columns.unmapped()
    assert sound(read.imported).projects["web-shop"]["title"] == "Web Shop"


def test_an_export_of_asana_is_understood() -> None:
    found = by_origin(table(ASANA, into="shop").imported)
    first = found["1201"]
    assert first["id"] == "SHOP-1201"
    assert first["status"] == "completed"
    assert first["labels"] == ["a", "b"]
    assert first["metadata"]["csv"]["status"] == "Untitled section"
    assert found["1202"]["parent"] == "SHOP-1201"
    assert found["1202"]["status"] == "in_progress"
    assert found["1203"]["dependencies"] == ["SHOP-1201"]
    users = table(ASANA).imported.users
    assert users == ({"id": "dana", "name": "Dana", "email": "dana@example.com"},)


def test_an_export_of_linear_is_understood_and_its_points_are_no_minutes() -> None:
    read = table(LINEAR, name="linear")
    found = by_origin(read.imported)
    assert found["ENG-7"]["project"] == "find-it"
    assert found["ENG-8"]["project"] == "linear"
    assert "estimated_minutes" not in found["ENG-7"]
    assert found["ENG-7"]["metadata"]["csv"]["Estimate"] == "3"
    assert "priority" not in found["ENG-7"]
    assert found["ENG-7"]["created_at"] == "2025-09-29T12:00:00Z"
    assert found["ENG-8"]["status"] == "cancelled"
    result = sound(read.imported)
    assert result.tasks["ENG-8"]["dependencies"] == ["ENG-7"]
    assert "parent" not in result.tasks["ENG-8"]  # it is in another project
    assert result.tasks["ENG-8"]["metadata"]["csv"]["dropped_parents"] == ["ENG-7"]


def test_an_export_of_trello_is_understood() -> None:
    found = one(TRELLO)
    assert (found["title"], found["status"]) == ("Tiles", "in_progress")
    assert found["labels"] == ["Buy (green)", "Now (red)"]
    assert found["assignee"] == "ana"
    assert found["due_date"] == "2026-10-09"
    assert found["metadata"]["csv"]["Due_Date"] == "2026-10-09T08:00:00.000Z"


def test_what_a_person_says_of_the_columns_is_done() -> None:
    text = "What,Name,When,Who,Kind\nBuy,Ana,2026-01-05,Ben,x\n"
    wishes = [("title", "What"), ("due_date", "when"), ("assignee", "Who"), ("labels", "Kind")]
    read = table(text, wishes=wishes)
    assert read.columns.by_field() == {
        "title": ["What"], "due_date": ["When"], "assignee": ["Who"], "labels": ["Kind"],
    }  # fmt: skip
    task = read.imported.tasks[0]
    assert (task["title"], task["due_date"], task["labels"]) == ("Buy", "2026-01-05", ["x"])
    assert task["metadata"]["csv"]["Name"] == "Ana"
    without = table("Title,Labels\nA,b\n", wishes=[("labels", "")])
    assert "labels" not in without.imported.tasks[0]
    assert without.imported.tasks[0]["metadata"]["csv"]["Labels"] == "b"


@pytest.mark.parametrize(
    ("text", "options", "sentence", "hint"),
    [
        ("a,b\n1,2\n", {}, "No column is the title; the columns are a, b.", "--map title=a"),
        ("", {}, "the columns are none", "--map title=Name"),
        ("title\nx\n", {"wishes": [("titel", "title")]}, "is no field", "title"),
        ("title\nx\n", {"wishes": [("labels", "Tagz")]}, "There is no column 'Tagz'", "first row"),
        ("title\nx\n", {"wishes": [("title", "")]}, "No column is the title", "--map"),
        ("title\nx\n", {"encoding": "zip"}, "is no encoding", "windows-1252"),
        ("title\né\n", {"encoding": "ascii"}, "not in ascii: line 2", "windows-1252"),
        ("title\nx\n", {"delimiter": "x"}, "is no delimiter", "comma"),
        ("title,due\nx,03/04/2026\n", {}, "Line 2 has '03/04/2026' under 'due'", "--dates dmy"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_type(
    text: str, options: Document, sentence: str, hint: str
) -> None:
    with pytest.raises(TableError) as caught:
        table(text, **options)
    assert sentence in caught.value.message
    assert hint in (caught.value.hint or "")


def test_dates_of_a_column_show_the_order_or_a_person_says_it() -> None:
    text = "title,due\na,03/04/2026\nb,25/04/2026\nc,05/05/2026\n"
    assert [each["due_date"] for each in table(text).imported.tasks] != []
    found = {each["title"]: each["due_date"] for each in table(text).imported.tasks}
    assert found == {"a": "2026-04-03", "b": "2026-04-25", "c": "2026-05-05"}
    assert one("title,due\na,03/04/2026\n", order="mdy")["due_date"] == "2026-03-04"
    assert one("title,due\na,3.4.2026\n")["due_date"] == "2026-04-03"
    assert one("title,due\na,soon\n")["metadata"]["csv"]["due"] == "soon"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Oct 5, 2026", "2026-10-05"),
        ("5 October 2026", "2026-10-05"),
        ("Monday, October 5th, 2026", "2026-10-05"),
        ("05-Oct-26", "2026-10-05"),
        ("2026/10/5", "2026-10-05"),
        ("12/Jan/26 12:05 AM", "2026-01-12T00:05:00"),
        ("5.10.2026 14:30", "2026-10-05T14:30:00"),
        ("Sat, 29 Nov 2025 18:00:00 +0100", "2025-11-29T18:00:00+0100"),
        ("2026-10-05T08:00:00Z", "2026-10-05T08:00:00Z"),
        ("every monday", "every monday"),
        ("40/40/2026", "40/40/2026"),
        ("5 Foo 2026", "5 Foo 2026"),
        ("x" * 200, "x" * 200),
    ],
)
def test_dates_are_spelled_as_others_do(written: str, read: str) -> None:
    assert spelled(written) == read


def test_what_could_be_two_days_is_known_to_be() -> None:
    assert is_ambiguous("3/4/2026")
    assert not is_ambiguous("4/4/2026")
    assert not is_ambiguous("3.4.2026")
    assert not is_ambiguous("13/4/2026")
    assert order_in(["3/4/2026", "4/13/2026"]) == "mdy"
    assert order_in(["13/4/2026", "4/13/2026"]) is None
    assert order_in([]) is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(delimiter: str) -> None:
    lines = [["title", "notes", "labels"], ["A", "one; two, three", "x"], ["B", '"q"', "y"]]
    text = "\n".join(delimiter.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line)
                     for line in lines)  # fmt: skip
    assert delimiter_of(text) == delimiter
    assert table(text).imported.tasks[0]["description"] in ("one; two, three\n", '"q"\n')
    assert one("sep=;\ntitle;x,y\nA;1\n")["title"] == "A"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_are_found_out_by_their_marks(encoding: str) -> None:
    data = "title;größe\r\nÄpfel;2\r\n".encode(encoding)
    assert csv_table.read(data).imported.tasks[0]["title"] == "Äpfel"


def test_another_encoding_is_refused_until_it_is_named() -> None:
    data = "title\nok\nÄpfel\n".encode("windows-1252")
    with pytest.raises(TableError, match="not in UTF-8: line 3"):
        csv_table.read(data)
    found = csv_table.read(data, None, Options(encoding="windows-1252")).imported
    assert "Äpfel" in {each["title"] for each in found.tasks}


def test_rows_of_other_lengths_are_read_and_counted() -> None:
    found = table("title,notes,labels\nA\nB,b,l,more\n\n ,,\n").imported
    assert [each["title"] for each in sorted(found.tasks, key=lambda each: each["title"])] == [
        "A",
        "B",
    ]
    assert len(sentences(found, "line")) == 2
    kept = by_origin(found)["B"]["metadata"]["csv"]
    assert kept["column_4"] == "more"


def test_a_quote_that_is_never_closed_hides_no_row_before_it() -> None:
    found = table('title,notes\nA,"x ""y"" z"\nB,"a"b\nC,"open\nD,d\n').imported
    assert {each["title"] for each in found.tasks} == {"A", "B"}
    assert sentences(found, "line")[0].startswith("line 4: It is left out, and so are 1 lines")


def test_lines_are_counted_through_quoted_ones() -> None:
    found = list(rows('a\n"1\n2"\n\nx\n', ",", Notebook()))
    assert [row.line for row in found] == [1, 2, 5]


def test_cells_that_look_like_formulas_are_text() -> None:
    task = one('title,notes\n=1+1,"=HYPERLINK(""x"")"\n')
    assert (task["title"], task["description"]) == ("=1+1", '=HYPERLINK("x")\n')
    escaped = one("title,notes\n'=1+1,'-x\n")
    assert (escaped["title"], escaped["description"]) == ("=1+1", "-x\n")
    assert one("title\n'quoted'\n")["title"] == "'quoted'"


def test_our_own_columns_are_known_by_their_names() -> None:
    text = (
        "id,project,title,status,priority,assignee,labels,parent,dependencies,start_date,due_date,"
        "estimated_minutes,spent_minutes,created_at,started_at,completed_at,description\n"
        "PAY-1,pay,One,completed,urgent,dana,a;b,,,2026-01-01,2026-01-02,90,30,"
        "2026-01-01T08:00:00+01:00,2026-01-01T09:00:00Z,2026-01-02T09:00:00Z,Why.\n"
        "PAY-2,pay,Two,in_review,,,,PAY-1,,,,,,2026-01-01T08:00:00Z,2026-01-02T08:00:00Z,,\n"
        "PAY-3,pay,Three,blocked,,,,,PAY-1;PAY-2,,,,,2026-01-01T08:00:00Z,,,\n"
    )
    read = table(text)
    assert read.columns.unmapped() == []
    result = sound(read.imported)
    assert {task["project"] for task in result.tasks.values()} == {"pay"}
    one_, two, three = (result.tasks[f"PAY-{at}"] for at in (1, 2, 3))
    assert {key: one_[key] for key in one_ if key not in ("metadata", "project")} == {
        "id": "PAY-1", "title": "One", "status": "completed", "priority": "urgent",
        "assignee": "dana", "labels": ["a", "b"], "description": "Why.\n",
        "start_date": "2026-01-01", "due_date": "2026-01-02", "estimated_minutes": 90,
        "actual_minutes": 30, "created_at": "2026-01-01T08:00:00+01:00",
        "started_at": "2026-01-01T09:00:00Z", "completed_at": "2026-01-02T09:00:00Z",
    }  # fmt: skip
    assert (two["parent"], two["status"]) == ("PAY-1", "in_review")
    assert (three["dependencies"], three["status"]) == (["PAY-1", "PAY-2"], "blocked")


def test_titles_do_for_ids_and_the_same_row_twice_is_there_twice_but_once_a_file() -> None:
    found = table("title,parent\nA,\nB,A\nA,\n", name="list").imported
    assert len(sentences(found, "duplicate")) == 1
    result = sound(found)
    assert len(result.tasks) == 3
    (b,) = [each for each in result.tasks.values() if each["title"] == "B"]
    assert "parent" not in b  # two tasks are called A
    assert b["metadata"]["csv"]["dropped_parents"] == ["A"]


def test_another_file_with_the_same_numbers_is_noticed() -> None:
    first, _ = into(table("id,title\n1,One\n", into="p").imported, "p")
    _, second = into(table("id,title\n1,Other\n", into="p").imported, "p", first)
    assert second.added == 0
    assert "It is called 'Other' there and 'One' here" in second.notes[-1].sentence


@pytest.mark.parametrize(
    ("header", "cell", "minutes"),
    [("Estimate", "90", 90), ("Estimate", "1h30m", 90), ("Estimate", "1d", 360),
     ("Estimated hours", "1,5", 90), ("Original estimate", "5400", 90),
     ("Estimate", "soon", None), ("Estimate", "9" * 12, None), ("Estimate (hours)", "2h", 120)],
)  # fmt: skip
def test_lengths_of_time_have_units(header: str, cell: str, minutes: int | None) -> None:
    task = one(f'title,{header}\nA,"{cell}"\n', hours_per_day=6)
    assert task.get("estimated_minutes") == minutes
    if minutes is None:
        assert cell.startswith(str(task["metadata"]["csv"]["Estimate"])[:3])


@pytest.mark.parametrize(
    ("row", "status"),
    [("Done,", "completed"), (",2026-01-01", "completed"), (",yes", "completed"),
     ("x,", "completed"), ("false,", "todo"), ("Brewing,", "todo"),
     ("Brewing,2026-01-01", "completed"), ("Doing,2026-01-01", "in_progress"), (",no", "todo")],
)  # fmt: skip
def test_status_and_completion_agree(row: str, status: str) -> None:
    task = one(f"title,status,completed\nA,{row}\n")
    assert task["status"] == status
    if row.startswith("Brewing"):
        assert task["metadata"]["csv"]["status"] == "Brewing"


@pytest.mark.parametrize(
    ("cell", "count"),
    [("Ionescu, Dana", 1), ("dana, lee", 2), ("Dana Ionescu, Lee Kim", 2), ("A;B", 2),
     ("Unassigned", 0), ("a@x.org,b@x.org", 2)],
)  # fmt: skip
def test_people_in_one_cell_are_one_or_several(cell: str, count: int) -> None:
    assert len(table(f'title,assignee\nA,"{cell}"\n').imported.users) == count


def test_every_field_can_be_named() -> None:
    header = ",".join(f"c{at}" for at in range(len(FIELDS)))
    wishes = [(field, f"c{at}") for at, field in enumerate(FIELDS)]
    row = ",".join("2026-01-05" if field.endswith(("_at", "_date")) else "1" for field in FIELDS)
    read = table(f"{header}\n{row}\n", wishes=wishes)
    assert set(read.columns.by_field()) == set(FIELDS)
    sound(read.imported)


CELL = st.text(max_size=6) | st.sampled_from(
    ["1", "A", "2026-01-05", "2030-01-05", "done", "1h", "A,1", '"', "a\nb", "25/04/2026", "x;y",
     "=1", "\x1b[2J", "\ud800"]
)  # fmt: skip
HEADER = st.lists(
    st.sampled_from([*FIELDS, "Issue key", "Blocked by", "Notes", "x", "", "Labels", "completed"]),
    max_size=8,
).map(lambda names: ["title", *names])


@given(HEADER, st.lists(st.lists(CELL, max_size=9), max_size=6), st.sampled_from(",;\t|"))
def test_any_table_makes_a_plan_without_errors(
    header: list[str], cells: list[list[str]], delimiter: str
) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    lines = [delimiter.join(map(quoted, row)) for row in [header, *cells]]
    data = "\n".join(lines).encode("utf-8", "replace")
    sound(csv_table.read(data, None, Options(order="dmy")).imported, "plan")


@given(st.binary(max_size=120))
def test_no_bytes_make_anything_but_a_plan_or_a_refusal(data: bytes) -> None:
    with suppress(TableError):
        csv_table.read(b"title,a\n" + data)


def test_ten_thousand_rows_take_no_longer_than_seconds() -> None:
    pick = random.Random(1).randrange
    body = "".join(
        f'{at},"Task, {at}",Doing,High,dana,"a,b",{pick(at) if at else ""},2026-01-05,text\n'
        for at in range(10_000)
    )
    text = f"id,title,status,priority,assignee,labels,blocked by,due,notes\n{body}"
    start = time.process_time()
    found = table(text, into="plan").imported
    assert len(found.tasks) == 10_000
    assert time.process_time() - start < 10
