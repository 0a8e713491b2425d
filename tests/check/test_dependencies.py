"""ORC207: circles of dependencies."""

from collections.abc import Callable

from orchestrator.model.problem import Problem

Problems = Callable[..., list[Problem]]


def test_a_circle_is_named_whole_at_its_smallest_id(problems: Problems) -> None:
    [problem] = problems(
        "B-2: {dependencies: [Z-9, C-3]}\nA-1: {dependencies: [Z-9, B-2]}\n"
        "C-3: {dependencies: [A-1]}\nZ-9:\nD-4: {dependencies: [A-1]}\n"
    )
    assert (problem.code, problem.id, problem.pointer) == ("ORC207", "A-1", "/dependencies/1")
    assert problem.message == "Tasks wait for each other: A-1 → B-2 → C-3 → A-1 ."
    assert problem.hint == "Remove one of these dependencies."


def test_a_tangle_is_told_once_with_a_shortest_circle(problems: Problems) -> None:
    [problem] = problems(
        "A-1: {dependencies: [A-2, A-3]}\nA-2: {dependencies: [A-4]}\nA-4: {dependencies: [A-1]}\n"
        "A-3: {dependencies: [A-1]}\n"
    )
    assert problem.message == ("Tasks wait for each other: A-1 → A-3 → A-1 (4 tasks are tangled) .")


def test_a_task_that_waits_for_itself_is_in_no_circle(problems: Problems) -> None:
    assert [p.code for p in problems("A-1: {dependencies: [A-1]}")] == ["ORC209"]


def test_circles_of_deleted_tasks_count(problems: Problems) -> None:
    gone = "deleted_at: 2026-01-01T00:00:00Z"
    found = problems(f"A-1: {{dependencies: [A-2], {gone}}}\nA-2: {{dependencies: [A-1], {gone}}}")
    assert [p.code for p in found] == ["ORC207"]


def test_a_chain_is_no_circle(problems: Problems) -> None:
    assert problems("A-1: {dependencies: [A-2, A-3]}\nA-2: {dependencies: [A-3]}\nA-3:") == []
