"""Where somebody is typing, of right and of half-typed text."""

from typing import Any

import pytest

from orchestrator.lsp.context import context


def where(text: str) -> tuple[tuple[Any, ...], str, str] | None:
    """Return the way, the role and what is typed where `@` stands."""
    offset = text.index("@")
    found = context(text.replace("@", "", 1), offset)
    return None if found is None else (found.steps, found.role, found.prefix)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@", ((), "key", "")),
        ("id: A\nsta@", ((), "key", "sta")),
        ("id: A\nsta@tus: todo\n", ((), "key", "sta")),
        ("status: @", (("status",), "value", "")),
        ("status:@", (("status",), "value", "")),
        ("status: to@do\n", (("status",), "value", "to")),
        ('parent: "PA@"', (("parent",), "value", "PA")),
        ("'status': @", (("status",), "value", "")),
        ("dependencies:\n  - @", (("dependencies", 0), "item", "")),
        ("dependencies:\n- PA@", (("dependencies", 0), "item", "PA")),
        ("dependencies:\n- A-1\n- PA@", (("dependencies", 0), "item", "PA")),
        ("dependencies:\n  @", (("dependencies",), "key", "")),
        ("dependencies: [A-1, P@", (("dependencies", 0), "value", "P")),
        ("dependencies: [A-1,\n  P@\n]\n", (("dependencies", 0), "value", "P")),
        ("labels: ['a, b', \"c\\\"d\", x@", (("labels", 0), "value", "x")),
        ("labels: [a, # x, y\n  b@", (("labels", 0), "value", "b")),
        ("tests: {unit: [a, b], int@", (("tests",), "key", "int")),
        ("tests: {unit: [a, b@", (("tests", "unit", 0), "value", "b")),
        ("tests: {unit: @", (("tests", "unit"), "value", "")),
        ("tests:\n  unit: [a]\n  in@", (("tests",), "key", "in")),
        ("tests:\n  # why\n\n  in@", (("tests",), "key", "in")),
        ("time_entries:\n  - at: x\n    us@", (("time_entries", 0), "key", "us")),
        ("time_entries:\n- at: x\n  user: d@", (("time_entries", 0, "user"), "value", "d")),
        ("time_entries:\n  - user: d@", (("time_entries", 0, "user"), "value", "d")),
        ("integrations:\n  lin:\n    kind: @", (("integrations", "lin", "kind"), "value", "")),
        ("labels: [a\nstatus: @", (("status",), "value", "")),
        ("description: |\n  text\n\nstatus: @", (("status",), "value", "")),
        ("policy:\n  allow:\n    - a: [p@", (("policy", "allow", 0, "a", 0), "value", "p")),
        ("id: A\r\nstatus: @\r\n", (("status",), "value", "")),
    ],
)  # fmt: skip
def test_a_place_is_known(text: str, expected: tuple[Any, ...]) -> None:
    assert where(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "# a comment@",
        "title: x # behind@",
        "labels: [a # in brackets@",
        "description: |\n  status: @",
        "description: >-\n  one\n    two: @",
        "notes:\n  - |\n    status: @",
    ],
)
def test_nothing_is_offered_in_text_and_comments(text: str) -> None:
    assert where(text) is None


def test_a_mark_between_quotation_marks_begins_no_comment() -> None:
    assert where('title: "a # b@') == (("title",), "value", "a # b")


def test_the_keys_beside_a_place_are_known() -> None:
    text = "id: A\ntests:\n  unit: []\n  in\n  security: []\nstatus: todo\n"
    found = context(text, text.index("in\n") + 2)
    assert found is not None
    assert set(found.keys) == {"unit", "security"}


def test_the_word_behind_the_place_is_replaced_as_well() -> None:
    text = "status: in_progress\n"
    found = context(text, text.index("_progress"))
    assert found is not None
    assert text[found.start : found.end] == "in_progress"
