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
