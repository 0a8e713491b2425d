"""How alike two texts are."""

import pytest

from orchestrator.agent.evaluation.similarity import likeness, stem, words_of


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("Build the page", "build a PAGE", 1.0),
        ("Card payments", "Pay by card", 1 / 3),
        ("Payments", "payment", 1.0),
        ("Write release notes", "Release notes", 2 / 3),
        ("Monitoring", "Refunds", 0.0),
        ("", "anything", 0.0),
        ("the of and", "the of and", 0.0),
    ],
)
def test_likeness_is_shared_words_by_all_words(one: str, other: str, wanted: float) -> None:
    assert likeness(words_of(one), words_of(other)) == pytest.approx(wanted)
    assert likeness(words_of(other), words_of(one)) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("refunds", "refund"), ("refunding", "refund"), ("batteries", "battery"),
        ("migration", "migr"), ("news", "news"), ("use", "use"), ("für", "für"),
    ],
)  # fmt: skip
def test_endings_are_cut_where_enough_is_left(word: str, wanted: str) -> None:
    assert stem(word) == wanted
