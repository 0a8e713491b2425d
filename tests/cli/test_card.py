"""The cards of tasks, projects and users, for a pipe and for a terminal."""

import json
import re
from pathlib import Path

import pytest

from orchestrator.cli.card import Fact, Part, show_card, text_line
from orchestrator.cli.session import Session
from tests.conftest import Cli, write

FULL = """\
id: PAY-1
title: Capture
status: in_progress
priority: high
assignee: dana
labels: [api, db]
start_date: 2020-01-01
due_date: 2020-02-01
created_at: 2019-12-31T09:00:00Z
started_at: 2020-01-01T09:00:00Z
estimated_minutes: 60
time_entries:
  - {at: 2020-01-01T09:00:00Z, minutes: 1}
  - {at: 2020-01-07T09:00:00Z, minutes: 7, note: the last}
  - {at: 2020-01-02T09:00:00Z, minutes: 2}
  - {at: 2020-01-03T09:00:00Z, minutes: 3}
  - {at: 2020-01-04T09:00:00Z, minutes: 4}
  - {at: 2020-01-05T09:00:00Z, minutes: 90, user: dana}
tests:
  unit: [amounts]
  security: [replay]
external_ids: {github: "7"}
metadata: {sprint: 3}
description: |
  # Why

  Some **bold** words.
"""
TASKS = "projects/pay/tasks"


@pytest.fixture
def full(cli: Cli, repo: Path) -> Cli:
    write(
        repo,
        {
            f"{TASKS}/PAY-1.yaml": FULL,
            f"{TASKS}/PAY-2.yaml": (
                "id: PAY-2\ntitle: Retry\nstatus: todo\nparent: PAY-1\ndependencies: [PAY-9]\n"
            ),
            f"{TASKS}/PAY-3.yaml": (
                "id: PAY-3\ntitle: Refund\nstatus: todo\ndependencies: [PAY-1]\nparent: PAY-2\n"
            ),
            f"{TASKS}/PAY-4.yaml": (
                "id: PAY-4\ntitle: Gone\nstatus: todo\ndeleted_at: 2026-01-01T00:00:00Z\n"
                "deleted_by: dana\ndeleted_with: PAY-5\n"
            ),
        },
    )
    return cli


