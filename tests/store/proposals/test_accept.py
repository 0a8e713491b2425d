"""Proposing, accepting, rejecting and bringing up to date, on real branches."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orchestrator.patch.ops import Patch, PatchError
from orchestrator.store.commit import BranchError
from orchestrator.store.consequences import PatchRejectedError
from orchestrator.store.git import GitFailedError, Oid, StoreError
from orchestrator.store.policy_gate import PolicyRefusedError
from orchestrator.store.proposals import accept as accepting
from orchestrator.store.proposals import checkout
from orchestrator.store.proposals.accept import Accepted, accept
from orchestrator.store.proposals.checkout import UnsavedFilesError
from orchestrator.store.proposals.find import (
    ProposalError,
    commits_of,
    proposal_named,
    proposals,
    target_of,
)
from orchestrator.store.proposals.merge import MergeClashError
from orchestrator.store.proposals.names import Name
from orchestrator.store.proposals.propose import Proposed, free_name, propose
from orchestrator.store.proposals.rebase import rebase
from orchestrator.store.proposals.reject import reject
from orchestrator.store.proposals.review import Plans, Review, review
from orchestrator.store.workspace import Workspace
from tests.conftest import PLAN
from tests.store.proposals.branches import TASKS, commit, edited, run

ONE, TWO, THREE = (f"{TASKS}/PAY-{number}.yaml" for number in (1, 2, 3))
NAME = Name("planner", "start")
START: dict[str, Any] = {"op": "replace", "path": "/tasks/PAY-2/status", "value": "in_progress"}
LOWER: dict[str, Any] = {"op": "replace", "path": "/tasks/PAY-1/priority", "value": "low"}
DANGLING: dict[str, Any] = {"op": "add", "path": "/tasks/PAY-1/parent", "value": "PAY-3"}


def patch(
    *ops: dict[str, Any], title: str = "Start", author: str | None = "agent:planner"
) -> Patch:
    return Patch(ops, title=title, author=author, reason="It is next.", model="m-1")


def made(
    workspace: Workspace, now: datetime, patches: Sequence[Patch], name: Name = NAME
) -> Proposed:
    start = workspace.required_repository.git.commit_of("HEAD")
    return propose(workspace, name, patches, start, now)


def accepted(workspace: Workspace, now: datetime, **options: Any) -> Accepted:
    repository = workspace.required_repository
    target = target_of(repository, options.pop("into", None))
    found = proposal_named(repository, options.pop("id", NAME.id))
    return accept(workspace, found, target, now, by=options.pop("by", None), **options)


def reviewed(workspace: Workspace, now: datetime) -> Review:
    repository = workspace.required_repository
    tip = target_of(repository, None).tip
    return review(Plans(repository, tip, now), proposal_named(repository, NAME.id).tip)


def test_a_proposal_is_commits_on_a_branch_and_touches_no_file(
    workspace: Workspace, now: datetime
) -> None:
    done = made(workspace, now, [patch(START), patch(LOWER, title="Lower")])
    assert [item.message.split("\n")[0] for item in done.commits] == ["Start", "Lower"]
    root = workspace.root
    assert run(root, "status", "--short") == ""
    assert run(root, "log", "--format=%s", "main..agent/planner/start") == "Lower\nStart"
    [found] = proposals(workspace.required_repository)
    assert (found.id, found.tip, found.remote) == ("planner/start", done.tip, "")
    [first, _] = commits_of(workspace.required_repository, Oid("main"), found.tip)
    assert (first.agent, first.model, first.reason) == ("planner", "m-1", "It is next.")


def test_proposing_twice_is_proposing_once(workspace: Workspace, now: datetime) -> None:
    first = made(workspace, now, [patch({**START, "op": "test", "value": "todo"}, START)])
    later = now + timedelta(hours=1)
    again = made(workspace, later, [patch({**START, "op": "test", "value": "todo"}, START)])
    assert (again.tip, again.commits, again.is_new) == (first.tip, (), False)
    more = made(workspace, later, [patch(LOWER)])
    assert len(more.commits) == 1
    assert run(workspace.root, "rev-list", "--count", "main..agent/planner/start") == "2"


def test_a_name_that_is_taken_gets_a_number(workspace: Workspace, now: datetime) -> None:
    repository = workspace.required_repository
    assert free_name(repository, NAME) == NAME
    made(workspace, now, [patch(START)])
    assert free_name(repository, NAME) == Name("planner", "start-2")


def test_all_patches_are_proposed_or_none(workspace: Workspace, now: datetime) -> None:
    missing = {"op": "replace", "path": "/tasks/PAY-99/status", "value": "todo"}
    with pytest.raises(PatchError, match="PAY-99"):
        made(workspace, now, [patch(START), patch(missing)])
    assert proposals(workspace.required_repository) == []
    first = made(workspace, now, [patch(START)])
    with pytest.raises(PatchRejectedError):
        made(workspace, now, [patch(LOWER), patch(DANGLING)])
    assert [item.tip for item in proposals(workspace.required_repository)] == [first.tip]


def test_nothing_to_change_makes_no_branch(workspace: Workspace, now: datetime) -> None:
    same = {"op": "replace", "path": "/tasks/PAY-2/status", "value": "todo"}
    assert made(workspace, now, [patch(same)]).commits == ()
    assert proposals(workspace.required_repository) == []


def test_a_proposal_can_start_elsewhere(workspace: Workspace, now: datetime) -> None:
    old = workspace.required_repository.git.commit_of("HEAD")
    commit(workspace.root, edited(ONE, "todo", "blocked"))
    propose(workspace, NAME, [patch(START)], old, now)
    assert run(workspace.root, "merge-base", "main", NAME.branch) == old


def test_accepting_merges_and_takes_the_work_tree_along(
    workspace: Workspace, now: datetime
) -> None:
    root = workspace.root
    tip = made(workspace, now, [patch(START)]).tip
    before = commit(root, edited(TWO, "title: Retry", "title: Retry twice"))
    done = accepted(workspace, now)
    assert (done.is_checked_out, done.is_kept) == (True, False)
    assert run(root, "rev-parse", "main^1", "main^2").split() == [before, tip]
    assert run(root, "status", "--short") == ""
    text = (root / TWO).read_text()
    assert "title: Retry twice" in text
    assert "status: in_progress" in text
    assert proposals(workspace.required_repository) == []
    message = run(root, "log", "-1", "--format=%B")
    assert message.startswith(
        "Accept planner/start\n\nStart\n\nPAY-2: status: todo → in_progress\n"
    )
    trailers = run(root, "log", "-1", "--format=%(trailers:only)")
    assert "Accepted-Proposal: planner/start" in trailers
    assert "Orchestrator-Agent: planner" in trailers
    assert f"Orchestrator-Patch: {_digest(workspace, 'main')}" in trailers


def test_what_was_accepted_can_be_taken_back_by_its_inverse(
    workspace: Workspace, now: datetime
) -> None:
    from orchestrator.patch.invert import invert

    made(workspace, now, [patch(START), patch(LOWER)])
    done = accepted(workspace, now)
    workspace.apply(invert(workspace.patch_of(done.commit).changes), now)
    assert {path: (workspace.root / path).read_text() for path in PLAN} == PLAN


def test_a_clash_writes_nothing_and_names_the_field(workspace: Workspace, now: datetime) -> None:
    made(workspace, now, [patch(LOWER)])
    tip = commit(workspace.root, edited(ONE, "priority: high", "priority: urgent"))
    with pytest.raises(MergeClashError) as caught:
        accepted(workspace, now)
    assert "PAY-1: priority: high → urgent in main and low in planner/start" in str(caught.value)
    assert run(workspace.root, "rev-parse", "main") == tip
    assert run(workspace.root, "status", "--short") == ""
    assert reviewed(workspace, now).state == "stale"
    assert [change.id for change in reviewed(workspace, now).changes] == ["PAY-1"]


def test_what_is_wrong_only_together_is_refused(workspace: Workspace, now: datetime) -> None:
    root = workspace.root
    made(workspace, now, [patch({"op": "remove", "path": "/tasks/PAY-3"})])
    waits = "id: PAY-4\ntitle: Waits\nstatus: todo\ndependencies: [PAY-3]\n"
    tip = commit(root, {f"{TASKS}/PAY-4.yaml": waits})
    with pytest.raises(PatchRejectedError) as caught:
        accepted(workspace, now)
    assert {problem.code for problem in caught.value.problems} == {"ORC206"}
    assert run(root, "rev-parse", "main") == tip
    assert reviewed(workspace, now).state == "problems"


def test_an_error_that_was_there_refuses_nobody(workspace: Workspace, now: datetime) -> None:
    commit(workspace.root, edited(THREE, "PAY-2", "PAY-99"))
    made(workspace, now, [patch(START)])
    assert accepted(workspace, now).review.errors == ()


def test_unsaved_changes_are_never_written_over(workspace: Workspace, now: datetime) -> None:
    root = workspace.root
    made(
        workspace,
        now,
        [patch(START), patch({**LOWER, "path": "/tasks/PAY-3/priority", "op": "add"})],
    )
    tip = run(root, "rev-parse", "main")
    (root / TWO).write_text("mine\n")
    with pytest.raises(UnsavedFilesError) as caught:
        accepted(workspace, now)
    assert caught.value.paths == [TWO]
    assert (root / TWO).read_text() == "mine\n"
    assert run(root, "rev-parse", "main") == tip
    run(root, "add", TWO)
    with pytest.raises(UnsavedFilesError):
        accepted(workspace, now)
    run(root, "reset", "--quiet", "--hard")
    (root / ONE).write_text("another file may be unsaved\n")
    accepted(workspace, now)
    assert run(root, "status", "--short") == f"M {ONE}"
    assert "in_progress" in (root / TWO).read_text()


def test_a_file_that_git_does_not_know_is_never_written_over(
    workspace: Workspace, now: datetime
) -> None:
    path = f"{TASKS}/PAY-9.yaml"
    value = {"id": "PAY-9", "title": "New", "project": "pay", "status": "todo"}
    made(workspace, now, [patch({"op": "add", "path": "/tasks/PAY-9", "value": value})])
    (workspace.root / path).write_text("mine\n")
    with pytest.raises(UnsavedFilesError) as caught:
        accepted(workspace, now)
    assert caught.value.paths == [path]
    assert (workspace.root / path).read_text() == "mine\n"


def test_accepting_into_a_branch_that_is_not_checked_out(
    workspace: Workspace, now: datetime
) -> None:
    root = workspace.root
    run(root, "branch", "release")
    made(workspace, now, [patch(START)])
    (root / TWO).write_text("mine\n")
    done = accepted(workspace, now, into="release", keeps=True)
    assert (done.is_checked_out, done.is_kept) == (False, True)
    assert run(root, "rev-parse", "release") == done.commit
    assert reviewed(workspace, now).state == "open"
    with pytest.raises(ProposalError, match="has all of planner/start already"):
        accepted(workspace, now, into="release")


def test_a_branch_of_another_work_tree_is_left_alone(
    workspace: Workspace, now: datetime, tmp_path: Path
) -> None:
    root = workspace.root
    run(root, "worktree", "add", "--quiet", "-b", "release", str(tmp_path / "linked"))
    made(workspace, now, [patch(START)])
    with pytest.raises(BranchError, match="is checked out in"):
        accepted(workspace, now, into="release")


def test_a_branch_that_moves_meanwhile_is_not_lost(
    workspace: Workspace, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = workspace.root
    made(workspace, now, [patch(START)])
    real = checkout.move_branch

    def slow(*arguments: Any) -> bool:
        monkeypatch.setattr(accepting, "move_branch", real)
        tip = run(root, "commit-tree", "main^{tree}", "-p", "main", "-m", "Meanwhile")
        run(root, "update-ref", "refs/heads/main", tip)
        return real(*arguments)

    monkeypatch.setattr(accepting, "move_branch", slow)
    with pytest.raises(StoreError):
        accepted(workspace, now)
    assert run(root, "log", "-1", "--format=%s", "main") == "Meanwhile"
    assert run(root, "status", "--short") == ""
    assert accepted(workspace, now).review.state == "open"


def test_a_person_may_accept_what_the_policy_allows_and_an_agent_may_not(
    workspace: Workspace, now: datetime
) -> None:
    root = workspace.root
    commit(root, {"users/bot.yaml": "id: bot\nname: Bot\nkind: agent\n"})
    made(workspace, now, [patch(START)])
    with pytest.raises(ProposalError, match="bot is an agent"):
        accepted(workspace, now, by="bot")
    accepted(workspace, now, by="dana")


def test_what_an_agent_smuggled_onto_its_branch_is_refused(
    workspace: Workspace, now: datetime
) -> None:
    root = workspace.root
    commit(root, {"users/planner.yaml": "id: planner\nname: Planner\nkind: agent\n"})
    run(root, "switch", "--quiet", "--create", NAME.branch)
    commit(root, {"orchestrator.yaml": "version: 1\nname: Mine\n"})
    run(root, "switch", "--quiet", "main")
    with pytest.raises(PolicyRefusedError):
        accepted(workspace, now)
    run(root, "switch", "--quiet", NAME.branch)
    commit(root, {"orchestrator.yaml": PLAN["orchestrator.yaml"], "Makefile": "all:\n\trm x\n"})
    run(root, "switch", "--quiet", "main")
    with pytest.raises(ProposalError, match="changes Makefile"):
        accepted(workspace, now)
    assert reviewed(workspace, now).files == ("Makefile",)


def test_a_rejected_proposal_can_be_brought_back(workspace: Workspace, now: datetime) -> None:
    root = workspace.root
    tip = made(workspace, now, [patch(START)]).tip
    repository = workspace.required_repository
    done = reject(workspace, proposal_named(repository, "start"), "Not now.\nMaybe later.", now)
    assert proposals(repository) == []
    assert run(root, "rev-parse", f"{done.ref}^") == tip
    assert "Not now.\nMaybe later." in run(root, "log", "-1", "--format=%B", done.ref)
    run(root, "branch", NAME.branch, f"{done.ref}^")
    reject(workspace, proposal_named(repository, "start"), None, now)
    assert run(root, "rev-parse", f"{done.ref}^2^") == tip


def test_a_proposal_that_is_checked_out_is_not_rejected(
    workspace: Workspace, now: datetime
) -> None:
    made(workspace, now, [patch(START)])
    run(workspace.root, "switch", "--quiet", NAME.branch)
    found = proposal_named(workspace.required_repository, "start")
    with pytest.raises(ProposalError, match="is checked out in"):
        reject(workspace, found, None, now)


def test_bringing_a_proposal_up_to_date_leaves_nothing_to_merge(
    workspace: Workspace, now: datetime
) -> None:
    root = workspace.root
    made(workspace, now, [patch(START)])
    commit(root, edited(TWO, "title: Retry", "title: Retry twice"))
    repository = workspace.required_repository
    target = target_of(repository, None)
    done = rebase(workspace, proposal_named(repository, "start"), target, now)
    assert done.merged is not None
    assert run(root, "merge-base", "main", NAME.branch) == target.tip
    assert run(root, "diff", "--name-only", "main", NAME.branch) == TWO
    again = rebase(workspace, proposal_named(repository, "start"), target, now)
    assert (again.merged, again.tip) == (None, done.tip)
    assert [item.subject for item in reviewed(workspace, now).commits] == ["Start"]
    accepted(workspace, now)


def test_a_checked_out_proposal_is_brought_up_to_date_with_its_files(
    workspace: Workspace, now: datetime
) -> None:
    root = workspace.root
    made(workspace, now, [patch(START)])
    commit(root, edited(TWO, "title: Retry", "title: Retry twice"))
    run(root, "switch", "--quiet", NAME.branch)
    repository = workspace.required_repository
    rebase(workspace, proposal_named(repository, "start"), target_of(repository, "main"), now)
    assert "Retry twice" in (root / TWO).read_text()
    assert run(root, "status", "--short") == ""


def test_a_rebase_with_a_clash_writes_nothing(workspace: Workspace, now: datetime) -> None:
    tip = made(workspace, now, [patch(LOWER)]).tip
    commit(workspace.root, edited(ONE, "priority: high", "priority: urgent"))
    repository = workspace.required_repository
    found = proposal_named(repository, "start")
    with pytest.raises(MergeClashError, match="cannot be merged into planner/start"):
        rebase(workspace, found, target_of(repository, None), now)
    assert run(workspace.root, "rev-parse", NAME.branch) == tip


def test_a_proposal_of_a_remote_is_found_and_becomes_a_branch_by_rebasing(
    workspace: Workspace, now: datetime
) -> None:
    root = workspace.root
    tip = made(workspace, now, [patch(START)]).tip
    run(root, "update-ref", f"refs/remotes/origin/{NAME.branch}", tip)
    repository = workspace.required_repository
    assert [item.remote for item in proposals(repository)] == [""]
    run(root, "branch", "-D", NAME.branch)
    [found] = proposals(repository)
    assert (found.remote, found.branch) == ("origin", f"origin/{NAME.branch}")
    for text in ("start", "planner/start", NAME.branch, found.branch, found.ref):
        assert proposal_named(repository, text) == found
    commit(root, edited(ONE, "todo", "blocked"))
    rebase(workspace, found, target_of(repository, None), now)
    assert [item.remote for item in proposals(repository)] == [""]
    run(root, "branch", "-D", NAME.branch)
    assert accepted(workspace, now).is_kept


def test_a_slug_that_two_authors_have_must_be_named_in_full(
    workspace: Workspace, now: datetime
) -> None:
    made(workspace, now, [patch(START)])
    made(workspace, now, [patch(LOWER, author=None)], Name("dana", "start"))
    repository = workspace.required_repository
    with pytest.raises(ProposalError, match="could be"):
        proposal_named(repository, "start")
    with pytest.raises(ProposalError) as caught:
        proposal_named(repository, "planner/stat")
    assert "planner/start" in str(caught.value.hint)


def test_accepting_without_a_branch_is_refused(workspace: Workspace, now: datetime) -> None:
    made(workspace, now, [patch(START)])
    run(workspace.root, "switch", "--quiet", "--detach")
    with pytest.raises(ProposalError, match="No branch is checked out"):
        accepted(workspace, now)
    run(workspace.root, "switch", "--quiet", NAME.branch)
    with pytest.raises(ProposalError, match="is the proposal itself"):
        accepted(workspace, now)


def test_a_merge_that_is_not_finished_is_refused(workspace: Workspace, now: datetime) -> None:
    made(workspace, now, [patch(START)])
    (workspace.root / ".git" / "MERGE_HEAD").write_text("0" * 40 + "\n")
    with pytest.raises(StoreError, match="not finished"):
        accepted(workspace, now)


def test_a_merge_is_signed_where_git_is_set_up_to_sign(workspace: Workspace, now: datetime) -> None:
    made(workspace, now, [patch(START)])
    run(workspace.root, "config", "commit.gpgSign", "true")
    run(workspace.root, "config", "gpg.program", "false")
    tip = run(workspace.root, "rev-parse", "main")
    run(workspace.root, "config", "gpg.format", "openpgp")
    with pytest.raises(GitFailedError, match=r"gpg|sign"):
        accepted(workspace, now)
    assert run(workspace.root, "rev-parse", "main") == tip
    assert run(workspace.root, "status", "--short") == ""


def _digest(workspace: Workspace, revision: str) -> str:
    from orchestrator.patch.diff import diff
    from orchestrator.patch.ops import digest

    return digest(diff(Workspace(workspace.root, dict(os.environ)).patch_of(revision).changes))
