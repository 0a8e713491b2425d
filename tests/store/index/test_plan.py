"""Questions to the index get the answers that the files would give."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestrator.model.task_filter import TaskFilter
from orchestrator.store.index.plan import Plan, ask, read_plan
from orchestrator.store.workspace import Workspace
from orchestrator.view.blocked import blocked, holds
from orchestrator.view.card import project_cards, task_card
from orchestrator.view.columns import column, sort_tasks
from orchestrator.view.derived import Derived
from orchestrator.view.rollup import rollups
from orchestrator.view.rows import task_rows
from orchestrator.view.search import read_query
from orchestrator.view.tree import tree
from tests.conftest import write

IDS = [f"P-{number}" for number in range(1, 9)]
TODAY = date(2026, 11, 22)
WORDS = ["retry", "Café", "re", "api", "ledger lock", "x"]


def some(values: list[str], most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True)


@st.composite
def task_files(draw: st.DrawFn) -> dict[str, str]:
    """Files of tasks, most of them right."""
    files = {}
    for name in draw(some(IDS, 8)):
        project = draw(st.sampled_from(["one", "two"]))
        status = st.sampled_from(["todo", "todo", "in_progress", "blocked", "completed", "wrong"])
        title = " ".join(draw(some(WORDS))) or "T"
        lines = [f"id: {draw(st.sampled_from([name, name, name, 'P-1']))}", f"title: {title}"]
        lines.append(f"status: {draw(status)}")
        optional: dict[str, list[Any]] = {
            "priority": ["low", "high", "urgent"], "assignee": ["dana", "lee"], "parent": IDS,
            "due_date": ["2026-11-20", "2026-11-25"], "created_at": ["2026-11-01T08:00:00Z"],
            "estimated_minutes": [0, 30, 90], "deleted_at": ["2026-11-02T08:00:00Z"],
            "description": WORDS, "odd": ["x"], "metadata": ["{team: retry}"],
        }  # fmt: skip
        for field, values in optional.items():
            if draw(st.integers(0, 5)) < (1 if field in ("deleted_at", "odd") else 3):
                lines.append(f"{field}: {draw(st.sampled_from(values))}")
        lines.append(f"dependencies: [{', '.join(draw(some(IDS)))}]")
        lines.append(f"labels: [{', '.join(draw(some(['api', 'db', 'café'])))}]")
        files[f"projects/{project}/tasks/{name}.yaml"] = "\n".join(lines) + "\n"
    return files


filters = st.builds(
    TaskFilter,
    status=some(["todo", "completed"]).map(tuple),
    priority=some(["medium", "high"]).map(tuple),
    assignee=some(["dana", ""]).map(tuple),
    label=some(["api", "db"], 2).map(tuple),
    any_label=some(["api", "café"], 2).map(tuple),
    no_label=some(["db"], 1).map(tuple),
    parent=st.sampled_from([None, None, ""]),
    depth=st.sampled_from([None, None, 0, 1]),
    due_before=st.sampled_from([None, "2026-11-22"]),
    overdue_on=st.sampled_from([None, None, "2026-11-22"]),
    created_after=st.sampled_from([None, None, "2026-10-01"]),
    min_estimate=st.sampled_from([None, None, 0, 30]),
    max_estimate=st.sampled_from([None, None, 30]),
    has_dependencies=st.sampled_from([None, None, True, False]),
    has_estimate=st.sampled_from([None, None, True, False]),
    is_open=st.sampled_from([None, None, True, False]),
    is_ready=st.sampled_from([None, None, True, False]),
    is_blocked=st.sampled_from([None, None, True, False]),
    text=st.sampled_from(["", "", "café", "re"]),
    is_deleted=st.sampled_from([False, False, True]),
)


def questions(
    wanted: TaskFilter, words: tuple[str, ...], most: int
) -> dict[str, Callable[[Plan], Any]]:
    """Everything that commands ask a plan."""

    def columns(plan: Plan) -> Any:
        names = ("unblocks", "spent", "remaining", "progress", "urgency", "depth", "blocked_by")
        ids = plan.select(TaskFilter())
        return [[column(plan.derived, TODAY, name)(item) for item in ids] for name in names]

    def searched(plan: Plan) -> Any:
        found = plan.search(TaskFilter(), words, most)
        return found.total, list(found.scores.items())[:most]

    def searched_among(plan: Plan) -> Any:
        found = plan.search(wanted, words, None)
        return found.total, list(found.scores.items())

    def sorted_ids(plan: Plan) -> list[str]:
        return sort_tasks(plan.derived, TODAY, plan.select(TaskFilter()), "-priority,due,title")

    def subtrees(plan: Plan) -> Any:
        found = []
        for name in IDS:
            if name in plan.snapshot.tasks and not plan.snapshot.tasks[name].get("deleted_at"):
                part = plan.below(name)
                branches = tree(part, root=name)
                amounts = rollups(part)
                found.append((branches, [amounts.get(branch.id) for branch in branches]))
        return found

    def held_up(plan: Plan) -> Any:
        ids = blocked(plan.derived)
        return ids, holds(plan.derived, ids)

    def cards(plan: Plan) -> Any:
        tasks, projects = plan.snapshot.tasks, list(plan.snapshot.projects)
        return (
            [task_card(plan.snapshot, name, plan.derived) for name in IDS if name in tasks],
            [project_cards(plan.within(name), [name]) for name in projects],
        )

    return {
        "subtrees": subtrees,
        "cards": cards,
        "blocked": held_up,
        "select": lambda plan: plan.select(wanted),
        "under": lambda plan: [
            plan.select(TaskFilter(under=name)) for name in IDS if name in plan.snapshot.tasks
        ],
        "ready": lambda plan: plan.ready(wanted),
        "rows": lambda plan: task_rows(plan.snapshot, plan.select(wanted), plan.derived),
        "columns": columns,
        "sorted": sorted_ids,
        "search": searched,
        "search among": searched_among,
        "snapshot": lambda plan: (
            plan.snapshot.unreadable, plan.snapshot.misplaced, dict(plan.snapshot.raw),
            list(plan.snapshot.tasks), list(plan.snapshot.tasks.items()), len(plan.snapshot.tasks),
        ),
    }  # fmt: skip


def assert_equal_answers(root: Path, wanted: TaskFilter, words: tuple[str, ...], most: int) -> None:
    workspace = Workspace(root, {**os.environ, "ORCHESTRATOR_INDEX": "always"})
    snapshot = workspace.snapshot()
    plain = Plan(snapshot, Derived(snapshot))
    for name, question in questions(wanted, words, most).items():

        def answer(plan: Plan, question: Callable[[Plan], Any] = question) -> Any:
            assert plan.state is not None, "the index was not used"
            return question(plan)

        found = ask(workspace, answer, searches=name.startswith("search"))
        assert found == question(plain), name
    whole = read_plan(workspace)
    assert whole == snapshot
    assert list(whole.tasks) == list(snapshot.tasks)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=task_files(),
    more=task_files(),
    wanted=filters,
    words=some(["retry", "re", "cafe", "api", "ledger lock", "p-1"]).filter(bool).map(tuple),
    most=st.integers(0, 4),
)
def test_answers_are_those_of_the_files(
    repo: Path,
    files: dict[str, str],
    more: dict[str, str],
    wanted: TaskFilter,
    words: tuple[str, ...],
    most: int,
) -> None:
    for path in repo.glob("projects/*/tasks/*"):
        path.unlink()
    write(repo, {"projects/two/project.yaml": "id: two\nkey: T\ntitle: T\nstatus: on_hold\n"})
    for added in (files, more):
        write(repo, added)
        assert_equal_answers(repo, wanted, words, most)


@pytest.mark.parametrize(
    "text", ["\uff02quoted", "a'b'c", "100%", "*star", "x AND y", "日本語", "ﬁne"]
)
def test_what_is_searched_for_is_never_a_query(repo: Path, text: str) -> None:
    path = "projects/pay/tasks/PAY-50.yaml"
    title = f"With {text} in it".replace('"', "'")
    write(repo, {path: f'id: PAY-50\ntitle: "{title}"\nstatus: todo\n'})
    words = read_query(text)
    assert_equal_answers(repo, TaskFilter(), words, 5)
    found = ask(
        Workspace(repo, {**os.environ, "ORCHESTRATOR_INDEX": "always"}),
        lambda plan: plan.search(TaskFilter(), words, 5),
        searches=True,
    )
    assert list(found.scores) == ["PAY-50"]


def test_a_search_may_have_any_number_of_words(repo: Path) -> None:
    words = tuple(f"w{number}" for number in range(1_200))
    text = " ".join(words)
    write(repo, {"projects/pay/tasks/PAY-50.yaml": f"id: PAY-50\ntitle: T\nstatus: todo\n"
        f"description: {text}\n"})  # fmt: skip
    assert_equal_answers(repo, TaskFilter(), words, 5)


def test_questions_about_many_tasks_are_answered_for_all_at_once(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repo, {f"projects/pay/tasks/PAY-{number}.yaml":
        f"id: PAY-{number}\ntitle: T\nstatus: todo\nparent: PAY-{number // 2}\n"
        f"dependencies: [PAY-{number + 3}]\nestimated_minutes: {number}\n"
        for number in range(10, 90)})  # fmt: skip
    for few in (0, 5, 1_000):
        monkeypatch.setattr("orchestrator.store.index.tasks._FEW", few)
        assert_equal_answers(repo, TaskFilter(), ("t",), 5)


@pytest.mark.slow
@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=task_files(),
    wanted=filters,
    words=some(WORDS).filter(bool).map(lambda found: tuple(word.casefold() for word in found)),
    most=st.integers(0, 4),
)
def test_answers_for_long(
    repo: Path, files: dict[str, str], wanted: TaskFilter, words: tuple[str, ...], most: int
) -> None:
    for path in repo.glob("projects/*/tasks/*"):
        path.unlink()
    write(repo, files)
    assert_equal_answers(repo, wanted, words, most)
