"""A Backlog.md folder as tasks."""

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exchange import backlog_md
from orchestrator.exchange.imported import Document, Imported

CONFIG = """\
project_name: "Payments"
statuses: ["To Do", "Brewing", "Shipped!"]
task_prefix: "back"
definition_of_done: ["tests pass"]
"""


def imported(files: dict[str, str]) -> Imported:
    return backlog_md.read({"config.yml": CONFIG.encode()} | _encoded(files))


def _encoded(files: dict[str, str]) -> dict[str, bytes]:
    return {path: dedent(text).encode() for path, text in files.items()}


def by_id(found: Imported) -> dict[str, Document]:
    return {task["id"]: task for task in found.tasks}


def one(text: str, path: str = "tasks/back-1 - One-thing.md") -> Document:
    (task,) = imported({path: text}).tasks
    return task


def sentences(found: Imported, kind: str) -> list[str]:
    return [f"{note.source}: {note.sentence}" for note in found.notes if note.kind == kind]


def test_a_file_becomes_a_task_with_everything_it_says() -> None:
    found = imported(
        {
            "tasks/back-7 - Retry.md": """\
            ---
            id: BACK-7
            title: 'CLI: retry'
            status: In Progress
            assignee:
              - '@codex'
              - '@Dana'
            reporter: '@sam'
            created_date: '2026-01-01 23:37'
            updated_date: '2026-01-03'
            labels: [cli, web ui]
            type: bug
            milestone: m-1
            dependencies: []
            priority: high
            ordinal: 4000
            due_date: '2026-05-06'
            references:
              - https://example.com/1
            documentation: []
            ---

            ## Description

            <!-- SECTION:DESCRIPTION:BEGIN -->
            Why.
            <!-- SECTION:DESCRIPTION:END -->

            ## Acceptance Criteria
            <!-- AC:BEGIN -->
            - [x] #1 it works
            <!-- AC:END -->

            ```
            <!-- AC:BEGIN -->
            ```
            """,
            "milestones/m-1 - launch.md": "---\nid: m-1\ntitle: Launch\n---\nSoon.\n",
        }
    )
    assert found.tasks == (
        {
            "id": "BACK-7",
            "title": "CLI: retry",
            "status": "in_progress",
            "priority": "high",
            "assignee": "codex",
            "labels": ["cli", "web ui", "bug", "milestone:Launch"],
            "description": "Why.\n\n## Acceptance Criteria\n- [x] #1 it works\n\n```\n"
            "<!-- AC:BEGIN -->\n```\n",
            "due_date": "2026-05-06",
            "created_at": "2026-01-01T23:37:00Z",
            "started_at": "2026-01-03T00:00:00Z",
            "metadata": {
                "backlog_md": {
                    "id": "BACK-7",
                    "reporter": "@sam",
                    "updated_date": "2026-01-03",
                    "type": "bug",
                    "milestone": "m-1",
                    "ordinal": 4000,
                    "references": ["https://example.com/1"],
                    "assignees": ["@codex", "@Dana"],
                }
            },
        },
    )
    assert [user["id"] for user in found.users] == ["codex", "dana", "sam"]
    assert found.project == {
        "key": "BACK",
        "title": "Payments",
        "metadata": {
            "backlog_md": {
                "statuses": ["To Do", "Brewing", "Shipped!"],
                "definition_of_done": ["tests pass"],
                "milestones": [{"id": "m-1", "title": "Launch", "description": "Soon."}],
            }
        },
    }


