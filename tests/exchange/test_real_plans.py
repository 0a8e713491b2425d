"""Two real plans, of 670 and 704 tasks, where they are at hand: both import without errors."""

import os
from datetime import UTC, datetime
from pathlib import Path

import jsonpatch
import pytest

from orchestrator.check.run import check
from orchestrator.exchange import backlog_md, beads
from orchestrator.exchange.imported import Imported
from orchestrator.exchange.plan import plan
from orchestrator.model.entities import Task
from orchestrator.model.snapshot import Snapshot
from orchestrator.text.read import read
from orchestrator.text.render import render

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DATA = Path(
    os.environ.get("ORCHESTRATOR_TEST_DATA")
    or Path(__file__).resolve().parents[2].parent / "shared" / "data"
)


def _backlog() -> Imported:
    root = DATA / "backlog-md"
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }
    return backlog_md.read(files)


def _beads() -> Imported:
    return beads.read((DATA / "beads-704.jsonl").read_bytes())


@pytest.fixture(params=["backlog-md", "beads-704.jsonl"])
def imported(request: pytest.FixtureRequest) -> Imported:
    name = str(request.param)
    if not (DATA / name).exists():
        pytest.skip(f"{DATA / name} is not there")
    return _backlog() if name == "backlog-md" else _beads()


def test_a_real_plan_imports_without_errors_and_a_second_time_without_changes(
    imported: Imported,
) -> None:
    empty = Snapshot({"name": "Team"})
    planned = plan(empty, "team", imported, NOW)
    document = jsonpatch.apply_patch(empty.virtual_document(), list(planned.ops))
    result = Snapshot(
        document["settings"], document["users"], document["projects"], document["tasks"]
    )
    assert planned.added == len(imported.tasks) > 600
    assert [each for each in check(result, NOW) if each.severity == "error"] == []
    again = plan(result, "team", imported, NOW)
    assert again.ops == ()
    assert again.present == planned.added


def test_every_task_of_a_real_plan_is_valid_and_survives_its_file(imported: Imported) -> None:
    for task in imported.tasks:
        Task.model_validate(task)
        assert read("", render(task).encode()) == task


def test_no_task_of_a_real_plan_is_lost() -> None:
    root, lines = DATA / "backlog-md", DATA / "beads-704.jsonl"
    if not root.exists() or not lines.exists():
        pytest.skip(f"{DATA} is not there")
    folders = ("tasks", "drafts", "completed", "archive/tasks", "archive/drafts")
    files = [
        path
        for folder in folders
        for path in (root / folder).glob("*.md")
        if path.name != "readme.md"
    ]
    assert len(_backlog().tasks) == len(files)
    assert len(_beads().tasks) == len(lines.read_bytes().splitlines())
