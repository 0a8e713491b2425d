"""`accepts` says yes only to what the pydantic models accept, and never raises."""

import copy
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from orchestrator.model.accept import PREDICATES, accepts
from orchestrator.model.accept.entities import ENTRY
from orchestrator.model.accept.settings import INTEGRATION
from orchestrator.model.entities import Integration, Project, Settings, Task, TimeEntry, User
from orchestrator.model.fields import FIELDS, REQUIRED
from orchestrator.model.places import Kind

MODELS: dict[Kind, type[BaseModel]] = {
    "tasks": Task,
    "projects": Project,
    "users": User,
    "settings": Settings,
}
RIGHT: dict[Kind, dict[str, Any]] = {
    "tasks": {
        "id": "PAY-7K3F", "title": "Retry captures", "status": "todo", "priority": "high",
        "assignee": "dana", "labels": ["api", "größe"], "parent": "PAY-1",
        "dependencies": ["OPS-2", "PAY-3-A"], "description": "Why → how.\n",
        "start_date": "2026-12-01", "due_date": "2026-12-18",
        "created_at": "2026-11-22T09:30:00+01:00", "started_at": "2026-11-23T09:30:00Z",
        "completed_at": "2026-11-23 09:30:00.125-05:00", "estimated_minutes": 240,
        "actual_minutes": 0, "time_entries": [
            {"at": "2026-11-22T09:30Z", "minutes": 90, "user": "dana", "note": "half"},
        ],
        "tests": {"unit": ["stops"], "security": []}, "external_ids": {"linear-eng": "ENG-4"},
        "deleted_at": "2026-11-24T00:00:00+00:00", "deleted_by": "lee", "deleted_with": "PAY-1",
        "metadata": {"team": ["core", {"n": 1.5}]},
    },
    "projects": {
        "id": "payments", "key": "PAY", "title": "Payments", "status": "active",
        "description": "", "priority": "low", "tags": ["q4"], "owner": "dana",
        "start_date": "2026-12-01", "due_date": "2026-12-18",
        "created_at": "2026-11-22T09:30:00+01:00", "started_at": "2026-11-23T09:30:00Z",
        "completed_at": "2026-11-24T09:30:00Z", "external_ids": {"gitlab": "7"},
        "deleted_at": "2026-11-24T00:00:00+00:00", "deleted_by": "lee", "deleted_with": "x",
        "metadata": {},
    },
    "users": {
        "id": "dana.i", "name": "Dana Ionescu", "email": "dana@example.com", "kind": "human",
        "role": "member", "handles": {"github": "dana-i"}, "active": True,
        "created_at": "2026-11-22T09:30:00+01:00", "metadata": {},
    },
    "settings": {
        "version": 1, "name": "A team", "description": "What.", "max_depth": 5,
        "hours_per_day": 7.5, "commit": "auto", "required_tests": ["unit"],
        "rules": {"ORC305": "off"}, "metadata": {},
        "filters": {"mine": "assignee=me open", "late": "overdue priority=high"},
        "policy": {
            "agents": {
                "allow": [
                    {"projects": ["pay"], "entities": ["tasks"], "ops": ["add", "replace"],
                     "fields": ["title", "status", "labels", "key"]},
                ],
                "deny": [{"fields": ["priority"]}, {}],
                "limits": {"entities": 20, "deletions": 0},
                "accept": "review",
            },
            "by_agent": {"planner": {"accept": "auto", "limits": {}}, "triage": {}},
            "signatures": "required", "protected": ["main", "release/*"],
            "unknown_pushers": "refuse",
        },
        "agents": {
            "models": {
                "plan": ["anthropic:claude-opus-5-5", "local:qwen3:32b"], "chat": ["offline"],
                "cheap": [],
            },
            "budget": {"requests": 50, "tokens": 500_000, "dollars": 2.5, "seconds": 600},
            "context_tokens": 8000,
            "providers": {"local": {"url": "http://localhost:11434/v1"}},
        },
        "integrations": {
            "linear-eng": {
                "kind": "linear", "token": "env:LINEAR_API_KEY", "url": "https://example.com",
                "scope": {"team": "ENG"}, "projects": ["pay"], "direction": "both",
                "on_conflict": "stop", "owner": {"description": "local"}, "prune": False,
                "statuses": {"todo": "Todo"}, "priorities": {}, "users": {"dana": "d"},
                "metadata": {},
            },
        },
    },
}  # fmt: skip
KINDS = list(RIGHT)

