"""`patch`: apply, check, diff, invert and show, as people and programs call them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PLAN, Cli, write

Git = Callable[..., str]
TASK = "projects/pay/tasks/PAY-1.yaml"


def ops(*rows: tuple[str, str, Any]) -> str:
    return json.dumps([{"op": op, "path": path, "value": value} for op, path, value in rows])


RAISE = ops(("replace", "/tasks/PAY-1/priority", "urgent"))
BAD = ops(("add", "/tasks/PAY-2/due_date", "2027-01-01"), ("add", "/tasks/PAY-1/assignee", "bob"))


def committed(repo: Path, git: Git, text: str) -> str:
    """Commit another text of PAY-1; return the commit before."""
    base = git(repo, "rev-parse", "HEAD").strip()
    write(repo, {TASK: text})
    git(repo, "commit", "-qam", "Since")
    return base


def test_the_difference_of_a_branch_is_a_patch_for_the_work_tree(
    cli: Cli, repo: Path, git: Git
) -> None:
    cli("patch", "apply", "-", "--branch", "x", stdin=RAISE)
    printed = cli("patch", "diff", "main..x").stdout
    assert json.loads(printed) == json.loads(RAISE)
    assert cli("patch", "apply", "-", stdin=printed).stderr == "PAY-1: priority: high → urgent\n"
    assert "priority: urgent\n" in (repo / TASK).read_text()
    assert git(repo, "diff", "x") == ""
    assert json.loads(cli("patch", "diff").stdout) == json.loads(printed)
    assert json.loads(cli("patch", "diff", "--staged").stdout) == []
    assert json.loads(cli("patch", "diff", "x").stdout) == []


def test_an_envelope_keeps_what_changed_since(cli: Cli, repo: Path, git: Git) -> None:
    cli("patch", "apply", "-", "--branch", "x", stdin=ops(("add", "/tasks/PAY-1/labels/-", "x")))
    printed = cli("patch", "diff", "main..x", "--envelope").stdout
    base = committed(repo, git, PLAN[TASK].replace("[api, db]", "[api, db, mine]"))
    assert json.loads(printed)["base"] == base
    cli("patch", "apply", "-", stdin=printed)
    assert "labels: [api, db, mine, x]\n" in (repo / TASK).read_text()


def test_a_file_that_cannot_be_read_is_told_and_not_taken_for_removed(cli: Cli, repo: Path) -> None:
    write(repo, {TASK: "id: [\n", "users/lee.yaml": "id: lee\nname: Lee\n"})
    done = cli("patch", "diff", code=1)
    assert [op["path"] for op in json.loads(done.stdout)] == ["/users/lee"]
    assert done.stderr == f"{TASK} cannot be read on one side, and is left out.\n"


def test_a_commit_is_undone_and_later_edits_stay(cli: Cli, repo: Path, git: Git) -> None:
    text = PLAN[TASK].replace("high", "low").replace("[api, db]", "[api]")
    committed(repo, git, text)
    commit = git(repo, "rev-parse", "HEAD").strip()
    write(repo, {TASK: text.replace("Capture", "Later")})
    inverse = cli("patch", "invert", "HEAD").stdout
    assert json.loads(inverse)["title"] == 'Revert "Since"'
    assert json.loads(inverse)["base"] == commit
    cli("patch", "apply", "-", stdin=inverse)
    assert (repo / TASK).read_text() == PLAN[TASK].replace("Capture", "Later")


def test_the_inverse_of_a_file_undoes_what_it_does_with_its_stamps(cli: Cli, repo: Path) -> None:
    done = json.dumps(
        {"title": "Finish", "ops": json.loads(ops(("add", "/tasks/PAY-3/status", "completed")))}
    )
    write(repo.parent, {"p.json": done})
    before = (repo / "projects/pay/tasks/PAY-3.yaml").read_bytes()
    inverse = cli("patch", "invert", "../p.json").stdout
    assert json.loads(inverse)["title"] == 'Revert "Finish"'
    assert "base" not in json.loads(inverse)
    cli("patch", "apply", "../p.json")
    assert "completed_at" in (repo / "projects/pay/tasks/PAY-3.yaml").read_text()
    cli("patch", "apply", "-", stdin=inverse)
    assert (repo / "projects/pay/tasks/PAY-3.yaml").read_bytes() == before


def test_check_says_what_would_happen_and_writes_nothing(cli: Cli, repo: Path, git: Git) -> None:
    assert cli("patch", "check", "-", stdin=RAISE).stdout == (
        "PAY-1: priority: high → urgent\nIt can be applied.\n"
    )
    refused = cli("patch", "check", "-", stdin=BAD, code=1).stdout
    assert f"error ORC210 {TASK}: There is no user bob . (op 1)\n" in refused
    assert refused.endswith("It would be refused: it brings 1 error.\n")
    answer = json.loads(cli("patch", "check", "-", "--json", stdin=BAD, code=1).stdout)
    assert answer["is_applicable"] is False
    assert [(row["code"], row["op"]) for row in answer["problems"]] == [("ORC210", 1)]
    assert [change["id"] for change in answer["changes"]] == ["PAY-2", "PAY-1"]
    assert {op["path"] for op in answer["ops"]} == {
        "/tasks/PAY-1/assignee", "/tasks/PAY-2/due_date",
    }  # fmt: skip
    warned = ops(("replace", "/tasks/PAY-1/status", "completed"))
    answer = json.loads(cli("patch", "check", "-", "--json", stdin=warned).stdout)
    assert answer["is_applicable"] is True
    assert [row["severity"] for row in answer["problems"]] == ["warning"]
    assert "change nothing" in cli("patch", "check", "-", stdin="[]").stdout
    done = cli("patch", "apply", "-", stdin=BAD, code=1)
    assert "orchestrator patch check - says which op brings which error." in done.stderr
    agents = cli("patch", "check", "-", "--author", "agent:nobody", stdin=RAISE, code=1)
    assert "nobody" in agents.stderr
    assert git(repo, "status", "--short") == ""


def test_check_against_a_branch_sees_that_branch(cli: Cli, repo: Path, git: Git) -> None:
    cli("patch", "apply", "-", "--branch", "x", stdin=ops(("remove", "/tasks/PAY-3", None)))
    tip = git(repo, "rev-parse", "x")
    patch = ops(("replace", "/tasks/PAY-3/title", "x"))
    cli("patch", "check", "-", stdin=patch)
    assert (
        "there is no /tasks/PAY-3 ."
        in cli("patch", "check", "-", "--branch", "x", stdin=patch, code=1).stderr
    )
    assert cli("patch", "check", "-", "--branch", "x", stdin=RAISE).stdout.startswith("PAY-1: ")
    assert git(repo, "rev-parse", "x") == tip


def test_apply_can_commit_with_the_trailers_of_the_patch(cli: Cli, repo: Path, git: Git) -> None:
    done = cli("patch", "apply", "-", "--commit", "--reason", "It burns.", stdin=RAISE)
    head = git(repo, "rev-parse", "HEAD")
    assert done.stdout == head
    assert git(repo, "status", "--short") == ""
    message = git(repo, "log", "-1", "--format=%B")
    assert message.startswith("Set priority of PAY-1 to urgent\n\nOrchestrator-Patch: sha256:")
    assert "Reason: It burns.\n" in message
    assert cli("patch", "show", "HEAD", "--verify").stdout.endswith(
        "The commit is the patch that its trailer names.\n"
    )
    cli("patch", "apply", "-", "-m", "Mine", stdin=ops(("add", "/tasks/PAY-2/priority", "low")))
    assert git(repo, "log", "-1", "--format=%s") == "Mine\n"
    cli("patch", "apply", "-", "--commit", stdin="[]")
    assert (
        "leave --commit away"
        in cli("patch", "apply", "-", "--branch", "x", "--commit", stdin=RAISE, code=2).stderr
    )


def test_dry_run_and_json_of_apply(cli: Cli, repo: Path, git: Git) -> None:
    for target in ([], ["--branch", "x"]):
        done = cli("patch", "apply", "-", "--dry-run", "--json", *target, stdin=RAISE)
        answer = json.loads(done.stdout)
        assert answer["commit"] is None
        assert answer["ops"] == json.loads(RAISE)
        assert answer["changes"][0]["after"]["priority"] == "urgent"
    assert git(repo, "status", "--short") == git(repo, "branch", "--list", "x") == ""
    answer = json.loads(cli("patch", "apply", "-", "--branch", "x", "--json", stdin=RAISE).stdout)
    assert answer["commit"] == git(repo, "rev-parse", "x").strip()
    assert answer["branch"] == "x"


def test_a_commit_that_is_another_than_it_says_is_refused(cli: Cli, repo: Path, git: Git) -> None:
    cli("patch", "apply", "-", "--commit", stdin=RAISE)
    write(repo, {TASK: (repo / TASK).read_text().replace("Capture", "Evil")})
    git(repo, "commit", "--quiet", "--all", "--amend", "--no-edit")
    done = cli("patch", "show", "HEAD", "--verify", code=1)
    assert "changes something else than the patch that it names" in done.stderr
    assert json.loads(cli("patch", "show", "HEAD", "--json").stdout)["is_verified"] is False
    done = cli("patch", "show", "HEAD~1", "--verify", code=1)
    assert "has no Orchestrator-Patch trailer" in done.stderr
    assert json.loads(cli("patch", "show", "HEAD~1", "--json").stdout)["is_verified"] is None
    cli("patch", "show", "-", "--verify", stdin="[]", code=2)


def test_a_stale_patch_is_merged_or_names_the_field(cli: Cli, repo: Path, git: Git) -> None:
    base = committed(repo, git, PLAN[TASK].replace("high", "low"))
    fits = {"base": base, "ops": json.loads(ops(("add", "/tasks/PAY-1/title", "x")))}
    cli("patch", "apply", "-", stdin=json.dumps(fits))
    text = (repo / TASK).read_text()
    assert "title: x" in text
    assert "priority: low" in text
    clash = {"base": base, "ops": json.loads(RAISE)}
    for target in ([], ["--branch", "x"], ["--dry-run"]):
        done = cli("patch", "apply", "-", *target, stdin=json.dumps(clash), code=1)
        assert '/tasks/PAY-1/priority was "high" and is "low" now; the patch says "urgent".' in (
            done.stderr
        )
        assert f"orchestrator patch diff {base[:12]}" in done.stderr
    assert (repo / TASK).read_text() == text
    assert git(repo, "branch", "--list", "x") == ""


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (["diff", "main..nope"], "", "'nope' names no commit"),
        (["invert", "nope"], "", "'nope' names no commit"),
        (["invert", "-"], '[{"op":"remove","path":"/tasks/PAY-9"}]', "no /tasks/PAY-9"),
        (["check", "-"], "[3]", "Op 0"),
        (["apply", "-"], '[{"op":"add","path":"/tasks/PAY-1/title","value":NaN}]', "nan"),
        (["apply", "-"], ops(("test", "/tasks/PAY-1/title", "x")), '"Capture" and not "x"'),
        (["apply", "-"], ops(("remove", "/projects/pay", None)), "no project pay"),
        (["apply", "-"], '{"base":"nope","ops":[]}', "base, 'nope', names no commit"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    cli: Cli, repo: Path, git: Git, arguments: list[str], stdin: str, says: str
) -> None:
    assert says in cli("patch", *arguments, stdin=stdin, code=1).stderr
    assert git(repo, "status", "--short") == ""


def test_wrong_usage_is_told(cli: Cli) -> None:
    assert "compares with one" in cli("patch", "diff", "a..b", "--staged", code=2).stderr
    assert "Did you mean apply ?" in cli("patch", "appyl", code=2).stderr
