"""Lists as people and programs get them: list, ready, blocked, next, search, stats, the pager."""

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orchestrator.cli.ink import cells
from orchestrator.cli.talk import table
from tests.conftest import PLAN, Cli, write

TASKS = "projects/pay/tasks"
HOSTILE = 'id: PAY-1\ntitle: "ledger a\\e[31mred\\nsecond \\u202e 日本"\nstatus: todo\n'
COMMANDS = (
    ["task", "list"], ["ready"], ["blocked"], ["blocked", "--by"], ["next"], ["search", "ledger"],
    ["stats"],
)  # fmt: skip


def on_terminal(
    folder: Path, *arguments: str, lines: int = 40, columns: int = 80, **environment: str
) -> str:
    """Return what a terminal of some size gets from a command."""
    primary, secondary = pty.openpty()
    variables = {
        **os.environ, "TERM": "xterm", "LINES": str(lines), "COLUMNS": str(columns), **environment,
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "orchestrator", *arguments],
        cwd=folder, env=variables, stdin=secondary, stdout=secondary, stderr=secondary,
    ) as process:  # fmt: skip
        os.close(secondary)
        seen = b""
        while select.select([primary], [], [], 20)[0]:
            try:
                part = os.read(primary, 65_536)
            except OSError:  # how a terminal says that nobody writes to it any more
                break
            seen += part
        process.wait(timeout=20)
    os.close(primary)
    assert process.returncode == 0, seen
    return seen.decode().replace("\r\n", "\n")


def answer(cli: Cli, *arguments: str) -> Any:
    return json.loads(cli(*arguments, "--json").stdout)


def ids(cli: Cli, *arguments: str) -> list[str]:
    return cli(*arguments, "--ids").stdout.split()


def test_columns_are_chosen_and_added(cli: Cli) -> None:
    said = cli("task", "list", "--columns", "id,blocked_by,depth").stdout
    assert said.splitlines() == ["PAY-1         0", "PAY-2         1", "PAY-3  PAY-2  0"]
    assert "Capture  api, db" in cli("task", "list", "--columns", "+labels").stdout


def test_an_unknown_column_is_wrong_usage(cli: Cli) -> None:
    done = cli("task", "list", "--columns", "id,titel", code=2)
    assert "There is no field titel to show. Did you mean title ?" in done.stderr


def test_values_are_shown_as_people_write_them(cli: Cli, repo: Path) -> None:
    text = (
        "id: PAY-4\ntitle: x\nstatus: in_progress\nestimated_minutes: 570\n"
        "started_at: 2026-11-20T09:15:30+01:00\n"
        "time_entries:\n  - {at: 2026-11-20T09:15:30Z, minutes: 90}\n"
    )
    write(repo, {f"{TASKS}/PAY-4.yaml": text})
    columns = "estimate,spent,remaining,started_at,progress"
    said = cli("task", "list", "--id", "PAY-4", "--columns", columns).stdout
    assert said.split("  ") == ["1d1h30m", "1h30m", "1d", "2026-11-20 09:15", "0%\n"]


def test_only_ids_are_for_loops(cli: Cli) -> None:
    assert ids(cli, "task", "list", "--sort", "-id") == ["PAY-3", "PAY-2", "PAY-1"]
    assert ids(cli, "ready") == ["PAY-2"]
    assert ids(cli, "blocked") == ["PAY-3"]
    assert ids(cli, "blocked", "--by") == ["PAY-2"]
    assert ids(cli, "next") == ["PAY-2"]
    assert ids(cli, "search", "refund") == ["PAY-3"]
    assert cli("task", "list", "--ids", "-l", "none").stderr == ""


def test_a_page_says_where_it_is_and_what_comes_next(cli: Cli) -> None:
    first = cli("task", "list", "--limit", "2")
    assert first.stderr == "1-2 of 3; --offset 2 shows more\n"
    assert cli("task", "list", "--limit", "2", "--offset", "2").stderr == "3-3 of 3\n"
    assert cli("task", "list", "--offset", "5").stderr == "None shown of 3.\n"
    assert cli("task", "list").stderr == ""


def test_lists_sort_by_what_is_worked_out(cli: Cli) -> None:
    assert ids(cli, "task", "list", "--sort", "-depth,id") == ["PAY-2", "PAY-1", "PAY-3"]
    assert ids(cli, "task", "list", "--sort", "urgency") == ["PAY-1", "PAY-2", "PAY-3"]
    assert "no field urgent to sort by" in cli("ready", "--sort", "urgent", code=2).stderr


