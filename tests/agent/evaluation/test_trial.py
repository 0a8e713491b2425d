"""Trials of providers: the offline one, recorded ones, and ones that fail."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orchestrator.agent.evaluation.brief import BriefError, read_brief
from orchestrator.agent.evaluation.folder import briefs_in, keep, recordings_in
from orchestrator.agent.evaluation.recorded import (
    Recorder,
    Replayer,
    read_recording,
    recording,
)
from orchestrator.agent.evaluation.report import COLUMNS, report, rows
from orchestrator.agent.evaluation.trial import Result, trial
from orchestrator.agent.failures import AgentError
from orchestrator.agent.offline import answer
from orchestrator.agent.provider import Outcome, Usage

BRIEFS = Path(__file__).parents[1] / "briefs"
ALL = {brief.name: brief for brief in briefs_in(BRIEFS)}
KEPT = recordings_in(BRIEFS)
OUTLINE = read_brief("mine", "# A\n- b\n- c after: b\n", b"kind: outline\ntasks: {b: b, c: c}\n")


@pytest.fixture(scope="module")
def offline() -> dict[str, Result]:
    return {name: trial(brief, answer) for name, brief in ALL.items()}


def test_offline_plans_every_outline(offline: dict[str, Result]) -> None:
    outlines = [result for result in offline.values() if result.brief.kind == "outline"]
    assert all(result.valid_at == 1 for result in outlines)
    means = report(outlines)["means"]["outline"]
    assert means["coverage"] == 1.0
    assert means["step_f1"] >= 0.95
    assert means["edge_f1"] >= 0.85


def test_offline_says_that_it_does_not_plan_from_prose(offline: dict[str, Result]) -> None:
    sentences = [result for result in offline.values() if result.brief.kind == "sentence"]
    assert all("no language model" in result.reason for result in sentences)
    assert all(result.scores["step_f1"] == 0.0 for result in sentences)
    assert offline["prose-hiring"].valid_at is None
    # Headings without lists become tasks, which is not what the text means; the numbers say so.
    assert (offline["prose-warehouse-scanners"].scores["step_f1"] or 0.0) < 0.3


def test_offline_carries_out_commands_and_touches_nothing_else(offline: dict[str, Result]) -> None:
    found = offline["edit-friday-round"]
    assert (found.scores["done"], found.scores["untouched"]) == (1.0, 1.0)
    assert offline["edit-replan-in-prose"].reason == "None of the 4 lines was carried out."


def test_a_trial_gives_the_same_every_time(offline: dict[str, Result]) -> None:
    for name in ("outline-restaurant", "edit-friday-round"):
        assert trial(ALL[name], answer) == offline[name]
    first, again = (trial(ALL["prose-card-payments"], replayed("prose-card-payments"))
                    for _ in range(2))  # fmt: skip
    assert first == again


def replayed(name: str) -> Replayer:
    return Replayer(KEPT[name])


@pytest.mark.parametrize(
    ("name", "valid_at", "f1", "untouched"),
    [
        ("prose-card-payments", 1, 0.92, None),
        ("prose-gdpr-erasure", 2, 0.58, None),
        ("sentence-status-page", 1, 0.62, None),
        ("sentence-office-move", None, 0.0, None),
        ("edit-replan-in-prose", 1, None, 0.97),
        ("edit-extend-in-prose", 1, 1.0, 1.0),
    ],
)
def test_recorded_conversations_measure_as_they_did(
    name: str, valid_at: int | None, f1: float | None, untouched: float | None
) -> None:
    found = trial(ALL[name], replayed(name))
    assert found.valid_at == valid_at
    assert found.scores["step_f1"] == (None if f1 is None else pytest.approx(f1, abs=0.006))
    wanted = None if untouched is None else pytest.approx(untouched, abs=0.006)
    assert found.scores["untouched"] == wanted
    assert found.model == "recorded:by-hand"


def test_a_plan_that_was_mended_counts_at_k_and_not_at_1() -> None:
    names = ["prose-card-payments", "prose-gdpr-erasure"]
    means = report([trial(ALL[name], replayed(name)) for name in names])["means"]["all"]
    assert (means["valid_at_1"], means["valid_at_k"]) == (0.5, 1.0)
    unmended = trial(ALL["prose-gdpr-erasure"], replayed("prose-gdpr-erasure"), rounds=0)
    assert unmended.valid_at is None
    assert "would bring 1 errors" in unmended.reason


def test_a_provider_that_fails_is_a_result() -> None:
    def broken(*_: Any, **__: Any) -> Outcome:
        raise AgentError("The moon is in the way.")

    def idle(*_: Any, **__: Any) -> Outcome:
        return Outcome("done", usage=Usage(requests=1, cost=Decimal("0.25")))

    assert trial(OUTLINE, broken).reason == "The moon is in the way."
    found = trial(OUTLINE, idle)
    assert (found.valid_at, found.reason) == (None, "It changed nothing.")
    assert found.scores["step_f1"] == 0.0
    table = rows([found, trial(OUTLINE, answer)])
    assert [len(row) for row in table] == [len(COLUMNS)] * 4
    assert table[0][-1] == table[-1][-1] == "$0.2500"
    assert table[1][2:6] == ["round 1", "-", "1.00", "0.00"]
    assert report([found])["briefs"][0]["usage"]["cost"] == "0.25"


def test_what_is_recorded_plays_again_the_same(tmp_path: Path) -> None:
    recorder = Recorder(answer)
    before = trial(ALL["outline-website"], recorder)
    keep(tmp_path, "outline-website", recorder.rounds)
    after = trial(ALL["outline-website"], Replayer(recordings_in(tmp_path)["outline-website"]))
    assert (before.scores, before.valid_at) == (after.scores, after.valid_at)


def test_cost_is_kept_to_the_cent() -> None:
    usage = Usage(3, 1200, 300, 0, Decimal("0.0123"))

    def paid(*_: Any, **__: Any) -> Outcome:
        return Outcome("", model="x:y", usage=usage)

    recorder = Recorder(paid)
    trial(OUTLINE, recorder)
    (found,) = read_recording("mine", json.dumps(recording(recorder.rounds)).encode())
    assert found.outcome.usage == usage
    assert found.outcome.model == "x:y"


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b'{"rounds": []}', b'{"rounds": [1]}', b'{"rounds": [{"calls": [{}]}]}',
     b'{"rounds": [{"calls": [], "model": "x", "usage": {"cost": "dear"}}]}', b"[" * 100_000],
    ids=range(8),
)  # fmt: skip
def test_what_is_no_recording_is_refused(data: bytes) -> None:
    with pytest.raises(BriefError):
        read_recording("mine", data)


def test_means_leave_out_what_a_brief_has_no_number_for() -> None:
    found: dict[str, Any] = report([trial(OUTLINE, answer)])
    assert found["total"] == 1
    assert found["means"]["all"]["coverage"] is None
    assert found["means"]["outline"]["step_precision"] == 1.0
