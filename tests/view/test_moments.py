"""What happened to an entity, atom by atom; no repository is needed to say it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orchestrator.view.lineage import Candidate, origin_of
from orchestrator.view.moments import Atom, Moment, ago, atoms, before, news, origins, part, touches

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def moment(after: dict[str, Any] | None, *parents: dict[str, Any] | None) -> Moment:
    return Moment("tasks", "A", None, parents, after)


def test_sets_and_mappings_fall_into_atoms() -> None:
    document = {
        "labels": ["api", "db"],
        "tests": {"unit": ["adds", "subtracts"]},
        "metadata": {"team": {"name": "blue"}, "list": [1, 2]},
        "time_entries": [{"at": "x", "minutes": 5}],
        "title": "One",
    }
    assert [(atom.field, value) for atom, value in atoms(document).items()] == [
        ("labels", "api"),
        ("labels", "db"),
        ("tests.unit", "adds"),
        ("tests.unit", "subtracts"),
        ("metadata.team.name", "blue"),
        ("metadata.list", [1, 2]),
        ("time_entries", {"at": "x", "minutes": 5}),
        ("title", "One"),
    ]


def test_a_merge_made_only_what_no_parent_had() -> None:
    ours, theirs = {"a": 1, "b": 1, "labels": ["x"]}, {"a": 2, "b": 1, "labels": ["y"]}
    merged = moment({"a": 2, "b": 3, "labels": ["x", "y"]}, ours, theirs)
    assert news(merged) == {Atom("b"): (1, 3)}
    assert before(merged) == {"a": 2, "b": 1, "labels": ["x", "y"]}


def test_what_a_merge_took_from_both_is_gone_by_its_own_hand() -> None:
    both = {"a": 1, "b": 1}
    assert news(moment({"a": 1}, both, both)) == {Atom("b"): (1, None)}
    assert news(moment({"a": 1}, both, {"a": 1})) == {}


def test_true_is_no_one() -> None:
    assert news(moment({"a": True}, {"a": 1})) == {Atom("a"): (1, True)}


def test_a_field_is_touched_by_its_parts() -> None:
    change = moment({"tests": {"unit": ["a"]}}, {"tests": {"unit": []}})
    assert touches(change, ["tests"])
    assert touches(change, ["tests.unit"])
    assert not touches(change, ["tests.uni", "title"])
    assert touches(change, [])


def test_a_part_of_a_document() -> None:
    document = {"a": 1, "tests": {"unit": ["x"], "security": ["y"]}}
    wanted = ["tests.unit", "tests.security", "a.b", "c"]
    assert part(document, wanted) == {"tests": {"unit": ["x"], "security": ["y"]}}
    assert part(document, ["tests.unit"]) == {"tests": {"unit": ["x"]}}


def test_the_present_value_is_of_whoever_set_it_last() -> None:
    first = moment({"a": 1, "b": 1}, None)
    second = moment({"a": 2, "b": 1}, {"a": 1, "b": 1})
    third = moment({"a": 1, "b": 1}, {"a": 2, "b": 1})
    found = origins({"a": 1, "b": 1, "c": 9}, [third, second, first])
    assert [(each.moment, each.was) for each in found] == [(third, 2), (first, None), (None, None)]


def test_another_id_is_known_by_title_or_stamp_and_by_half_of_the_rest() -> None:
    new = {"id": "B", "title": "Capture", "status": "todo", "priority": "high"}
    old = Candidate("A", {"id": "A", "title": "Capture", "status": "todo", "priority": "low"})
    other = Candidate("C", {"id": "C", "title": "Refund", "status": "todo", "priority": "high"})
    assert origin_of(new, [other, old]) == old
    assert origin_of(new, [other]) is None
    assert origin_of(new, []) is None
    far = Candidate("D", {"title": "Capture", "x": 1, "y": 2, "z": 3})
    assert origin_of(new, [far]) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3_600, "in the future"),
        (5, "just now"),
        (60, "1 minute ago"),
        (7_199, "1 hour ago"),
        (86_400 * 13, "13 days ago"),
        (86_400 * 14, "2 weeks ago"),
        (86_400 * 70, "2 months ago"),
        (86_400 * 800, "2 years ago"),
    ],
)
def test_how_long_ago(seconds: int, words: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words
