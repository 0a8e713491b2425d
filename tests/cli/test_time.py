"""`time`: what a person logs, runs and reports, end to end."""

import csv
import io
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orchestrator.cli.time.moment import read_moment, read_past_day
from orchestrator.cli.time.sheet import csv_text
from orchestrator.model.day import DayError
from tests.conftest import Cli, write

TASK = "projects/pay/tasks/PAY-1.yaml"
TIMERS = ".git/orchestrator/timers.json"
SUNDAY = datetime(2026, 11, 22, 9, 30).astimezone()


def answer(cli: Cli, *arguments: str) -> Any:
    return json.loads(cli(*arguments, "--json").stdout)


def entries(cli: Cli, task_id: str = "PAY-1") -> Any:
    return answer(cli, "task", "show", task_id).get("time_entries", [])


def timer(cli: Cli) -> Any:
    return answer(cli, "time", "status")["timer"]


def backdate(cli: Cli, **away: float) -> str:
    """Let the running timer have been started at another time."""
    path = cli.folder / TIMERS
    state = json.loads(path.read_text())
    began = (datetime.now(UTC) - timedelta(**away)).replace(microsecond=0).isoformat()
    state["timers"]["dana"]["started_at"] = began
    path.write_text(json.dumps(state))
    return began


def test_time_is_logged_by_me_with_a_note_and_committed(cli: Cli, git: Callable[..., str]) -> None:
    done = cli("time", "log", "PAY-1", "1h", "30m", "Retries", "again", "--commit")
    assert (done.stdout, done.stderr.splitlines()[-1]) == ("", "PAY-1: 1h30m spent")
    [entry] = entries(cli)
    assert (entry["minutes"], entry["user"], entry["note"]) == (90, "dana", "Retries again")
    assert git(cli.folder, "log", "-1", "--format=%s") == "Log 1h30m on PAY-1\n"
    assert cli("task", "log", "PAY-1", "5").stderr.endswith("PAY-1: 1h35m spent\n")


