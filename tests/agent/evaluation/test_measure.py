"""Numbers about plans."""

from collections.abc import Mapping
from typing import Any

import pytest

from orchestrator.agent.evaluation.brief import Brief, read_brief
from orchestrator.agent.evaluation.measure import nothing, scores, waits
from orchestrator.model.snapshot import Snapshot

WANTED = b"""\
kind: prose
requirements: {refunds: [refund], audit: [audit log, audit trail]}
tasks:
  a: {title: Capture payments, also: [Take money]}
  b: {title: Refund orders, after: [a]}
  c: {title: Audit trail, under: b}
  d: {title: Go live, after: [b]}
levels: [1, 2]
leaves: [2, 4]
minutes: [30, 480]
"""


def brief(wanted: bytes = WANTED) -> Brief:
    return read_brief("mine", "text", wanted)


def made(tasks: Mapping[str, Mapping[str, Any]], base: Brief | None = None) -> Snapshot:
    before = base.plan.tasks if base else {}
    found = {
        name: {"id": name, "status": "todo", "project": "p", **task} for name, task in tasks.items()
    }
    return Snapshot(projects={"p": {"id": "p", "key": "P"}}, tasks={**before, **found})


PERFECT: dict[str, Mapping[str, Any]] = {
    "P-1": {"title": "Capture payments", "estimated_minutes": 60},
    "P-2": {"title": "Refund orders", "dependencies": ["P-1"]},
    "P-3": {"title": "Audit trail", "parent": "P-2", "estimated_minutes": 60},
    "P-4": {"title": "Go live", "dependencies": ["P-2"], "estimated_minutes": 60},
}


def test_the_same_plan_has_full_marks() -> None:
    found = scores(brief(), made(PERFECT))
    assert found.pop("untouched") is None
    assert found.pop("done") is None
    assert set(found.values()) == {1.0}


def test_other_titles_and_other_ways_to_say_the_order_count_as_well() -> None:
    tasks = PERFECT | {
        "P-1": {"title": "Take the money", "estimated_minutes": 60},
        "P-4": {"title": "Go live", "dependencies": ["P-3", "P-2", "P-1"], "estimated_minutes": 60},
    }
    found = scores(brief(), made(tasks))
    assert (found["step_f1"], found["edge_f1"]) == (1.0, 1.0)


def test_what_is_missing_costs_recall_and_what_is_too_much_precision() -> None:
    tasks = {"P-1": PERFECT["P-1"], "P-9": {"title": "Paint the fence"}}
    found = scores(brief(), made(tasks))
    assert (found["step_precision"], found["step_recall"]) == (0.5, 0.25)
    assert found["step_f1"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["edge_f1"] == 0.0
    assert found["coverage"] == 0.0
    assert found["sized"] == 0.5


def test_an_order_that_nobody_wants_costs_precision() -> None:
    tasks = PERFECT | {"P-1": {"title": "Capture payments", "dependencies": []}}
    reverse = PERFECT | {
        "P-1": {"title": "Capture payments", "dependencies": ["P-4"]},
        "P-2": {"title": "Refund orders"},
        "P-4": {"title": "Go live"},
    }
    assert scores(brief(), made(tasks))["edge_f1"] == 1.0
    assert scores(brief(), made(reverse))["edge_f1"] == 0.0


def test_a_copy_of_the_brief_covers_nothing() -> None:
    text = "We want much. " * 20 + "A refund, and an audit log."
    assert scores(brief(), made({"P-1": {"title": "All", "description": text}}))["coverage"] == 0.0
    short = {"P-1": {"title": "Money back", "description": "A refund."}}
    assert scores(brief(), made(short))["coverage"] == 0.5


def test_bounds_are_kept_or_not() -> None:
    deep = {f"P-{at}": {"title": f"Step number {at}"} for at in range(1, 6)}
    deep |= {f"P-{at}": {"title": f"Step number {at}", "parent": f"P-{at - 1}"} for at in (2, 3)}
    found = scores(brief(), made(deep))
    assert (found["levels"], found["leaves"]) == (0.0, 1.0)
    many = {f"P-{at}": {"title": "Same"} for at in range(5)}
    found = scores(brief(), made(many))
    assert (found["levels"], found["leaves"], found["unique"]) == (1.0, 0.0, 0.2)


def test_a_plan_of_no_use_has_zeros_where_there_would_be_numbers() -> None:
    found = nothing(brief())
    assert {name for name, value in found.items() if value is None} == {"untouched", "done"}
    assert all(value in (0.0, None) for value in found.values())


EDIT = b"""\
kind: edit
plan:
  projects: {p: {key: P, title: P, status: active}}
  tasks:
    P-1: {title: One, status: todo, project: p}
    P-2: {title: Two, status: todo, project: p, labels: [x]}
    P-3: {title: Three, status: todo, project: p}
expect: {P-1: {status: completed}}
gone: [P-3]
"""


def edited(**changes: Any) -> dict[str, float | None]:
    base = brief(EDIT)
    tasks = {name: dict(task) for name, task in base.plan.tasks.items()}
    for name, fields in changes.items():
        tasks[name.replace("_", "-")] |= fields
    return scores(base, Snapshot(projects=base.plan.projects, tasks=tasks))


def test_an_edit_is_done_and_leaves_the_rest_alone() -> None:
    gone = {"deleted_at": "2026-11-23T09:00:00+00:00"}
    stamp = {"completed_at": "2026-11-23T09:00:00+00:00"}
    found = edited(P_1={"status": "completed", **stamp}, P_3=gone)
    assert (found["done"], found["untouched"]) == (1.0, 1.0)
    assert found["step_f1"] is None
    half = edited(P_1={"status": "completed", "title": "Uno"})
    assert half["done"] == 0.5
    assert half["untouched"] is not None
    assert 0.8 < half["untouched"] < 1.0
    assert edited(P_2={"labels": []})["untouched"] != 1.0


def test_waiting_goes_through_parents_and_children() -> None:
    found = waits(
        {"top": ["before"], "after": ["top"]},
        {"top": ["below"]},
        {"top": None, "below": "top", "before": None, "after": None},
    )
    assert found == {
        ("top", "before"), ("below", "before"), ("after", "top"), ("after", "below"),
        ("after", "before"),
    }  # fmt: skip