@pytest.mark.parametrize(
    ("written", "folder", "status"),
    [
        ("To Do", "tasks", "todo"),
        ("In Progress", "tasks", "in_progress"),
        ("Done", "tasks", "completed"),
        ("Brewing", "tasks", "in_progress"),
        ("Shipped!", "tasks", "completed"),
        ("Won't Do", "tasks", "cancelled"),
        ("Nobody knows", "tasks", "todo"),
        ("To Do", "completed", "completed"),
        ("To Do", "archive/tasks", "cancelled"),
        ("Done", "archive/tasks", "completed"),
        ("Draft", "drafts", "todo"),
    ],
)
def test_status_comes_from_the_word_the_configuration_and_the_folder(
    written: str, folder: str, status: str
) -> None:
    task = one(f'---\nid: BACK-1\ntitle: T\nstatus: "{written}"\n---\n', f"{folder}/back-1 - T.md")
    assert task["status"] == status
    kept = task["metadata"]["backlog_md"]
    assert kept.get("folder") == (None if folder == "tasks" else folder)
    plain = {"To Do": "todo", "In Progress": "in_progress", "Done": "completed"}
    assert kept.get("status") == (None if plain.get(written) == status else written)


def test_a_completed_task_takes_the_best_date_that_there_is() -> None:
    task = one("---\nid: BACK-1\ntitle: T\nstatus: Done\nupdated_date: 2026-02-03\n---\n")
    assert task["completed_at"] == "2026-02-03T00:00:00Z"
    text = "---\nid: BACK-1\ntitle: T\nstatus: Done\nupdated_date: 2026-02-03\n"
    task = one(f"{text}completed_date: 2026-02-01\n---\n")
    assert task["completed_at"] == "2026-02-01T00:00:00Z"


def test_references_are_found_by_number_when_the_prefix_was_changed() -> None:
    found = imported(
        {
            "tasks/back-24.01 - A.md": "---\nid: BACK-24.01\ntitle: A\n"
            "parent_task_id: task-24\n---\n",
            "tasks/back-24 - B.md": "---\nid: BACK-24\ntitle: B\n---\n",
            "tasks/back-25 - C.md": "---\nid: BACK-25\ntitle: C\n"
            "dependencies: [task-24.1, '24', back-24, task-99, other-24]\n---\n",
        }
    )
    tasks = by_id(found)
    assert tasks["BACK-24-01"]["parent"] == "BACK-24"
    assert tasks["BACK-25"]["dependencies"] == ["BACK-24", "BACK-24-01"]
    assert tasks["BACK-25"]["metadata"]["backlog_md"]["dropped_dependencies"] == [
        "task-99",
        "other-24",
    ]


def test_an_archived_task_with_an_id_that_was_used_again_is_another_task() -> None:
    found = imported(
        {
            "completed/back-76 - New.md": "---\nid: BACK-76\ntitle: New\nstatus: Done\n---\n",
            "archive/tasks/back-76 - Old.md": "---\nid: BACK-76\ntitle: Old\n---\n",
            "archive/tasks/back-76.1 - Part.md": "---\nid: BACK-76.1\ntitle: Part\n---\n",
        }
    )
    tasks = by_id(found)
    assert tasks["BACK-76"]["title"] == "New"
    assert tasks["BACK-76-X2"]["title"] == "Old"
    assert tasks["BACK-76-X2"]["metadata"]["backlog_md"]["copy"] == 2
    assert tasks["BACK-76-1"]["parent"] == "BACK-76-X2"
    assert sentences(found, "duplicate")


def test_people_may_be_written_without_quotes() -> None:
    found = imported(
        {
            "tasks/back-1 - A.md": "---\nid: BACK-1\ntitle: A\nassignee: @MrLesk\n"
            "reporter: @O'Neil\n---\n",
            "tasks/back-2 - B.md": "---\nid: BACK-2\ntitle: B\nassignee: [@mrlesk, x]\n---\n",
            "tasks/back-3 - C.md": "---\nid: BACK-3\ntitle: C\nassignee:\n  - @MrLesk\n---\n",
        }
    )
    assert {task.get("assignee") for task in found.tasks} == {"mrlesk"}
    assert [user["name"] for user in found.users] == ["MrLesk", "O'Neil", "x"]


