"""What is kept in git's folder: answers, runs, conversations."""

import dataclasses
import os
import threading
from pathlib import Path

import pytest

from orchestrator.agent.answers import Answers, key_of
from orchestrator.agent.conversations import (
    MOST,
    Conversation,
    conversation,
    conversations,
    keep,
    new_conversation,
)
from orchestrator.agent.failures import AgentError
from orchestrator.agent.provider import Request, Turn, Usage
from orchestrator.agent.runs import Run, record, runs, trailers
from tests.agent.drafts import NOW, choices, draft, snapshot


def test_the_answer_used_the_longest_ago_goes_first(tmp_path: Path) -> None:
    answers = Answers(tmp_path, most=2)
    for index, name in enumerate(("a", "b")):
        answers.put(name, {"text": name})
        os.utime(answers.folder / f"{name}.json", (index, index))
    assert answers.get("a") == {"text": "a"}
    answers.put("c", {"text": "c"})
    assert answers.get("b") is None
    assert answers.get("a") is not None
    found = answers.stats()
    assert (found.answers, found.hits, found.misses) == (2, 2, 1)
    assert answers.clear() == 2
    assert answers.stats() == (0, 0, 0, 0)


def test_a_spoiled_answer_is_none(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    answers.put("a", {"text": "a"})
    for spoiled in (b"{", b"[1]", b"\xff", b"[" * 100_000):
        (answers.folder / "a.json").write_bytes(spoiled)
        assert answers.get("a") is None


def test_an_answer_is_known_by_all_that_it_depends_on() -> None:
    request, models = Request("plan", "x"), ("a:b",)
    first = key_of(request, draft(base_commit="1"), models)
    assert first == key_of(request, draft(base_commit="1"), models)
    others = {
        key_of(dataclasses.replace(request, text="y"), draft(base_commit="1"), models),
        key_of(dataclasses.replace(request, context="y"), draft(base_commit="1"), models),
        key_of(dataclasses.replace(request, messages=b"y"), draft(base_commit="1"), models),
        key_of(request, draft(base_commit="2"), models),
        key_of(request, draft(base_commit="1"), ("a:c",)),
        key_of(request, draft(snapshot(max_depth=2), base_commit="1"), models),
    }
    assert len(others) == 6
    assert first not in others


def test_runs_are_kept_newest_first_and_none_is_lost(tmp_path: Path) -> None:
    def write(name: str) -> None:
        for index in range(10):
            record(tmp_path, Run(f"{name}{index}", "now", "run", "x", None, "answered"))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs(tmp_path)) == 30
    record(tmp_path, Run("last", "now", "run", "x", None, "answered"))
    assert runs(tmp_path)[0].id == "last"


def test_lines_that_are_no_runs_are_left_out(tmp_path: Path) -> None:
    record(tmp_path, Run("one", "now", "run", "x", None, "answered"))
    path = tmp_path / "agent" / "runs.jsonl"
    path.write_bytes(path.read_bytes() + b'{"id": 1}\nnot json\n\xff\n')
    assert [run.id for run in runs(tmp_path)] == ["one"]


def test_trailers_tell_tokens_spend_and_taint() -> None:
    from decimal import Decimal

    usage = Usage(2, 1500, 20, 1, Decimal("0.01234"))
    assert trailers(usage, "r1", "brief.md") == (
        "Orchestrator-Run: r1", "Orchestrator-Tokens: 1500 in, 20 out",
        "Orchestrator-Spend: 0.0123 USD", "Orchestrator-Tainted: brief.md",
    )  # fmt: skip
    assert len(trailers(Usage(), "r1", None)) == 2


def test_conversations_are_read_as_they_were_kept(tmp_path: Path) -> None:
    talk = new_conversation(NOW, choices()).said(Turn("person", "a"), Turn("agent", "b\u2028"))
    keep(tmp_path, talk)
    assert conversation(tmp_path, "last") == conversation(tmp_path, talk.id) == talk
    with pytest.raises(AgentError, match="There is no conversation"):
        conversation(tmp_path, "../../x")


def test_spoiled_conversations_are_left_out_and_old_ones_go(tmp_path: Path) -> None:
    for index in range(MOST + 1):
        keep(tmp_path, Conversation(f"{index:06}", "then"))
        path = tmp_path / "agent" / "conversations" / f"{index:06}.json"
        os.utime(path, (index, index))
    assert len(conversations(tmp_path)) == MOST
    (tmp_path / "agent" / "conversations" / "000001.json").write_text('{"id": "x", "odd": 1}')
    assert len(conversations(tmp_path)) == MOST - 1
