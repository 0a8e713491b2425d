"""Verbs become proposals: reviewed by a person, gated by the policy, and nothing else changes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestrator.mcp.desk import Desk
from orchestrator.mcp.prompts import prompt
from tests.conftest import Cli, write
from tests.mcp.desks import desk, refused, told

Git = Callable[..., str]
VERBS: dict[str, dict[str, Any]] = {
    "create_project": {"id": "ops", "title": "Operations"},
    "create_task": {"project": "pay", "title": "Ledger", "parent": "PAY-1", "estimate": "2h"},
    "create_tasks": {"project": "pay", "tasks": [
        {"key": "a", "title": "Design"}, {"key": "b", "title": "Build", "depends_on": ["a"]},
    ]},
    "update_project": {"id": "pay", "priority": "high"},
    "set_task": {"id": "PAY-1", "status": "in_progress", "labels": ["api"]},
    "move_task": {"id": "PAY-3", "under": "PAY-1"},
    "delete": {"id": "PAY-3"},
    "log_time": {"id": "PAY-1", "duration": "1h30m", "user": "dana"},
    "set_dependencies": {"id": "PAY-1", "add": ["PAY-3"]},
}  # fmt: skip


def call(asked: Desk, name: str, **arguments: Any) -> dict[str, Any]:
    """What a verb's call by a client answers."""
    return told(asked.call("editor 1.0", name, arguments))


def batch(*calls: tuple[str, dict[str, Any]], **options: Any) -> dict[str, Any]:
    """The arguments of a batch."""
    listed = [{"tool": name, "arguments": arguments} for name, arguments in calls]
    return {"calls": listed, **options}


@pytest.mark.parametrize("name", VERBS)
def test_each_verb_is_a_proposal_and_nothing_else_changes(repo: Path, git: Git, name: str) -> None:
    before = git(repo, "rev-parse", "main")
    found = call(desk(repo), name, **VERBS[name])
    assert found["proposal"]["branch"].startswith("agent/mcp/")
    assert found["proposal"]["target"] == "main"
    assert found["changes"]
    assert found["problems"] == []
    assert git(repo, "rev-parse", "main") == before
    assert git(repo, "status", "--porcelain") == ""
    assert git(repo, "rev-parse", f"{found['proposal']['branch']}^") == before


def test_the_answer_says_field_by_field_what_changes(repo: Path) -> None:
    found = call(desk(repo), "set_task", id="PAY-1", status="completed", labels=["api", "web"])
    [change] = found["changes"]
    assert (change["id"], change["deed"]) == ("PAY-1", "changed")
    assert change["fields"]["status"] == {"before": "todo", "after": "completed"}
    assert change["fields"]["labels"] == {"added": ["web"], "removed": ["db"]}
    assert change["fields"]["completed_at"]["after"].startswith("2026-11-22")
    assert [problem["code"] for problem in found["problems"]] == ["ORC305"]
    assert found["summary"] == "1 task changed"


def test_a_batch_is_one_proposal_with_title_and_reason(repo: Path, git: Git) -> None:
    calls = batch(
        ("create_project", {"id": "ops", "title": "Operations"}),
        ("create_tasks", {"project": "ops", "tasks": [{"key": "a", "title": "Rotate keys"}]}),
        ("delete", {"id": "PAY-3"}), ("restore", {"id": "PAY-3"}),
        title="Start operations", reason="Keys are old",
    )  # fmt: skip
    found = call(desk(repo), "propose", **calls)
    assert found["proposal"]["id"] == "start-operations"
    assert found["answers"][0] == {"id": "ops", "key": "OPS"}
    assert found["summary"] == "1 project added, 1 task added"
    message = git(repo, "log", "-1", "--format=%B", found["proposal"]["branch"])
    assert message.startswith("Start operations\n")
    assert "Reason: Keys are old" in message
    assert "Orchestrator-Agent: mcp" in message
    assert "Orchestrator-Client: editor 1.0" in message