def facts(text: str) -> dict[str, list[str]]:
    """Return the card's lines by name; a line without a name continues the one above."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.partition("\n\n")[0].splitlines():
        head, value = re.fullmatch(r"(\S+(?: \S+)*)? *  (.*)", line).groups()  # type: ignore[union-attr]
        name = head or name
        found.setdefault(name, []).append(value)
    return found


def test_a_task_in_a_pipe_is_lines_of_name_and_value(full: Cli) -> None:
    said = full("task", "show", "PAY-1").stdout
    found = facts(said)
    assert found["id"] == ["PAY-1"]
    assert found["status"] == ["in_progress"]
    assert found["project"] == ["pay  Payments"]
    assert found["assignee"] == ["dana  Dana Ionescu"]
    assert found["labels"] == ["api, db"]
    assert re.fullmatch(r"2020-02-01  \([\d,]+ days late\)", found["due_date"][0])
    assert found["effort"] == ["1h47m of 1h spent  0m remaining  over by 47m"]
    assert found["blocks"] == ["○ PAY-3  Refund  todo"]
    assert found["sub-tasks"] == ["○ PAY-2  Retry  0/1  0%"]
    assert found["tests"] == ["unit: amounts", "security: replay"]
    assert found["time_entries"][-2:] == [
        "2020-01-07T09:00:00Z  7m  the last", "1h47m in all, 1 earlier",
    ]  # fmt: skip
    assert len(found["time_entries"]) == 6
    assert found["external_ids"] == ["github: 7"]
    assert found["metadata"] == ["sprint: 3"]
    assert re.fullmatch(r"2019-12-31T09:00:00Z  \(\d+ years ago\)", found["created_at"][0])
    assert said.endswith("\n\n# Why\n\nSome **bold** words.\n")


def test_a_task_names_what_holds_it_up_and_what_is_wrong_with_it(full: Cli) -> None:
    found = facts(full("task", "show", "PAY-2").stdout)
    assert found["parent"] == ["PAY-1  Capture"]
    assert found["dependencies"] == ["? PAY-9  is not there"]
    assert found["problems"][0].startswith("error ORC206  ")
    below = facts(full("task", "show", "PAY-3").stdout)
    assert below["above"] == ["PAY-1 Capture"]
    assert below["dependencies"] == ["◐ PAY-1  Capture  holds this up"]


def test_a_deleted_task_says_how_it_comes_back(full: Cli) -> None:
    found = facts(full("task", "show", "PAY-4").stdout)
    assert (found["deleted_by"], found["deleted_with"]) == (["dana"], ["PAY-5"])
    assert found["to restore"] == ["orchestrator task restore PAY-5"]


def test_json_of_a_task_has_everything_and_what_is_derived(full: Cli) -> None:
    found = json.loads(full("task", "show", "PAY-3", "--json").stdout)
    derived = found["derived"]
    assert (derived["path"], derived["blocks"], derived["depth"]) == (["PAY-1", "PAY-2"], [], 2)
    assert derived["blocked_by"] == ["PAY-1"]
    assert set(derived["rollup"]) == {
        "estimated", "spent", "remaining", "done", "total", "progress", "is_over",
    }  # fmt: skip
    assert len(json.loads(full("task", "show", "PAY-1", "--json").stdout)["time_entries"]) == 6


def test_a_project_says_how_it_stands(full: Cli) -> None:
    found = facts(full("project", "show", "pay").stdout)
    assert found["tasks"] == ["2 todo  1 in progress"]
    assert found["overdue"][0].startswith("◐ PAY-1  Capture  ")
    assert found["over-runs"] == ["◐ PAY-1  Capture"]
    derived = json.loads(full("project", "show", "pay", "--json").stdout)["derived"]
    assert (derived["overdue"], derived["over_runs"]) == (1, ["PAY-1"])
    assert derived["rollup"]["spent"] == 107


def test_projects_list_their_progress_and_the_bin_its_own(full: Cli, repo: Path) -> None:
    write(
        repo,
        {
            "projects/old/project.yaml": (
                "id: old\nkey: OLD\ntitle: Old\nstatus: active\n"
                "deleted_at: 2026-01-01T00:00:00Z\ndeleted_by: dana\n"
            )
        },
    )
    assert full("project", "list").stdout == "pay  PAY  active  0%  3  3  0m    Payments\n"
    assert full("project", "list", "--deleted").stdout == (
        "old  OLD  2026-01-01 00:00  dana  0  Old\n"
    )
    rows = json.loads(full("project", "list", "--json", "--sort", "-spent").stdout)["projects"]
    assert [(row["id"], row["derived"]["rollup"]["is_over"]) for row in rows] == [("pay", True)]


def test_users_have_a_load(full: Cli, repo: Path) -> None:
    write(repo, {"users/ada.yaml": "id: ada\nname: Ada\nactive: false\n"})
    rows = json.loads(full("user", "list", "--json").stdout)["users"]
    assert [row["id"] for row in rows] == ["dana", "ada"]
    assert rows[0]["derived"] == {
        "open": 1, "remaining_minutes": 0, "due_this_week": 0, "overdue": 1, "in_progress": 1,
    }  # fmt: skip
    by_load = json.loads(full("user", "list", "--json", "--sort", "overdue").stdout)["users"]
    assert [row["id"] for row in by_load] == ["ada", "dana"]
    assert "Ada (inactive)" in full("user", "list").stdout
    found = facts(full("user", "show", "me").stdout)
    assert (found["id"], found["overdue"]) == (["dana"], ["1"])
    assert found["agenda"][0].startswith("◐ PAY-1  Capture  ")


def test_nobody_is_me_without_an_e_mail(cli: Cli, repo: Path) -> None:
    (repo / "users/dana.yaml").write_text("id: dana\nname: Dana\n")
    done = cli("user", "show", "me", code=1)
    assert "Nobody knows who me is" in done.stderr
    assert "hint: orchestrator user new ID email=" in done.stderr


def test_what_is_not_there_is_refused(cli: Cli) -> None:
    for noun, name in (("task", "PAY-99"), ("project", "pai"), ("user", "dan")):
        done = cli(noun, "show", name, code=1)
        assert f"There is no {noun} {name} ." in done.stderr
        assert done.stdout == ""


def shown(
    capsys: pytest.CaptureFixture[str], facts: list[Fact], text: str = "", *, has_color: bool = True
) -> str:
    heading: list[list[Part]] = [[("A heading", "1")]]
    show_card(Session(Path(), {"TERM": "dumb"}, has_color, True), heading, facts, text)
    return capsys.readouterr().out


def test_a_terminal_gets_a_heading_colours_and_markdown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = shown(capsys, [("title", [text_line("x")]), ("empty", [])], "# Why\n\n**bold** words\n")
    assert said.startswith("\x1b[1mA heading\x1b[0m\n\x1b[2mtitle\x1b[0m  x\n")
    assert "empty" not in said
    assert "**" not in said
    assert "\x1b[1mbold\x1b[0m words" in said
    plain = shown(capsys, [], "**bold** `code`", has_color=False)
    assert plain == "A heading\n\nbold code\n"


@pytest.mark.parametrize("text", ["&#27;[31m", "&#x9b;31m", "\x1b[31m", "`\x1b]0;x\x07`", "\u202e"])
def test_markdown_cannot_command_the_terminal(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = shown(capsys, [("title", [text_line(text)])], f"a {text} b", has_color=False)
    assert [char for char in said if not char.isprintable() and char != "\n"] == []


def test_long_lines_are_cut_to_the_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    line = [("● ", ""), ("PAY-1", ""), (f"  {'long ' * 20}", ""), ("  1h of 2h", "")]
    [_, fact] = shown(capsys, [("sub-tasks", [line])], has_color=False).splitlines()
    assert len(fact) == 40
    assert fact.startswith("sub-tasks  ● PAY-1  long ")
    assert fact.endswith("…  1h of 2h")