def test_without_an_id_it_is_for_the_one_task_in_progress(cli: Cli) -> None:
    refused = cli("time", "log", "10m", code=1).stderr
    assert "none assigned to dana is in progress" in refused
    cli("task", "start", "PAY-1")
    cli("time", "log", "10m", "--at", "yesterday")
    assert [entry["minutes"] for entry in entries(cli)] == [10]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("log", "PAY-1", "25h"), 1, "25h is more than a day has."),
        (("log", "PAY-1", "0"), 1, "0m is no time to log."),
        (("log", "PAY-1", "soon"), 1, "'soon' is not a duration."),
        (("log", "PAY-9", "1h"), 1, "There is no task PAY-9 ."),
        (("log", "PAY-1", "1h", "--user", "bob"), 1, "There is no user bob ."),
        (("log", "PAY-1", "1h", "--at", "tomorrow"), 1, "is still to come."),
        (("log", "PAY-1", "1h", "--at", "25:00"), 1, "'25:00' is no time of day."),
        (("log", "PAY-1"), 2, "How long?"),
        (("stop",), 1, "No timer is running."),
        (("stop", "--at", "09:00", "--minutes", "5"), 2, "not both"),
        (("undo",), 1, "dana has logged no time."),
        (("report", "--by", "users"), 2, "Did you mean user ?"),
        (("report", "--sort", "size"), 2, "There is no column size to sort by."),
        (("report", "--csv", "--json"), 2, "not both"),
        (("report", "--user", "bob"), 1, "There is no user bob ."),
        (("report", "--since", "2026-02-02", "--until", "2026-02-01"), 2, "is after --until"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_writes_nothing(
    cli: Cli, git: Callable[..., str], arguments: tuple[str, ...], code: int, says: str
) -> None:
    assert says in cli("time", *arguments, code=code).stderr
    assert git(cli.folder, "status", "--porcelain") == ""


def test_a_timer_starts_its_task_runs_and_stops_once(cli: Cli, git: Callable[..., str]) -> None:
    assert "The timer runs on PAY-2 since" in cli("time", "start", "PAY-2").stderr
    assert answer(cli, "task", "show", "PAY-2")["status"] == "in_progress"
    assert "already, since" in cli("time", "start", "PAY-2", code=1).stderr
    refused = cli("time", "start", "PAY-3", code=1).stderr
    assert "hint: orchestrator time start PAY-3 --switch" in refused
    assert timer(cli)["task"] == "PAY-2"
    assert "timers" not in git(cli.folder, "status", "--porcelain")
    began = backdate(cli, minutes=29, seconds=30)
    cli("time", "stop", "Some", "work")
    [entry] = entries(cli, "PAY-2")
    assert (entry["minutes"], entry["note"]) == (30, "Some work")
    assert datetime.fromisoformat(entry["at"]) == datetime.fromisoformat(began)
    assert cli("time", "stop", code=1).stderr.startswith("error: No timer is running.\nhint: ")
    assert timer(cli) is None
    cli("check")


def test_switching_logs_the_first_and_runs_on_the_second(cli: Cli) -> None:
    cli("time", "start", "PAY-1")
    backdate(cli, minutes=10)
    cli("time", "start", "PAY-2", "--switch")
    assert [entry["minutes"] for entry in entries(cli)] in ([10], [11])
    assert timer(cli)["task"] == "PAY-2"


def test_discarding_says_what_and_logs_nothing(cli: Cli) -> None:
    cli("time", "start", "PAY-1")
    assert "Discarded the timer on PAY-1" in cli("time", "stop", "--discard").stderr
    assert (timer(cli), entries(cli)) == (None, [])


def test_a_timer_of_more_than_a_day_warns_and_asks_how_long_it_was(cli: Cli) -> None:
    cli("time", "start", "PAY-1")
    began = backdate(cli, hours=30)
    for command in (("status",), ("report",), ("log", "PAY-2", "5m")):
        assert "warning: the timer on PAY-1 runs since" in cli("time", *command).stderr
    refused = cli("time", "stop", code=1).stderr
    assert "more than a day." in refused
    assert "--minutes 1h30m" in refused
    end = datetime.fromisoformat(began).astimezone() + timedelta(hours=2)
    cli("time", "stop", "--at", f"{end:%Y-%m-%d %H:%M}")
    [entry] = entries(cli)
    assert 119 <= entry["minutes"] <= 120
    assert timer(cli) is None


def test_a_clock_that_went_back_is_asked_about(cli: Cli) -> None:
    cli("time", "start", "PAY-1")
    backdate(cli, hours=-2)
    assert "is before the timer was started" in cli("time", "stop", code=1).stderr
    assert timer(cli)["minutes"] == 0
    cli("time", "stop", "--minutes", "20m")
    assert [entry["minutes"] for entry in entries(cli)] == [20]


def test_a_timer_whose_task_is_gone_keeps_its_time(cli: Cli) -> None:
    cli("time", "start", "PAY-3")
    (cli.folder / "projects/pay/tasks/PAY-3.yaml").unlink()
    assert "PAY-3 , which the timer runs on, is no longer" in cli("time", "stop", code=1).stderr
    assert "no longer in the plan" in cli("time", "status").stdout
    cli("time", "stop", "--task", "PAY-1")
    assert [entry["minutes"] for entry in entries(cli)] == [1]


def test_a_stop_that_was_killed_after_writing_logs_once(cli: Cli) -> None:
    cli("time", "start", "PAY-1")
    before = (cli.folder / TIMERS).read_text()
    cli("time", "stop")
    [entry] = entries(cli)
    state = json.loads(before)
    state["timers"]["dana"]["stopping"] = {"task": "PAY-1", "entry": entry}
    (cli.folder / TIMERS).write_text(json.dumps(state))
    assert "No timer is running." in cli("time", "stop", code=1).stderr
    assert entries(cli) == [entry]


def test_a_stop_that_was_killed_before_writing_logs_again(cli: Cli) -> None:
    cli("time", "start", "PAY-1")
    state = json.loads((cli.folder / TIMERS).read_text())
    lost = {"at": "2026-11-20T09:00:00+00:00", "minutes": 5, "user": "dana"}
    state["timers"]["dana"]["stopping"] = {"task": "PAY-1", "entry": lost}
    (cli.folder / TIMERS).write_text(json.dumps(state))
    cli("time", "stop")
    assert [entry["minutes"] for entry in entries(cli)] == [1]


def test_a_refused_commit_leaves_the_entry_and_no_timer(cli: Cli) -> None:
    hook = cli.folder / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    cli("time", "start", "PAY-1")
    assert "git refused to commit" in cli("time", "stop", "--commit", code=1).stderr
    assert (len(entries(cli)), timer(cli)) == (1, None)


def test_a_spoiled_file_of_timers_is_kept_and_said(cli: Cli) -> None:
    cli("time", "start", "PAY-1")
    (cli.folder / TIMERS).write_text("{oops")
    said = cli("time", "status").stderr
    assert "could not be understood; it is kept as" in said
    assert (cli.folder / ".git/orchestrator/timers.spoiled-1.json").read_text() == "{oops"
    cli("time", "start", "PAY-1")


def test_without_git_time_is_logged_and_no_timer_runs(plan: Path) -> None:
    cli = Cli(plan)
    cli("time", "log", "PAY-1", "1h")
    assert [entry["minutes"] for entry in entries(cli)] == [60]
    assert "is in no git repository" in cli("time", "start", "PAY-1", code=1).stderr
    assert answer(cli, "time", "status") == {"user": None, "timer": None, "logged_today": 60}


def test_the_last_entry_is_taken_back_byte_for_byte(cli: Cli) -> None:
    before = (cli.folder / TASK).read_bytes()
    cli("time", "log", "PAY-1", "2h", "oops")
    assert "2h taken back, logged on" in cli("time", "undo").stderr
    assert (cli.folder / TASK).read_bytes() == before


def test_a_report_as_table_json_and_csv(cli: Cli) -> None:
    write(
        cli.folder,
        {
            TASK: "id: PAY-1\ntitle: '=1+1'\nstatus: todo\nlabels: [api, '+x']\n"
            "estimated_minutes: 60\ntime_entries:\n"
            "  - {at: 2026-11-16T09:00:00Z, minutes: 480, user: dana}\n"
            "  - {at: 2026-11-22T09:00:00Z, minutes: 90}\n"
        },
    )
    lines = cli("time", "report", "--by", "week,user").stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["2026-W47", "dana", "1d", "1"],
        ["2026-W47", "(nobody)", "1h30m", "1"],
        ["total", "1d1h30m", "2"],
    ]
    assert "PAY-1: 1d1h35m spent of 1h, 1d35m over" in cli("time", "log", "PAY-1", "5m").stderr
    cli("time", "undo", "PAY-1")
    assert answer(cli, "time", "report", "--by", "task", "--limit", "1") == {
        "total": 1,
        "groups": [
            {
                "task": "PAY-1", "minutes": 570, "entries": 2, "title": "=1+1",
                "derived": {"estimated_minutes": 60, "actual_minutes": 570, "is_over": True},
            }
        ],
        "minutes": 570,
        "entries": 2,
    }  # fmt: skip
    sheet = cli("time", "report", "--csv", "--by", "label", "--by", "task").stdout
    assert list(csv.reader(io.StringIO(sheet))) == [
        ["label", "task", "minutes", "hours", "entries", "title", "estimated_minutes", "is_over"],
        ["'+x", "PAY-1", "570", "9.50", "2", "'=1+1", "60", "yes"],
        ["api", "PAY-1", "570", "9.50", "2", "'=1+1", "60", "yes"],
    ]
    some = answer(cli, "time", "report", "--user", "me", "--until", "2026-11-20", "--label", "api")
    assert some["minutes"] == 480
    assert cli("time", "report", "--project", "pay", "--status", "blocked").stdout == ""