def test_one_bad_call_of_a_batch_undoes_all(repo: Path, git: Git) -> None:
    calls = batch(("set_task", {"id": "PAY-1", "title": "x"}), ("set_task", {"id": "PAY-9"}))
    said = refused(desk(repo).call("test", "propose", calls))
    assert "Call 2, set_task: There is no task PAY-9" in said
    assert "None of the calls was done" in said
    assert git(repo, "branch", "--list", "agent/*") == ""


def test_a_later_call_adds_to_a_proposal(repo: Path, git: Git) -> None:
    asked = desk(repo)
    first = call(asked, "create_project", id="ops", title="Operations")["proposal"]["id"]
    found = call(asked, "create_task", project="ops", title="Rotate keys", proposal=first)
    assert found["proposal"] == {
        "id": first, "branch": f"agent/mcp/{first}", "is_new": False, "target": "main",
        "state": "waits for a person",
    }  # fmt: skip
    assert git(repo, "rev-list", "--count", f"main..agent/mcp/{first}") == "2\n"
    whole = call(asked, "get", proposal=first)
    assert whole["summary"] == "1 project added, 1 task added"
    assert whole["state"] == "open"
    assert call(asked, "list", what="proposals")["proposals"][0]["commits"] == 2


def test_asking_twice_is_asking_once(repo: Path, git: Git) -> None:
    asked = desk(repo)
    first = call(asked, "set_task", id="PAY-1", title="Take money")
    again = call(asked, "set_task", id="PAY-1", title="Take money")
    assert again["proposal"]["id"] == first["proposal"]["id"]
    assert "proposed before" in again["note"]
    assert len(git(repo, "branch", "--list", "agent/*").splitlines()) == 1
    other = call(asked, "set_task", id="PAY-1", title="Take money", priority="low")
    assert other["proposal"]["id"] != first["proposal"]["id"]


def test_what_is_so_already_is_no_proposal(repo: Path, git: Git) -> None:
    found = call(desk(repo), "set_task", id="PAY-1", title="Capture")
    assert found["proposal"] is None
    assert "Nothing changes" in found["note"]
    assert git(repo, "branch", "--list", "agent/*") == ""


def test_a_dry_run_proposes_nothing(repo: Path, git: Git) -> None:
    found = call(desk(repo), "propose", **batch(("delete", {"id": "PAY-3"}), dry_run=True))
    assert found["proposal"] is None
    assert found["summary"] == "1 task removed"
    assert git(repo, "branch", "--list", "agent/*") == ""


def test_errors_refuse_and_come_with_the_answer(repo: Path, git: Git) -> None:
    (repo / "orchestrator.yaml").write_text(
        "version: 1\nrules: {ORC307: error}\nrequired_tests: [unit]\n"
    )
    git(repo, "commit", "-qam", "Strict")
    found = desk(repo).call("test", "create_task", {"project": "pay", "title": "Untested"})
    assert "would bring 1 error; nothing was written" in refused(found)
    assert found.value["problems"][0]["code"] == "ORC307"
    assert git(repo, "branch", "--list", "agent/*") == ""


def test_the_policy_of_the_target_decides(repo: Path, git: Git) -> None:
    (repo / "orchestrator.yaml").write_text(
        "version: 1\npolicy: {agents: {allow: [{fields: [status]}]}}\n"
    )
    git(repo, "commit", "-qam", "Policy")
    Cli(repo)("check")
    asked = desk(repo)
    assert call(asked, "set_task", id="PAY-1", status="in_progress")["proposal"]
    said = refused(asked.call("test", "set_task", {"id": "PAY-1", "title": "x"}))
    assert "The policy refuses" in said
    assert "ORC401" in said


def test_nothing_is_deleted_where_nobody_reviews(repo: Path, git: Git) -> None:
    (repo / "orchestrator.yaml").write_text(
        "version: 1\npolicy: {agents: {allow: [{projects: [pay]}], accept: auto}}\n"
    )
    git(repo, "commit", "-qam", "Policy")
    Cli(repo)("check")
    said = refused(desk(repo).call("test", "delete", {"id": "PAY-3"}))
    assert "A person must agree" in said


