"""Briefs and what is wanted of them."""

from pathlib import Path

import pytest

from orchestrator.agent.evaluation.brief import BriefError, read_brief
from orchestrator.agent.evaluation.folder import briefs_in, recordings_in
from orchestrator.agent.evaluation.trial import NOW
from orchestrator.check.run import check
from orchestrator.model.vocabulary import TASK_STATUSES

BRIEFS = Path(__file__).parents[1] / "briefs"
ALL = {brief.name: brief for brief in briefs_in(BRIEFS)}


def test_there_are_24_of_four_kinds() -> None:
    kinds = [brief.kind for brief in ALL.values()]
    assert len(kinds) == 24
    assert {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)} == {
        "edit": 4, "outline": 8, "prose": 8, "sentence": 4,
    }  # fmt: skip
    assert len({brief.domain for brief in ALL.values()}) >= 18


@pytest.mark.parametrize("name", ALL)
def test_a_plan_made_by_hand_keeps_the_rules_that_it_judges_by(name: str) -> None:
    brief = ALL[name]
    assert brief.text.strip()
    assert brief.steps or brief.expect
    assert all(words.strip() for ways in brief.requirements.values() for words in ways)
    leaves = set(brief.steps) - {step.under for step in brief.steps.values()}
    if brief.steps:
        assert brief.leaves.least <= len(leaves) <= brief.leaves.most
    for start in brief.steps:  # neither order nor hierarchy runs in a circle
        seen: set[str] = set()
        stack = [start]
        while stack:
            step = brief.steps[stack.pop()]
            fresh = {*step.after, *([step.under] if step.under else [])} - seen
            assert start not in fresh
            seen |= fresh
            stack += fresh


@pytest.mark.parametrize("name", [name for name, brief in ALL.items() if brief.plan.tasks])
def test_the_plan_before_is_right(name: str) -> None:
    plan = ALL[name].plan
    assert [problem for problem in check(plan, NOW) if problem.severity == "error"] == []
    assert {task["status"] for task in plan.tasks.values()} <= set(TASK_STATUSES)
    assert {*ALL[name].expect, *ALL[name].gone} <= set(plan.tasks)


def test_each_conversation_is_about_a_brief() -> None:
    kept = recordings_in(BRIEFS)
    assert len(kept) >= 6
    assert set(kept) <= set(ALL)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("kind: poem\n", "its kind is none of sentence, prose, outline, edit"),
        ("kind: prose\ncolour: red\n", "it has no use for colour"),
        ("kind: prose\ntasks: {a: {title: A, after: [b]}}\n", "its task a names b, which is none"),
        ("kind: prose\ntasks: {a: {name: A}}\n", "its task a is no title"),
        ("kind: prose\nlevels: 3\n", "levels is not the least and the most"),
        ("kind: [prose\n", "of no use"),
    ],
)
def test_a_brief_that_is_of_no_use_says_why(wanted: str, said: str) -> None:
    with pytest.raises(BriefError) as refusal:
        read_brief("mine", "text", wanted.encode())
    assert said in refusal.value.message


def test_a_brief_that_is_not_there_is_named() -> None:
    with pytest.raises(BriefError) as refusal:
        briefs_in(BRIEFS, ["outline-restarant"])
    assert refusal.value.hint == "Did you mean outline-restaurant ?"
    with pytest.raises(BriefError):
        briefs_in(BRIEFS / "recorded")
