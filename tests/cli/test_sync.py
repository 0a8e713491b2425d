"""`sync` as people and programs use it, against a tracker that speaks HTTP."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Cli
from tests.sync.fakes.linear import Linear
from tests.sync.fakes.server import Fault, Reply, Seen
from tests.sync.fakes.tracker import TOKEN


@pytest.fixture
def tracker() -> Iterator[Linear]:
    with Linear().running() as fake:
        yield fake


@pytest.fixture
def synced(repo: Path, tracker: Linear, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line in a workspace with an integration, which was never synced."""
    monkeypatch.setenv("TRACKER_TOKEN", TOKEN)
    settings = repo / "orchestrator.yaml"
    settings.write_text(
        f"{settings.read_text()}integrations:\n  lin:\n    kind: linear\n"
        f"    token: env:TRACKER_TOKEN\n    url: {tracker.server.url}\n    scope: {{team: ENG}}\n"
    )
    return Cli(repo)


def titles(tracker: Linear) -> set[str]:
    return {item["title"] for item in tracker.items("tasks").values()}


def key_of(tracker: Linear, title: str) -> str:
    return next(key for key, item in tracker.items("tasks").items() if item["title"] == title)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_plan_says_what_goes_where_and_does_nothing(synced: Cli, tracker: Linear) -> None:
    tracker.add("tasks", {"title": "Theirs", "priority": "high"})
    done = synced("sync", "plan", "lin", "--detailed-exitcode", code=2)
    assert done.stdout.startswith("lin: 6 to create (4 there, 2 here)\n")
    assert "  + PAY-1  Capture → new in lin\n" in done.stdout
    assert "Theirs (ENG-1) ← new here" in done.stdout
    assert titles(tracker) == {"Theirs"}


def test_a_sync_writes_both_sides_and_the_next_one_nothing(
    synced: Cli, tracker: Linear, repo: Path
) -> None:
    tracker.add("tasks", {"title": "Theirs"})
    done = synced("sync")
    assert "lin: 4 written there, 6 changed here, committed as" in done.stdout
    assert titles(tracker) == {"Theirs", "Capture", "Retry", "Refund"}
    assert "lin: ENG-2" in (repo / "projects/pay/tasks/PAY-1.yaml").read_text()
    assert "items are in step" in synced("sync", "lin").stdout
    shown = synced("sync", "plan", "lin", "--detailed-exitcode").stdout
    assert shown.startswith("lin: nothing to do, ")


def test_a_conflict_is_shown_with_its_way_out_and_resolved(synced: Cli, tracker: Linear) -> None:
    synced("sync")
    key = key_of(tracker, "Capture")
    tracker.edit("tasks", key, {"title": "Theirs", "due_date": "2026-12-01"})
    synced("task", "set", "PAY-1", "title=Ours", "labels+=web", "--commit")
    done = synced("sync", code=1)
    assert "title     here: Ours   there: Theirs   (was Capture)" in done.stdout
    assert "orchestrator sync resolve lin PAY-1 --take local|remote" in done.stdout
    assert "1 conflict left" in done.stdout
    assert tracker.items("tasks")[key]["labels"] == ["api", "db", "web"]
    drift = synced("sync", "drift", "lin").stdout
    assert re.search(r"^PAY-1 +title +Ours +Theirs +both$", drift, re.MULTILINE)
    assert "conflict      PAY-1 in title" in synced("sync", "status").stdout
    unknown = synced("sync", "plan", "lin", "--only", "PAY-77", code=1)
    assert "There is no item PAY-77 here or in lin ." in unknown.stderr
    refused = synced("sync", "resolve", "lin", "PAY-2", "--take", "local", code=1)
    assert "PAY-2 has no conflict in lin ." in refused.stderr
    synced("sync", "resolve", "lin", "ENG-1", "--take", "local")
    assert tracker.items("tasks")[key]["title"] == "Ours"


def test_json_is_one_message_a_line(synced: Cli, tracker: Linear) -> None:
    found = lines(synced("sync", "--json").stdout)
    kinds = [message["type"] for message in found]
    assert kinds[-1] == "summary"
    assert kinds.count("item") == 4
    assert {message["integration"] for message in found} == {"lin"}
    assert found[-1]["totals"] == {"create remote": 4}
    assert found[-1]["ok"] is True
    plan = next(message for message in found if message["type"] == "plan")
    assert [action["id"] for action in plan["actions"]] == ["pay", "PAY-1", "PAY-2", "PAY-3"]
    status = json.loads(synced("sync", "status", "--json").stdout)
    assert status["integrations"][0]["linked"] == {"projects": 1, "tasks": 3}
    assert status["integrations"][0]["state"] == "ready"
    assert json.loads(synced("sync", "drift", "lin", "--json").stdout) == {
        "total": 0, "differences": [],
    }  # fmt: skip
    assert tracker.items("tasks")


