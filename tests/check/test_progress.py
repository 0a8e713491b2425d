"""ORC305, 306: work that went ahead of what it rests on."""

from collections.abc import Callable

import pytest

from orchestrator.model.problem import Problem

Problems = Callable[..., list[Problem]]
DONE = "status: completed, completed_at: 2026-01-01T00:00:00Z"
GONE = "deleted_at: 2026-01-01T00:00:00Z"


def test_completed_over_an_open_child(problems: Problems) -> None:
    [problem] = problems(f"A-1: {{{DONE}}}\nA-2: {{parent: A-1}}")
    assert (problem.code, problem.severity, problem.pointer) == ("ORC305", "warning", "/status")
    assert problem.path == "projects/payments/tasks/A-1.yaml"
    assert problem.message == "A-1 is completed while A-2 under it is open."
    assert problem.hint


def test_three_children_are_named_and_the_rest_counted(problems: Problems) -> None:
    children = "".join(f"A-{n}: {{parent: A-1}}\n" for n in (6, 5, 4, 3, 2))
    [problem] = problems(f"A-1: {{{DONE}}}\n{children}")
    assert "while A-2 · A-3 · A-4 and 2 more under it are open." in problem.message


@pytest.mark.parametrize(
    "text",
    [
        f"A-1: {{{DONE}}}\nA-2: {{parent: A-1, {DONE}}}\nA-3: {{parent: A-1, status: cancelled}}",
        f"A-1: {{{DONE}}}\nA-2: {{parent: A-1, {GONE}}}",
        f"A-1: {{{DONE}, {GONE}}}\nA-2: {{parent: A-1, {GONE}}}",
        "A-1: {status: cancelled}\nA-2: {parent: A-1}",
        f"A-1: {{{DONE}}}\nA-2: broken",
    ],
)
def test_children_that_are_not_open(text: str, problems: Problems) -> None:
    assert problems(text, "ORC305") == []


def test_a_child_whose_status_is_wrong_is_not_held_open(problems: Problems) -> None:
    assert [p.code for p in problems(f"A-1: {{{DONE}}}\nA-2: {{parent: A-1, status: gone}}")] == [
        "ORC103"
    ]


@pytest.mark.parametrize("status", ["in_progress", "in_review", "completed"])
def test_started_over_open_dependencies(status: str, problems: Problems) -> None:
    [problem] = problems(
        f"A-1: {{status: {status}, dependencies: [A-3, A-2, A-4]}}\nA-2:\nA-3:\nA-4: {{{DONE}}}",
        "ORC306",
    )
    assert (problem.severity, problem.pointer, problem.id) == ("warning", "/status", "A-1")
    assert problem.message == (f"A-1 is {status} while A-2 and A-3 that it depends on are open.")
    assert problem.hint == "Finish them first, or remove the dependency."


@pytest.mark.parametrize(
    "text",
    [
        "A-1: {status: todo, dependencies: [A-2]}\nA-2:",
        "A-1: {status: blocked, dependencies: [A-2]}\nA-2:",
        "A-1: {status: in_progress, dependencies: [A-2]}\nA-2: {status: cancelled}",
        f"A-1: {{status: in_progress, dependencies: [A-2]}}\nA-2: {{{GONE}}}",
        f"A-1: {{status: in_progress, dependencies: [A-2], {GONE}}}\nA-2:",
        "A-1: {status: in_progress, dependencies: [A-9]}",
        "A-1: {status: in_progress, dependencies: [A-2]}\nA-2: broken",
        "A-1: {status: in_progress, dependencies: [A-1]}",
    ],
)
def test_dependencies_that_hold_nothing_up(text: str, problems: Problems) -> None:
    assert problems(text, "ORC306") == []
