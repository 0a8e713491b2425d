"""Merges, rebases and cherry-picks: where git calls other hooks, or none."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.hooks.conftest import Repo

TASK = "projects/pay/tasks/PAY-1.yaml"
OTHER = "projects/pay/tasks/PAY-2.yaml"


def on_branch(repo: "Repo", path: str, old: str, new: str, *more: str) -> None:
    """Commit an edit on the branch `side`, and come back."""
    repo.git("checkout", "--quiet", "-B", "side")
    repo.edit(path, old, new)
    repo.git("commit", "-a", "-m", f"Side: {new}", *more)
    repo.git("checkout", "--quiet", "main")


def test_a_fast_forward_only_tells_of_errors(repo: "Repo") -> None:
    on_branch(repo, TASK, "todo", "paused", "--no-verify")
    done = repo.git("merge", "side")
    assert "orchestrator: the plan has 1 error after the merge;" in done.stderr
    assert "orchestrator check shows all." in done.stderr
    assert repo.status == ""


def test_a_true_merge_is_checked_and_not_changed(repo: "Repo") -> None:
    on_branch(repo, TASK, "status: todo", "status: completed")
    repo.start(OTHER)
    repo.git("commit", "-a", "-m", "Main")
    repo.git("merge", "--no-edit", "side")
    assert "completed_at" in repo.shown()
    assert "started_at" in repo.shown(OTHER)
    assert repo.status == ""
    assert repo.subject == "Merge branch 'side'"


def test_a_merge_whose_sides_are_right_and_whose_result_is_not_is_refused(repo: "Repo") -> None:
    on_branch(repo, TASK, "status", "dependencies: [PAY-2]\nstatus")
    repo.edit(OTHER, "status", "dependencies: [PAY-1]\nstatus")
    repo.git("commit", "-a", "-m", "Main")
    done = repo.git("merge", "--no-edit", "side", may_fail=True)
    assert done.returncode == 1
    assert "ORC207" in done.stderr
    assert "git commit completes the merge" in done.stderr
    assert repo.git("commit", "--no-edit", may_fail=True).returncode == 1
    repo.edit(OTHER, "dependencies: [PAY-1]\n", "")
    repo.git("commit", "-a", "--no-edit")
    assert repo.git("rev-list", "--count", "--merges", "HEAD").stdout.strip() == "1"
    assert repo.status == ""


def test_a_merge_that_lacks_stamps_is_completed_by_commit(repo: "Repo") -> None:
    on_branch(repo, TASK, "status: todo", "status: completed", "--no-verify")
    repo.write(TASK, repo.read(TASK) + "labels: [mine]\n")
    repo.git("commit", "-a", "-m", "Main")
    done = repo.git("merge", "--no-edit", "side", may_fail=True)
    assert done.returncode == 1
    assert "git commit completes the merge and sets the stamps." in done.stderr
    assert "completed_at" not in repo.read(TASK)
    repo.git("commit", "--no-edit")
    assert "completed_at" in repo.shown()
    assert "labels: [mine]" in repo.shown()
    assert repo.git("rev-list", "--count", "--merges", "HEAD").stdout.strip() == "1"
    assert repo.status == ""


def test_a_conflict_that_is_solved_is_stamped(repo: "Repo") -> None:
    on_branch(repo, TASK, "status: todo", "status: blocked")
    repo.edit(TASK, "status: todo", "status: in_review")
    repo.git("commit", "-a", "-m", "Main")
    assert repo.git("merge", "--no-edit", "side", may_fail=True).returncode == 1
    created = "created_at: 2026-01-02T03:04:05+00:00\n"
    repo.write(TASK, f"id: PAY-1\ntitle: One  # first\nstatus: completed\n{created}")
    repo.git("add", ".")
    repo.git("commit", "--no-edit")
    assert "completed_at" in repo.shown()
    assert repo.read(TASK) == repo.shown()
    assert repo.status == ""


def test_errors_of_the_other_branch_do_not_lock_out_who_merges_it(repo: "Repo") -> None:
    on_branch(repo, OTHER, "todo", "paused", "--no-verify")
    repo.edit(TASK, "One", "Eins")
    repo.git("commit", "-a", "-m", "Main")
    done = repo.git("merge", "--no-edit", "side")
    assert "1 error elsewhere was there before" in done.stderr
    assert repo.status == ""


@pytest.mark.parametrize("command", [("rebase", "main", "side"), ("cherry-pick", "side")])
def test_rebase_and_cherry_pick_run_through(command: tuple[str, ...], repo: "Repo") -> None:
    on_branch(repo, TASK, "status: todo", "status: in_progress")
    repo.edit(OTHER, "Two", "Second")
    repo.git("commit", "-a", "-m", "Main")
    repo.git(*command)
    assert repo.subject == "Side: status: in_progress"
    assert "started_at" in repo.shown()
    assert "Second" in repo.shown(OTHER)
    assert repo.status == ""


def test_a_rebase_tells_of_errors_in_its_result(repo: "Repo") -> None:
    on_branch(repo, TASK, "status", "dependencies: [PAY-2]\nstatus")
    repo.edit(OTHER, "status", "dependencies: [PAY-1]\nstatus")
    repo.git("commit", "-a", "-m", "Main")
    done = repo.git("rebase", "main", "side")
    assert "the plan has 1 error after the rebase" in done.stderr


def test_a_solved_cherry_pick_keeps_its_message(repo: "Repo") -> None:
    on_branch(repo, TASK, "title: One", "title: Side")
    repo.edit(TASK, "title: One", "title: Main")
    repo.git("commit", "-a", "-m", "Main")
    assert repo.git("cherry-pick", "side", may_fail=True).returncode == 1
    repo.write(TASK, repo.shown().replace("Main", "Both"))
    repo.git("add", ".")
    repo.git("-c", "core.editor=true", "cherry-pick", "--continue")
    assert repo.subject == "Side: title: Side"
    assert "title: Both" in repo.shown()
    assert repo.status == ""


def test_switching_to_a_broken_branch_tells_it(repo: "Repo") -> None:
    on_branch(repo, TASK, "todo", "paused", "--no-verify")
    done = repo.git("checkout", "side")
    assert "the plan has 1 error after the checkout" in done.stderr
    repo.git("checkout", "--quiet", "main")
    assert "the plan" not in repo.git("checkout", "side", "--", TASK).stderr


def test_a_pull_of_a_broken_plan_tells_it_and_goes_on(repo: "Repo") -> None:
    clone = repo.top.parent / "clone"
    repo.git("clone", "--quiet", str(repo.top), str(clone))
    repo.run("orchestrator", "hooks", "install", cwd=clone)
    repo.stop()
    repo.git("commit", "-a", "--no-verify", "-m", "Break")
    done = repo.git("pull", "--ff-only", cwd=clone)
    assert "the plan has 1 error after the merge" in done.stderr