def test_a_plan_in_a_file_is_applied_once_and_refused_when_stale(
    synced: Cli, tracker: Linear
) -> None:
    synced("sync", "plan", "lin", "--out", "p.json")
    synced("sync", "apply", "p.json")
    assert len(titles(tracker)) == 3
    stale = synced("sync", "apply", "p.json", code=1)
    assert "does not hold any more" in stale.stderr
    (synced.folder / "p.json").write_text("[]")
    assert "p.json holds no plan." in synced("sync", "apply", "p.json", code=1).stderr


def test_what_is_missing_or_wrong_is_said_in_a_sentence(
    synced: Cli, tracker: Linear, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "There is no integration nothing ." in synced("sync", "nothing", code=1).stderr
    assert "Did you mean sync status ?" in synced("sync", "stauts", code=2).stderr
    monkeypatch.setenv("TRACKER_TOKEN", "tok-wrong")
    done = synced("sync", code=1)
    assert done.stderr.startswith("error: ")
    assert "hint: " in done.stderr
    assert "tok-wrong" not in done.stderr + done.stdout
    monkeypatch.delenv("TRACKER_TOKEN")
    assert "TRACKER_TOKEN is not set" in synced("sync", code=1).stderr
    found = lines(synced("sync", "--json", code=1).stdout)
    assert [message["type"] for message in found] == ["error"]
    assert "token         TRACKER_TOKEN is not set" in synced("sync", "status").stdout
    assert not tracker.items("tasks")


def test_a_workspace_without_a_tracker_says_how_to_get_one(repo: Path) -> None:
    cli = Cli(repo)
    done = cli("sync", code=1)
    assert "No tracker is set up" in done.stderr
    assert "orchestrator sync init KIND" in done.stderr
    assert "No tracker is set up" in cli("sync", "status", code=1).stderr


def test_suspended_trackers_and_items_are_left_alone(synced: Cli, tracker: Linear) -> None:
    synced("sync")
    assert synced("sync", "suspend", "lin", "PAY-1").stdout == "lin is synced, but for PAY-1\n"
    synced("task", "set", "PAY-1", "title=x", "--commit")
    synced("sync")
    assert "Capture" in titles(tracker)
    synced("sync", "suspend", "lin")
    assert "lin is suspended" in synced("sync", "lin", code=1).stderr
    assert "lin is suspended" in synced("sync").stderr
    assert "suspended" in synced("sync", "status", "lin").stdout
    synced("sync", "resume", "lin")
    synced("sync", "resume", "lin", "ENG-1")
    synced("sync")
    assert "x" in titles(tracker)


def test_items_that_exist_on_both_sides_are_linked_and_parted(
    synced: Cli, tracker: Linear, repo: Path
) -> None:
    for title in ("Capture", "retry ", "Refund"):
        tracker.add("tasks", {"title": title})
    shown = synced("sync", "link", "lin", "--match", "title", "--dry-run").stdout
    assert "= PAY-1  Capture (ENG-1)" in shown
    assert "external_ids" not in (repo / "projects/pay/tasks/PAY-1.yaml").read_text()
    synced("sync", "link", "lin", "--match", "title")
    synced("sync")
    assert len(tracker.items("tasks")) == 3
    assert "PAY-1 and ENG-1 of lin are parted" in synced("sync", "unlink", "lin", "PAY-1").stdout
    assert "external_ids" not in (repo / "projects/pay/tasks/PAY-1.yaml").read_text()
    synced("sync", "link", "lin", "PAY-1", "ENG-1")
    assert synced("sync", "plan", "lin").stdout == "lin: nothing to do, 4 unchanged\n"
    assert "Name an ID and a KEY" in synced("sync", "link", "lin", code=2).stderr
    assert "linked with nothing" in synced("sync", "unlink", "lin", "PAY-77", code=1).stderr


def test_a_branch_for_review_is_made_instead_of_a_commit(
    synced: Cli, tracker: Linear, git: Any
) -> None:
    tracker.add("tasks", {"title": "Theirs"})
    assert "on sync/lin" in synced("sync", "lin", "--branch").stdout
    assert git(synced.folder, "log", "--format=%s", "-1").strip() == "Start"
    assert "Source: lin" in git(synced.folder, "log", "--format=%B", "-1", "sync/lin")


def test_a_dry_run_does_nothing(synced: Cli, tracker: Linear, git: Any) -> None:
    assert "4 to create there" in synced("sync", "--dry-run").stdout
    assert not tracker.items("tasks")
    assert git(synced.folder, "for-each-ref", "refs/orchestrator") == ""


def test_a_second_run_at_the_same_time_is_told_who_holds_it(synced: Cli) -> None:
    from datetime import UTC, datetime

    from orchestrator.store.workspace import Workspace
    from orchestrator.sync.run.turn import turn

    repository = Workspace(synced.folder, dict(os.environ)).required_repository
    with turn(repository, "lin", datetime(2026, 11, 23, 9, 30, tzinfo=UTC)):
        done = synced("sync", code=1)
    assert f"lin is being synced already: process {os.getpid()}, since 09:30:00" in done.stderr


def test_watching_goes_on_until_a_signal(synced: Cli, tracker: Linear) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "orchestrator", "sync", "--watch", "--every", "5s"],
        cwd=synced.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert "4 written there" in process.stdout.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert len(tracker.items("tasks")) == 3
    for text in ("0s", "x", "3 days"):
        assert "--every" in synced("sync", "--watch", "--every", text, code=2).stderr


