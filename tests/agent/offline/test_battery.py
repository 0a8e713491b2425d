"""Anything at all as an outline or a command: a plan that holds, or a refusal in a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.agent.offline import answer
from orchestrator.agent.provider import Request
from orchestrator.errors import OrchestratorError
from tests.agent.offline.drafts import draft_over, ignore, plan, planned

PIECES = [
    "# ", "## ", "### ", "- ", "  - ", "    - ", "1. ", "2) ", "| ", "|--|--|", "* [x] ", "- [/] ",
    "(2h)", "(0h)", "@dana", "@zoe", "#a", "#b/c", "!high", "due 2026-12-01", "due friday",
    "start +3d", "after: a", "after: b, c", "(after 1)", "Labels: a, b;c", "Estimate: 3d",
    "Owner: lee", "Tests", "Unit tests: x; y", "**a**: ", "a", "b", "c", "Task | Effort",
    "word, word", "\n", "\n", "\n", "\n\n", "```", "<!--", "-->", "> ", "---", "===", "\t",
    "\u202e", "é", "計", "…", "T1: ", "(", "[x](y)", "`", "priority: urgent", "Due: 2026-02-30",
]  # fmt: skip
WORDS = [
    "mark", "OPS-1", "a", "b", "the task", "done", "as", "to", "under", "move", "assign", "dana",
    "set", "priority", "of", "high", "estimate", "2h", "log", "on", "yesterday", ":", "add task",
    "label", "with", "remove", "delete", "what is", "list", "overdue", "ready", "in", "ops", "due",
    "friday", "depends on", "no longer", "show", "find", "history of", "'", '"', "?", ".", "check",
    "restore", "tasks", "tagged", "before", "this week", "for", "+3d", "0", "me", "nobody",
]  # fmt: skip
TASKS = {
    "OPS-1": {"title": "a"},
    "OPS-2": {"title": "b thing", "parent": "OPS-1"},
    "OPS-3": {"title": "c", "status": "completed"},
}
STRICT = {"ORC305": "error", "ORC306": "error", "ORC307": "error"}


@pytest.mark.slow
@settings(max_examples=3_000)
@given(
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
    st.sampled_from([0, 1, 2, 5]),
    st.sampled_from([None, "ops"]),
)
def test_any_text_gives_a_plan_that_holds(text: str, depth: int, project: str | None) -> None:
    snapshot = plan(TASKS, {"max_depth": depth, "rules": STRICT})
    draft, _ = planned(text, snapshot, project)
    before = {problem.id for problem in draft.problems() if problem.severity == "error"}
    assert before <= set(snapshot.tasks)
    assert all(draft.snapshot.tasks[name] == task for name, task in snapshot.tasks.items())


@pytest.mark.slow
@settings(max_examples=3_000)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join))
def test_any_words_are_a_command_or_refused(text: str) -> None:
    draft = draft_over(plan(TASKS))
    try:
        answer(Request("chat", text), draft, ignore)
    except OrchestratorError:
        assert draft.changes == ()
