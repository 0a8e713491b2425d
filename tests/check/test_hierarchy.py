"""ORC204, 205, 208: the tree of tasks."""

from collections.abc import Callable
from datetime import datetime

import pytest

from orchestrator.check.run import check
from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Snapshot

Problems = Callable[..., list[Problem]]


def test_each_task_that_is_too_deep_is_told_once_with_its_chain(problems: Problems) -> None:
    found = problems(
        "settings: {max_depth: 1}\nA-1:\nA-2: {parent: A-1}\nA-3: {parent: A-2}\n"
        "A-4: {parent: A-3}\nA-5: {parent: A-1}\n"
    )
    assert [(p.code, p.id, p.pointer) for p in found] == [
        ("ORC204", "A-3", "/parent"),
        ("ORC204", "A-4", "/parent"),
    ]
    assert found[1].message == (
        "A-4 is at depth 3 and the deepest allowed is 1: A-1 → A-2 → A-3 → A-4 ."
    )
    assert "max_depth" in str(found[0].hint)


def test_the_deepest_allowed_is_five_unless_said(problems: Problems) -> None:
    chain = "A-0:\n" + "".join(f"A-{n}: {{parent: A-{n - 1}}}\n" for n in range(1, 7))
    assert [p.id for p in problems(chain)] == ["A-6"]
    assert problems(chain + "settings: {max_depth: 6}") == []


def test_deleted_tasks_are_not_too_deep(problems: Problems) -> None:
    assert problems(
        "settings: {max_depth: 0}\nA-1:\nA-2: {parent: A-1, deleted_at: 2026-01-01T00:00:00Z}"
    ) == []  # fmt: skip


def test_a_parent_cycle_is_told_once_at_its_smallest_id(problems: Problems) -> None:
    [problem] = problems(
        "B-2: {parent: C-3}\nA-1: {parent: B-2}\nC-3: {parent: A-1}\nD-4: {parent: C-3}\n"
    )
    assert (problem.code, problem.id, problem.pointer) == ("ORC205", "A-1", "/parent")
    assert "A-1 → B-2 → C-3 → A-1 ." in problem.message
    assert problem.hint == "Remove parent from one of them."


def test_two_parent_cycles_are_two_problems(problems: Problems) -> None:
    found = problems(
        "A-1: {parent: A-2}\nA-2: {parent: A-1}\nB-1: {parent: B-2}\nB-2: {parent: B-1}"
    )
    assert [(p.code, p.id) for p in found] == [("ORC205", "A-1"), ("ORC205", "B-1")]


@pytest.mark.parametrize(
    ("text", "kin"),
    [
        ("A-1:\nA-2: {parent: A-1}\nA-3: {parent: A-2, dependencies: [A-1]}", "ancestor"),
        ("A-1: {dependencies: [A-3]}\nA-2: {parent: A-1}\nA-3: {parent: A-2}", "descendant"),
    ],
)
def test_a_dependency_along_a_branch(text: str, kin: str, problems: Problems) -> None:
    [problem] = problems(text)
    assert (problem.code, problem.pointer) == ("ORC208", "/dependencies/0")
    assert f"depends on its own {kin} " in problem.message
    assert str(problem.hint).startswith("Remove the entry")


def test_siblings_and_cousins_may_depend_on_each_other(problems: Problems) -> None:
    assert problems(
        "A-1:\nA-2: {parent: A-1}\nA-3: {parent: A-1, dependencies: [A-2]}\n"
        "A-4: {parent: A-3, dependencies: [A-2]}\nB-1: {dependencies: [A-4]}\n"
    ) == []  # fmt: skip


def test_a_chain_of_twenty_thousand_tasks_is_no_trouble(now: datetime) -> None:
    size = 20_000
    tasks = {
        f"A-{n}": {
            "status": "todo",
            "project": "p",
            "parent": f"A-{n - 1}",
            "dependencies": ["A-0"],
        }
        for n in range(1, size)
    }
    tasks["A-0"] = {"status": "todo", "project": "p", "dependencies": [f"A-{size - 1}"]}
    found = check(Snapshot(tasks=tasks), now)
    by_code = {
        code: [p for p in found if p.code == code] for code in ("ORC204", "ORC207", "ORC208")
    }
    assert len(by_code["ORC204"]) == size - 6
    assert len(by_code["ORC207"]) == 1
    assert len(by_code["ORC208"]) == size
    assert max(len(p.message) for p in found) < 5_000
