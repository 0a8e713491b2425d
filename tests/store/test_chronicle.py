"""The history of an entity out of real repositories: moves, changed ids, merges, broken files."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestrator.cli.chronicle import words
from orchestrator.model.places import Kind
from orchestrator.store.chronicle import Chronicle, chronicle
from orchestrator.store.repository import NoRepositoryError
from orchestrator.store.workspace import Workspace
from orchestrator.view.moments import origins
from tests.conftest import PLAN, write

Git = Callable[..., str]
TASK = "projects/pay/tasks/PAY-1.yaml"
OPS = {"projects/ops/project.yaml": "id: ops\nkey: OPS\ntitle: Ops\nstatus: active\n"}


def told(workspace: Workspace, entity_id: str, kind: Kind = "tasks") -> list[str]:
    """Return the history of an entity as people read it, a line a field, newest first."""
    moments = chronicle(workspace, kind, entity_id).moments
    return [line for moment in moments for line in words(moment)]


def blamed(found: Chronicle) -> dict[str, Any]:
    """Return the message of the commit that set each value; None for what is not committed."""
    assert found.present is not None
    said = {}
    for origin in origins(found.present, found.moments):
        commit = origin.moment.commit if origin.moment else None
        name = f"{origin.atom.field} {origin.value}" if origin.atom.element else origin.atom.field
        said[name] = commit and commit.subject
    return said


@pytest.fixture
def commit(repo: Path, git: Git) -> Callable[..., None]:
    """Change files and commit them: text for a path, None to remove, a pair to replace in it."""

    def change(message: str, files: dict[str, Any]) -> None:
        for path, wanted in files.items():
            target = repo / path
            if wanted is None:
                target.unlink()
            elif isinstance(wanted, tuple):
                text = target.read_text()
                assert wanted[0] in text
                target.write_text(text.replace(*wanted))
            else:
                write(repo, {path: wanted})
        git(repo, "add", "--all")
        git(repo, "commit", "--quiet", "-m", message)

    return change


Commit = Callable[[str, dict[str, Any]], None]


def test_each_commit_tells_what_it_changed_the_newest_first(
    workspace: Workspace, commit: Commit
) -> None:
    commit("Begin", {TASK: ("status: todo", "status: in_progress")})
    commit("Other", {"projects/pay/tasks/PAY-2.yaml": ("Retry", "Try again")})
    commit("Finish", {TASK: ("status: in_progress", "status: completed")})
    assert told(workspace, "PAY-1") == [
        "PAY-1: status: in_progress → completed",
        "PAY-1: status: todo → in_progress",
        "Add PAY-1: Capture",
    ]
    newest = chronicle(workspace, "tasks", "PAY-1").moments[0].commit
    assert newest is not None
    assert (newest.author, newest.at.isoformat()) == ("Dana Ionescu", "2026-11-22T09:00:00+00:00")


def test_what_is_not_committed_comes_first(workspace: Workspace, repo: Path) -> None:
    (repo / TASK).write_text(PLAN[TASK].replace("high", "urgent"))
    moments = chronicle(workspace, "tasks", "PAY-1").moments
    assert moments[0].commit is None
    assert words(moments[0]) == ["PAY-1: priority: high → urgent"]
    write(repo, {"projects/pay/tasks/PAY-8.yaml": "id: PAY-8\ntitle: New\nstatus: todo\n"})
    assert told(workspace, "PAY-8") == ["Add PAY-8: New"]


def test_a_task_is_followed_into_another_project(
    workspace: Workspace, repo: Path, git: Git, commit: Commit
) -> None:
    commit("Ops", OPS)
    (repo / "projects/ops/tasks").mkdir()
    git(repo, "mv", TASK, "projects/ops/tasks/PAY-1.yaml")
    commit("Move", {})
    commit("Rank", {"projects/ops/tasks/PAY-1.yaml": ("high", "low")})
    assert told(workspace, "PAY-1") == [
        "PAY-1: priority: high → low",
        "PAY-1: project: pay → ops",
        "Add PAY-1: Capture",
    ]


@pytest.mark.parametrize("is_committed", [True, False])
def test_a_task_is_followed_to_its_old_id(
    workspace: Workspace, repo: Path, commit: Commit, git: Git, is_committed: bool
) -> None:
    commit("Rank", {TASK: ("high", "low")})
    text = (repo / TASK).read_text().replace("PAY-1", "PAY-77")
    change = {TASK: None, "projects/pay/tasks/PAY-77.yaml": text}
    # Another that goes in the same commit is not mistaken for it.
    change["projects/pay/tasks/PAY-3.yaml"] = None
    commit("Rename", change)
    if not is_committed:
        git(repo, "reset", "--quiet", "HEAD~1")
    assert told(workspace, "PAY-77") == [
        "Rename PAY-1 to PAY-77",
        "PAY-1: priority: high → low",
        "Add PAY-1: Capture",
    ]
    assert told(workspace, "PAY-1")[0] == "Remove PAY-1"


def test_a_new_task_is_not_taken_for_one_that_went(workspace: Workspace, commit: Commit) -> None:
    new = "id: PAY-5\ntitle: Ledger\nstatus: todo\npriority: high\nassignee: dana\n"
    commit("Swap", {TASK: None, "projects/pay/tasks/PAY-5.yaml": new})
    assert told(workspace, "PAY-5") == ["Add PAY-5: Ledger"]


def test_a_purged_task_has_a_history(workspace: Workspace, commit: Commit) -> None:
    commit("Purge", {TASK: None})
    assert told(workspace, "PAY-1") == ["Remove PAY-1", "Add PAY-1: Capture"]
    assert chronicle(workspace, "tasks", "PAY-1").present is None


def test_a_task_that_lived_on_a_merged_branch_only_has_a_history(
    workspace: Workspace, repo: Path, git: Git, commit: Commit
) -> None:
    git(repo, "checkout", "--quiet", "-b", "side")
    path = "projects/pay/tasks/PAY-6.yaml"
    commit("Add", {path: "id: PAY-6\ntitle: Short\nstatus: todo\n"})
    commit("Drop", {path: None})
    git(repo, "checkout", "--quiet", "main")
    git(repo, "merge", "--quiet", "--no-ff", "side", "-m", "Merge")
    assert told(workspace, "PAY-6") == ["Remove PAY-6", "Add PAY-6: Short"]


def merge(repo: Path, git: Git, text: str) -> None:
    """Merge the branch `side` so that the task says `text`."""
    git(repo, "checkout", "--quiet", "main")
    try:
        git(repo, "merge", "--quiet", "--no-ff", "--no-commit", "side")
    except AssertionError as error:
        assert "CONFLICT" in str(error)  # noqa: PT017 - neighbouring lines may conflict or not
    (repo / TASK).write_text(text)
    git(repo, "add", TASK)
    git(repo, "commit", "--quiet", "-m", "Merge")


def test_a_merge_tells_only_what_it_changed_itself(
    workspace: Workspace, repo: Path, git: Git, commit: Commit
) -> None:
    git(repo, "checkout", "--quiet", "-b", "side")
    commit("Label", {TASK: ("[api, db]", "[api, db, web]")})
    git(repo, "checkout", "--quiet", "main")
    commit("Title", {TASK: ("Capture", "Take")})
    both = (repo / TASK).read_text().replace("[api, db]", "[api, db, web]")
    merge(repo, git, both)
    assert set(told(workspace, "PAY-1")) == {
        "PAY-1: labels: api, db → api, db, web",
        "PAY-1: title: Capture → Take",
        "Add PAY-1: Capture",
    }
    who = blamed(chronicle(workspace, "tasks", "PAY-1"))
    assert (who["labels web"], who["labels api"], who["title"]) == ("Label", "Start", "Title")


def test_a_merge_that_smuggles_a_change_in_is_shown(
    workspace: Workspace, repo: Path, git: Git, commit: Commit
) -> None:
    git(repo, "checkout", "--quiet", "-b", "side")
    commit("Label", {TASK: ("[api, db]", "[api, db, web]")})
    git(repo, "checkout", "--quiet", "main")
    commit("Title", {TASK: ("Capture", "Take")})
    both = (repo / TASK).read_text().replace("[api, db]", "[api, db, web]")
    merge(repo, git, both.replace("high", "urgent"))
    moment = chronicle(workspace, "tasks", "PAY-1").moments[0]
    assert moment.commit is not None
    assert moment.commit.subject == "Merge"
    assert words(moment) == ["PAY-1: priority: high → urgent"]
    assert blamed(chronicle(workspace, "tasks", "PAY-1"))["priority"] == "Merge"


def test_a_file_that_could_not_be_read_for_a_while_hides_nothing(
    workspace: Workspace, commit: Commit
) -> None:
    commit("Break", {TASK: ("status: todo", "status: [todo")})
    commit("Mend", {TASK: ("status: [todo", "status: completed")})
    assert told(workspace, "PAY-1") == [
        "PAY-1: status: todo → completed",
        "PAY-1: the file could not be read from here on",
        "Add PAY-1: Capture",
    ]
    assert blamed(chronicle(workspace, "tasks", "PAY-1"))["title"] == "Start"


def test_a_file_that_cannot_be_read_now_says_what_it_said(workspace: Workspace, repo: Path) -> None:
    (repo / TASK).write_text("id: [\n")
    found = chronicle(workspace, "tasks", "PAY-1")
    assert words(found.moments[0]) == ["PAY-1: the file could not be read from here on"]
    assert blamed(found)["title"] == "Start"


def test_a_value_that_was_taken_back_is_of_whoever_set_it_last(
    workspace: Workspace, commit: Commit, repo: Path
) -> None:
    commit("Up", {TASK: ("high", "urgent")})
    commit("Down", {TASK: ("urgent", "high")})
    (repo / TASK).write_text((repo / TASK).read_text() + "metadata:\n  team: blue\n  floor: 2\n")
    who = blamed(chronicle(workspace, "tasks", "PAY-1"))
    assert who["priority"] == "Down"
    assert (who["metadata.team"], who["metadata.floor"]) == (None, None)


def test_comments_are_a_change_of_no_field(workspace: Workspace, commit: Commit) -> None:
    commit("Comment", {TASK: ("# the first", "# the second")})
    assert told(workspace, "PAY-1")[0] == "PAY-1: no field, only comments or layout"


def test_projects_and_users_have_histories(workspace: Workspace, commit: Commit) -> None:
    commit("Name", {"users/dana.yaml": ("Ionescu", "Popescu")})
    commit("Hold", {"projects/pay/project.yaml": ("active", "on_hold")})
    assert told(workspace, "dana", "users")[0].endswith("name: Dana Ionescu → Dana Popescu")
    assert told(workspace, "pay", "projects")[0] == "project pay: status: active → on_hold"


def test_who_proposed_and_why_come_out_of_the_trailers(
    workspace: Workspace, commit: Commit
) -> None:
    trailers = "Orchestrator-Agent: planner\nReason: it is\n  the oldest"
    commit(f"Up\n\nWords.\n\n{trailers}", {TASK: ("high", "urgent")})
    found = chronicle(workspace, "tasks", "PAY-1").moments[0].commit
    assert found is not None
    assert (found.agent, found.reason) == ("planner", "it is the oldest")


def test_a_workspace_in_a_folder_whose_name_is_a_pattern(
    plan: Path, tmp_path: Path, git: Git
) -> None:
    top = tmp_path / "top"
    inside = top / "pl[a]n*"
    top.mkdir()
    shutil.move(plan, inside)
    git(top, "init", "--quiet")
    git(top, "add", ".")
    git(top, "commit", "--quiet", "-m", "Start")
    assert told(Workspace(inside, dict(os.environ)), "PAY-1") == ["Add PAY-1: Capture"]


def test_a_shallow_clone_says_where_it_begins(
    workspace: Workspace, repo: Path, tmp_path: Path, git: Git, commit: Commit
) -> None:
    commit("Up", {TASK: ("high", "urgent")})
    assert not any(moment.is_horizon for moment in chronicle(workspace, "tasks", "PAY-1").moments)
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{repo}", "shallow")
    clone = Workspace(tmp_path / "shallow", dict(os.environ))
    [moment] = chronicle(clone, "tasks", "PAY-1").moments
    assert moment.is_horizon


def test_without_a_commit_there_is_only_what_is_not_committed(plan: Path, git: Git) -> None:
    git(plan, "init", "--quiet")
    assert told(Workspace(plan, dict(os.environ)), "PAY-1") == ["Add PAY-1: Capture"]


def test_without_git_there_is_no_history(plan: Path) -> None:
    with pytest.raises(NoRepositoryError):
        chronicle(Workspace(plan, dict(os.environ)), "tasks", "PAY-1")


def test_settings_of_gits_change_no_history(
    workspace: Workspace, repo: Path, git: Git, commit: Commit
) -> None:
    commit("Copy", {"users/lee.yaml": PLAN["users/dana.yaml"].replace("dana", "lee")})
    before = told(workspace, "lee", "users")
    for name, value in {
        "log.follow": "true",
        "log.showSignature": "true",
        "diff.renames": "copies",
        "log.diffMerges": "combined",
        "format.pretty": "oneline",
        "diff.relative": "true",
        "log.showRoot": "false",
    }.items():
        git(repo, "config", name, value)
    assert told(workspace, "lee", "users") == before == ["Add user lee: Dana Ionescu"]
    assert told(workspace, "PAY-1") == ["Add PAY-1: Capture"]