def test_a_task_that_is_not_committed_says_so(repo: Path) -> None:
    write(repo, {"projects/pay/tasks/PAY-8.yaml": "id: PAY-8\ntitle: New\nstatus: todo\n"})
    asked = desk(repo)
    assert call(asked, "get", id="PAY-8")["title"] == "New"
    said = refused(asked.call("test", "set_task", {"id": "PAY-8", "title": "x"}))
    assert "PAY-8 is not committed yet" in said


def test_a_proposal_made_after_reading_a_trackers_text_says_so(repo: Path, git: Git) -> None:
    (repo / "projects/pay/tasks/PAY-2.yaml").write_text(
        "id: PAY-2\ntitle: Do as I say\nstatus: todo\nparent: PAY-1\nexternal_ids: {linear: E-1}\n"
    )
    git(repo, "commit", "-qam", "Sync")
    asked = desk(repo)
    clean = call(asked, "set_task", id="PAY-3", title="Give back")["proposal"]["branch"]
    call(asked, "list")
    tainted = call(asked, "set_task", id="PAY-3", title="Refunds")["proposal"]
    assert "Tainted" not in git(repo, "log", "-1", "--format=%B", clean)
    message = git(repo, "log", "-1", "--format=%B", tainted["branch"])
    assert "Orchestrator-Tainted: PAY-2" in message
    assert call(asked, "get", proposal=tainted["id"])["read_text_of_others"] == ["PAY-2"]


def test_a_person_accepts_and_then_it_takes_no_more(repo: Path) -> None:
    asked = desk(repo)
    slug = call(asked, "set_task", id="PAY-3", title="Refunds")["proposal"]["id"]
    Cli(repo)("proposal", "accept", f"mcp/{slug}")
    assert call(asked, "get", id="PAY-3")["title"] == "Refunds"
    said = refused(
        asked.call("test", "set_task", {"id": "PAY-3", "title": "Again", "proposal": slug})
    )
    assert "There is no" in said or "You have no proposal" in said or "accepted already" in said


def test_a_reading_desk_proposes_nothing(repo: Path, git: Git) -> None:
    asked = desk(repo, can_propose=False)
    for name, arguments in [*VERBS.items(), ("propose", batch(("delete", {"id": "PAY-3"})))]:
        assert "There is no tool" in refused(asked.call("test", name, arguments))
    assert git(repo, "branch", "--list", "agent/*") == ""


def test_a_semantic_diff_that_is_long_is_cut(repo: Path) -> None:
    tasks = [{"key": f"k{n}", "title": "t" * 200, "description": "d" * 2_000} for n in range(200)]
    found = call(desk(repo), "create_tasks", project="pay", tasks=tasks)
    assert found["summary"] == "200 tasks added"
    assert found["proposal"]["is_new"]
    assert "cut" in found
    assert len(json.dumps(found)) < 50_000


def test_who_reads_a_proposal_has_read_what_its_author_read(repo: Path, git: Git) -> None:
    (repo / "projects/pay/tasks/PAY-2.yaml").write_text(
        "id: PAY-2\ntitle: Do as I say\nstatus: todo\nparent: PAY-1\nexternal_ids: {linear: E-1}\n"
    )
    git(repo, "commit", "-qam", "Sync")
    first = desk(repo)
    call(first, "get", id="PAY-2")
    slug = call(first, "set_task", id="PAY-3", title="Dictated")["proposal"]["id"]
    reader, reviewer = desk(repo), desk(repo)
    call(reader, "get", proposal=slug)
    prompt(reviewer, "test", "review", {"proposal": f"mcp/{slug}"})
    for number, other in enumerate((reader, reviewer)):
        made = call(other, "set_task", id="PAY-3", title=f"Again {number}")["proposal"]
        message = git(repo, "log", "-1", "--format=%B", made["branch"])
        assert "Orchestrator-Tainted: PAY-2" in message
