"""Templates: read strictly, filled with the title, and grown into a tree of tasks."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from orchestrator.model.problem import Problem
from orchestrator.store.files import WorkTree
from orchestrator.store.load import check_source
from orchestrator.store.template_files import UnusableTemplateError, template, templates
from orchestrator.store.workspace import Workspace
from orchestrator.verbs.assign import read_assignments
from orchestrator.verbs.create import create_task
from orchestrator.verbs.refuse import ImpossibleError
from orchestrator.verbs.template import Seed, read_template, sown
from tests.conftest import write
from tests.verbs.plans import NOW, STAMP, done_to, plan

SUNDAY = date(2026, 11, 22)
RELEASE: dict[str, Any] = {
    "priority": "high",
    "labels": ["release"],
    "due_date": "+2w",
    "description": "Ship {title}.\n",
    "tests": {"unit": ["{title} starts"]},
    "tasks": [
        {"title": "Test {title}", "estimated_minutes": 60},
        {"title": "Tell people", "tasks": [{"title": "Write the mail"}]},
    ],
}


def seed(document: dict[str, Any]) -> Seed:
    found = read_template("templates/x.yaml", document)
    assert isinstance(found, Seed)
    return found


def problems(document: Any) -> list[Problem]:
    found = read_template("templates/x.yaml", document)
    assert isinstance(found, list)
    return found


def made(document: dict[str, Any], *wishes: str, **members: Any) -> dict[str, dict[str, Any]]:
    snapshot = plan({"PAY-1": {}, "PAY-2": {"parent": "PAY-1"}}, **members)
    _, patch = create_task(
        snapshot, "pay", "v2", read_assignments("tasks", wishes), NOW, random.Random(1).choice,
        "NEW-1", seed(document),
    )  # fmt: skip
    after = done_to(snapshot, patch)
    return {name: task for name, task in after.tasks.items() if name not in snapshot.tasks}


def test_a_template_becomes_a_task_and_those_below_it() -> None:
    tasks = made(RELEASE)
    titles = {name: task["title"] for name, task in tasks.items()}
    assert {task["title"]: titles.get(task.get("parent", "")) for task in tasks.values()} == {
        "v2": None, "Test v2": "v2", "Tell people": "v2", "Write the mail": "Tell people",
    }  # fmt: skip
    assert tasks["NEW-1"] == {
        "id": "NEW-1", "title": "v2", "status": "todo", "priority": "high", "labels": ["release"],
        "description": "Ship v2.\n", "due_date": "2026-12-06", "created_at": STAMP,
        "tests": {"unit": ["v2 starts"]}, "project": "pay",
    }  # fmt: skip


def test_what_is_typed_wins_and_lists_grow() -> None:
    task = made(RELEASE, "priority=low", "labels+=web", "due=+1d", "tests.unit+=it stops")["NEW-1"]
    assert task["priority"] == "low"
    assert task["labels"] == ["release", "web"]
    assert task["due_date"] == "2026-11-23"
    assert task["tests"] == {"unit": ["v2 starts", "it stops"]}


def test_the_title_is_filled_in_everywhere_and_nothing_else_is_touched() -> None:
    grown = sown(Seed("{title}", {"metadata": {"a": ["{title}", 1, {"b": "{x}"}]}}), "T", SUNDAY)
    assert grown == Seed("T", {"metadata": {"a": ["T", 1, {"b": "{x}"}]}})


@pytest.mark.parametrize(
    ("document", "code", "pointer", "says"),
    [
        ({"id": "PAY-1"}, "ORC101", "/id", "id is no field of a template."),
        ({"title": "x"}, "ORC101", "/title", "title is no field of a template."),
        ({"status": "todo"}, "ORC101", "/status", "status is no field of a template."),
        ({"completed_at": STAMP}, "ORC101", "/completed_at", "is no field of a template."),
        ({"prioritty": "low"}, "ORC101", "/prioritty", "is no field of a template."),
        ({"priority": "hot"}, "ORC103", "/priority", "'hot' is not one of low, "),
        ({"due_date": "soon"}, "ORC103", "/due_date", "due_date: 'soon' is no day."),
        ({"tests": {"unit": "x"}}, "ORC103", "/tests/unit", "not a list"),
        ({"tasks": {}}, "ORC103", "/tasks", "tasks is no list."),
        ({"tasks": ["x"]}, "ORC103", "/tasks/0", "tasks.0 is no mapping."),
        ({"tasks": [{}]}, "ORC102", "/tasks/0", "tasks.0.title is missing."),
        ({"tasks": [{"title": "x", "parent": "A-1"}]}, "ORC101", "/tasks/0/parent",
         "tasks.0.parent is no field of a template."),
        ({"tasks": [{"title": "x", "labels": "x"}]}, "ORC103", "/tasks/0/labels", "not a list"),
    ],
)  # fmt: skip
def test_what_a_template_may_not_say(
    document: dict[str, Any], code: str, pointer: str, says: str
) -> None:
    [problem] = problems(document)
    assert (problem.code, problem.pointer) == (code, pointer)
    assert says in problem.message
    assert problem.hint or code == "ORC103"


def test_a_tree_that_is_too_deep_is_refused() -> None:
    with pytest.raises(ImpossibleError, match="at depth 4 and the deepest allowed is 3"):
        made(RELEASE, "parent=PAY-2", settings={"max_depth": 3})


def test_a_new_task_under_what_cannot_be_a_parent_is_refused() -> None:
    for wish, says in (
        ("parent=PAY-8", "There is no task PAY-8 ."),
        ("dependencies=PAY-8", "There is no task PAY-8 ."),
        ("due=2020-01-01 start=2021-01-01", "would be due on 2020-01-01"),
    ):
        with pytest.raises(ImpossibleError, match=says):
            made({}, *wish.split())
    astray = plan({"OPS-1": {"project": "ops"}})
    with pytest.raises(ImpossibleError, match="The parent OPS-1 is in the project ops and not in"):
        create_task(astray, "pay", "x", read_assignments("tasks", ["parent=OPS-1"]), NOW,
                    random.Random(1).choice)  # fmt: skip


def test_the_built_in_one_asks_for_all_kinds_of_tests(workspace: Workspace) -> None:
    found = template(workspace.files, "feature")
    assert set(found.fields["tests"]) == {"unit", "integration", "performance", "security"}
    task = made(dict(found.fields))["NEW-1"]
    assert '"v2"' in task["tests"]["unit"][0]
    assert "{" not in str(task["description"])


def test_the_workspaces_own_wins(repo: Path) -> None:
    write(repo, {"templates/feature.yaml": "priority: low\n", "templates/bug.yaml": "labels: [b]\n",
                 "templates/README.md": "x", "templates/Odd Name.yaml": "x: y\n"})  # fmt: skip
    source = WorkTree(repo)
    assert template(source, "feature").fields == {"priority": "low"}
    assert [(item.name, item.path) for item in templates(source)] == [
        ("bug", "templates/bug.yaml"), ("feature", "templates/feature.yaml"),
    ]  # fmt: skip
    assert check_source(source, NOW).problems == ()


def test_a_template_that_cannot_be_used_is_located(repo: Path, git: Callable[..., str]) -> None:
    write(repo, {
        "templates/a.yaml": "labels: [x]\npriority: hot\n", "templates/b.yaml": "x: [1\n",
        "templates/helm.yaml": "kind: {{ .Values.kind }}\n",
    })  # fmt: skip
    git(repo, "add", ".")
    workspace = Workspace(repo, {})
    for source in (workspace.files, workspace.staged()):
        found = check_source(source, NOW).problems
        assert [(item.code, item.path, item.line) for item in found] == [
            ("ORC103", "templates/a.yaml", 2), ("ORC001", "templates/b.yaml", 1),
        ]  # fmt: skip
        with pytest.raises(UnusableTemplateError, match=r"templates/a\.yaml:2: priority: 'hot' is"):
            template(source, "a")
        with pytest.raises(UnusableTemplateError, match=r"templates/b\.yaml:"):
            template(source, "b")


def test_a_name_that_is_none_reaches_no_file(workspace: Workspace) -> None:
    for name in ("nope", "../orchestrator", "/etc/passwd", ""):
        with pytest.raises(UnusableTemplateError, match="There is no template"):
            template(workspace.files, name)
    with pytest.raises(UnusableTemplateError) as refused:
        template(workspace.files, "featur")
    assert refused.value.hint == "Did you mean feature ?"