def test_the_bin_says_when_by_whom_and_with_what(cli: Cli, repo: Path) -> None:
    text = (
        "id: PAY-4\ntitle: Gone\nstatus: todo\ndeleted_at: 2026-11-20T09:15:30Z\n"
        "deleted_by: dana\ndeleted_with: PAY-1\n"
    )
    write(repo, {f"{TASKS}/PAY-4.yaml": text})
    said = cli("task", "list", "--deleted").stdout
    assert said == "PAY-4  2026-11-20 09:15  dana  PAY-1  Gone\n"


def test_blocked_says_by_what_and_whose(cli: Cli, repo: Path) -> None:
    write(repo, {f"{TASKS}/PAY-4.yaml": "id: PAY-4\ntitle: Stuck\nstatus: blocked\n"})
    done = cli("blocked")
    assert done.stdout == (
        "○ PAY-3  Refund  nobody\n    waits for ○ PAY-2  Retry  nobody\n"
        "✖ PAY-4  Stuck  nobody\n"
        "    its status says so, and nothing that it depends on is open\n"
    )
    assert done.stderr == "held up by PAY-2 (nobody) 1; --by shows all\n"
    rows = answer(cli, "blocked")["tasks"]
    assert rows[0]["derived"]["blocked_by"] == ["PAY-2"]
    assert rows[0]["derived"]["blockers"] == [
        {"id": "PAY-2", "status": "todo", "assignee": None, "via": None}
    ]
    assert rows[1]["derived"]["blockers"] == []


def test_blocked_by_counts_what_each_holds_up(cli: Cli) -> None:
    [row] = answer(cli, "blocked", "--by")["tasks"]
    assert row["id"] == "PAY-2"
    assert (row["derived"]["holds_up"], row["derived"]["holds_up_directly"]) == (1, 1)
    assert cli("blocked", "--by").stdout == "PAY-2  1  1  todo      Retry\n"


def test_next_explains_itself(cli: Cli, repo: Path) -> None:
    assert cli("next").stdout == (
        "  4.0  ○ PAY-2  Retry\n         +3 medium priority; +1 unblocks 1 task\n"
    )
    [row] = answer(cli, "next", "3")["tasks"]
    assert row["derived"]["score"] == 4
    assert row["derived"]["reasons"] == [
        {"term": "priority", "points": 3.0, "because": "medium priority"},
        {"term": "unblocks", "points": 1.0, "because": "unblocks 1 task"},
    ]
    text = "id: PAY-2\ntitle: Retry\nstatus: todo\nassignee: lee\n"
    write(repo, {f"{TASKS}/PAY-2.yaml": text, "users/lee.yaml": "id: lee\nname: Lee\n"})
    said = cli("next", "-l", "none").stderr
    assert "Nothing is ready or in progress for dana; orchestrator next --all" in said
    assert ids(cli, "next") == ["PAY-1"]
    assert ids(cli, "next", "--all") == ["PAY-1", "PAY-2"]
    assert ids(cli, "next", "-a", "lee") == ["PAY-2"]


