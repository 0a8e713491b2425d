"""Problems as people read them in a terminal."""

import re
import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.cli.formats.excerpt import WIDTH, excerpt
from orchestrator.cli.formats.report import Report
from orchestrator.cli.formats.text import render
from orchestrator.model.problem import Problem

SOURCE = {"a.yaml": "id: PAY-1\nparent: PAY-2\n"}


def problem(code: str = "ORC205", severity: str = "error", **fields: Any) -> Problem:
    chosen = {"message": "A cycle.", "path": "a.yaml", **fields}
    return Problem(code, severity, **chosen)  # type: ignore[arg-type]


def rendered(problems: Sequence[Problem], files: int = 14, **report: Any) -> str:
    return render(problems, Report(files, **{"source": SOURCE.get, **report}))


def test_a_problem_has_its_place_its_line_a_caret_and_a_hint() -> None:
    found = problem(line=2, column=9, hint="Name another.", fix=({"op": "remove"},))
    assert rendered([found, problem("ORC306", "warning")]) == (
        "a.yaml:2:9: error[ORC205] A cycle.\n"
        "  2 | parent: PAY-2\n"
        "    |         ^\n"
        "  hint: Name another.\n"
        "\n"
        "a.yaml: warning[ORC306] A cycle.\n"
        "\n"
        "1 error, 1 warning in 14 files\n"
        "1 can be mended with orchestrator check --fix\n"
    )


@pytest.mark.parametrize(
    ("problems", "files", "summary"),
    [
        ([], 14, "No problems in 14 files.\n"),
        ([], 1, "No problems in 1 file.\n"),
        ([problem(), problem()], 1234, "2 errors in 1,234 files\n"),
        ([problem("ORC306", "warning")], 1, "1 warning in 1 file\n"),
    ],
)
def test_the_last_line_counts(problems: list[Problem], files: int, summary: str) -> None:
    assert rendered(problems, files).endswith(summary)


def test_the_time_is_told_when_it_is_known() -> None:
    assert rendered([], seconds=0.123) == "No problems in 14 files (0.12 s).\n"


def test_errors_are_all_shown_and_warnings_beyond_twenty_of_a_rule_are_counted() -> None:
    many = [problem() for _ in range(50)]
    many += [problem("ORC306", "warning") for _ in range(1_254)]
    many += [problem("ORC305", "warning") for _ in range(21)]
    found = rendered(many)
    assert found.count("error[ORC205]") == 50
    assert found.count("warning[ORC306]") == 20
    assert "… and 1 more ORC305 warning (--all shows them)\n" in found
    assert "… and 1,234 more ORC306 warnings (--all shows them)\n" in found
    assert "50 errors, 1,275 warnings in 14 files" in found
    everything = rendered(many, all=True)
    assert everything.count("warning[ORC306]") == 1_254
    assert "--all" not in everything


def test_colours_come_only_when_asked_for_and_change_no_character() -> None:
    found = [problem(line=2, column=9, hint="Name another."), problem("ORC306", "warning")]
    plain, coloured = rendered(found), rendered(found, color=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31merror[ORC205]\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_nothing_in_a_file_can_command_the_terminal() -> None:
    nasty = "\x1b[2J\r\x07\x9b\u202e\u2028\udcff"
    found = rendered(
        [problem(message=nasty, path=nasty, hint=nasty, line=1, column=3)],
        source=lambda _: f"a{nasty}\n",
    )
    assert found.isascii()
    assert all(char.isprintable() or char == "\n" for char in found)
    assert len(found.splitlines()) == 6


def test_a_line_that_is_not_there_is_not_shown() -> None:
    assert " | " not in rendered([problem(line=99, column=1), problem(path="gone", line=1)])


@pytest.mark.parametrize(
    ("line", "column", "shown", "caret"),
    [
        ("parent: PAY-2", 9, "parent: PAY-2", 8),
        ("\ttitle: x", 2, "    title: x", 4),
        ("日本: x", 5, "日本: x", 6),
        ("e\u0301: x", 4, "e\u0301: x", 2),
        ("👍🏽: x", 5, "👍🏽: x", 6),
        ("a\x1b: x", 5, "a\\x1b: x", 7),
        ("short", 99, "short", 5),
        ("", 1, "", 0),
        ("x", 0, "x", 0),
    ],
)
def test_the_caret_stands_under_its_column(line: str, column: int, shown: str, caret: int) -> None:
    assert excerpt(line, column) == (shown, caret)


@pytest.mark.parametrize("column", [1, 30, 200, 301, 303, 595, 603])
def test_a_long_line_is_cropped_around_the_caret(column: int) -> None:
    line = "x" * 300 + "BAD" + "y" * 300
    shown, caret = excerpt(line, column)
    assert len(shown) <= WIDTH + 1
    assert shown[caret] == line[column - 1]
    assert shown.startswith("…") is (column > 41)
    assert shown.endswith("…") is (column < 550)


@given(st.text(st.sampled_from("ab\t日e\u0301👍\x1b: "), max_size=300), st.integers(1, 320))
def test_any_line_is_shown_in_bounds(line: str, column: int) -> None:
    shown, caret = excerpt(line, column)
    assert len(shown) <= WIDTH * 2
    assert 0 <= caret <= WIDTH
    assert "\x1b" not in shown


def test_twenty_thousand_warnings_take_no_time() -> None:
    many = [
        problem("ORC306", "warning", path=f"p/{n}.yaml", line=4, column=9, hint="Wait.")
        for n in range(20_000)
    ]
    began = time.perf_counter()
    rendered(many, source=lambda _: "a\nb\nc\nstatus: x\n")
    assert time.perf_counter() - began < 1
