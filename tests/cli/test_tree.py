"""The tree as it is shown: what it amounts to, filters, the bin, narrow screens."""

import json
from pathlib import Path

import pytest

from orchestrator.cli.ink import cells
from orchestrator.cli.session import Session
from orchestrator.cli.tree import _lines
from orchestrator.model.snapshot import Snapshot
from orchestrator.view.rollup import rollups
from orchestrator.view.tree import tree
from tests.conftest import Cli, write

TASKS = "projects/pay/tasks"
FILES = {
    f"{TASKS}/PAY-1.yaml": "id: PAY-1\ntitle: Capture\nstatus: in_progress\n",
    f"{TASKS}/PAY-2.yaml": (
        "id: PAY-2\ntitle: Retry\nstatus: completed\nparent: PAY-1\nestimated_minutes: 60\n"
        "actual_minutes: 90\nassignee: dana\n"
    ),
    f"{TASKS}/PAY-3.yaml": (
        "id: PAY-3\ntitle: Refund\nstatus: todo\nparent: PAY-1\nestimated_minutes: 180\n"
    ),
    f"{TASKS}/PAY-4.yaml": "id: PAY-4\ntitle: Report\nstatus: todo\nparent: PAY-3\n",
    f"{TASKS}/PAY-5.yaml": (
        "id: PAY-5\ntitle: Old\nstatus: todo\nparent: PAY-3\ndeleted_at: 2026-01-01T00:00:00Z\n"
    ),
}


@pytest.fixture
def grown(cli: Cli, repo: Path) -> Cli:
    write(repo, FILES)
    return cli


def test_effort_stands_behind_the_title_and_over_runs_are_named(grown: Cli) -> None:
    assert grown("tree").stdout.splitlines() == [
        "pay  Payments",
        "  ◐ PAY-1  Capture  1/3  25%  1h30m of 4h",
        "  ├─ ● PAY-2  Retry  1h30m of 1h  over",
        "  └─ ○ PAY-3  Refund  0/1  0%  3h",
        "     └─ ○ PAY-4  Report",
    ]


def test_a_filter_shows_what_is_above_with_a_dot(grown: Cli) -> None:
    assert grown("tree", "-a", "dana").stdout.splitlines() == [
        "pay  Payments",
        "  · PAY-1  Capture  1/3  25%  1h30m of 4h",
        "  └─ ● PAY-2  Retry  1h30m of 1h  over",
    ]
    found = json.loads(grown("tree", "-a", "dana", "--json").stdout)
    [above] = found["tasks"]
    [below] = above["children"]
    assert (found["total"], above["derived"]["wanted"], below["derived"]["wanted"]) == (
        1, False, True,
    )  # fmt: skip
    assert below["derived"]["rollup"]["is_over"] is True


def test_depth_counts_from_the_task_that_is_named(grown: Cli) -> None:
    assert len(grown("tree", "--depth", "0").stdout.splitlines()) == 2
    assert grown("tree", "PAY-3", "--depth", "0").stdout == "○ PAY-3  Refund  0/1  0%  3h\n"
    assert len(grown("tree", "PAY-3", "--depth", "1").stdout.splitlines()) == 2


def test_the_bin_is_a_tree(grown: Cli) -> None:
    lines = grown("tree", "--deleted").stdout.splitlines()
    assert lines[-1] == "     └─ ○ PAY-5  Old"
    assert [line.strip()[0] for line in lines[1:3]] == ["·", "└"]
    assert "There is no task PAY-5" in grown("tree", "PAY-5", code=1).stderr
    assert grown("tree", "PAY-5", "--deleted").stdout == "○ PAY-5  Old\n"


def test_nothing_is_said_on_stderr(cli: Cli) -> None:
    done = cli("tree", "-s", "cancelled")
    assert (done.stdout, done.stderr) == ("", "No tasks.\n")


@pytest.mark.parametrize("width", [24, 40, 60])
def test_titles_give_way_on_a_narrow_screen(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    snapshot = Snapshot(
        projects={"pay": {"id": "pay", "title": "Payments " * 9}},
        tasks={
            "PAY-1": {
                "id": "PAY-1", "title": "支払いを確定する" * 5, "status": "todo", "project": "pay",
                "estimated_minutes": 60, "actual_minutes": 90,
            }
        },
    )  # fmt: skip
    session = Session(Path(), {}, has_color=False, is_terminal=True)
    lines = _lines(session, snapshot, tree(snapshot), rollups(snapshot), rooted=False)
    assert max(cells(line.rstrip("\n")) for line in lines) <= width
    assert ("over" in lines[1]) == (width > 24)
