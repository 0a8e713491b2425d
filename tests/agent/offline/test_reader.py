"""Outlines as plans: tools called, and what could not be done said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.agent.offline import answer
from orchestrator.agent.offline.reader import NoStepsError
from orchestrator.agent.provider import Called, Event, Request
from orchestrator.model.graph import ancestors
from tests.agent.offline.drafts import draft_over, ignore, plan, planned, titles

OUTLINE = """\
# Payments revamp @dana due 2026-12-31 #billing

We take cards.

## Capture (2h) @lee #api !high
- [ ] API design ~1d
- [ ] Build it (3h) after: API design due 2026-12-01
## Refunds after: Capture
1. Whole refunds (4h)
2. Partial refunds (2d) after: 1
"""


def test_an_outline_becomes_a_project_with_its_tasks() -> None:
    draft, outcome = planned(OUTLINE)
    project = draft.snapshot.projects["payments-revamp"]
    assert project["title"] == "Payments revamp"
    assert (project["owner"], project["due_date"], project["tags"]) == (
        "dana", "2026-12-31", ["billing"],
    )  # fmt: skip
    tasks = titles(draft)
    assert tasks["Capture"]["priority"] == "high"
    assert tasks["Capture"]["assignee"] == "lee"
    assert tasks["Capture"]["labels"] == ["api"]
    assert tasks["API design"]["estimated_minutes"] == 480
    assert tasks["API design"]["parent"] == tasks["Capture"]["id"]
    assert tasks["Build it"]["dependencies"] == [tasks["API design"]["id"]]
    assert tasks["Build it"]["due_date"] == "2026-12-01"
    assert tasks["Refunds"]["dependencies"] == [tasks["Capture"]["id"]]
    assert tasks["Partial refunds"]["dependencies"] == [tasks["Whole refunds"]["id"]]
    assert draft.problems() == ()
    assert outcome.text == "6 tasks planned in payments-revamp , read as an outline."
    assert outcome.title == "Plan Payments revamp"
    assert (outcome.questions, outcome.assumptions, outcome.model) == ((), (), "offline")


def test_the_same_text_gives_the_same_plan() -> None:
    assert planned(OUTLINE)[0].patch() == planned(OUTLINE)[0].patch()


def test_what_is_called_is_told() -> None:
    events: list[Event] = []
    draft = draft_over(plan())
    outcome = answer(Request("plan", "# A\n- b\n"), draft, events.append)
    called = [event.tool for event in events if isinstance(event, Called)]
    assert called == ["create_project", "create_tasks"]
    assert outcome.usage.tool_calls == 2


def test_nobody_is_made_up() -> None:
    draft, outcome = planned("# A\n- b @bob\n- c @bob\n- d @Ionescu\n- e @wong @dana\n- f @max\n")
    assert "There is no user bob , so 2 tasks have no assignee." in outcome.text
    assert "There is no user max , so 1 task has no assignee." in outcome.text
    tasks = titles(draft)
    assert "assignee" not in tasks["b"]
    assert tasks["d"]["assignee"] == "dana"
    assert tasks["e"]["assignee"] == "lee"  # of the two Wongs, one is active
    assert "bob" not in draft.snapshot.users


def test_steps_get_the_tests_that_the_settings_demand() -> None:
    snapshot = plan(settings={"required_tests": ["unit", "security"]})
    draft, outcome = planned("# A\n- b\n  - c\n    - Unit tests: adds up\n  - d\n", snapshot)
    tasks = titles(draft)
    assert "tests" not in tasks["b"]
    assert tasks["c"]["tests"] == {"unit": ["adds up"], "security": ["Security test: c"]}
    assert tasks["d"]["tests"] == {"unit": ["Unit test: d"], "security": ["Security test: d"]}
    assert draft.problems() == ()
    assert any("2 steps have no tests in the text" in line for line in outcome.assumptions)
    assert any("2 steps have no estimate" in line for line in outcome.assumptions)


def test_the_rule_alone_asks_for_any_one_kind_of_test() -> None:
    snapshot = plan(settings={"rules": {"ORC307": "error"}})
    draft, _ = planned("# A\n- b\n- c\n  - Security tests: no leak\n", snapshot)
    assert titles(draft)["b"]["tests"] == {"unit": ["Unit test: b"]}
    assert titles(draft)["c"]["tests"] == {"security": ["no leak"]}
    assert draft.problems() == ()


def test_what_is_too_deep_is_raised_and_said() -> None:
    text = "\n".join(f"{'  ' * depth}- level {depth}" for depth in range(9))
    draft, outcome = planned(text, plan(settings={"max_depth": 2}))
    depths = [len(ancestors(draft.snapshot, task_id)) for task_id in draft.snapshot.tasks]
    assert max(depths) == 2
    assert "6 items are deeper than the plan allows" in outcome.text


def test_a_text_without_a_title_is_called_by_its_beginning() -> None:
    draft, outcome = planned("Move house:\n\n- pack\n- drive\n")
    assert draft.snapshot.projects["move-house"]["title"] == "Move house"
    assert outcome.assumptions[0] == (
        "The text has no title, so the project is called 'Move house'."
    )
    assert "pack" in planned("- pack\n- drive\n")[0].snapshot.projects


def test_a_taken_id_is_not_taken_again() -> None:
    draft, _ = planned("# Ops\n- a\n", plan())
    assert list(draft.snapshot.projects) == ["ops", "ops-2"]
    assert "plan" in planned("# 計画\n- 一\n")[0].snapshot.projects


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a after: nothing such", "'nothing such' names nothing here"),
        ("- a after: b\n- c\n  - b\n- d\n  - b", "could be 'b' of line 4 or 'b' of line 6"),
        ("- a\n  - b after: a", "'b' cannot wait for 'a', which is above or below it"),
        ("- a after: b\n- b after: a", "'b' cannot wait for 'a', which waits for it already"),
        ("- a due 2026-02-31", "'2026-02-31' is no day."),
        ("- a start 2026-12-02 due 2026-12-01", "due before it starts"),
        ("- [x] a\n  - [ ] b", "1 box is checked over open work"),
        ("- [x] a after: b\n- b", "1 box is checked over open work"),
        ("- a @dana @lee", "a task has one assignee, dana"),
    ],
)
def test_what_is_not_possible_is_said_and_the_rest_done(text: str, said: str) -> None:
    draft, outcome = planned(f"# P\n{text}\n")
    assert said in outcome.text
    assert "a" in titles(draft)
    assert [item for item in draft.problems() if item.severity == "error"] == []


@pytest.mark.parametrize(
    ("after", "waits"),
    [
        ("Design, Draw", {"Design", "Draw"}),
        ("Design and Draw", {"Design", "Draw"}),
        ("design; DRAW", {"Design", "Draw"}),
        ("1", {"Design"}),
        ("Paint, then dry", {"Paint, then dry"}),
        ("Paint", {"Paint, then dry"}),
        ("OPS-1", {"OPS-1"}),
        ('"Draw"', {"Draw"}),
    ],
)
def test_names_behind_after_are_titles_numbers_and_ids(after: str, waits: set[str]) -> None:
    text = f"# P\n1. Design\n2. Draw\n3. Paint, then dry\n4. Build after: {after}\n"
    draft, _ = planned(text, plan({"OPS-1": {}}))
    found = titles(draft)["Build"]["dependencies"]
    assert {draft.snapshot.tasks[item]["title"] for item in found} == waits


def test_a_project_is_extended_where_it_stands() -> None:
    snapshot = plan({"OPS-1": {"title": "Harden"}, "OPS-2": {"title": "Ports", "parent": "OPS-1"}})
    text = (
        "- harden\n  - Ports !urgent\n    - Scan (2h)\n  - Log after: Ports\n- OPS-2\n  - Close\n"
    )
    draft, outcome = planned(text, snapshot, "ops")
    tasks = titles(draft)
    assert tasks["Scan"]["parent"] == "OPS-2"
    assert tasks["Close"]["parent"] == "OPS-2"
    assert tasks["Log"]["parent"] == "OPS-1"
    assert tasks["Log"]["dependencies"] == ["OPS-2"]
    assert draft.snapshot.tasks["OPS-2"] == snapshot.tasks["OPS-2"]
    assert len(draft.snapshot.tasks) == 5
    assert "3 tasks are in ops already, and stay as they are." in outcome.text


def test_prose_is_asked_about_and_not_guessed_at() -> None:
    draft, outcome = planned("Build us a shop, please. It should sell bicycles.")
    assert "no language model" in outcome.text
    assert outcome.questions
    assert draft.changes == ()
    with pytest.raises(NoStepsError) as refusal:
        answer(Request("plan", "Build a shop.", may_ask=False), draft, ignore)
    assert "no language model" in refusal.value.message


@given(
    st.lists(
        st.sampled_from(
            ["- a", "- b after: a", "  - c after: b", "  - [x] d", "    - e @dana", "## f after: c",
             "- [/] g after: d, e", "1. a (2h)", "Estimate: 2h", "words", "", "- h due 2026-02-31",
             "- Tests", "  - [x] c after: f; a", "### b !low"]
        ), max_size=25,
    ),
    st.integers(0, 3),
)  # fmt: skip
def test_any_outline_gives_a_plan_without_errors(lines: list[str], depth: int) -> None:
    snapshot = plan(settings={"max_depth": depth, "rules": {"ORC305": "error", "ORC306": "error"}})
    draft, outcome = planned("\n".join(["# P", *lines]), snapshot)
    assert [item for item in draft.problems() if item.severity == "error"] == []
    assert bool(draft.changes) != bool(outcome.questions)
