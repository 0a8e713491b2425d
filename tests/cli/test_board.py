"""The board as it is drawn, and its JSON."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.cli.board_text import Drawing, board_text
from orchestrator.cli.ink import cells
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TaskFilter
from orchestrator.model.vocabulary import PRIORITIES, TASK_STATUSES
from orchestrator.view.board import Lanes, board
from tests.conftest import Cli, write

TODAY = date(2026, 11, 22)
WIDE = Drawing(TODAY, 80, None, 10, False, "none")


def plan(tasks: Mapping[str, Mapping[str, Any]]) -> Snapshot:
    return Snapshot(
        {"name": "Test"},
        users={"dana": {"id": "dana", "name": "Dana Ionescu"}},
        projects={"pay": {"id": "pay", "title": "Payments", "status": "active"}},
        tasks={
            name: {"id": name, "title": name, "status": "todo", "project": "pay", **task}
            for name, task in tasks.items()
        },
    )


SMALL = plan(
    {
        "PAY-1": {
            "title": "Capture a payment in two steps", "assignee": "dana", "priority": "urgent",
            "due_date": "2026-11-20",
        },
        "PAY-2": {
            "title": "支払いを確定する 👍", "status": "in_progress", "due_date": "2026-11-24",
        },
        "PAY-3": {"title": "Refund", "status": "blocked", "priority": "low", "assignee": "lee"},
    }
)  # fmt: skip


def drawn(snapshot: Snapshot, drawing: Drawing) -> str:
    made = board(snapshot, TaskFilter(), TODAY, lanes=drawing.lanes)
    return board_text(snapshot, made, drawing)


def test_columns_stand_side_by_side_and_wide_characters_line_up() -> None:
    assert drawn(SMALL, WIDE).splitlines() == [
        "todo 1             in progress 1      blocked 1         in review 0  completed 0",
        "─────────────────  ─────────────────  ────────────────  ───────────  ───────────",
        "PAY-1 !!       DI  PAY-2         Tue  PAY-3 -       LE",
        "Capture a payment  支払いを確定する   Refund",
        "in two steps       👍",
        "2d late",
    ]


def test_a_narrow_screen_has_the_columns_below_each_other() -> None:
    assert drawn(SMALL, WIDE._replace(width=40)).splitlines() == [
        "todo 1",
        "PAY-1 Capture a payment i… !! 2d late DI",
        "",
        "in progress 1",
        "PAY-2 支払いを確定する 👍            Tue",
        "",
        "blocked 1",
        "PAY-3 Refund                        - LE",
    ]


def test_lanes_name_people_and_cards_then_do_not() -> None:
    said = drawn(SMALL, WIDE._replace(lanes="assignee"))
    assert "── dana  Dana Ionescu 1 ───" in said
    assert "── nobody 1 ───" in said
    assert " DI" not in said


def test_what_is_over_the_limit_is_counted() -> None:
    many = plan({f"PAY-{number}": {} for number in range(10, 30)})
    lines = drawn(many, WIDE._replace(limit=3)).splitlines()
    assert lines[0].startswith("todo 20 ")
    assert lines[-1] == "+17 more"
    assert sum(line.startswith("PAY-") for line in lines) == 6


def test_colours_are_there_when_they_are_wanted() -> None:
    said = drawn(SMALL, WIDE._replace(has_color=True))
    assert "\x1b[31m2d late\x1b[0m" in said
    assert "\x1b[1;31m!!\x1b[0m" in said


TASKS = st.fixed_dictionaries(
    {
        "title": st.text(st.sampled_from("ab -日👍\n"), max_size=40),
        "status": st.sampled_from(TASK_STATUSES),
        "priority": st.sampled_from(PRIORITIES),
        "completed_at": st.just("2026-11-21T00:00:00Z"),
    },
    optional={
        "assignee": st.sampled_from(["dana", "someone.with.a.long.name"]),
        "due_date": st.sampled_from(["2026-11-20", "2026-11-23", "2029-01-01"]),
    },
)


@given(
    st.lists(TASKS, min_size=1, max_size=12),
    st.integers(20, 130),
    st.integers(15, 40) | st.none(),
    st.sampled_from(["none", "assignee", "project", "priority"]),
)
def test_no_line_is_wider_and_a_board_without_lanes_no_higher_than_the_screen(
    tasks: list[dict[str, Any]], width: int, height: int | None, lanes: Lanes
) -> None:
    snapshot = plan({f"PAY-LONGER-{number}": task for number, task in enumerate(tasks)})
    said = drawn(snapshot, Drawing(TODAY, width, height, 5, False, lanes))
    lines = said.splitlines()
    assert max(map(cells, lines), default=0) <= width
    assert said.isprintable() or set(said) - {"\n"} == {c for c in said if c.isprintable()}
    if height is not None and lanes == "none" and width >= 100:
        assert len(lines) <= height


def test_json_has_a_list_a_column(cli: Cli, repo: Path) -> None:
    write(repo, {"projects/pay/tasks/PAY-4.yaml": "id: PAY-4\ntitle: x\nstatus: blocked\n"})
    found = json.loads(cli("board", "--json", "--limit", "1").stdout)
    assert found["total"] == 4
    assert [(column["status"], column["total"]) for column in found["columns"]] == [
        ("todo", 3), ("in_progress", 0), ("blocked", 1), ("in_review", 0), ("completed", 0),
    ]  # fmt: skip
    [card] = found["columns"][0]["tasks"]
    assert (card["id"], card["derived"]["ready"]) == ("PAY-1", False)
    lanes = json.loads(cli("board", "--json", "--lanes", "assignee").stdout)["lanes"]
    assert [(lane["assignee"], lane["total"]) for lane in lanes] == [("dana", 1), (None, 3)]


def test_the_command_filters_and_says_when_there_is_nothing(cli: Cli) -> None:
    said = cli("board", "-a", "me").stdout
    assert said.startswith("todo 1 ")
    assert "PAY-1 !" in said
    done = cli("board", "-s", "cancelled")
    assert (done.stdout, done.stderr) == ("", "No tasks.\n")
    assert "--lanes" in cli("board", "--lanes", "label", code=2).stderr


def test_old_completed_tasks_are_counted_on_stderr(cli: Cli, repo: Path) -> None:
    write(
        repo,
        {
            "projects/pay/tasks/PAY-4.yaml": (
                "id: PAY-4\ntitle: x\nstatus: completed\ncompleted_at: 2020-01-01T00:00:00Z\n"
            )
        },
    )
    assert cli("board").stderr == "1 completed earlier: --all shows them.\n"
    said = cli("board", "--all").stdout.splitlines()
    assert [" ".join(said[0].split()), said[2].split()[-1]] == [
        "todo 3 in progress 0 blocked 0 in review 0 completed 1 cancelled 0", "PAY-4",
    ]  # fmt: skip


@pytest.mark.parametrize("width", ["20", "59", "60", "200"])
def test_the_width_is_the_terminals(width: str, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    assert max(len(line) for line in cli("board").stdout.splitlines()) <= int(width)
