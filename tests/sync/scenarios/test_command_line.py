"""A sync as somebody types it: plan, apply, resolve, link, unlink, suspend, review."""

import json

import pytest

from tests.sync.scenarios.desk import Desk
from tests.sync.scenarios.pair import FAKES, is_write

# Each sentence is shown with one tracker; what differs between trackers is tested elsewhere.
ONE, TWO, THREE, FOUR, FIVE = (FAKES * 5)[:5]


def edited_there(desk: Desk, kind: str, title: str, /, **fields: object) -> None:
    """Change a task as somebody over there would."""
    fake = desk.fakes[kind]
    (key,) = (key for key, row in fake.items("tasks").items() if row["title"] == title)
    fake.clock.pass_by(minutes=2)
    fake.edit("tasks", key, fields)


@pytest.mark.parametrize("kind", [ONE])
def test_a_dry_run_writes_no_file_no_ref_and_sends_no_change(desk: Desk, kind: str) -> None:
    desk.settle()
    edited_there(desk, kind, "Retry", title="Retry there")
    before = desk.git("for-each-ref"), desk.git("status", "--porcelain")
    done = desk.run("run", kind, "--dry-run")
    assert done.returncode == 0
    assert "Capture now" in done.stdout
    assert "Retry there" in done.stdout
    assert (desk.git("for-each-ref"), desk.git("status", "--porcelain")) == before
    assert not any(is_write(seen) for seen in desk.fakes[kind].server.seen)


def test_a_plan_that_is_out_of_date_is_refused_and_a_good_one_carried_out(desk: Desk) -> None:
    desk.settle()
    path = str(desk.root.parent / "plan.json")
    done = desk.run("plan", TWO, "--out", path)
    assert done.returncode == 0
    edited_there(desk, TWO, "Retry", title="Retry there")
    done = desk.run("apply", path)
    assert done.returncode == 1
    assert "hint" in done.stderr
    titles = {row["title"] for row in desk.fakes[TWO].items("tasks").values()}
    assert titles == {"Capture", "Retry there", "Refund", "Report"}
    desk.run("plan", TWO, "--out", path)
    assert desk.run("apply", path).returncode == 0
    rows = {row["title"] for row in desk.fakes[TWO].items("tasks").values()}
    assert rows == {"Capture now", "Retry there", "Refund", "Report"}
    done = desk.run("plan", TWO, "--json")
    (plan,) = (each for each in map(json.loads, done.stdout.splitlines()) if each["type"] == "plan")
    assert plan["actions"] == []


@pytest.mark.parametrize(
    ("kind", "side", "title"), [(THREE, "local", "Capture now"), (FOUR, "remote", "Theirs")]
)
def test_a_conflict_is_told_and_resolved(desk: Desk, kind: str, side: str, title: str) -> None:
    desk.settle()
    edited_there(desk, kind, "Capture", title="Theirs")
    done = desk.run("run", kind)
    assert done.returncode == 1
    assert "PAY-1" in done.stdout + done.stderr
    assert desk.title(kind) == "Theirs"
    assert desk.run("resolve", kind, "PAY-1", "--take", side).returncode == 0
    assert desk.title(kind) == title
    assert f"title: {title}" in (desk.root / "projects/pay/tasks/PAY-1.yaml").read_text()
    assert desk.run("run", kind).returncode == 0


def test_what_was_parted_is_linked_again_by_its_title(desk: Desk) -> None:
    desk.settle()
    assert desk.run("unlink", FIVE, "PAY-3").returncode == 0
    text = (desk.root / "projects/pay/tasks/PAY-3.yaml").read_text()
    assert f"{FIVE}:" not in text
    done = desk.run("link", FIVE, "--match", "title")
    assert done.returncode == 0, done.stderr
    assert f"{FIVE}:" in (desk.root / "projects/pay/tasks/PAY-3.yaml").read_text()
    assert desk.run("run", FIVE).returncode == 0
    assert len(desk.fakes[FIVE].items("tasks")) == 4


def test_a_tracker_that_is_suspended_is_not_asked(desk: Desk) -> None:
    desk.settle()
    assert desk.run("suspend", THREE).returncode == 0
    done = desk.run("run", THREE)
    assert done.returncode == 1
    assert f"sync resume {THREE}" in done.stderr
    assert not desk.fakes[THREE].server.seen
    assert desk.run("resume", THREE).returncode == 0
    assert desk.run("run", THREE).returncode == 0
    assert desk.title(THREE) == "Capture now"


def test_a_branch_for_review_leaves_the_plan_alone(desk: Desk) -> None:
    desk.settle()
    edited_there(desk, FOUR, "Retry", title="Retry there")
    head = desk.git("rev-parse", "main")
    assert desk.run("run", FOUR, "--branch").returncode == 0
    assert desk.git("rev-parse", "main") == head
    assert "Retry there" in desk.git("diff", f"main..sync/{FOUR}")
    drift = desk.run("drift", FOUR)
    assert "Retry there" in drift.stdout
    desk.git("merge", "--quiet", "--ff-only", f"sync/{FOUR}")
    assert desk.run("run", FOUR).returncode == 0
    assert desk.run("drift", FOUR).stdout == ""
