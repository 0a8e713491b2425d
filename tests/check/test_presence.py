"""ORC102, of whole files: the settings, and a project beside its tasks."""

from collections.abc import Callable

from orchestrator.model.problem import Problem

Problems = Callable[..., list[Problem]]


def test_a_plan_without_settings(problems: Problems) -> None:
    [problem] = problems("settings: absent")
    assert (problem.code, problem.path, problem.id) == ("ORC102", "orchestrator.yaml", None)
    assert problem.hint == "orchestrator init"


def test_tasks_without_a_project(problems: Problems) -> None:
    [problem] = problems("projects/lost: absent\nlost/LST-1:\nlost/LST-2:\nPAY-1:")
    assert (problem.code, problem.path) == ("ORC102", "projects/lost/project.yaml")
    assert problem.message == "There are tasks but there is no project lost ."
    assert problem.hint == "orchestrator project new lost"


def test_files_that_cannot_be_read_are_not_missing(problems: Problems) -> None:
    found = problems("settings: broken\nprojects/payments: broken\nPAY-1:")
    assert {p.code for p in found} == {"ORC001"}
