"""A plan as people read it."""

from typing import Any

import click
import pytest

from orchestrator.cli.sync.plan_text import MOST_ITEMS, counted, plan_lines, shown_value
from orchestrator.cli.sync.rounds import seconds_of
from orchestrator.cli.sync.setup import paired
from orchestrator.sync.action import Action, Clash, FieldChange, Plan, Side
from orchestrator.sync.item import Foreign, Item


def change(name: str, before: Any, after: Any, side: Side = "remote") -> FieldChange:
    return FieldChange(name, side, before, after, "both")


def shown(*actions: Action, **rest: Any) -> list[str]:
    plan = Plan("lin", None, "l", 1, actions, **rest)
    return list(plan_lines(plan, has_color=False))


def test_an_update_names_field_old_new_and_side() -> None:
    item = Item("tasks", "uuid", {}, name="ENG-7")
    lines = shown(
        Action(
            "update", "tasks", "PAY-1", "uuid", title="Capture", item=item,
            fields=(
                change("status", "todo", "completed"),
                FieldChange("due_date", "local", None, "2026-12-01", "remote"),
                change("description", "one\ntwo\n", "one\n2\nthree\n"),
            ),
        )
    )  # fmt: skip
    assert lines == [
        "lin: 1 to update on both sides",
        "  ~ PAY-1  Capture (ENG-7)",
        "      status       todo → completed  [→ lin]",
        "      due_date     - → 2026-12-01  [← here, remote decides]",
        "      description  +2 -1 lines  [→ lin]",
    ]


def test_conflicts_come_last_and_say_how_to_resolve_them() -> None:
    clashes = (Clash("title", "A", "B", "C"), Clash("labels", None, ["x"], []))
    lines = shown(
        Action("conflict", "tasks", "PAY-1", "k", clashes=clashes),
        Action("skip", "tasks", "PAY-2", "k2", reason="it is suspended"),
    )
    assert lines[0] == "lin: 1 left alone, 1 conflict"
    assert lines[1:3] == ["  . PAY-2   (k2)", "      it is suspended"]
    assert lines[-3:] == [
        "      title   here: B   there: C   (was A)",
        "      labels  here: x   there: -",
        "      orchestrator sync resolve lin PAY-1 --take local|remote --field title",
    ]


def test_new_items_are_one_line_with_what_is_not_usual() -> None:
    fields = (
        change("title", None, "T"), change("status", None, "todo"),
        change("priority", None, "high"), change("labels", None, ["a", "b"]),
    )  # fmt: skip
    lines = shown(Action("create", "tasks", "PAY-9", None, "remote", "T", fields))
    assert lines[1:] == ["  + PAY-9  T → new in lin", "      priority high, labels a, b"]


def test_text_from_outside_cannot_drive_the_terminal() -> None:
    odd = "a\x1b[31mb\u202e"
    lines = shown(
        Action(
            "update", "tasks", "PAY-1", odd, title=odd, reason=odd,
            fields=(change("title", odd, odd),), clashes=(Clash("title", odd, odd, odd),),
        ),
        warnings=(odd,),
    )  # fmt: skip
    assert not any("\x1b" in line or "\u202e" in line for line in lines)


def test_a_long_plan_is_cut_and_counted_in_full() -> None:
    many = [Action("create", "tasks", f"PAY-{n}", None, "remote") for n in range(MOST_ITEMS + 7)]
    lines = shown(*many, unchanged=12_345)
    assert lines[0] == f"lin: {len(many):,} to create there; 12,345 unchanged"
    assert lines[-1] == "  … and 7 more; --json shows them all"


def test_counts_are_words() -> None:
    both = (
        Action("create", "tasks", "A-1", None, "remote"),
        Action("create", "tasks", "A-2", "k", "local"),
        Action("delete", "tasks", "A-3", "k", "local"),
    )
    text = counted(Plan("lin", None, "l", 1, both))
    assert text == "2 to create (1 there, 1 here), 1 to delete here"
    assert counted(Plan("lin", None, "l", 1, ())) == "nothing to do"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"), ([], "-"), (0, "0"), (["a", "b"], "a, b"), ("one\ntwo", "one …"),
        (Foreign("Stuck"), "“Stuck” (no word for it here)"), ("x" * 80, "x" * 59 + "…"),
    ],
)  # fmt: skip
def test_values_are_short(value: Any, text: str) -> None:
    assert shown_value(value) == text


@pytest.mark.parametrize(("minutes", "text"), [(90, "1h30m"), (45, "45m"), (2400, "40h")])
def test_minutes_are_read_as_hours(minutes: int, text: str) -> None:
    assert shown_value(minutes, "estimated_minutes") == text


def test_times_and_pairs_are_read_or_refused() -> None:
    assert [seconds_of(text) for text in ("90s", "5m", "1h", "7")] == [90, 300, 3600, 420]
    assert paired("--user", ["dana=d=x", " kim = k "]) == {"dana": "d=x", "kim": "k"}
    for text in ("4s", "0", "-5m", "5d", ""):
        with pytest.raises(click.UsageError):
            seconds_of(text)
    for text in ("dana", "=x", "dana="):
        with pytest.raises(click.UsageError):
            paired("--user", [text])
