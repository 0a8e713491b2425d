"""Proposals on the command line: what people type, what they see, and what a forge gets."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Cli
from tests.store.proposals.branches import TASKS, commit, edited
from tests.sync.forges.fake import TOKEN, Fake, serving

Git = Callable[..., str]
ONE = f"{TASKS}/PAY-1.yaml"
START = {
    "title": "Start the retry!",
    "author": "agent:planner",
    "reason": "It is next.",
    "ops": [
        {"op": "test", "path": "/tasks/PAY-2/status", "value": "todo"},
        {"op": "replace", "path": "/tasks/PAY-2/status", "value": "in_progress"},
    ],
}
ID = "planner/start-the-retry"
LABELS = [{"op": "add", "path": "/tasks/PAY-1/labels/-", "value": "web"}]


def propose(cli: Cli, patch: Any, *arguments: str, code: int = 0) -> Any:
    return cli("propose", "-", *arguments, stdin=json.dumps(patch), code=code)


@pytest.fixture(params=["github", "gitlab"])
def fake(request: pytest.FixtureRequest, repo: Path, git: Git, tmp_path: Path) -> Iterator[Fake]:
    """A forge that the settings know, and a remote that it is the web page of."""
    git(tmp_path, "init", "--quiet", "--bare", "there.git")
    with serving(Fake(request.param)) as found:
        git(repo, "remote", "add", "origin", f"{found.url}/team/plan.git")
        git(repo, "remote", "set-url", "--push", "origin", str(tmp_path / "there.git"))
        commit(
            repo,
            {
                "orchestrator.yaml": "version: 1\nname: Test\nintegrations:\n  forge:\n"
                f"    kind: {found.kind}\n    url: {found.url}\n    token: env:MY_TOKEN\n"
            },
        )
        yield found


def test_a_proposal_is_made_shown_listed_and_accepted(cli: Cli, repo: Path, git: Git) -> None:
    done = propose(cli, START)
    assert done.stdout == f"agent/{ID}\n"
    assert "PAY-2: status: todo → in_progress" in done.stderr
    assert git(repo, "status", "--short") == ""
    assert "Start the retry!" in cli("proposal", "list").stdout
    shown = cli("proposal", "show", ID).stdout
    for words in (
        f"{ID}  ready to accept", f"agent/{ID} → main: 1 task changed", "because: It is next.",
        "~ PAY-2 Retry", "    status      todo → in_progress",
    ):  # fmt: skip
        assert words in shown
    accepted = cli("proposal", "accept", "start-the-retry")
    assert accepted.stdout.strip() == git(repo, "rev-parse", "main").strip()
    assert f"Accepted {ID} into main: 1 task changed." in accepted.stderr
    assert "in_progress" in (repo / TASKS / "PAY-2.yaml").read_text()
    assert cli("proposal", "list").stderr == "No proposals.\n"


def test_answers_in_json(cli: Cli) -> None:
    made = json.loads(propose(cli, START, "--json").stdout)
    assert (made["id"], made["branch"], made["is_new"]) == (ID, f"agent/{ID}", True)
    assert [item["subject"] for item in made["commits"]] == ["Start the retry!"]
    assert (made["remote"], made["request"]) == (None, None)
    listed = json.loads(cli("proposal", "list", "--json").stdout)
    assert listed["total"] == 1
    [row] = listed["proposals"]
    assert (row["id"], row["state"], row["commits"], row["entities"]) == (ID, "open", 1, 1)
    shown = json.loads(cli("proposal", "show", ID, "--json").stdout)
    assert shown == json.loads(cli("proposal", "show", ID, "--format", "json").stdout)
    assert (shown["author"], shown["target"], shown["state"]) == ("planner", "main", "open")
    [change] = shown["changes"]
    assert (change["id"], change["deed"]) == ("PAY-2", "changed")
    assert change["fields"][0] == {
        "field": "status", "before": "todo", "after": "in_progress", "added": [], "removed": []
    }  # fmt: skip
    assert (shown["conflicts"], shown["problems"], shown["files"]) == ([], [], [])
    again = json.loads(propose(cli, START, "--json").stdout)
    assert (again["tip"], again["commits"]) == (made["tip"], [])
    done = json.loads(cli("proposal", "accept", ID, "--json").stdout)
    assert (done["target"], done["is_checked_out"], done["is_kept"]) == ("main", True, False)


def test_a_conflict_is_shown_and_refused(cli: Cli, repo: Path) -> None:
    propose(cli, [{"op": "replace", "path": "/tasks/PAY-1/priority", "value": "low"}])
    commit(repo, edited(ONE, "priority: high", "priority: urgent"))
    shown = cli("proposal", "show", "set-priority-of-pay-1-to-low").stdout
    assert "conflicts with the target" in shown
    assert "priority: high → urgent in main and low in dana/set-priority-of-pay-1-to-low" in shown
    [conflict] = json.loads(
        cli("proposal", "show", "set-priority-of-pay-1-to-low", "--json").stdout
    )["conflicts"]
    assert conflict == {
        "kind": "tasks", "id": "PAY-1", "path": ONE, "pointer": "/priority",
        "base": "high", "target": "urgent", "proposal": "low",
    }  # fmt: skip
    for verb in ("accept", "rebase"):
        done = cli("proposal", verb, "set-priority-of-pay-1-to-low", code=1)
        assert "1 conflict; nothing was written." in done.stderr
        assert "hint: git switch agent/dana/set-priority-of-pay-1-to-low && git merge main" in (
            done.stderr
        )
    assert "stale" in cli("proposal", "list").stdout


def test_problems_on_the_present_target_are_shown(cli: Cli, repo: Path) -> None:
    propose(cli, [{"op": "remove", "path": "/tasks/PAY-3"}], "--title", "Drop it")
    waits = "id: PAY-4\ntitle: Waits\nstatus: todo\ndependencies: [PAY-3]\n"
    commit(repo, {f"{TASKS}/PAY-4.yaml": waits})
    shown = cli("proposal", "show", "drop-it").stdout
    assert "would bring errors" in shown
    assert f"error ORC206 {TASKS}/PAY-4.yaml:4" in shown
    assert "ORC206" in cli("proposal", "accept", "drop-it", code=1).stderr
    assert "problems" in cli("proposal", "list").stdout


def test_options_name_author_title_base_and_branch(cli: Cli, repo: Path, git: Git) -> None:
    bare = {"ops": LABELS}
    assert propose(
        cli, bare, "--author", "agent:planner", "--title", "Übung: two words"
    ).stdout == ("agent/planner/ubung-two-words\n")
    propose(cli, bare, "--title", "日本", "--reason", "Why not.")
    assert "Reason: Why not." in git(repo, "log", "-1", "--format=%B", "agent/dana/change")
    assert propose(cli, bare, "--branch", "x1").stdout == "agent/dana/x1\n"
    assert propose(cli, bare, "--branch", "x1", "--new").stdout == "agent/dana/x1-2\n"
    for name in ("agent/planner/x", "a..b", "-x", "x y", "x.lock", "agent/dana/"):
        refused = propose(cli, bare, f"--branch={name}", code=1)
        assert "error: " in refused.stderr, name
    old = git(repo, "rev-parse", "HEAD").strip()
    commit(repo, edited(ONE, "todo", "blocked"))
    propose(cli, bare, "--branch", "old", "--base", "HEAD~1")
    assert git(repo, "merge-base", "main", "agent/dana/old").strip() == old
    assert "names no commit" in propose(cli, bare, "--base", "nope", code=1).stderr


def test_several_files_are_several_commits(cli: Cli, repo: Path, git: Git) -> None:
    (repo / "one.json").write_text(json.dumps(START))
    (repo / "two.json").write_text(json.dumps({"author": "agent:planner", "ops": LABELS}))
    cli("propose", "one.json", "two.json")
    subjects = git(repo, "log", "--reverse", "--format=%s", f"main..agent/{ID}").splitlines()
    assert subjects == ["Start the retry!", "Set labels of PAY-1 to api, db, web"]
    (repo / "two.json").write_text(json.dumps(LABELS))
    done = cli("propose", "one.json", "two.json", code=1)
    assert "by agent:planner and nobody in particular" in done.stderr
    assert cli("propose", "-", "-", code=2).stderr


def test_a_rejected_proposal_is_gone_and_can_come_back(cli: Cli, repo: Path, git: Git) -> None:
    propose(cli, START)
    done = cli("proposal", "reject", ID, "-m", "Not now.")
    back = f"git branch agent/{ID} refs/orchestrator/rejected/{ID}^"
    assert f"{back} brings it back.\n" in done.stderr
    assert cli("proposal", "list", "--json").stdout == '{"total": 0, "proposals": []}\n'
    git(repo, *back.split()[1:])
    cli("proposal", "show", ID)


def test_a_rejected_proposal_of_a_remote_is_listed_no_more(cli: Cli, repo: Path, git: Git) -> None:
    propose(cli, START)
    git(repo, "update-ref", f"refs/remotes/origin/agent/{ID}", f"agent/{ID}")
    git(repo, "branch", "-D", f"agent/{ID}")
    assert (
        json.loads(cli("proposal", "list", "--json").stdout)["proposals"][0]["remote"] == "origin"
    )
    done = cli("proposal", "reject", ID)
    assert f"git push origin --delete agent/{ID} removes it there." in done.stderr
    assert cli("proposal", "list").stderr == "No proposals.\n"


def test_what_the_policy_refuses_is_shown_to_the_reviewer(cli: Cli, repo: Path) -> None:
    propose(cli, START)
    commit(
        repo,
        {
            "orchestrator.yaml": "version: 1\nname: Test\npolicy:\n  agents:\n    allow: []\n"
            "    accept: review\n"
        },
    )
    shown = cli("proposal", "show", ID).stdout
    assert f"{ID}  refused by the policy" in shown
    assert "ORC401 orchestrator.yaml:" in shown
    assert json.loads(cli("proposal", "show", ID, "--json").stdout)["refused"]
    assert "ORC401" in cli("proposal", "accept", ID, code=1).stderr


def test_rebase_says_what_it_did(cli: Cli, repo: Path, git: Git) -> None:
    propose(cli, START)
    assert f"{ID} has all of main already." in cli("proposal", "rebase", ID).stderr
    commit(repo, edited(ONE, "todo", "blocked"))
    done = cli("proposal", "rebase", ID)
    assert done.stdout == git(repo, "rev-parse", f"agent/{ID}")
    assert f"Merged main into {ID} ." in done.stderr


@pytest.mark.parametrize("verb", ["show", "accept", "reject", "rebase", "push"])
def test_a_proposal_that_is_not_there(cli: Cli, verb: str) -> None:
    done = cli("proposal", verb, "nope", code=1)
    assert done.stderr.startswith("error: There is no proposal nope .\nhint: ")
    assert cli("proposal", verb, "--", "--help\n", code=1).stderr.startswith("error: ")


def test_hostile_titles_do_not_drive_the_terminal(cli: Cli, repo: Path) -> None:
    commit(repo, edited(ONE, "Capture", '"\\e[31mred\\u202e"'))
    propose(cli, {**START, "title": "Evil \x1b[2J", "ops": LABELS})
    for arguments in (["show", "planner/evil-2j"], ["list"]):
        assert "\x1b" not in cli("proposal", *arguments).stdout
    assert "\u202e" not in cli("proposal", "show", "evil-2j").stdout


def test_a_push_goes_to_the_remote(cli: Cli, repo: Path, git: Git, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "there.git")
    git(repo, "remote", "add", "there", str(tmp_path / "there.git"))
    refused = propose(cli, START, "--push", code=1)
    assert "There is no remote origin" in refused.stderr
    assert "--remote: there" in refused.stderr
    assert cli("proposal", "list").stderr == "No proposals.\n"
    done = propose(cli, START, "--push", "--remote", "there")
    assert f"Pushed agent/{ID} to there ." in done.stderr
    tip = git(repo, "rev-parse", f"agent/{ID}")
    assert git(tmp_path / "there.git", "rev-parse", f"agent/{ID}") == tip
    git(repo, "push", "--quiet", "there", f"+main~0:refs/heads/agent/{ID}")
    (tmp_path / "there.git/hooks/pre-receive").write_text("#!/bin/sh\necho no, thank you\nexit 1\n")
    (tmp_path / "there.git/hooks/pre-receive").chmod(0o755)
    done = cli("proposal", "push", ID, "--remote", "there", code=1)
    assert f"there does not take agent/{ID} ." in done.stderr
    assert "no, thank you" in done.stderr


def test_a_request_is_opened_and_then_updated(
    cli: Cli, repo: Path, git: Git, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = propose(cli, START, "--pr", code=1)
    assert "The environment variable MY_TOKEN is not set." in missing.stderr
    assert git(repo, "branch", "--list", "agent/*") == ""
    monkeypatch.setenv("MY_TOKEN", TOKEN)
    done = propose(cli, START, "--pr")
    assert "Opened request 1 ." in done.stderr
    assert (
        done.stdout.splitlines()[-1]
        == fake.requests[1]["html_url" if fake.kind == "github" else "web_url"]
    )
    text = fake.requests[1]["body" if fake.kind == "github" else "description"]
    assert "- `status`: `todo` → `in_progress`" in text
    assert "by `planner`: `It is next.`" in text
    again = json.loads(cli("proposal", "push", ID, "--pr", "--json").stdout)
    assert (again["request"]["number"], again["request"]["is_new"]) == (1, False)
    propose(cli, {**START, "ops": LABELS}, "--branch", "start-the-retry", "--pr")
    assert "+ `web`" in fake.requests[1]["body" if fake.kind == "github" else "description"]
    assert len(fake.requests) == 1
    said = f"{done.stdout}{done.stderr}{again}{fake.asked}"
    assert TOKEN not in said
    assert os.environ["MY_TOKEN"] not in (repo / ".git/config").read_text()


def test_a_refusal_of_the_forge_is_told(
    cli: Cli, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "wrong")
    done = propose(cli, START, "--pr", code=1)
    assert "does not take the token: Bad credentials." in done.stderr
    assert "hint: Put a valid one in env:MY_TOKEN ." in done.stderr
    assert "wrong" not in done.stderr
    assert fake.requests == {}


def test_the_proposal_does_not_choose_where_the_token_goes(
    cli: Cli, repo: Path, git: Git, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", TOKEN)
    git(repo, "switch", "--quiet", "--create", "agent/dana/evil")
    evil = f"version: 1\nname: Test\nintegrations:\n  forge:\n    kind: {fake.kind}\n"
    commit(repo, {"orchestrator.yaml": f"{evil}    url: http://127.0.0.1:9\n    token: env:HOME\n"})
    git(repo, "switch", "--quiet", "main")
    cli("proposal", "push", "evil", "--pr")
    assert len(fake.requests) == 1


def test_a_comment_for_ci(cli: Cli, repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    base = git(repo, "rev-parse", "HEAD").strip()
    assert "--base origin/main" in cli("ci", "comment", code=1).stderr
    commit(repo, {**edited(ONE, "Capture", "'@all </summary> `x` <!-- [a](b)'")})
    commit(repo, {f"{TASKS}/PAY-3.yaml": "id: PAY-3\ntitle: Refund\ndependencies: [NO-1]\n"})
    text = cli("ci", "comment", "--base", base).stdout
    lines = text.splitlines()
    assert lines[0] == "<!-- orchestrator -->"
    assert "2 tasks changed, against `" in text
    assert "- error ORC206 `projects/pay/tasks/PAY-3.yaml:3`: " in text
    assert "``@all </summary> `x` <!-- [a](b)``" in text
    git(repo, "update-ref", "refs/remotes/origin/main", base)
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    assert "against `origin/main`" in cli("ci", "comment").stdout
    monkeypatch.delenv("GITHUB_BASE_REF")
    monkeypatch.setenv("CI_MERGE_REQUEST_DIFF_BASE_SHA", base)
    assert base in cli("ci", "comment").stdout
    mended = cli("ci", "comment", "--base", "HEAD", "--head", base).stdout
    assert mended.startswith("<!-- orchestrator -->\n")


def test_a_comment_says_what_is_mended(cli: Cli, repo: Path, git: Git) -> None:
    commit(repo, edited(f"{TASKS}/PAY-3.yaml", "PAY-2", "NO-1"))
    base = git(repo, "rev-parse", "HEAD").strip()
    commit(repo, edited(f"{TASKS}/PAY-3.yaml", "PAY-2", "PAY-2"))
    text = cli("ci", "comment", "--base", base).stdout
    assert "**1 problem less**" in text
    assert "ORC206" in text
