"""ORC202, 203, 206, 209, 211: what a task names."""

from collections.abc import Callable, Iterable
from datetime import datetime

import pytest

from orchestrator.check.run import check
from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Snapshot

Problems = Callable[..., list[Problem]]
Plan = Callable[[str], Snapshot]
Mend = Callable[[Snapshot, Iterable[Problem]], Snapshot]


def test_a_missing_parent_is_named_with_the_one_that_was_meant(problems: Problems) -> None:
    [problem] = problems("PAY-7K3F:\nPAY-2: {parent: PAY-7K3E}")
    assert problem.code == "ORC202"
    assert problem.severity == "error"
    assert problem.path == "projects/payments/tasks/PAY-2.yaml"
    assert problem.pointer == "/parent"
    assert problem.id == "PAY-2"
    assert problem.message == "The parent PAY-7K3E does not exist."
    assert problem.hint == "Did you mean PAY-7K3F ?"
    assert problem.fix == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("PAY-K73F", "PAY-7K3F"),
        ("PAY-7K3", "PAY-7K3F"),
        ("PAY-7K3FF", "PAY-7K3F"),
        ("PAI-7K3F", "PAY-7K3F"),
        ("ZZZ-0000", None),
    ],
)
def test_one_slip_of_the_hand_is_recognised(
    written: str, meant: str | None, problems: Problems
) -> None:
    [problem] = problems(f"PAY-7K3F:\nPAY-2: {{dependencies: [{written}]}}")
    expected = (
        f"Did you mean {meant} ?" if meant else "Name a task that exists, or remove the entry."
    )
    assert problem.hint == expected


@pytest.mark.parametrize(
    "text",
    [
        "PAY-1:\nPAY-2: {parent: PAY-1, dependencies: [PAY-3]}\nPAY-3:",
        "PAY-2: {parent: null, dependencies: null}",
        "PAY-9: broken\nPAY-2: {parent: PAY-9, dependencies: [PAY-9]}",
        "PAY-2: {parent: PAY-9, dependencies: [PAY-8], deleted_at: 2026-01-01T00:00:00Z}",
    ],
    ids=["there", "none", "unreadable", "from a deleted task"],
)
def test_references_that_are_not_missing(text: str, problems: Problems) -> None:
    assert problems(text, "ORC202", "ORC206") == []


def test_a_parent_in_another_project(problems: Problems) -> None:
    [problem] = problems("platform/PLT-1:\nPAY-2: {parent: PLT-1}")
    assert problem.code == "ORC203"
    assert problem.pointer == "/parent"
    assert "PLT-1 is in the project platform" in problem.message
    assert "orchestrator task move PAY-2 --to platform" in str(problem.hint)


def test_dependencies_may_cross_projects(problems: Problems) -> None:
    assert problems("platform/PLT-1:\nPAY-2: {dependencies: [PLT-1]}") == []


def test_each_missing_dependency_is_at_its_own_place(problems: Problems) -> None:
    found = problems("PAY-1:\nPAY-2: {dependencies: [PAY-8888, PAY-1, PAY-9999]}")
    assert [(p.code, p.pointer, p.message) for p in found] == [
        ("ORC206", "/dependencies/0", "The dependency PAY-8888 does not exist."),
        ("ORC206", "/dependencies/2", "The dependency PAY-9999 does not exist."),
    ]


@pytest.mark.parametrize(
    ("text", "pointer", "op"),
    [
        ("PAY-1: {parent: PAY-1}", "/parent", "/tasks/PAY-1/parent"),
        ("PAY-1: {dependencies: [PAY-1]}", "/dependencies/0", "/tasks/PAY-1/dependencies"),
        (
            "PAY-1: {dependencies: [PAY-2, PAY-1]}\nPAY-2:",
            "/dependencies/1",
            "/tasks/PAY-1/dependencies/1",
        ),
    ],
)
def test_a_task_that_refers_to_itself_is_told_once_and_mended(
    text: str, pointer: str, op: str, plan: Plan, mend: Mend, now: datetime
) -> None:
    snapshot = plan(text)
    [problem] = check(snapshot, now)
    assert (problem.code, problem.pointer) == ("ORC209", pointer)
    assert problem.fix == ({"op": "remove", "path": op},)
    assert check(mend(snapshot, [problem]), now) == []


def test_a_live_task_under_a_deleted_parent(problems: Problems) -> None:
    [problem] = problems(
        "PAY-1: {deleted_at: 2026-01-01T00:00:00Z}\n"
        "PAY-2: {parent: PAY-1}\n"
        "PAY-3: {parent: PAY-1, deleted_at: 2026-01-01T00:00:00Z}\n"
    )
    assert (problem.code, problem.id, problem.pointer) == ("ORC211", "PAY-2", "/parent")
    assert problem.message == "The parent PAY-1 is deleted."
    assert "orchestrator task restore PAY-1" in str(problem.hint)


def test_a_live_task_in_a_deleted_project(problems: Problems) -> None:
    [problem] = problems(
        "projects/payments: {deleted_at: 2026-01-01T00:00:00Z}\n"
        "PAY-1: {deleted_at: 2026-01-01T00:00:00Z}\nPAY-2:\nother/OTH-1:\n"
    )
    assert (problem.code, problem.id, problem.pointer) == ("ORC211", "PAY-2", "")
    assert problem.message == "The project payments is deleted."
