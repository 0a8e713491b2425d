"""How text is measured, cut and broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.cli.ink import bar, cells, fit, pad, paint, wrap

TEXTS = st.text(st.sampled_from("ab -/é日本👍🏽…"), max_size=40)


def test_wide_characters_take_two_cells() -> None:
    assert [cells(text) for text in ("ab", "é", "日本", "👍")] == [2, 1, 4, 2]
    assert (fit("日本語", 5), fit("日本語", 6), pad("日", 4)) == ("日本…", "日本語", "日  ")


@given(TEXTS, st.integers(2, 20))
def test_a_cut_text_fits(text: str, width: int) -> None:
    assert cells(fit(text, width)) <= width
    assert fit(text, 200) == text


@given(TEXTS, st.integers(2, 20), st.integers(1, 4))
def test_wrapped_lines_fit_and_lose_nothing_but_the_end(text: str, width: int, most: int) -> None:
    lines = wrap(text, width, most)
    assert len(lines) <= most
    assert all(cells(line) <= width for line in lines)
    whole = "".join(text.split())
    shown = "".join("".join(lines).split())
    assert shown == whole or (shown.endswith("…") and whole.startswith(shown[:-1]))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Fix cascade delete", ["Fix cascade", "delete"]),
        ("Front-end/back-end tests", ["Front-end/", "back-end te…"]),
        ("", []),
    ],
)
def test_lines_break_at_spaces_or_where_a_word_has_a_joint(text: str, lines: list[str]) -> None:
    assert wrap(text, 12, 2) == lines


@pytest.mark.parametrize(
    ("share", "drawn"),
    [(0, "░░░░"), (0.01, "█░░░"), (0.5, "██░░"), (0.99, "███░"), (1, "████"), (7, "████")],
)
def test_a_bar_is_full_only_when_all_is_done(share: float, drawn: str) -> None:
    assert bar(share, 4) == drawn


def test_without_colours_nothing_is_painted() -> None:
    assert paint("x", "31", has_color=False) == "x"
    assert paint("x", "31", has_color=True) == "\x1b[31mx\x1b[0m"
    assert paint("", "31", has_color=True) == ""
