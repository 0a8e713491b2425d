"""What is held up, by what, and what holds up the most."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.view.blocked import Blocker, blocked, blockers_of, holds
from orchestrator.view.derived import Derived
from orchestrator.view.waiting import MOST
from tests.view.planned import planned

GONE = {"deleted_at": "2026-01-01T00:00:00Z"}


def test_what_waits_names_what_it_waits_for_and_whose_that_is() -> None:
    derived = Derived(
        planned(
            {
                "A": {"assignee": "lee", "status": "in_progress"},
                "P": {"dependencies": ["A"]},
                "C": {"parent": "P", "dependencies": ["B", "X"]},
                "B": {},
                "X": {"status": "completed"},
            }
        )
    )
    assert set(blocked(derived)) == {"P", "C"}
    assert blockers_of(derived, "C") == [
        Blocker("B", "todo", None, None), Blocker("A", "in_progress", "lee", "P"),
    ]  # fmt: skip


def test_a_status_alone_holds_a_task_up_and_stands_last() -> None:
    derived = Derived(
        planned(
            {
                "A": {"status": "blocked", "priority": "urgent"},
                "B": {},
                "C": {"dependencies": ["B"]},
            }
        )
    )
    assert blocked(derived) == ["C", "A"]
    assert blockers_of(derived, "A") == []


def test_neither_done_nor_deleted_tasks_are_held_up_or_hold_up() -> None:
    derived = Derived(
        planned(
            {
                "A": {},
                "B": {"dependencies": ["A"], "status": "cancelled"},
                "C": {"dependencies": ["A"], **GONE},
                "D": {"dependencies": ["E"]},
                "E": GONE,
            }
        )
    )
    assert blocked(derived) == []
    assert holds(derived, blocked(derived)) == []
    assert derived.waiting.count("A") == 0


def test_what_waits_for_the_same_stands_together_the_heaviest_first() -> None:
    derived = Derived(
        planned(
            {
                "A": {},
                "Z": {},
                "B": {"dependencies": ["A"], "priority": "urgent"},
                "C": {"dependencies": ["Z"], "priority": "low"},
                "D": {"dependencies": ["Z"]},
            }
        )
    )
    assert blocked(derived) == ["D", "C", "B"]
    assert [tuple(hold) for hold in holds(derived, blocked(derived))] == [("Z", 2, 2), ("A", 1, 1)]
    assert [hold.id for hold in holds(derived, ["B"])] == ["A"]


def test_waiting_is_counted_over_steps_parents_and_children() -> None:
    waiting = Derived(
        planned(
            {
                "A": {},
                "B": {"dependencies": ["A"]},
                "C": {"dependencies": ["B"]},  # two steps
                "D": {"parent": "C"},  # held up with its parent
                "P": {},
                "Q": {"parent": "P"},
                "R": {"dependencies": ["P"]},  # waits for what is below P as well
            }
        )
    ).waiting
    assert waiting.count("A") == 3
    assert waiting.count("Q") == 1
    assert waiting.count("D") == 0
    assert waiting.count("A", most=2) == 2


def test_cycles_and_long_chains_end() -> None:
    ring = {f"T{at}": {"dependencies": [f"T{(at + 1) % 5}"]} for at in range(5)}
    assert Derived(planned(ring)).waiting.count("T0") == 4
    chain = {f"T{at}": {"dependencies": [f"T{at + 1}"]} for at in range(2 * MOST)}
    chain[f"T{2 * MOST}"] = {}
    assert Derived(planned(chain)).waiting.count(f"T{2 * MOST}") == MOST


def test_open_tasks_below_closed_ones_wait_as_well() -> None:
    done = {"status": "completed"}
    waiting = Derived(
        planned(
            {
                "A": {},
                "P": {"dependencies": ["A"], **done},
                "Q": {"parent": "P", **done},
                "R": {"parent": "Q"},
                "S": {"parent": "P", **done},
            }
        )
    ).waiting
    assert waiting.count("A") == 1


def random_plan(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Return up to nine tasks with parents before children, and any dependencies."""
    names = [f"T{at}" for at in range(draw(st.integers(1, 9)))]
    tasks: dict[str, dict[str, Any]] = {}
    for at, name in enumerate(names):
        task: dict[str, Any] = {"status": draw(st.sampled_from(["todo", "todo", "completed"]))}
        if at and draw(st.booleans()):
            task["parent"] = draw(st.sampled_from(names[:at]))
        task["dependencies"] = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
        tasks[name] = task
    return tasks


@given(st.composite(random_plan)())
def test_counts_are_what_the_definition_says(tasks: dict[str, dict[str, Any]]) -> None:
    derived = Derived(planned(tasks))
    is_open = {name: task["status"] == "todo" for name, task in tasks.items()}
    waits: dict[str, set[str]] = {}
    for name in tasks:
        if is_open[name]:
            named = set(derived.blocked_by(name))
            for other, task in tasks.items():  # parents come before their children
                if is_open[other] and task.get("parent") in named:
                    named.add(other)
            waits[name] = named
    for _ in tasks:
        for names in waits.values():
            names |= {far for near in names for far in waits[near]}
    expected = {
        name: sum(name in names for other, names in waits.items() if other != name)
        for name in tasks
        if is_open[name]
    }
    assert derived.waiting.counts(list(expected)) == expected
    assert {name: Derived(planned(tasks)).waiting.count(name) for name in expected} == expected
