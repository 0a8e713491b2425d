"""A plan beside another is what reading all of it would give, also where it is wrong."""

from collections.abc import Mapping
from datetime import datetime

import pytest

from orchestrator.model.problem import Problem
from orchestrator.store.proposals.plan import plan_at, plan_beside
from orchestrator.store.workspace import Workspace
from tests.conftest import PLAN
from tests.store.proposals.branches import TASKS, commit, run

THREE = f"{TASKS}/PAY-3.yaml"
CHANGES: dict[str, Mapping[str, str | None]] = {
    "nothing": {},
    "right": {THREE: PLAN[THREE].replace("todo", "blocked")},
    "no YAML": {THREE: "id: [PAY-3\n"},
    "wrong type": {THREE: "id: PAY-3\ntitle: 3\nstatus: odd\n"},
    "gone": {f"{TASKS}/PAY-2.yaml": None},
    "settings": {"orchestrator.yaml": "name: Test\nmax_depth: 0\n"},
    "user gone": {"users/dana.yaml": None, "users/lee.yaml": "id: lee\nname: Lee\n"},
    "used twice": {"projects/ops/tasks/PAY-3.yaml": PLAN[THREE]},
    "case": {f"{TASKS}/pay-3.yaml": PLAN[THREE]},
    "misnamed": {f"{TASKS}/PAY-9.yaml": PLAN[THREE]},
    "unexpected": {f"{TASKS}/notes.txt": "x\n"},
    "template": {"templates/odd.yaml": "title: [\n"},
    "moved": {THREE: None, "projects/ops/tasks/PAY-3.yaml": PLAN[THREE]},
    "environment": {"orchestrator.ci.yaml": "rules:\n  ORC307: error\n"},
}


def listed(problems: tuple[Problem, ...]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.path, problem.code, problem.message))


@pytest.mark.parametrize("before", ["nothing", "no YAML", "used twice"])
def test_a_plan_beside_another_is_the_plan(
    workspace: Workspace, now: datetime, before: str
) -> None:
    repository = workspace.required_repository
    start = commit(workspace.root, CHANGES[before])
    first = plan_at(repository, start, now)
    for changes in CHANGES.values():
        commit(workspace.root, {path: text for path, text in changes.items() if text is not None})
        gone = {path: None for path, text in changes.items() if text is None}
        tip = commit(workspace.root, gone)
        beside = plan_beside(first, repository, tip, now)
        assert listed(beside.problems) == listed(plan_at(repository, tip, now).problems)
        assert listed(plan_beside(beside, repository, start, now).problems) == listed(
            first.problems
        )

        run(workspace.root, "reset", "--quiet", "--hard", start)
