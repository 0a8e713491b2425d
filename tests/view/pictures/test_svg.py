"""The toolkit of pictures: text that is safe and fits, colours that can be read, axes of days."""

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.view.pictures.date_axis import DateScale, ticks, today_line
from orchestrator.view.pictures.marks import STATUS_LABELS, status_mark
from orchestrator.view.pictures.palette import (
    GROUND_TONES,
    SHAPE_TONES,
    TEXT_TONES,
    Tone,
    style_sheet,
)
from orchestrator.view.pictures.svg import document, fit, legend, number, tag, text, text_width
from tests.view.pictures.drawing import HOSTILE, NAMESPACE, read, words

anything = st.text(st.characters(exclude_categories=()))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it."""

    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("ground", ["paper", "panel"])
@pytest.mark.parametrize("name", [*TEXT_TONES, *SHAPE_TONES])
def test_text_and_shapes_stand_out_on_light_and_dark_pages(name: str, ground: str) -> None:
    tone: Tone = {**SHAPE_TONES, **TEXT_TONES}[name]
    least = 4.5 if name in TEXT_TONES else 3
    assert contrast(tone.light, GROUND_TONES[ground].light) >= least
    assert contrast(tone.dark, GROUND_TONES[ground].dark) >= least


def test_the_style_sheet_has_every_tone_for_both_pages() -> None:
    light, dark = style_sheet().split("@media (prefers-color-scheme:dark)")
    for name, tone in {**GROUND_TONES, **TEXT_TONES, **SHAPE_TONES}.items():
        assert f".fill-{name}{{fill:{tone.light}}}" in light
        assert f".line-{name}{{stroke:{tone.dark};fill:none}}" in dark


@given(anything)
def test_no_text_can_break_the_file(hostile: str) -> None:
    made = document(100, 50, hostile, hostile, text(0, 10, hostile) + tag("g", x=hostile))
    root = read(made)
    assert len(list(root.iter(f"{NAMESPACE}text"))) == 1


def test_plain_text_is_shown_as_it_is() -> None:
    for shown in ("a & b < c > \"d\" 'e'", "日本語", "👩‍👩‍👧", "]]>"):
        assert words(document(9, 9, "", "", text(0, 0, shown)))[0].text == shown


@given(anything, st.floats(0, 300), st.sampled_from([11, 12, 17]))
def test_what_is_fitted_fits(content: str, width: float, size: int) -> None:
    found = fit(content, width, size)
    assert text_width(found, size) <= max(width, text_width("…", size))
    assert "\n" not in found
    if text_width(" ".join(content.split()), size) < width:
        assert "…" not in found or "…" in content


def test_wide_characters_count_as_wide() -> None:
    assert text_width("日") > 1.5 * text_width("a")
    assert text_width("e\u0301") == text_width("e")


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.1 + 0.2, "0.3"), (2.0, "2"), (-0.001, "0"), (100, "100"), (1 / 3, "0.33"), (-1.5, "-1.5")],
)
def test_numbers_have_no_noise(value: float, shown: str) -> None:
    assert number(value) == shown


def test_a_legend_wraps_where_it_has_no_room() -> None:
    items = [(f"label {at}", "") for at in range(9)]
    wide, narrow = legend(items, 0, 0, 2_000), legend(items, 0, 0, 150)
    assert narrow.height > 2 * wide.height
    shown = words(document(150, narrow.height, "", "", narrow.svg))
    assert all(word.right <= 150 for word in shown)


def test_a_document_says_what_it_is_to_those_who_hear_it() -> None:
    root = read(document(10, 20, "Plan", "Three tasks", ""))
    assert root.get("role") == "img"
    assert root.get("viewBox") == "0 0 10 20"
    named = [root.find(f"{NAMESPACE}{name}") for name in ("title", "desc")]
    assert [found.text for found in named if found is not None] == ["Plan", "Three tasks"]
    labelled = [found.get("id") for found in named if found is not None]
    assert (root.get("aria-labelledby") or "").split() == labelled


def test_statuses_differ_by_form_and_not_by_colour_alone() -> None:
    forms = set()
    for status in STATUS_LABELS:
        root = ET.fromstring(f"<g>{status_mark(status, 0, 0)}</g>")
        forms.add(tuple((found.tag, found.get("d")) for found in root))
    assert len(forms) == len(STATUS_LABELS)


@given(st.dates(), st.integers(0, 20_000), st.floats(80, 1_500), st.floats(0, 300))
def test_labels_of_days_never_touch(first: date, span: int, width: float, left: float) -> None:
    last = date.fromordinal(min(first.toordinal() + span, date.max.toordinal()))
    scale = DateScale(first, last, left, width)
    end = float("-inf")
    for tick in ticks(scale):
        x = scale.x(tick.day)
        assert first <= tick.day <= last
        assert x > end
        end = x + text_width(tick.label, 11)


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (5, ["23 Nov 2026", "24 Nov", "25 Nov", "26 Nov", "27 Nov"]),
        (35, ["23 Nov 2026", "30 Nov", "7 Dec", "14 Dec", "21 Dec"]),
        (200, ["Dec 2026", "Jan 2027", "Feb", "Mar", "Apr", "May", "Jun"]),
    ],
)
def test_labels_are_days_weeks_or_months(days: int, labels: list[str]) -> None:
    monday = date(2026, 11, 23)
    scale = DateScale(monday, monday + timedelta(days=days - 1), 0, 600)
    assert [tick.label for tick in ticks(scale)] == labels


def test_today_has_a_line_where_it_is_shown() -> None:
    monday = date(2026, 11, 23)
    scale = DateScale(monday, monday + timedelta(days=9), 100, 500)
    shown = today_line(scale, monday, 0, 50, 10)
    found = words(document(600, 50, "", "", shown))
    assert [word.text for word in found] == ["today"]
    assert found[0].left >= 100 - 0.01
    assert today_line(scale, monday - timedelta(days=1), 0, 50, 10) == ""


def test_hostile_texts_are_what_they_claim() -> None:
    assert any(not shown.isprintable() for shown in HOSTILE)
