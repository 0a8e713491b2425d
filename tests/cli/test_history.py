"""`history`, `blame`, `burndown` and `throughput` as people type them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import PLAN, Cli, write

Git = Callable[..., str]
TASK = "projects/pay/tasks/PAY-1.yaml"


def test_history_says_when_who_and_what(cli: Cli) -> None:
    cli("task", "set", "PAY-1", "priority=low", "--commit")
    cli("task", "set", "PAY-1", "labels+=web")
    first, second, third = cli("history", "PAY-1").stdout.split("\n\n")
    assert first == "not committed\n    PAY-1: labels: api, db → api, db, web"
    head, line = second.splitlines()
    assert "2026-11-22 " in head
    assert "  Dana Ionescu  " in head
    assert line == "    PAY-1: priority: high → low"
    assert third.splitlines()[1:] == ["    Add PAY-1: Capture", "    “Start”"]
    assert cli("history", "PAY-1", "--field", "priority").stdout.count("PAY-1:") == 2
    limited = cli("history", "PAY-1", "--limit", "1")
    assert limited.stdout == f"{first}\n"
    assert limited.stderr == "1-1 of 3; --offset 1 shows more\n"
    assert cli("history", "PAY-1", "--offset", "1").stderr == "2-3 of 3\n"


def test_history_in_json(cli: Cli) -> None:
    cli("task", "set", "PAY-1", "due=2026-12-24", "--commit")
    answer = json.loads(cli("history", "PAY-1", "--field", "due", "--json").stdout)
    assert answer["total"] == 1
    [row] = answer["changes"]
    assert row["words"] == ["PAY-1: due_date: - → 2026-12-24"]
    assert (row["author"], row["id"], len(row["commit"])) == ("Dana Ionescu", "PAY-1", 40)
    assert row["after"]["due_date"] == "2026-12-24"


def test_who_proposed_it_and_why(cli: Cli, repo: Path, git: Git) -> None:
    (repo / TASK).write_text(PLAN[TASK].replace("high", "urgent"))
    git(repo, "commit", "-qam", "Up\n\nOrchestrator-Agent: planner\nReason: \x1b[31mlate\n")
    said = cli("history", "PAY-1").stdout
    assert "    proposed by planner\n    because: \\x1b[31mlate\n" in said


def test_a_deletion_and_time_are_told_as_such(cli: Cli) -> None:
    cli("task", "log", "PAY-2", "1h30m", "typed")
    cli("task", "rm", "PAY-3", "--commit")
    assert "    Delete PAY-3\n" in cli("history", "PAY-3").stdout
    assert "    Delete PAY-3\n" in cli("history", "PAY-3", "--field", "deleted_at").stdout
    assert "1h30m" in cli("history", "PAY-2", "--field", "time_entries").stdout


def test_a_purged_task_can_be_asked_about(cli: Cli, repo: Path, git: Git) -> None:
    git(repo, "rm", "-q", TASK)
    git(repo, "commit", "-qm", "Purge")
    assert "    Remove PAY-1\n" in cli("history", "PAY-1").stdout
    refused = cli("blame", "PAY-1", code=1)
    assert refused.stderr.startswith("error: PAY-1 is gone.\n")


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("ZEBRA-99", "orchestrator task list shows the tasks."),
        ("PAY-4", "Did you mean PAY-3 ?"),
        ("pay-1", "Did you mean PAY-1 ?"),
        ("../etc", "orchestrator task list shows the tasks."),
        ("users/PAY-1", "Did you mean PAY-1 ?"),
    ],
)
def test_an_unknown_id_gets_one_sentence(cli: Cli, given: str, hint: str) -> None:
    for name in ("history", "blame"):
        said = cli(name, given, code=1).stderr
        assert said == f"error: Neither the plan nor its history has {given} .\nhint: {hint}\n"


def test_an_id_of_a_project_and_a_user_has_to_say_which(cli: Cli, repo: Path) -> None:
    write(repo, {"users/pay.yaml": "id: pay\nname: Pay Roll\n"})
    assert "users/pay" in cli("history", "pay", code=1).stderr
    assert cli("history", "users/pay").stdout == "not committed\n    Add user pay: Pay Roll\n"
    assert "Add project pay: Payments" in cli("history", "projects/pay").stdout


def test_a_file_of_another_name_is_found_by_its_id(cli: Cli, repo: Path, git: Git) -> None:
    git(repo, "mv", TASK, "projects/pay/tasks/PAY-5.yaml")
    git(repo, "commit", "-qm", "Misname")
    assert "    Add PAY-1: Capture\n" in cli("history", "PAY-1").stdout.replace("PAY-5", "PAY-1")


def test_blame_says_who_set_each_value(cli: Cli) -> None:
    cli("task", "set", "PAY-1", "labels+=web", "--commit")
    cli("task", "start", "PAY-1")
    lines = [line.split() for line in cli("blame", "PAY-1").stdout.splitlines()]
    found = {(line[0], line[1]): line[2:] for line in lines}
    assert found["labels", "web"][:2] == found["title", "Capture"][:2] == ["Dana", "Ionescu"]
    assert found["labels", "web"][-1] != found["labels", "api"][-1]
    assert found["status", "in_progress"] == ["not", "committed", "was", "todo"]
    only = cli("blame", "PAY-1", "labels", "--json").stdout
    rows = json.loads(only)["fields"]
    assert [(row["field"], row["value"]) for row in rows] == [
        ("labels", "api"),
        ("labels", "db"),
        ("labels", "web"),
    ]
    assert rows[0]["commit"] != rows[2]["commit"]


def test_a_field_that_is_none_is_refused(cli: Cli) -> None:
    said = cli("blame", "PAY-1", "titel", code=1).stderr
    assert said == "error: There is no field titel .\nhint: Did you mean title ?\n"
    assert cli("blame", "PAY-1", "metadata").stderr == "PAY-1 has no metadata .\n"


@pytest.mark.parametrize("name", ["history", "blame", "burndown", "throughput"])
def test_without_git_each_says_so_in_one_sentence(cli: Cli, repo: Path, name: str) -> None:
    shutil.rmtree(repo / ".git")
    arguments = ["PAY-1"] if name in {"history", "blame"} else []
    said = cli(name, *arguments, code=1).stderr
    assert said.endswith("is in no git repository.\nhint: git init makes one.\n")


def test_burndown_and_throughput_as_text_json_and_picture(
    plan: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIT_COMMITTER_DATE")  # the charts end with the day on the wall
    git(plan, "init", "--quiet")
    git(plan, "add", ".")
    git(plan, "commit", "--quiet", "-m", "Start")
    cli = Cli(plan)
    cli("task", "done", "PAY-2", "--commit")
    assert cli("burndown").stdout.startswith("Test\n2 of 3 tasks remain; 1 completed (33 %).\n")
    answer = json.loads(cli("burndown", "-p", "pay", "--json").stdout)
    assert answer["total"] == len(answer["days"])
    assert answer["days"][-1].items() >= {"scope": 3, "done": 1, "remaining": 2}.items()
    assert cli("burndown", "-p", "pay", "-o", "b.svg").stderr.startswith("Wrote b.svg")
    assert ">Payments</text>" in (plan / "b.svg").read_text()
    assert cli("throughput", "--format", "svg").stdout.startswith("<svg ")
    [week] = json.loads(cli("throughput", "--json").stdout)["weeks"]
    # Both commits are of one day, in whose evening the task was new and completed.
    assert (week["created"], week["completed"]) == (3, 0)
    assert cli("throughput").stdout.startswith("Test\n\nweek of ")


def test_charts_refuse_what_makes_no_sense(cli: Cli) -> None:
    assert cli("burndown", "-p", "pax", code=1).stderr.startswith("error: There is no project pax")
    assert (
        "is after"
        in cli("burndown", "--since", "2026-11-20", "--until", "2026-11-01", code=2).stderr
    )
    assert "is no day" in cli("burndown", "--since", "someday", code=2).stderr
    cli("throughput", "--weeks", "0", code=2)


def test_before_the_first_commit_charts_are_empty(plan: Path, git: Git) -> None:
    git(plan, "init", "--quiet")
    cli = Cli(plan)
    assert cli("burndown").stderr == "No task was committed in these days.\n"
    assert json.loads(cli("burndown", "--json").stdout)["total"] == 0
    assert cli("throughput").stderr == "No task was committed yet.\n"


def test_blame_of_a_file_that_cannot_be_read_says_so(cli: Cli, repo: Path) -> None:
    write(repo, {"projects/pay/tasks/PAY-9.yaml": "id: PAY-9\ntitle: [\n"})
    assert cli("blame", "PAY-9").stderr == "PAY-9 says nothing.\n"
