"""Search finds what it should, the best first, and shows where."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model.snapshot import Snapshot
from orchestrator.view.search import Hit, explain_hit, fold, read_query, search
from tests.view.planned import planned


def found(plan: Snapshot, query: str) -> list[str]:
    return [name for name, _ in search(plan, "tasks", list(plan.tasks), read_query(query))]


def hit(task: dict[str, Any], query: str) -> Hit:
    plan = planned({"PAY-1": task})
    return explain_hit(plan.tasks["PAY-1"], "PAY-1", 1.0, read_query(query))


def marked(text: str, marks: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start:end] for start, end in marks]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("Retry  captures", ("retry", "captures")),
        ('"card  Network" retry', ("card network", "retry")),
        ('open "quote', ("open", "quote")),
        ("a a", ("a",)),
        ("it's", ("it's",)),
        ('  "" ', ()),
        ("Straße CAFÉ", ("strasse", "cafe")),
    ],
)
def test_a_query_is_words_and_phrases(query: str, words: tuple[str, ...]) -> None:
    assert read_query(query) == words


def test_the_best_comes_first() -> None:
    plan = planned(
        {
            "PAY-1": {"title": "x", "description": "about the ledger"},
            "PAY-2": {"title": "preledgered"},
            "PAY-3": {"title": "The ledger"},
            "PAY-4": {"title": "Ledger first"},
            "PAY-5": {"title": "The ledgers"},
            "LEDGER": {"title": "x"},
            "PAY-6": {"title": "x", "labels": ["ledger"]},
            "PAY-7": {"title": "x", "metadata": {"team": ["ledger"]}},
            "PAY-8": {"title": "x", "tests": {"unit": ["ledger adds up"]}},
            "PAY-9": {"title": "nothing"},
        }
    )
    assert found(plan, "ledger") == [
        "LEDGER", "PAY-4", "PAY-3", "PAY-5", "PAY-2", "PAY-6", "PAY-1", "PAY-8", "PAY-7",
    ]  # fmt: skip


def test_all_words_must_occur_each_anywhere() -> None:
    plan = planned(
        {
            "A-1": {"title": "Retry", "description": "the card\nnetwork"},
            "A-2": {"title": "Retry"},
            "A-3": {"title": "card", "description": "network"},
        }
    )
    assert found(plan, "retry card") == ["A-1"]
    assert found(plan, "card network") == ["A-3", "A-1"]
    assert found(plan, '"card network"') == []
    assert found(plan, "zzz") == []


def test_of_equals_open_and_urgent_ones_come_first() -> None:
    plan = planned(
        {
            "A-1": {"title": "x", "status": "completed"},
            "A-2": {"title": "x"},
            "A-3": {"title": "x", "priority": "urgent"},
        }
    )
    assert found(plan, "x") == ["A-3", "A-2", "A-1"]


def test_accents_and_case_do_not_matter() -> None:
    plan = planned({"A-1": {"title": "Café Größe"}, "A-2": {"title": "日本語の計画"}})
    for query in ("cafe", "CAFÉ", "grosse", "große"):
        assert found(plan, query) == ["A-1"]
    assert found(plan, "計画") == ["A-2"]


@pytest.mark.parametrize(
    ("task", "query", "field", "marks"),
    [
        ({"description": "Money in\nthe   ledger."}, "ledger", "description", ["ledger"]),
        ({"time_entries": [{"minutes": 1, "note": "mended it"}]}, "MEND", "time_entries", ["mend"]),
        ({"metadata": {"a": {"b": ["deep"]}}}, "deep", "metadata.a.b", ["deep"]),
        ({"tests": {"security": ["no leak"]}}, "leak", "tests.security", ["leak"]),
        ({"assignee": "lee"}, "lee", "assignee", ["lee"]),
        ({"description": "Das Größte, groß"}, "gross", "description", ["Größ", "groß"]),
    ],
)
def test_a_snippet_names_its_field_and_marks_the_words(
    task: dict[str, Any], query: str, field: str, marks: list[str]
) -> None:
    snippet = hit(task, query).snippet
    assert snippet is not None
    assert snippet.field == field
    assert "\n" not in snippet.text
    assert marked(snippet.text, snippet.marks) == marks


def test_words_in_the_title_need_no_snippet() -> None:
    found_hit = hit({"title": "Retry the retry", "description": "retry"}, "retry pay-1")
    assert found_hit.snippet is None
    assert marked("Retry the retry", found_hit.title_marks) == ["Retry", "retry"]


def test_a_long_text_is_cut_around_the_word() -> None:
    snippet = hit({"description": f"{'before ' * 50}needle {'after ' * 50}"}, "needle").snippet
    assert snippet is not None
    assert marked(snippet.text, snippet.marks) == ["needle"]
    assert (snippet.text[0], snippet.text[-1]) == ("…", "…")
    assert len(snippet.text) < 130


def test_projects_are_searched_too() -> None:
    plan = planned({"A-1": {}})
    assert search(plan, "projects", plan.projects, ("payments",))[0][0] == "pay"


@given(st.text(), st.text(min_size=1))
def test_marks_lie_in_the_text_and_match(text: str, word: str) -> None:
    words = read_query(word)
    marks = hit({"title": text}, word).title_marks
    assert list(marks) == sorted(marks)
    for start, end in marks:
        assert 0 <= start < end <= len(text)
        assert any(each in fold(text[start:end]) for each in words)