@pytest.mark.parametrize(
    "front",
    [
        "id: BACK-1\ntitle: &a T\nlabels:\n  - one\n",
        "id: BACK-1\ntitle: T\ntitle: Twice\nlabels:\n- one\n",
        "id:\tBACK-1\ntitle: 'T'\nlabels: [one]\n\todd\n",
        "id: BACK-1\ntitle: T: colon\nlabels: ['one']\n",
        "id: BACK-1\ntitle: !!str T\nlabels: [one]\n",
    ],
)
def test_front_matter_that_is_no_clean_yaml_is_read_line_by_line(front: str) -> None:
    found = imported({"tasks/back-1 - One.md": f"---\n{front}---\nBody.\n"})
    (task,) = found.tasks
    assert task["id"] == "BACK-1"
    assert task["title"] in ("T", "&a T", "!!str T", "T: colon")
    assert task["labels"] == ["one"]
    assert task["description"] == "Body.\n"
    assert "line by line" in sentences(found, "front-matter")[0]


def test_a_file_without_front_matter_is_named_by_its_file() -> None:
    task = one("Just text.\n", "tasks/back-9 - Fix-the-thing.md")
    assert (task["id"], task["title"]) == ("BACK-9", "Fix the thing")
    assert task["description"] == "Just text.\n"


def test_line_ends_bom_control_characters_and_other_encodings_are_cleaned() -> None:
    text = "---\nid: BACK-1\ntitle: T\n---\nA\x00\x1b[31mB\n"
    for data in (
        b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
        text.encode("utf-16"),
    ):
        found = backlog_md.read({"tasks/back-1 - T.md": data})
        assert found.tasks[0]["description"] == "A[31mB\n"
        assert found.tasks[0]["title"] == "T"
    (task,) = backlog_md.read({"tasks/back-1 - T.md": b"caf\xe9"}).tasks
    assert task["description"] == "caf\ufffd\n"


def test_what_is_no_task_is_noted() -> None:
    found = imported(
        {
            "docs/doc-1 - Guide.md": "---\nid: doc-1\n---\n",
            "decisions/decision-1 - Yes.md": "",
            "tasks/readme.md": "",
            "tasks/image.png": "",
            "elsewhere/x.md": "",
        }
    )
    assert found.tasks == ()
    assert [note.source for note in found.notes] == [
        "decisions/decision-1 - Yes.md",
        "docs/doc-1 - Guide.md",
        "elsewhere/x.md",
        "tasks/image.png",
    ]


def test_odd_values_are_kept_and_noted() -> None:
    found = imported(
        {
            "tasks/back-1 - T.md": "---\nid: BACK-1\ntitle: 2026\nstatus: To Do\npriority: huge\n"
            "created_date: someday\ndue_date: 2026-05-06 10:00\nlabels: a, b\nassignee: ''\n---\n"
        }
    )
    (task,) = found.tasks
    assert task["title"] == "2026"
    assert task["labels"] == ["a", "b"]
    assert task["due_date"] == "2026-05-06"
    assert task["metadata"]["backlog_md"] == {
        "id": "BACK-1",
        "priority": "huge",
        "created_date": "someday",
        "due_date": "2026-05-06 10:00",
    }
    assert sentences(found, "priority")
    assert sentences(found, "date")


def test_a_file_that_is_too_large_is_left_out() -> None:
    found = backlog_md.read({"tasks/back-1 - T.md": b"x" * (4 * 1024 * 1024 + 1)})
    assert found.tasks == ()
    assert "4,194,305 bytes" in sentences(found, "file")[-1]


@given(
    st.dictionaries(
        st.sampled_from(["config.yml", "tasks/a.md", "tasks/back-1 - x.md", "milestones/m.md"]),
        st.binary(max_size=80)
        | st.text(max_size=60).map(lambda text: f"---\n{text}\n---\n{text}".encode())
        | st.text("id:- []@'\"\nx#&*!{}|>%\t", max_size=60).map(
            lambda text: f"---\n{text}\n---\n".encode()
        ),
    )
)
def test_no_bytes_make_the_reader_fail(files: dict[str, bytes]) -> None:
    assert isinstance(backlog_md.read(files), Imported)
