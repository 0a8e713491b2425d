"""ORC210: users that files name."""

from collections.abc import Callable

import pytest

from orchestrator.model.problem import Problem

Problems = Callable[..., list[Problem]]


@pytest.mark.parametrize(
    ("text", "path", "pointer"),
    [
        ("PAY-1: {assignee: dna}", "projects/payments/tasks/PAY-1.yaml", "/assignee"),
        ("projects/payments: {owner: dna}", "projects/payments/project.yaml", "/owner"),
        (
            (
                "PAY-1: {time_entries: [{at: 2026-01-01T00:00:00Z, minutes: 5},"
                " {at: 2026-01-01T00:00:00Z, minutes: 5, user: dna}]}"
            ),
            "projects/payments/tasks/PAY-1.yaml",
            "/time_entries/1/user",
        ),
        (
            "PAY-1: {deleted_at: 2026-01-01T00:00:00Z, deleted_by: dna}",
            "projects/payments/tasks/PAY-1.yaml",
            "/deleted_by",
        ),
    ],
)
def test_an_unknown_user_wherever_named(
    text: str, path: str, pointer: str, problems: Problems
) -> None:
    [problem] = problems(f"users/dana:\n{text}")
    assert (problem.code, problem.path, problem.pointer) == ("ORC210", path, pointer)
    assert problem.message == "There is no user dna ."
    assert problem.hint == "Did you mean dana ?"


def test_a_name_unlike_any_other_gets_the_command(problems: Problems) -> None:
    [problem] = problems("users/dana:\nPAY-1: {assignee: zoe}")
    assert "orchestrator user new zoe" in str(problem.hint)


@pytest.mark.parametrize(
    "text",
    [
        "PAY-1: {assignee: anyone}",
        "users/dana:\nPAY-1: {assignee: dana}\nPAY-2: {assignee: null}",
        "users/dana:\nusers/lee: broken\nPAY-1: {assignee: lee}",
    ],
    ids=["no users yet", "known", "unreadable"],
)
def test_names_that_are_not_unknown(text: str, problems: Problems) -> None:
    assert problems(text, "ORC210") == []
