"""The example workspaces are clean, canonical, and show what they are there to show."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from orchestrator.model.fields import FIELDS
from orchestrator.model.places import Kind
from orchestrator.model.snapshot import Snapshot
from orchestrator.store.files import Entry, WorkTree
from orchestrator.store.load import check_source, load
from orchestrator.text.fmt import fmt
from orchestrator.view.ready import ready
from orchestrator.view.tree import depth

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
FOLDERS = sorted(path.parent.name for path in EXAMPLES.glob("*/orchestrator.yaml"))


@pytest.fixture(scope="module")
def roadmap() -> Snapshot:
    return load(WorkTree(EXAMPLES / "roadmap")).snapshot


def test_there_are_examples() -> None:
    assert {"roadmap", "small"} <= set(FOLDERS)


@pytest.mark.parametrize("name", FOLDERS)
def test_an_example_has_no_error_and_no_warning(name: str, now: datetime) -> None:
    report = check_source(WorkTree(EXAMPLES / name), now)
    assert report.problems == ()
    assert report.files > 0


@pytest.mark.parametrize("name", FOLDERS)
def test_the_command_line_finds_an_example_clean(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "orchestrator", "-C", str(EXAMPLES / name), "check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("No problems in ")


@pytest.mark.parametrize("name", FOLDERS)
def test_an_example_is_in_canonical_form(name: str) -> None:
    for entry in WorkTree(EXAMPLES / name).entries():
        assert isinstance(entry, Entry)
        assert fmt(entry.data, FIELDS[entry.place.kind]) == entry.data.decode(), entry.path


@pytest.mark.parametrize(
    ("task_id", "title", "hours", "priority"),
    [
        ("DEL-002", "Fix cascade delete", 4, "high"),
        ("TEST-API-002", "Service layer testing", 6, "high"),
        ("TEST-UI-007", "Front-end/back-end integration", 8, "high"),
        ("SEC-001", "Authentication", 12, "medium"),
        ("DOC-001", "API documentation", 3, "medium"),
        ("INT-001", "AI provider integration tests", 6, "medium"),
    ],
)
def test_the_roadmap_has_its_milestones(
    roadmap: Snapshot, task_id: str, title: str, hours: int, priority: str
) -> None:
    task = roadmap.tasks[task_id]
    assert task["title"] == title
    assert task["estimated_minutes"] == hours * 60
    assert task["priority"] == priority
    assert depth(roadmap, task_id) == 0


def test_estimates_in_the_roadmap_are_the_sums_of_their_parts(roadmap: Snapshot) -> None:
    parts: dict[str, int] = {}
    for task in roadmap.tasks.values():
        if parent := task.get("parent"):
            parts[parent] = parts.get(parent, 0) + task.get("estimated_minutes", 0)
    for parent, minutes in parts.items():
        assert roadmap.tasks[parent]["estimated_minutes"] == minutes, parent


def test_tasks_in_the_roadmap_begin_with_the_key_of_their_project(roadmap: Snapshot) -> None:
    for task_id, task in roadmap.tasks.items():
        assert task_id.startswith(f"{roadmap.projects[task['project']]['key']}-")


def test_the_roadmap_shows_what_a_plan_can_hold(roadmap: Snapshot) -> None:
    tasks = roadmap.tasks.values()
    assert max(depth(roadmap, task_id) for task_id in roadmap.tasks) >= 2
    assert {task["status"] for task in tasks} == {
        "todo", "in_progress", "blocked", "in_review", "completed", "cancelled"
    }  # fmt: skip
    assert {kind for task in tasks for kind in task.get("tests") or {}} == {
        "unit", "integration", "performance", "security"
    }  # fmt: skip
    assert any(user.get("kind") == "agent" for user in roadmap.users.values())
    assert any(
        roadmap.tasks[other]["project"] != task["project"]
        for task in tasks
        for other in task.get("dependencies") or ()
    )
    assert len(ready(roadmap)) > 1


@pytest.mark.parametrize("kind", FIELDS)
def test_the_small_example_speaks_of_every_key(kind: Kind) -> None:
    texts = [
        entry.data.decode()
        for entry in WorkTree(EXAMPLES / "small").entries()
        if isinstance(entry, Entry) and entry.place.kind == kind
    ]
    whole = "\n".join(texts)
    # A deleted project looks as a deleted task does, and one example of that is enough.
    wanted = [name for name in FIELDS[kind] if kind == "tasks" or not name.startswith("deleted")]
    assert [name for name in wanted if name not in whole] == []
    assert all("#" in text for text in texts[:-1] if kind != "tasks")


def test_the_small_example_is_small() -> None:
    snapshot = load(WorkTree(EXAMPLES / "small")).snapshot
    assert len(snapshot.projects) == 1
    assert len(snapshot.tasks) == 5
