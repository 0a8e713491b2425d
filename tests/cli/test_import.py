"""`import`: another tool's plan in one go, and nothing the second time."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Cli, write

Git = Callable[..., str]
BACKLOG = {
    "backlog/config.yml": 'project_name: "Shop"\nstatuses: ["To Do", "In Progress", "Done"]\n',
    "backlog/tasks/task-1 - First.md": (
        "---\nid: task-1\ntitle: First\nstatus: Done\nassignee: ['@lee']\n"
        "created_date: '2026-01-02'\nlabels: [api]\n---\n\n## Description\n\nWhy.\n"
    ),
    "backlog/tasks/task-1.1 - Part.md": (
        "---\nid: task-1.1\ntitle: Part\nstatus: To Do\nparent_task_id: task-1\n"
        "dependencies: [task-9]\n---\n"
    ),
}
BEADS = [
    {"id": "bd-1", "title": "One", "status": "open", "priority": 1, "issue_type": "bug"},
    {
        "id": "bd-2", "title": "Two", "status": "closed", "closed_at": "2026-01-03T00:00:00Z",
        "dependencies": [{"issue_id": "bd-2", "depends_on_id": "bd-1", "type": "blocks"}],
    },
]  # fmt: skip


def test_a_backlog_folder_comes_over_in_one_commit_and_once(cli: Cli, repo: Path, git: Git) -> None:
    write(repo.parent, BACKLOG)
    done = cli("import", "backlog-md", "../backlog", "--project", "shop", "--commit")
    assert "2 tasks added to shop" in done.stdout
    assert "task-9" in done.stdout  # what could not be kept is said
    assert git(repo, "rev-list", "--count", "HEAD") == "2\n"
    assert git(repo, "status", "--short") == ""
    cli("check")
    found = json.loads(cli("task", "list", "-p", "shop", "--json").stdout)
    assert [(task["id"], task.get("parent")) for task in found["tasks"]] == [
        ("TASK-1", None),
        ("TASK-1-1", "TASK-1"),
    ]
    again = json.loads(cli("import", "backlog-md", "../backlog", "-p", "shop", "--json").stdout)
    assert (again["added"], again["present"]) == (0, 2)
    assert git(repo, "status", "--short") == ""


def test_beads_come_over_with_their_dependencies(cli: Cli, repo: Path) -> None:
    text = "".join(json.dumps(issue) + "\n" for issue in BEADS) + "not json\n"
    write(repo.parent, {"issues.jsonl": text})
    done = cli("import", "beads", "../issues.jsonl")
    assert "2 tasks added to beads" in done.stdout
    assert "3" in done.stdout  # the line that is no JSON
    two = json.loads(cli("task", "show", "BD-2", "--json").stdout)
    assert (two["status"], two["dependencies"]) == ("completed", ["BD-1"])
    cli("check")


def test_a_dry_run_writes_nothing(cli: Cli, repo: Path, git: Git) -> None:
    write(repo.parent, BACKLOG)
    done = cli("import", "backlog-md", "../backlog", "--dry-run")
    assert "2 tasks would be added" in done.stdout
    assert git(repo, "status", "--short") == ""


def test_a_folder_that_is_no_backlog_is_refused(cli: Cli, repo: Path) -> None:
    done = cli("import", "backlog-md", str(repo / "projects"), code=1)
    assert "is no Backlog.md folder" in done.stderr


ISSUES = [
    {"number": 7, "title": "Seven", "state": "open", "url": "https://github.com/a/web-shop/issues/7",
     "createdAt": "2026-01-02T00:00:00Z", "assignees": [{"login": "dana"}]},
    {"number": 8, "title": "Eight", "url": "https://github.com/a/web-shop/pull/8"},
]  # fmt: skip
TASKS = {
    "master": {"tasks": [{"id": 1, "title": "One", "subtasks": [{"id": 1, "title": "Part"}]}]},
    "next": {"tasks": [{"id": 1, "title": "Later"}]},
}
EXPORT = [
    {"uuid": "1a360fc4-315c-4366-b70c-ea7e7520b749", "description": "Seeds", "status": "pending",
     "project": "home.garden", "entry": "20260301T080000Z", "due": "20260310T120000Z"},
]  # fmt: skip
TABLE = "Summary;Issue key;Status;Due date;Team\nCart;SHOP-1;In Progress;3/4/2026;web\n"


def test_issues_come_from_stdin_into_a_project_called_like_the_repository(
    cli: Cli, repo: Path
) -> None:
    done = cli("import", "github", "-", "--json", stdin=json.dumps(ISSUES))
    found = json.loads(done.stdout)
    assert (found["project"], found["projects"], found["added"]) == ("web-shop", {"web-shop": 1}, 1)
    assert json.loads(cli("task", "show", "WS-7", "--json").stdout)["assignee"] == "dana"
    cli("check")
    into = cli("import", "github", "-", "-p", "pay", stdin=json.dumps([{**ISSUES[0], "number": 9}]))
    assert "1 task added to pay" in into.stdout
    assert (repo / "projects/pay/tasks/PAY-9.yaml").exists()


def test_tags_become_projects_in_one_commit(cli: Cli, repo: Path, git: Git) -> None:
    write(repo.parent, {"tasks.json": json.dumps(TASKS)})
    done = cli("import", "task-master", "../tasks.json", "--commit")
    assert "3 tasks added to master, next, 0 were there already." in done.stdout
    assert "  master: 2\n  next: 1\n" in done.stdout
    assert (
        git(repo, "log", "-1", "--format=%s")
        == "Import 3 tasks from taskmaster into master, next\n"
    )
    assert git(repo, "status", "--short") == ""
    cli("check")
    found = json.loads(cli("task", "show", "MAST-1-1", "--json").stdout)
    assert (found["project"], found["parent"]) == ("master", "MAST-1")


def test_a_table_says_what_its_columns_were_taken_for(cli: Cli, repo: Path, git: Git) -> None:
    write(repo.parent, {"shop.csv": TABLE})
    refused = cli("import", "csv", "../shop.csv", code=1)
    assert "day and month, or month and day?" in refused.stderr
    assert "--dates dmy" in refused.stderr
    assert git(repo, "status", "--short") == ""
    done = cli("import", "csv", "../shop.csv", "--dates", "dmy", "--map", "labels=Team")
    assert "title    ← Summary\nid       ← Issue key\n" in done.stderr
    assert "1 task added to shop" in done.stdout
    task = json.loads(cli("task", "show", "SHOP-1", "--json").stdout)
    assert (task["status"], task["due_date"], task["labels"]) == (
        "in_progress",
        "2026-04-03",
        ["web"],
    )
    again = cli("import", "csv", "../shop.csv", "--dates", "dmy", "--json")
    found = json.loads(again.stdout)
    assert (found["added"], found["present"]) == (0, 1)
    assert found["columns"]["title"] == ["Summary"]
    assert found["unmapped"] == ["Team"]
    cli("check")


def test_a_wish_that_is_no_pair_is_wrong_usage(cli: Cli, repo: Path) -> None:
    write(repo.parent, {"shop.csv": TABLE})
    assert "is not FIELD=COLUMN" in cli("import", "csv", "../shop.csv", "--map", "x", code=2).stderr


def test_taskwarrior_gitlab_and_todoist_come_over_too(cli: Cli, repo: Path) -> None:
    assert (
        "1 task added to home" in cli("import", "taskwarrior", "-", stdin=json.dumps(EXPORT)).stdout
    )
    gitlab = [{"iid": 3, "title": "Three", "references": {"full": "acme/app#3"}, "state": "closed"}]
    assert "1 task added to app" in cli("import", "gitlab", "-", stdin=json.dumps(gitlab)).stdout
    write(repo.parent, {"Trip [2203].csv": "TYPE,CONTENT,PRIORITY,INDENT\ntask,Pack @home,1,1\n"})
    assert "1 task added to trip" in cli("import", "todoist", "../Trip [2203].csv").stdout
    cli("check")


def test_another_format_is_refused_and_nothing_is_written(cli: Cli, repo: Path, git: Git) -> None:
    write(repo.parent, {"notes.txt": "hello\n"})
    for name in ("github", "gitlab", "task-master", "taskwarrior", "todoist", "csv", "beads"):
        refused = cli("import", name, "../notes.txt", code=1)
        assert refused.stderr.startswith("error: ")
        assert "hint: " in refused.stderr
    assert "no such file" in cli("import", "github", "../gone.json", code=1).stderr
    assert git(repo, "status", "--short") == ""
