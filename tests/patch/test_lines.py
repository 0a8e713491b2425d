"""Three-way merge of lines."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.patch.lines import merge_lines

LINES = st.lists(st.sampled_from("abcde"), max_size=7)


def test_changes_at_different_places_meet() -> None:
    assert merge_lines(list("abcdef"), list("aBcdef"), list("abcdeFg")) == list("aBcdeFg")


def test_changes_at_one_place_do_not() -> None:
    assert merge_lines(list("abc"), list("aXc"), list("aYc")) is None
    assert merge_lines([], ["x"], ["y"]) is None


def test_the_same_change_is_made_once() -> None:
    assert merge_lines(list("abc"), list("aXc"), list("aXc")) == list("aXc")


def test_a_text_too_large_to_compare_is_not_merged() -> None:
    base = [str(number) for number in range(3000)]
    assert merge_lines(base, ["x", *base], [*base, "y"]) is None


@given(LINES, LINES, LINES)
def test_swapping_the_sides_gives_the_same(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    assert merge_lines(base, ours, theirs) == merge_lines(base, theirs, ours)
    assert merge_lines(base, base, theirs) == theirs
    assert merge_lines(base, ours, ours) == ours