@pytest.mark.parametrize("at", [2, 3, 4])
def test_killed_with_kill_9_a_run_is_finished_by_the_next(
    synced: Cli, tracker: Linear, git: Any, at: int
) -> None:
    tracker.add("tasks", {"title": "Theirs"})
    process: list[subprocess.Popen[bytes]] = []
    answer, count = tracker.server.answer, 0

    def deadly(seen: Seen) -> Reply:
        nonlocal count
        reply = answer(seen)
        count += b"mutation" in seen.body
        if count == at and process:
            process.pop().kill()
        return reply

    tracker.server.answer = deadly
    command = [sys.executable, "-m", "orchestrator", "sync"]
    with tracker.server.lock:
        process.append(subprocess.Popen(command, cwd=synced.folder, stdout=subprocess.DEVNULL))
        running = process[0]
    assert running.wait(20) == -signal.SIGKILL
    tracker.server.answer = answer
    assert "unfinished" in synced("sync", "status").stdout
    synced("sync")
    found = [item["title"] for item in tracker.items("tasks").values()]
    assert sorted(found) == ["Capture", "Refund", "Retry", "Theirs"]
    assert len(tracker.items("projects")) == 1
    for task in ("PAY-1", "PAY-2", "PAY-3"):
        assert "lin: ENG-" in (synced.folder / f"projects/pay/tasks/{task}.yaml").read_text()
    assert synced("sync", "plan", "lin").stdout.startswith("lin: nothing to do")
    assert git(synced.folder, "status", "--porcelain", "projects") == ""


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("cut", times=20), "cannot be reached"),
        (Fault("garbage", times=20), "not JSON"),
        (Fault("half", times=20), "not JSON"),
        (Fault("reply", times=20, reply=Reply(500, {"errors": []})), "HTTP 500"),
        (Fault("reply", times=20, reply=Reply(401, {"errors": []})), "oken"),
    ],
)
def test_a_tracker_that_fails_is_one_clear_sentence(
    synced: Cli,
    tracker: Linear,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
    said: str,
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    tracker.server.faults.append(fault)
    done = synced("sync", "lin", code=1)
    assert done.stderr.startswith("error: ")
    assert said in done.stderr
    assert "\nhint: " in done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert not tracker.items("tasks")
    assert said in synced("sync", "status").stdout


def test_one_tracker_that_fails_does_not_stop_the_others(
    synced: Cli, tracker: Linear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    settings = synced.folder / "orchestrator.yaml"
    lost = "  a-lost: {kind: linear, token: env:TRACKER_TOKEN, url: 'http://127.0.0.1:1',"
    both = f"integrations:\n{lost} scope: {{team: ENG}}}}\n"
    settings.write_text(settings.read_text().replace("integrations:\n", both))
    done = synced("sync", code=1)
    assert "127.0.0.1 cannot be reached" in done.stderr
    assert "lin: 4 written there" in done.stdout
    assert len(tracker.items("tasks")) == 3


def test_many_failures_are_counted_and_only_some_named(synced: Cli, tracker: Linear) -> None:
    synced("sync")
    for number in range(30):
        path = synced.folder / f"projects/pay/tasks/PAY-X{number}.yaml"
        path.write_text(f"id: PAY-X{number}\ntitle: New {number}\nstatus: todo\n")
    subprocess.run(["git", "add", "."], cwd=synced.folder, check=True)
    subprocess.run(["git", "commit", "-qm", "More"], cwd=synced.folder, check=True)
    kind = {"type": "authentication error", "userError": True}
    refusal = Reply(401, {"errors": [{"message": "Expired", "extensions": kind}]})
    writes = Fault("reply", times=9, fits=lambda seen: b"mutation" in seen.body, reply=refusal)
    tracker.server.faults.append(writes)
    done = synced("sync", code=1)
    assert "PAY-X0 : " in done.stderr
    assert "PAY-X1 was left out: the run was stopped." in done.stderr
    assert "… and 10 more failed; --json names them all" in done.stderr
    assert "30 failed" in done.stdout
    assert synced("sync", "status").stdout.count("failed        PAY-X") == 10
    tracker.server.faults.clear()
    assert "30 written there" in synced("sync").stdout
