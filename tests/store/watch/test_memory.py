"""A plan kept in memory says what a full check says, and reads only what changed."""

import random
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from orchestrator.check.run import check
from orchestrator.store.files import WorkTree
from orchestrator.store.load import check_source
from orchestrator.store.watch.memory import Memory

TASKS = "projects/pay/tasks"


@pytest.fixture
def memory(plan: Path) -> Memory:
    kept = Memory(WorkTree(plan))
    kept.look(WorkTree(plan))
    return kept


def look(memory: Memory) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return memory.look(WorkTree(memory.source.root))


def problems(memory: Memory, now: datetime) -> tuple[object, ...]:
    return memory.located(check(memory.snapshot(), now))


def test_a_second_look_finds_nothing(memory: Memory) -> None:
    assert look(memory) == ((), ())


def test_a_changed_value_is_a_change_in_meaning(memory: Memory, plan: Path) -> None:
    file = plan / TASKS / "PAY-2.yaml"
    file.write_text(file.read_text().replace("Retry", "Again"))
    assert look(memory) == ((f"{TASKS}/PAY-2.yaml",),) * 2


def test_a_comment_changes_bytes_and_no_meaning(memory: Memory, plan: Path) -> None:
    for path in (f"{TASKS}/PAY-2.yaml", "users/dana.yaml", "orchestrator.yaml"):
        with (plan / path).open("a") as file:
            file.write("# a remark\n")
        assert look(memory) == ((path,), ())


def test_a_file_that_is_written_with_the_same_bytes_is_no_change(
    memory: Memory, plan: Path
) -> None:
    file = plan / TASKS / "PAY-1.yaml"
    file.write_bytes(file.read_bytes())
    assert look(memory) == ((), ())


def test_files_that_come_and_go_are_changes(memory: Memory, plan: Path) -> None:
    (plan / TASKS / "PAY-9.yaml").write_text("id: PAY-9\ntitle: New\nstatus: todo\n")
    (plan / "users/robin.yaml").write_text("id: robin\nname: Robin\n")
    come = (f"{TASKS}/PAY-9.yaml", "users/robin.yaml")
    assert look(memory) == (come, come)
    (plan / TASKS / "PAY-9.yaml").unlink()
    (plan / "users/robin.yaml").unlink()
    assert look(memory) == (come, come)


def test_a_folder_of_tasks_that_goes_and_comes_back(
    memory: Memory, plan: Path, tmp_path: Path, now: datetime
) -> None:
    before = problems(memory, now)
    shutil.move(plan / "projects", tmp_path / "aside")
    assert len(look(memory)[0]) == 4
    assert problems(memory, now) == check_source(WorkTree(plan), now).problems
    shutil.move(tmp_path / "aside", plan / "projects")
    assert len(look(memory)[0]) == 4
    assert problems(memory, now) == before


def test_a_file_can_be_as_it_was_or_not_there_for_a_question(
    memory: Memory, plan: Path, now: datetime
) -> None:
    path = f"{TASKS}/PAY-1.yaml"
    assert "PAY-1" not in memory.snapshot({path: None}).tasks
    data = (plan / path).read_bytes().replace(b"Capture", b"Take")
    assert memory.snapshot({path: data}).tasks["PAY-1"]["title"] == "Take"
    assert memory.snapshot({"users/dana.yaml": None}).users == {}
    assert memory.snapshot().tasks["PAY-1"]["title"] == "Capture"
    assert problems(memory, now) == check_source(WorkTree(plan), now).problems


def _write_something(plan: Path, choose: random.Random) -> None:
    """Do to one file what people, editors and accidents do."""
    number = choose.randrange(1, 8)
    folder = plan / choose.choice(["projects/pay/tasks", "projects/ops/tasks"])
    file = folder / f"{choose.choice(['PAY', 'PAY', 'OPS'])}-{number}.yaml"
    parent = choose.choice(["", f"parent: PAY-{choose.randrange(1, 8)}\n"])
    needed = choose.choice(["", f"dependencies: [PAY-{choose.randrange(1, 8)}]\n"])
    status = choose.choice(["todo", "in_progress", "completed", "dunn"])
    text = f"id: {file.stem}\ntitle: T{number}\nstatus: {status}\n{parent}{needed}"
    match choose.randrange(9):
        case 0:
            file.unlink(missing_ok=True)
        case 1:
            shutil.rmtree(folder, ignore_errors=True)
        case 2:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(text.replace(f"id: {file.stem}", f"id: PAY-{number + 1}"))
        case 3:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(f"<<<<<<< ours\n{text}")
        case 4:
            settings = plan / "orchestrator.yaml"
            severity = choose.choice(["error", "warning", "off"])
            settings.write_text(f"version: 1\nname: T\nrules: {{ORC305: {severity}}}\n")
        case 5 if (folder / "odd.txt").exists():
            (folder / "odd.txt").unlink()
        case 5 if folder.exists():
            (folder / "odd.txt").write_text("what is this")
        case _:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(text)


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(more, marks=pytest.mark.slow) for more in range(2, 20))]
)
def test_after_any_edits_it_says_what_a_full_check_says(
    memory: Memory, plan: Path, now: datetime, seed: int
) -> None:
    choose = random.Random(seed)
    for _ in range(60):
        for _ in range(choose.randrange(1, 4)):
            _write_something(plan, choose)
        look(memory)
        full = check_source(WorkTree(plan), now)
        assert problems(memory, now) == full.problems
        assert memory.files == full.files
