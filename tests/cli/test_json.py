"""The JSON that other programs rely on, to the letter."""

import json
from pathlib import Path
from typing import Any

from tests.conftest import Cli


def answer(cli: Cli, *arguments: str) -> Any:
    return json.loads(cli(*arguments).stdout)


def test_a_list_is_a_total_and_rows_with_project_and_derived_fields(cli: Cli) -> None:
    found = answer(cli, "task", "list", "--json")
    assert found["total"] == 3
    assert found["tasks"][0] == {
        "id": "PAY-1",
        "title": "Capture",
        "status": "todo",
        "priority": "high",
        "assignee": "dana",
        "labels": ["api", "db"],
        "project": "pay",
        "derived": {
            "depth": 0,
            "children": 1,
            "ready": False,
            "blocked_by": [],
            "actual_minutes": 0,
        },
    }
    assert found["tasks"][2]["derived"]["blocked_by"] == ["PAY-2"]
    assert found["tasks"][1]["derived"]["ready"] is True


def test_limit_and_offset_page_and_total_counts_all(cli: Cli) -> None:
    found = answer(cli, "task", "list", "--json", "--limit", "1", "--offset", "1")
    assert (found["total"], [task["id"] for task in found["tasks"]]) == (3, ["PAY-2"])
    assert answer(cli, "task", "list", "--json", "--limit", "0") == {"total": 3, "tasks": []}


def test_sort_takes_several_fields_and_directions(cli: Cli) -> None:
    def ids(sort: str) -> list[str]:
        return [
            task["id"] for task in answer(cli, "task", "list", "--json", "--sort", sort)["tasks"]
        ]

    assert ids("-id") == ["PAY-3", "PAY-2", "PAY-1"]
    assert ids("priority,-id") == ["PAY-1", "PAY-3", "PAY-2"]
    assert ids("title") == ["PAY-1", "PAY-3", "PAY-2"]


def test_filters_meet(cli: Cli) -> None:
    def ids(*options: str) -> list[str]:
        return [task["id"] for task in answer(cli, "task", "list", "--json", *options)["tasks"]]

    assert ids("--label", "api", "--status", "todo") == ["PAY-1"]
    assert ids("--assignee", "") == ["PAY-2", "PAY-3"]
    assert ids("--parent", "PAY-1") == ["PAY-2"]
    assert ids("--parent", "") == ["PAY-1", "PAY-3"]
    assert ids("--text", "REF") == ["PAY-3"]
    assert ids("--where", "label=api,db open") == ["PAY-1"]
    assert "There is no project none ." in cli("task", "list", "-p", "none", code=1).stderr
    assert "no status 'done'" in cli("task", "list", "-s", "done", code=2).stderr


def test_one_entity_is_its_object(cli: Cli) -> None:
    assert answer(cli, "task", "show", "PAY-2", "--json")["parent"] == "PAY-1"
    project = answer(cli, "project", "show", "pay", "--json")
    derived = project["derived"]
    assert (project["key"], derived["tasks"], derived["open"]) == ("PAY", 3, 3)
    assert answer(cli, "user", "show", "dana", "--json")["email"] == "dana@example.com"


def test_projects_and_users_are_lists_too(cli: Cli) -> None:
    assert [row["id"] for row in answer(cli, "project", "list", "--json")["projects"]] == ["pay"]
    users = answer(cli, "user", "list", "--json")
    assert (users["total"], users["users"][0]["id"]) == (1, "dana")


def test_ready_is_a_list_of_tasks(cli: Cli) -> None:
    found = answer(cli, "ready", "--json")
    assert (found["total"], [task["id"] for task in found["tasks"]]) == (1, ["PAY-2"])


def test_the_tree_nests_children(cli: Cli) -> None:
    found = answer(cli, "tree", "--json")
    assert found["total"] == 3
    assert [task["id"] for task in found["tasks"]] == ["PAY-1", "PAY-3"]
    assert found["tasks"][0]["children"][0]["id"] == "PAY-2"
    below = answer(cli, "tree", "PAY-1", "--json")
    assert (below["total"], below["tasks"][0]["id"]) == (2, "PAY-1")


def test_check_says_problems_and_a_summary(cli: Cli, repo: Path) -> None:
    task = repo / "projects/pay/tasks/PAY-1.yaml"
    task.write_text(task.read_text() + "parent: PAY-2\n")
    done = cli("check", "--format", "json", code=1)
    found = json.loads(done.stdout)
    assert found["summary"] == {"errors": 1, "warnings": 0, "files": 6}
    [problem] = found["problems"]
    assert list(problem) == [
        "code", "severity", "message", "path", "line", "column", "pointer", "id", "hint", "fixable",
    ]  # fmt: skip
    assert problem["code"] == "ORC205"
    assert problem["path"] == "projects/pay/tasks/PAY-1.yaml"
    assert (problem["line"], problem["column"], problem["pointer"]) == (7, 9, "/parent")
    assert "PAY-1 → PAY-2 → PAY-1" in problem["message"]


def test_a_new_task_answers_with_its_object(cli: Cli) -> None:
    made = answer(cli, "task", "new", "x", "estimate=1h30m", "labels=b,a", "--json")
    assert (made["estimated_minutes"], made["labels"], made["project"]) == (90, ["b", "a"], "pay")
    assert made["id"].startswith("PAY-")


def test_rules_are_listed(cli: Cli) -> None:
    found = answer(cli, "explain", "--json")
    assert found["total"] == len(found["rules"])
    assert answer(cli, "explain", "orc205", "--json")["page"].startswith("# ORC205")
