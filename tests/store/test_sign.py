"""Commits that are made from patches are signed when git is set up for it; here with SSH."""

import dataclasses
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from orchestrator.patch.ops import Patch
from orchestrator.store.commit import BranchError, draft, write_commit
from orchestrator.store.sign import SigningError, wants_signature
from orchestrator.store.workspace import Workspace

Git = Callable[..., str]
BRANCH = "agent/planner/one"
PATCH = Patch(({"op": "add", "path": "/tasks/PAY-1/title", "value": "é"},))


@pytest.fixture
def signing(workspace: Workspace, git: Git, tmp_path: Path) -> Workspace:
    """The workspace, with an SSH key to sign with, and the people whose keys are known."""
    key = tmp_path / "key"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(key)]
    subprocess.run(command, check=True)
    public = key.with_suffix(".pub").read_text()
    (tmp_path / "allowed").write_text(f"dana@example.com {public}")
    for name, value in (
        ("commit.gpgSign", "yes"),
        ("gpg.format", "ssh"),
        ("user.signingKey", str(key)),
        ("gpg.ssh.allowedSignersFile", str(tmp_path / "allowed")),
    ):
        git(workspace.root, "config", name, value)
    return workspace


def test_a_commit_on_a_branch_is_signed(signing: Workspace, now: datetime, git: Git) -> None:
    first = signing.commit_patch(BRANCH, PATCH, now)
    second = signing.commit_patch(
        BRANCH, Patch(({"op": "add", "path": "/tasks/PAY-1/priority", "value": "low"},)), now
    )
    told = git(signing.root, "log", "--format=%H %G? %GS %an <%ae> %cI", f"main..{BRANCH}")
    signed = "G dana@example.com Dana Ionescu <dana@example.com> 2026-11-22T09:30:00+00:00"
    assert told.splitlines() == [f"{second.oid} {signed}", f"{first.oid} {signed}"]
    assert git(signing.root, "log", "-1", "--format=%B", BRANCH).rstrip() == second.message.rstrip()
    assert signing.patch_of(BRANCH).changes == second.changes
    refs = git(signing.root, "for-each-ref", "--format=%(refname)").split()
    assert refs == [f"refs/heads/{BRANCH}", "refs/heads/main"]
    assert git(signing.root, "status", "--short") == ""


def test_a_key_that_is_missing_is_said_and_nothing_is_written(
    signing: Workspace, now: datetime, git: Git
) -> None:
    git(signing.root, "config", "user.signingKey", "/nowhere/key")
    with pytest.raises(SigningError, match="Git could not sign the commit") as refused:
        signing.commit_patch(BRANCH, PATCH, now)
    assert "user.signingKey" in str(refused.value.hint)
    assert git(signing.root, "branch", "--list", BRANCH) == ""


def test_a_branch_that_moved_meanwhile_is_not_overwritten(
    signing: Workspace, now: datetime, git: Git
) -> None:
    repository = signing.required_repository
    ready = draft(repository, BRANCH, PATCH, now)
    other = signing.commit_patch(
        BRANCH, Patch(({"op": "add", "path": "/tasks/PAY-2/title", "value": "y"},)), now
    )
    for candidate in (ready, dataclasses.replace(ready, tip=repository.git.commit_of("main"))):
        with pytest.raises(BranchError, match="moved"):
            write_commit(repository, candidate, signing.author, now)
    assert git(signing.root, "rev-parse", BRANCH).strip() == other.oid


def test_without_the_setting_nothing_is_signed(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    assert not wants_signature(workspace.required_repository.git)
    workspace.commit_patch(BRANCH, PATCH, now)
    assert git(workspace.root, "log", "-1", "--format=%G?", BRANCH) == "N\n"
    assert "gpgsig" not in git(workspace.root, "cat-file", "-p", BRANCH)
