"""The gate: an agent's patch is written where and as far as the target's policy lets it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from orchestrator.patch.ops import Patch, PatchError
from orchestrator.patch.policy import BrokenPolicyError
from orchestrator.store.policy_gate import (
    NotOwnBranchError,
    PolicyRefusedError,
    policy_in,
)
from orchestrator.store.workspace import Workspace

OWN = "agent/planner/x"
STATUS_ALONE = """version: 1
name: Test
policy:
  agents:
    allow:
      - fields: [status]
"""
Git = Callable[..., str]


def patch(field: str = "status", value: Any = "blocked", author: str = "agent:planner") -> Patch:
    op = {"op": "add", "path": f"/tasks/PAY-1/{field}", "value": value}
    return Patch((op,), author=author)


def set_policy(root: Path, git: Git, text: str) -> None:
    (root / "orchestrator.yaml").write_text(text)
    git(root, "commit", "--quiet", "-am", "Policy")


def test_without_a_policy_an_agent_writes_to_its_own_branches_alone(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    workspace.commit_patch(OWN, patch(), now)
    workspace.commit_patch(OWN, patch("priority", "low"), now)
    for branch in ("topic", "agent/triage/x", "agent/plannerx/y"):
        with pytest.raises(NotOwnBranchError) as refused:
            workspace.commit_patch(branch, patch(), now)
        assert refused.value.branch == branch
    with pytest.raises(NotOwnBranchError, match="may not write to the work tree"):
        workspace.apply(patch(), now)
    with pytest.raises(NotOwnBranchError):
        workspace.apply(patch(), now, dry_run=True)
    assert git(workspace.root, "status", "--short") == ""
    assert "topic" not in git(workspace.root, "branch", "--all")


def test_users_and_settings_are_never_an_agents(workspace: Workspace, now: datetime) -> None:
    for path, value in (("/settings/name", "Mine"), ("/users/dana/kind", "agent")):
        op = {"op": "add", "path": path, "value": value}
        with pytest.raises(PolicyRefusedError, match="an agent never changes"):
            workspace.commit_patch(OWN, Patch((op,), author="agent:planner"), now)


def test_the_policy_says_what_and_names_its_line(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    set_policy(workspace.root, git, STATUS_ALONE)
    workspace.commit_patch(OWN, patch(), now)
    with pytest.raises(PolicyRefusedError) as refused:
        workspace.commit_patch(OWN, patch("priority", "low"), now)
    assert refused.value.agent == "planner"
    assert [refusal.field for refusal in refused.value.refusals] == ["priority"]
    assert (
        "ORC401 orchestrator.yaml:5: Agent planner may not set priority of PAY-1 : "
        "no rule of the policy allows it." in str(refused.value)
    )
    workspace.apply(patch("priority", "low", author="dana"), now)


def test_the_policy_is_the_targets_and_not_that_of_the_proposal(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    root = workspace.root
    set_policy(root, git, STATUS_ALONE)
    git(root, "checkout", "--quiet", "-b", OWN)
    set_policy(root, git, STATUS_ALONE.replace("status", "priority"))
    git(root, "checkout", "--quiet", "main")
    with pytest.raises(PolicyRefusedError):
        workspace.commit_patch(OWN, patch("priority", "low"), now)
    workspace.commit_patch(OWN, patch(), now)


def test_where_nobody_has_to_accept_it_an_agent_writes_anywhere(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    set_policy(workspace.root, git, f"{STATUS_ALONE}    accept: auto\n")
    workspace.commit_patch("topic", patch(), now)
    workspace.apply(patch(), now)
    with pytest.raises(PolicyRefusedError):
        workspace.apply(patch("priority", "low"), now)


def test_an_environment_chooses_no_policy(workspace: Workspace, now: datetime, git: Git) -> None:
    root = workspace.root
    set_policy(root, git, STATUS_ALONE)
    (root / "orchestrator.ci.yaml").write_text("policy:\n  agents:\n    allow: [{}]\n")
    environment = {**workspace.environment, "ORCHESTRATOR_ENV": "ci"}
    with pytest.raises(PolicyRefusedError):
        Workspace(root, environment).commit_patch(OWN, patch("priority", "low"), now)
    allowed = Workspace(root, environment).snapshot().settings["policy"]["agents"]["allow"]
    assert allowed == [{"fields": ["status"]}]


@pytest.mark.parametrize("text", ["policy: {agent: {}}\n", "policy: [\n", "policy: yes please\n"])
def test_a_policy_that_cannot_be_read_allows_nothing(
    workspace: Workspace, now: datetime, git: Git, text: str
) -> None:
    set_policy(workspace.root, git, text)
    with pytest.raises((BrokenPolicyError, PatchError), match="policy cannot be read"):
        workspace.commit_patch(OWN, patch(), now)


@pytest.mark.parametrize("author", ["agent:", "agent:../x", "agent:Planner", "agent:a/b"])
def test_an_agents_name_is_no_path(workspace: Workspace, now: datetime, author: str) -> None:
    with pytest.raises(PatchError, match="is no name of an agent"):
        workspace.commit_patch(OWN, patch(author=author), now)


def test_many_refusals_are_counted(workspace: Workspace, now: datetime) -> None:
    ops = tuple(
        {"op": "add", "path": f"/users/u{number}", "value": {"id": f"u{number}", "name": "U"}}
        for number in range(14)
    )
    with pytest.raises(PolicyRefusedError, match="… and 4 more") as refused:
        workspace.commit_patch(OWN, Patch(ops, author="agent:planner"), now)
    assert len(refused.value.refusals) == 14


def test_no_file_is_no_policy() -> None:
    assert policy_in(None).policy is None
    assert policy_in(b"name: Test\n").policy is None