def test_next_needs_no_name_in_git(cli: Cli, monkeypatch: pytest.MonkeyPatch, repo: Path) -> None:
    (Path(os.environ["HOME"]) / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    assert ids(cli, "next") == ["PAY-2"]
    monkeypatch.setenv("PATH", "")
    assert ids(Cli(repo), "next") == ["PAY-2"]


def test_search_shows_where_it_found_what(cli: Cli, repo: Path) -> None:
    write(repo, {f"{TASKS}/PAY-4.yaml": "id: PAY-4\ntitle: x\nstatus: todo\nlabels: [Refunds]\n"})
    done = cli("search", "refund")
    assert done.stdout == "○ PAY-3  Refund\n○ PAY-4  x\n    labels: [Refund]s\n"
    found = answer(cli, "search", "refund", "--limit", "1", "--offset", "1")
    assert (found["total"], found["projects"]) == (2, [])
    derived = found["tasks"][0]["derived"]
    assert derived["snippet"] == {"field": "labels", "text": "Refunds", "marks": [[0, 6]]}
    assert derived["score"] > 0
    assert ids(cli, "search", "refund", "-l", "Refunds") == ["PAY-4"]


def test_search_finds_projects_where_no_filter_asks_for_tasks(cli: Cli) -> None:
    assert cli("search", "payments").stdout == "◐ project pay  Payments\n"
    assert answer(cli, "search", "payments")["projects"][0]["id"] == "pay"
    assert cli("search", "payments", "--open").stderr == "No tasks.\n"
    assert "no word to search for" in cli("search", ' ""', code=2).stderr


def test_stats_fit_one_screen_and_count(cli: Cli) -> None:
    said = cli("stats").stdout
    assert said.startswith("3 tasks: 3 open, 1 ready, 1 blocked, 0 overdue\n")
    assert "todo                 3 ██████████████   urgent               0" in said
    assert len(said.splitlines()) < 24
    assert all(cells(line) <= 80 for line in said.splitlines())
    found = answer(cli, "stats", "-l", "api")
    assert (found["total"], found["assignee"], found["lead_days"]) == (1, {"dana": 1}, None)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_an_empty_plan_is_said_to_be_empty(arguments: list[str], tmp_path: Path) -> None:
    write(tmp_path, {"orchestrator.yaml": PLAN["orchestrator.yaml"]})
    done = Cli(tmp_path)(*arguments)
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    found = json.loads(Cli(tmp_path)(*arguments, "--json").stdout)
    assert found["total"] == 0


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_text_of_a_plan_drives_the_terminal_or_breaks_a_line(
    arguments: list[str], repo: Path
) -> None:
    write(
        repo,
        {
            f"{TASKS}/PAY-1.yaml": HOSTILE,
            f"{TASKS}/PAY-2.yaml": HOSTILE.replace("PAY-1", "PAY-2"),
            f"{TASKS}/PAY-3.yaml": HOSTILE.replace("PAY-1", "PAY-3") + "dependencies: [PAY-1]\n",
            f"{TASKS}/PAY-\u009b5.yaml": "title: ledger\nstatus: blocked\ndependencies: [PAY-2]\n",
            "users/dana.yaml": 'id: dana\nname: "\\e[2J"\n',
        },
    )
    for said in (Cli(repo)(*arguments).stdout, on_terminal(repo, *arguments, columns=44)):
        assert said
        odd = [char for char in said if not char.isprintable() and char != "\n"]
        assert odd == []
        assert "\nsecond" not in said


def test_a_table_fits_the_screen_and_never_cuts_an_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    rows = [["PAY-1", "2026-11-22", "日本語の計画 " * 5], ["PAY-12345678", "", "short"]]
    lines = table(["id", "due", "title"], rows, fancy=True).splitlines()
    assert lines[0].split() == ["id", "due", "title"]
    assert set(lines[1]) == {"─", " "}
    assert lines[2].startswith("PAY-1         2026-11-22  日本語")
    assert lines[2].endswith("…")
    assert lines[3] == "PAY-12345678              short"
    assert all(cells(line) <= 40 for line in lines)
    monkeypatch.setenv("COLUMNS", "20")
    narrow = table(["id", "due", "title"], rows, fancy=True).splitlines()
    assert "PAY-12345678" in narrow[3]


def test_numbers_stand_to_the_right_and_wide_characters_in_line() -> None:
    rows = [["A", "1h30m", "日本"], ["B", "45m", "x"]]
    lines = table(["id", "estimate", "who"], rows, fancy=True).splitlines()
    assert lines[2:] == ["A      1h30m  日本", "B        45m  x"]
    plain = table(["who", "x"], [["日本", "1"], ["x", "2"]], fancy=False)
    assert plain == "日本  1\nx     2\n"


def test_colour_only_marks_what_it_should() -> None:
    rows = [["A", "blocked", "blocked"]]
    said = table(["id", "status", "title"], rows, fancy=True, has_color=True)
    assert said.splitlines()[2] == "A   \x1b[31mblocked\x1b[0m  blocked"
    late = table(["due"], [["x"]], fancy=True, has_color=True, paints=lambda *_: "31")
    assert "\x1b[31mx\x1b[0m" in late


def test_a_terminal_gets_no_empty_columns_and_a_total(repo: Path) -> None:
    seen = on_terminal(repo, "task", "list")
    assert seen.splitlines()[0].split() == ["id", "status", "priority", "assignee", "title"]
    assert seen.endswith("\n3 tasks\n")
    assert "due" in on_terminal(repo, "task", "list", "--columns", "id,due")


def many(root: Path) -> None:
    for number in range(10, 60):
        write(root, {f"{TASKS}/PAY-{number}.yaml": f"id: PAY-{number}\ntitle: x\nstatus: todo\n"})


def pager(repo: Path, script: str) -> str:
    path = repo.parent / "pager"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_what_is_longer_than_the_screen_goes_through_the_pager(repo: Path) -> None:
    many(repo)
    paged = pager(repo, 'echo "paged $1 $LESS"; cat')
    seen = on_terminal(repo, "task", "list", ORCHESTRATOR_PAGER=f"{paged} -x", PAGER="false")
    assert seen.startswith("paged -x FRX\nid ")
    assert "PAY-59" in seen
    assert seen.endswith("\n53 tasks\n")
    assert on_terminal(repo, "task", "list", PAGER=paged, LESS="F").startswith("paged  F\n")
    assert not on_terminal(repo, "task", "list", "--limit", "5", PAGER=paged).startswith("paged")


@pytest.mark.parametrize(
    "environment",
    [{"ORCHESTRATOR_PAGER": "cat"}, {"ORCHESTRATOR_PAGER": ""}, {"TERM": "dumb"},
     {"ORCHESTRATOR_PAGER": "no-such-program -x"}, {"ORCHESTRATOR_PAGER": "'"}],
    ids=str,
)  # fmt: skip
def test_without_a_pager_a_long_answer_scrolls(environment: dict[str, str], repo: Path) -> None:
    many(repo)
    given: dict[str, Any] = {"PAGER": pager(repo, "echo paged"), **environment}
    seen = on_terminal(repo, "task", "list", **given)
    assert "paged" not in seen
    assert "PAY-59" in seen


def test_no_pager_is_an_option_and_a_pipe_needs_none(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(repo)
    paged = pager(repo, "echo paged")
    assert "PAY-59" in on_terminal(repo, "--no-pager", "task", "list", PAGER=paged)
    monkeypatch.setenv("PAGER", paged)
    assert "PAY-59" in Cli(repo)("task", "list").stdout


def test_a_pager_that_is_closed_early_is_no_bug(repo: Path) -> None:
    many(repo)
    seen = on_terminal(repo, "task", "list", PAGER=pager(repo, "echo enough; exit 3"))
    assert seen == "enough\n53 tasks\n"


def test_an_interrupt_is_the_pagers(repo: Path) -> None:
    many(repo)
    # The pager interrupts the whole group, as ^C does, and goes on reading.
    script = "trap '' INT; kill -INT $PPID; sleep 0.2; cat >/dev/null; echo done"
    assert on_terminal(repo, "task", "list", PAGER=pager(repo, script)) == "done\n53 tasks\n"


def test_a_narrow_screen_does_without_the_columns_that_matter_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [["PAY-1", "high", "2026-11-22", "A title that is long enough to be cut"]]
    columns = ["id", "priority", "due", "title"]

    def headings(width: int) -> list[str]:
        monkeypatch.setenv("COLUMNS", str(width))
        drawn = table(columns, rows, fancy=True, spare=["priority", "due"])
        assert all(cells(line) <= width for line in drawn.splitlines())
        return drawn.splitlines()[0].split()

    assert headings(45) == columns
    assert headings(43) == ["id", "due", "title"]
    assert headings(30) == ["id", "title"]
    late = table(
        columns, rows, fancy=True, has_color=True, spare=["priority", "due"],
        paints=lambda _, at: "31" if at == 3 else "",
    )  # fmt: skip
    assert "\x1b[31mA title" in late


@pytest.mark.parametrize("noun", ["project", "task", "user"])
def test_lists_fit_a_screen_of_eighty_and_of_fifty_columns(repo: Path, noun: str) -> None:
    write(repo, {"projects/integrations/project.yaml": (
        "id: integrations\nkey: LONG\ntitle: A project with a long title\n"
        "status: active\ndue_date: 2026-12-24\n"
    )})  # fmt: skip
    for columns in (80, 50):
        seen = on_terminal(repo, noun, "list", columns=columns)
        assert all(cells(line) <= columns for line in seen.splitlines())


def test_nobody_is_a_word_of_filters(cli: Cli) -> None:
    assert ids(cli, "task", "list", "-a", "nobody") == ["PAY-2", "PAY-3"]
    assert ids(cli, "task", "list", "--where", "assignee=me,nobody") == ["PAY-1", "PAY-2", "PAY-3"]


def test_a_text_with_me_in_it_does_not_ask_git_who_that_is(cli: Cli) -> None:
    (Path(os.environ["HOME"]) / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    assert ids(cli, "task", "list", "--text", "home") == []
    assert "Nobody knows who me is" in cli("task", "list", "-a", "me", code=1).stderr
    cli("task", "rm", "PAY-2", "--force")


def test_help_has_the_filters_apart(cli: Cli) -> None:
    text = cli("board", "--help").stdout
    assert text.index("Options:") < text.index("--lanes") < text.index("--json")
    assert text.index("--json") < text.index("Filters:") < text.index("--assignee")
