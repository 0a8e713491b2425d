"""Marks beside a title."""

import pytest

from orchestrator.agent.offline.marks import duration_of, read_detail, read_marks
from orchestrator.agent.offline.outline import Marks


@pytest.mark.parametrize(
    ("line", "text", "marks"),
    [
        ("Build (2h)", "Build", Marks(estimate="2h")),
        ("Build [1.5 days]", "Build", Marks(estimate="1.5d")),
        ("Build ~1h30m", "Build", Marks(estimate="1h30m")),
        ("Build - 3 hours", "Build", Marks(estimate="3h")),
        ("Build (est: 45 min)", "Build", Marks(estimate="45m")),
        ("Build @dana @lee", "Build", Marks(people=("dana", "lee"))),
        ("Build #api #Über", "Build", Marks(labels=("api", "Über"))),
        ("Build !High", "Build", Marks(priority="high")),
        ("Build (urgent)", "Build", Marks(priority="urgent")),
        ("Build due 2026-12-01", "Build", Marks(due="2026-12-01")),
        ("Build, due: friday", "Build", Marks(due="friday")),
        ("Build start: +3d due +1w", "Build", Marks(start="+3d", due="+1w")),
        ("Build after: Design, Draw", "Build", Marks(after=("Design, Draw",))),
        ("Build (after Design)", "Build", Marks(after=("Design",))),
        ("Build (depends on 1 and 2)", "Build", Marks(after=("1 and 2",))),
        ("(2h, @dana, high, after Design) Build", "Build",
         Marks("2h", ("dana",), (), "high", None, None, ("Design",))),
        ("Build (2h) @dana #api !low due 2026-12-01 after: X", "Build",
         Marks("2h", ("dana",), ("api",), "low", None, "2026-12-01", ("X",))),
    ],
)  # fmt: skip
def test_marks_are_taken_out_of_a_title(line: str, text: str, marks: Marks) -> None:
    assert read_marks(line) == (text, marks)


@pytest.mark.parametrize(
    "line",
    [
        "Report of the year (2024)",
        "Fix #12 and #13",
        "Write to dana@example.com",
        "Wait 6 months (6 months)",
        "Wow! highly wanted",
        "Call f(x) and g(2h, never)",
        "Look after the cat",
        "Due diligence",
        "The @ sign",
    ],
)
def test_what_only_looks_like_a_mark_stays(line: str) -> None:
    assert read_marks(line) == (line, Marks())


@pytest.mark.parametrize(
    ("name", "value", "marks"),
    [
        ("Estimate", "2 days", Marks(estimate="2d")),
        ("Owner", "@dana", Marks(people=("dana",))),
        ("Labels", "api, #db", Marks(labels=("api", "db"))),
        ("PRIORITY", "High", Marks(priority="high")),
        ("Deadline", "2026-12-01.", Marks(due="2026-12-01")),
        ("Start date", "monday", Marks(start="monday")),
        ("Blocked by", "A; B", Marks(after=("A; B",))),
        ("Estimate", "a while", None),
        ("Due", "soon", None),
        ("Colour", "red", None),
    ],
)
def test_a_line_below_an_item_says_the_same(name: str, value: str, marks: Marks | None) -> None:
    assert read_detail(name, value) == marks


def test_a_duration_has_a_unit_and_a_limit() -> None:
    assert duration_of("2 hours 30 min") == "2h30m"
    assert duration_of("2") is None
    assert duration_of("99999w") is None


def test_only_the_beginning_of_a_long_line_is_searched() -> None:
    line = "word " * 1_000 + "(2h)"
    assert read_marks(line).marks == Marks()
    assert read_marks(line).text.endswith("(2h)")
