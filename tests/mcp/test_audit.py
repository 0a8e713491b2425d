"""The audit log: every call, no secret, bounded, and never in the way."""

import json
from pathlib import Path

import pytest

from orchestrator.agent.censor import Censor
from orchestrator.mcp.audit import Audit
from tests.mcp.desks import audited, desk, refused, told


def test_every_call_is_a_line(repo: Path) -> None:
    asked = desk(repo)
    told(asked.call("editor 1.0", "list", {"limit": 2}))
    made = told(asked.call("editor 1.0", "set_task", {"id": "PAY-1", "title": "x"}))
    refused(asked.call("editor 1.0", "get", {"id": "PAY-9"}))
    read, proposed, lost = audited(repo)
    assert read["at"] == "2026-11-22T09:30:00+00:00"
    assert read["ms"] >= 0
    assert (read["client"], read["tool"], read["arguments"]) == ("editor 1.0", "list", {"limit": 2})
    assert (read["outcome"], read["proposal"]) == ("ok", None)
    assert proposed["proposal"] == made["proposal"]["id"]
    assert (lost["outcome"], lost["said"]) == ("refused", "There is no task PAY-9 .")


def test_no_secret_and_no_flood_gets_into_it(repo: Path) -> None:
    token = "ghp_" + "a1B2" * 9
    asked = desk(repo, environment={"DEPLOY_TOKEN": "hunter2hunter2"})
    asked.call("test", "search", {"text": token})
    asked.call("test", "search", {"text": "hunter2hunter2", token: "x" * 100_000})
    asked.call("test", "set_task", {"id": "PAY-1", "description": "y" * 40_000})
    log = (repo / ".git/orchestrator/mcp-audit.jsonl").read_text()
    assert token not in log
    assert "hunter2" not in log
    assert max(map(len, log.splitlines())) < 2_000
    mode = (repo / ".git/orchestrator/mcp-audit.jsonl").stat().st_mode
    assert mode & 0o077 == 0


def test_a_file_of_ones_own_is_taken(plan: Path, tmp_path: Path) -> None:
    file = tmp_path / "logs" / "calls.jsonl"
    asked = desk(plan, audit=Audit(file, Censor({})))
    told(asked.call("test", "list", {}))
    assert json.loads(file.read_text())["tool"] == "list"


def test_it_is_renamed_before_it_gets_too_long(repo: Path, tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    asked = desk(repo, audit=Audit(file, Censor({}), most_bytes=2_000))
    for _ in range(40):
        told(asked.call("test", "explain", {}))
    assert file.stat().st_size <= 2_000
    assert (tmp_path / "calls.jsonl.1").stat().st_size <= 2_000
    assert len(list(tmp_path.glob("calls.jsonl*"))) == 3  # and the lock


def test_calls_are_answered_where_it_cannot_be_written(
    repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = desk(repo, audit=Audit(tmp_path, Censor({})))
    for _ in range(3):
        assert told(asked.call("test", "list", {}))["total"] == 3
    assert capsys.readouterr().err.count("The audit log cannot be written") == 1


def test_a_bug_is_a_sentence(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_question: object) -> dict[str, object]:
        raise KeyError("PAY-1 is private")

    monkeypatch.setitem(__import__("orchestrator.mcp.desk").mcp.desk.READING, "list", broken)
    said = refused(desk(repo).call("test", "list", {}))
    assert "This is a bug in orchestrator" in said
    assert "private" not in said
    assert "Traceback" not in said + capsys.readouterr().err
    assert audited(repo)[0]["outcome"] == "bug"