ODD_TEXTS = [
    "", " ", "\n", "\t", "\u00a0", "\u2028", "\x1c", "\x85", "\x00", "\ud800", "\udc80", "é", "🙂",
    "PAY-1\n", "\nPAY-1", "PAY-\u0661", "pay-1", "PAY-", "PAY-1-2-3-4-5", "A" * 17 + "-1", "PAY-1 ",
    "dana\n", "Dana", ".dana", "d" * 64, "2026-02-30", "2026-1-01", "20260101", "2026-W01-1",
    "2026-01-01\n", "\uff12026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00+00:00\n",
    "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00+24:00",
    "2026-01-01T00:00:00-00:00", "2026-01-01T00:00:00,5Z", "2026-01-01T00:00:00.1234567Z",
    "2026-01-01t00:00:00z", "2026-01-01T00Z", "2026-01-01X00:00:00Z", "2026-01-01T00:00:00+0100",
    "2026-01-01T00:00:00+01:00:30", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "0000-00-00", "0000-00-00T00:00:00Z", "2026-W01-1T09:14:00+00:00", "a@b", "a@b\n", "a@\x1cb",
    "@", "a b@c", "a@b@c", "todo", "todo ", "TODO", "done", "ORC305", "off", "linear", "x" * 501,
    "x" * 500, "x" * 101, "a\nb", "1", "true", "null",
]  # fmt: skip
ODD_VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2, 10_000_001, 10**30, 0.0, 1.0, 1.5, math.nan, math.inf, b"a",
    (), ("a",), [], {}, [None], [1], ["a", "a"], ["a", 1], [["a"]], [{}], {"a": None}, {1: "a"},
    {None: "a"}, {"a": {2: 3}}, {"": ""}, {"unit": "a"}, {"unit": None}, {"unit": [""]},
    {"unit": [1]}, {"odd": ["a"]}, {"ORC999": "off"}, {"ORC305": []}, {"ORC305": None},
    ["PAY-1", "PAY-1"], ["PAY-1", None], ["PAY-1", "PAY-1\n"], ["x" * 101], ["ok", ""],
    ["ok", "\ud800"], [{"at": "2026-01-01T00:00:00Z", "minutes": True}],
    [{"at": "2026-01-01T00:00:00Z"}], [{"minutes": 5}], [None], ["x"], {"linear": "\udc80"},
    {"linear": ""}, {"late": "overdue"}, {"late": "overdue=1"}, {"Late": "overdue"}, {"x": "'"},
    {"x": "status=done"}, {"x": 5}, {"x": "text=\ud800"}, {"linear": "é", "Bad Name": "x"},
    {"linear": "é", "gitlab": 1}, {"\ud800": 1}, frozenset({"a"}), {"unit", "todo"}, object(),
    range(3), bytearray(b"a"),
]  # fmt: skip