def test_csv_quotes_as_its_standard_says_and_runs_no_formula() -> None:
    text = csv_text(("a", "b"), [('say "hi", twice', None), ("@SUM(A1)", 5), ("two\nlines", "-1")])
    assert text == 'a,b\r\n"say ""hi"", twice",\r\n\'@SUM(A1),5\r\n"two\nlines",\'-1\r\n'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("today", SUNDAY),
        ("2026-11-20", datetime(2026, 11, 20, 12).astimezone()),
        ("yesterday", datetime(2026, 11, 21, 12).astimezone()),
        ("09:05", datetime(2026, 11, 22, 9, 5).astimezone()),
        ("Friday 7:45", datetime(2026, 11, 20, 7, 45).astimezone()),
        ("2026-11-20T17:30", datetime(2026, 11, 20, 17, 30).astimezone()),
        ("-1w 17:30", datetime(2026, 11, 15, 17, 30).astimezone()),
        ("2026-11-20T17:30:00+09:00", datetime.fromisoformat("2026-11-20T17:30:00+09:00")),
        ("2026-11-20t08:30:00z", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
    ],
)
def test_moments_as_people_type_them(text: str, wanted: datetime) -> None:
    assert read_moment(text, SUNDAY) == wanted


@pytest.mark.parametrize("text", ["", "soon", "24:00", "9:5", "friday noon", "2026-13-01 09:00"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(DayError):
        read_moment(text, SUNDAY)


def test_a_weekday_is_the_last_one_and_today_counts() -> None:
    today = SUNDAY.date()
    found = [read_past_day(name, today).isoformat() for name in ("monday", "sat", "sunday", "-1w")]
    assert found == ["2026-11-16", "2026-11-21", "2026-11-22", "2026-11-15"]


def test_each_workspace_of_a_repository_has_its_timer(
    cli: Cli, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = cli.folder / "other"
    write(other, {"orchestrator.yaml": "version: 1\n"})
    write(other, {"projects/ops/project.yaml": "id: ops\nkey: OPS\ntitle: Ops\nstatus: active\n"})
    write(other, {"projects/ops/tasks/OPS-1.yaml": "id: OPS-1\ntitle: x\nstatus: todo\n"})
    cli("time", "start", "PAY-1")
    there = Cli(other)
    there("time", "start", "OPS-1")
    assert (timer(cli)["task"], timer(there)["task"]) == ("PAY-1", "OPS-1")
    there("time", "stop")
    assert (timer(cli)["task"], timer(there)) == ("PAY-1", None)
    git(cli.folder, "add", ".")
    git(cli.folder, "commit", "--quiet", "-m", "All")
    git(cli.folder, "worktree", "add", "--quiet", "../linked")
    assert timer(Cli(cli.folder.parent / "linked"))["task"] == "PAY-1"
    monkeypatch.setitem(os.environ, "GIT_AUTHOR_EMAIL", "sam@example.com")
    assert timer(cli) is None


def test_a_stranger_logs_for_nobody_and_is_told_so(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "GIT_AUTHOR_EMAIL", "sam@example.com")
    assert "warning: this is nobody's time" in cli("time", "log", "PAY-1", "5m").stderr
    assert "user" not in entries(cli)[0]
    assert "Nobody knows who me is" in cli("time", "report", "--user", "me", code=1).stderr
    cli("time", "start", "PAY-1")
    cli("time", "log", "7m")
    assert [entry["minutes"] for entry in entries(cli)] == [5, 7]


def test_a_timer_may_begin_before_now_and_not_after(cli: Cli) -> None:
    cli("task", "start", "PAY-1")
    begin = datetime.now().astimezone().replace(second=0, microsecond=0) - timedelta(minutes=20)
    cli("time", "start", "--at", begin.isoformat())
    assert timer(cli)["minutes"] in (20, 21, 22)
    cli("time", "stop", "--at", (begin + timedelta(minutes=15)).isoformat())
    assert [entry["minutes"] for entry in entries(cli)] == [15]
    assert "is still to come" in cli("time", "start", "PAY-2", "--at", "tomorrow", code=1).stderr
    assert answer(cli, "task", "show", "PAY-2")["status"] == "todo"


def test_a_completed_task_starts_no_timer(cli: Cli) -> None:
    cli("task", "done", "PAY-3")
    refused = cli("time", "start", "PAY-3", code=1).stderr
    assert refused.endswith("hint: orchestrator task reopen PAY-3\n")
    assert timer(cli) is None
