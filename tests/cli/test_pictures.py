"""`timeline`, `critical` and `graph`: what they print, where they write, what they refuse."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.conftest import Cli, write


def test_a_timeline_is_text_for_a_terminal(cli: Cli) -> None:
    shown = cli("timeline").stdout
    assert "Payments" in shown
    assert "PAY-3 Refund" in shown
    assert "▼" in shown
    assert max(map(len, shown.splitlines())) <= 100


def test_pictures_go_to_stdout_or_into_a_file_whose_ending_says_the_format(
    cli: Cli, repo: Path
) -> None:
    for command in ("timeline", "graph"):
        printed = cli(command, "--format", "svg").stdout
        assert ET.fromstring(printed).get("role") == "img"
        said = cli(command, "-o", "plan.svg")
        assert said.stdout == ""
        assert "Wrote plan.svg (" in said.stderr
        assert (repo / "plan.svg").read_text(encoding="utf-8") == printed
        cli(command, "-o", "plan.mmd")
    assert (repo / "plan.mmd").read_text(encoding="utf-8").startswith("flowchart LR\n")
    assert cli("timeline", "--format", "mermaid").stdout.startswith("gantt\n")
    assert cli("graph", "-f", "dot").stdout.startswith("digraph plan {\n")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("timeline", "-o", "gone/plan.svg"), 1, "error: There is no folder gone .\n"),
        (("timeline", "-o", "plan.pdf"), 2, "plan.pdf does not say its format"),
        (("timeline", "-o", "plan.dot"), 2, "plan.dot does not say its format"),
        (("timeline", "--from", "someday"), 2, "'someday' is no day."),
        (("timeline", "--from", "2026-12-02", "--to", "2026-12-01"), 2, "is before --from"),
        (("timeline", "-p", "nope"), 1, "error: There is no project nope ."),
        (("graph", "--around", "PAY-9"), 1, "error: There is no task PAY-9 .\n"),
        (("critical", "-p", "nope"), 1, "error: There is no project nope .\n"),
        (("critical", "--assume", "long"), 2, "'long' is not a duration."),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(
    cli: Cli, repo: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    before = sorted(repo.rglob("*.*"))
    done = cli(*arguments, code=code)
    assert said in done.stderr
    assert done.stdout == ""
    assert sorted(repo.rglob("*.*")) == before


def test_the_critical_path_is_a_table_with_what_it_rests_on(cli: Cli) -> None:
    done = cli("critical")
    assert [line.split()[0] for line in done.stdout.splitlines()[:2]] == ["PAY-2", "PAY-3"]
    assert "2 tasks in a row, 2d of work." in done.stdout
    assert "assumed: 1d each for 2 without an estimate: PAY-2, PAY-3" in done.stderr
    assert "2h of work" in cli("critical", "--assume", "1h").stdout


def test_slack_and_lateness_are_listed(cli: Cli) -> None:
    cli("task", "set", "PAY-2", "due=2020-01-06")
    cli("task", "new", "pay", "Loose end", code=None)
    shown = cli("critical").stdout
    assert "1 ends after the due date:\nPAY-2  2020-01-06" in shown
    least = cli("critical", "--slack").stdout.splitlines()[0].split()
    assert least[0] == "PAY-2"
    assert least[1].startswith("-")


def test_answers_in_json_have_what_was_worked_out(cli: Cli) -> None:
    critical = json.loads(cli("critical", "--json").stdout)
    assert critical["total"] == 2
    assert critical["path"] == ["PAY-2", "PAY-3"]
    assert critical["minutes"] == 960
    assert critical["assumed"] == ["PAY-2", "PAY-3"]
    derived = critical["tasks"][0]["derived"]
    assert derived["critical"]
    assert derived["slack_minutes"] == 0
    drawn = json.loads(cli("timeline", "--json").stdout)
    assert drawn["total"] == 3
    assert {"start", "finish", "late", "depth"} <= set(drawn["tasks"][0]["derived"])
    graph = json.loads(cli("graph", "--json").stdout)
    assert graph["edges"] == [{"from": "PAY-2", "to": "PAY-3", "kind": "dependency"}]
    assert [task["id"] for task in graph["tasks"]] == ["PAY-2", "PAY-3"]


def test_a_graph_in_a_terminal_shows_who_waits_below_what_it_waits_for(cli: Cli) -> None:
    assert cli("graph").stdout == "○ PAY-2  Retry\n└─ ○ PAY-3  Refund\n"
    assert cli("graph", "--parents").stdout == (
        "○ PAY-1  Capture\n└╌ ○ PAY-2  Retry\n   └─ ○ PAY-3  Refund\n"
    )


def test_a_plan_without_dependencies_says_so(cli: Cli) -> None:
    cli("task", "set", "PAY-3", "dependencies=")
    done = cli("graph")
    assert (done.stdout, done.stderr) == ("", "No task depends on another.\n")
    assert "digraph" in cli("graph", "-f", "dot").stdout


def test_what_cannot_be_counted_is_said(cli: Cli, repo: Path) -> None:
    tasks = "projects/pay/tasks"
    write(repo, {
        f"{tasks}/PAY-2.yaml": "id: PAY-2\ntitle: Retry\nstatus: todo\ndependencies: [PAY-3]\n",
        f"{tasks}/PAY-4.yaml": "id: PAY-4\ntitle: Odd\nstatus: todo\ndependencies: [PAY-99]\n",
    })  # fmt: skip
    said = cli("critical").stderr
    assert "in a circle: PAY-2 → PAY-3, PAY-3 → PAY-2 ; see orchestrator check" in said
    assert "tasks that are not there: PAY-4 → PAY-99" in said


def test_old_work_is_left_out_and_counted(cli: Cli, repo: Path) -> None:
    done = "id: PAY-4\ntitle: Old\nstatus: completed\ncompleted_at: 2020-01-06T09:00:00Z\n"
    write(repo, {"projects/pay/tasks/PAY-4.yaml": done})
    shown = cli("timeline")
    assert "PAY-4" not in shown.stdout
    assert "1 completed more than 30 days ago: --all shows them." in shown.stderr
    assert "PAY-4" in cli("timeline", "--all").stdout


def test_a_timeline_can_be_read_in_parts(cli: Cli) -> None:
    first = cli("timeline", "--limit", "2")
    assert "1-2 of 3; --offset 2 shows more" in first.stderr
    rest = cli("timeline", "--offset", "2")
    for name in ("PAY-1", "PAY-2", "PAY-3"):
        assert (name in first.stdout) != (name in rest.stdout)
    for kind in ("text", "svg", "mermaid"):
        assert "PAY" not in cli("timeline", "--limit", "0", "--format", kind).stdout
    answer = json.loads(cli("timeline", "--limit", "1", "--json").stdout)
    assert (answer["total"], len(answer["tasks"])) == (3, 1)


def test_a_plan_with_nothing_in_it(cli: Cli, repo: Path) -> None:
    for path in (repo / "projects/pay/tasks").iterdir():
        path.unlink()
    assert cli("timeline").stderr == "No tasks.\n"
    assert cli("graph").stderr == "No tasks.\n"
    assert cli("critical").stderr == "Nothing is open.\n"