odd_texts = st.sampled_from(ODD_TEXTS) | st.text(max_size=4)
near_texts = st.sampled_from(
    [value for document in RIGHT.values() for value in document.values() if isinstance(value, str)]
)
mutated = st.builds(
    lambda text, at, put: text[: at % (len(text) + 1)] + put + text[at % (len(text) + 1) + 1 :],
    near_texts,
    st.integers(0, 40),
    st.sampled_from(["", "0", "9", "-", ":", "\n", "Z", "٣", " ", "a", "\ud800"]),
)
leaves = st.sampled_from(ODD_VALUES) | odd_texts | near_texts | mutated | st.integers(-2, 3)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["at", "minutes", "user", "note", "unit", "linear", "ORC305", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@st.composite
def near_valid(draw: Callable[..., Any]) -> tuple[Kind, dict[str, Any]]:
    """Draw a right document with a few fields dropped, swapped, replaced or added."""
    kind: Kind = draw(st.sampled_from(KINDS))
    document = dict(RIGHT[kind])
    for field in draw(st.lists(st.sampled_from(FIELDS[kind]), max_size=6)):
        document.pop(field, None)
    for field in draw(st.lists(st.sampled_from(FIELDS[kind]), max_size=2)):
        document[field] = draw(values)
    if draw(st.integers(0, 19)) == 0:
        document[draw(st.sampled_from(["odd", "", None, 1, "project"]))] = draw(leaves)
    return kind, document


def is_right(kind: Kind, document: dict[str, Any]) -> bool:
    try:
        MODELS[kind].model_validate(document)
    except ValidationError:
        return False
    return True


@settings(max_examples=1_500, deadline=None)
@given(near_valid())
@example(("tasks", {}))
def test_what_is_accepted_is_right(drawn: tuple[Kind, dict[str, Any]]) -> None:
    kind, document = drawn
    if accepts(kind, document):
        assert is_right(kind, document)


@pytest.mark.parametrize("kind", KINDS)
def test_every_odd_value_in_every_field(kind: Kind) -> None:
    wrongly = []
    for field in RIGHT[kind]:
        for odd in [*ODD_TEXTS, *ODD_VALUES]:
            for value in (odd, [odd], {"linear": odd}, {"unit": odd}, {"unit": [odd]}):
                document = RIGHT[kind] | {field: value}
                if accepts(kind, document) and not is_right(kind, document):
                    wrongly.append((field, value))
    assert wrongly == []


@pytest.mark.parametrize("field", ENTRY)
def test_every_odd_value_in_a_time_entry(field: str) -> None:
    entry = RIGHT["tasks"]["time_entries"][0]
    for odd in [*ODD_TEXTS, *ODD_VALUES]:
        document = RIGHT["tasks"] | {"time_entries": [entry, entry | {field: odd}]}
        assert not accepts("tasks", document) or is_right("tasks", document), odd


@pytest.mark.parametrize("field", INTEGRATION)
def test_every_odd_value_in_an_integration(field: str) -> None:
    right = RIGHT["settings"]["integrations"]["linear-eng"]
    odd_values = [*ODD_TEXTS, *ODD_VALUES, "https://a@b", "https://", "env:", "lin_api_x"]
    for odd in odd_values:
        for value in (odd, [odd], {"a": odd}):
            document = {"integrations": {"linear-eng": right | {field: value}}}
            assert not accepts("settings", document) or is_right("settings", document), value


@pytest.mark.parametrize(
    "at",
    [
        ("agents",), ("agents", "allow"), ("agents", "deny"), ("agents", "limits"),
        ("agents", "accept"), ("agents", "limits", "entities"), ("agents", "limits", "deletions"),
        ("agents", "allow", 0), ("agents", "allow", 0, "projects"),
        ("agents", "allow", 0, "entities"), ("agents", "allow", 0, "ops"),
        ("agents", "allow", 0, "fields"), ("by_agent",), ("by_agent", "planner"),
        ("by_agent", "Odd Name"), ("signatures",), ("protected",), ("unknown_pushers",), ("odd",),
    ],
)  # fmt: skip
def test_every_odd_value_in_a_policy(at: tuple[Any, ...]) -> None:
    for odd in [*ODD_TEXTS, *ODD_VALUES, "main", "main/*", "*", "main*", "-x", "/x"]:
        for value in (odd, [odd], {"a": odd}):
            policy = copy.deepcopy(RIGHT["settings"]["policy"])
            node: Any = policy
            for step in at[:-1]:
                node = node[step]
            node[at[-1]] = value
            document = {"policy": policy}
            assert not accepts("settings", document) or is_right("settings", document), value


@pytest.mark.parametrize("kind", KINDS)
def test_right_documents_are_accepted_whole_and_field_by_field(kind: Kind) -> None:
    assert is_right(kind, RIGHT[kind])
    assert accepts(kind, RIGHT[kind])
    required = {field: RIGHT[kind][field] for field in REQUIRED[kind]}
    for field, value in RIGHT[kind].items():
        assert accepts(kind, required | {field: value}), field
        if field not in REQUIRED[kind]:
            assert accepts(kind, required | {field: None}), field


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_or_empty_required_field_is_not_accepted(kind: Kind) -> None:
    for field in REQUIRED[kind]:
        lacking = {key: value for key, value in RIGHT[kind].items() if key != field}
        assert not accepts(kind, lacking)
        assert not accepts(kind, RIGHT[kind] | {field: None})


def test_data_nested_very_deep_is_left_to_the_models() -> None:
    value: Any = "deep"
    for _ in range(100_000):
        value = [value]
    assert not accepts("tasks", RIGHT["tasks"] | {"metadata": {"a": value}})


@pytest.mark.parametrize("kind", KINDS)
def test_the_fields_are_those_of_the_models_in_their_order(kind: Kind) -> None:
    assert FIELDS[kind] == tuple(MODELS[kind].model_fields)
    required = [name for name, field in MODELS[kind].model_fields.items() if field.is_required()]
    assert REQUIRED[kind] == tuple(required)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_a_predicate(kind: Kind) -> None:
    assert set(PREDICATES[kind]) == set(MODELS[kind].model_fields)
    assert set(INTEGRATION) == set(Integration.model_fields)
    assert set(ENTRY) == set(TimeEntry.model_fields)
    assert set(RIGHT[kind]) == set(PREDICATES[kind])
