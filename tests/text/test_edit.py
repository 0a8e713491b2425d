"""The surgical edit, by example: what exactly the new text is."""
# ruff: noqa: E501  # tables of texts, one a line

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from orchestrator.errors import OrchestratorError
from orchestrator.text.cursor import MAX_NODES
from orchestrator.text.edit import rewrite
from orchestrator.text.intent import EditError, same
from orchestrator.text.nodes import data
from orchestrator.text.read import MAX_BYTES
from orchestrator.text.scan import scan

ORDER = ("id", "title", "status", "priority", "labels", "dependencies", "description", "due_date")


class Edit(NamedTuple):
    name: str
    before: str
    change: Callable[[dict[str, Any]], object]
    after: str


def put(**values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda doc: doc.update(values)


def drop(*keys: str) -> Callable[[dict[str, Any]], object]:
    return lambda doc: [doc.pop(key) for key in keys]


EDITS = [
    Edit("a trailing comment stays", "status: todo  # why\n", put(status="done"), "status: done  # why\n"),
    Edit("single quotes stay", "a: 'x'\n", put(a="it's"), "a: 'it''s'\n"),
    Edit("double quotes stay", 'a: "x"\n', put(a='say "y"'), 'a: "say \\"y\\""\n'),
    Edit("plain stays plain", "a: x\n", put(a="y z"), "a: y z\n"),
    Edit("plain gets quotes where it must", "a: x # c\n", put(a="no"), 'a: "no" # c\n'),
    Edit("alignment stays", "id:     x\nstatus: todo\n", put(id="q"), "id:     q\nstatus: todo\n"),
    Edit("a date is plain where a plain one was", "x: 2026-01-02\n", put(x="2026-01-03"), "x: 2026-01-03\n"),
    Edit("a date is quoted elsewhere", "a: x\n", put(b="2026-01-03"), 'a: x\nb: "2026-01-03"\n'),
    Edit("a date is plain behind a date key", "a: 1\n", put(due_date="2026-01-03"), "a: 1\ndue_date: 2026-01-03\n"),
    Edit("a stamp is plain behind a stamp key", "a: 1\n", put(created_at="2026-01-03T04:05:06+00:00"), "a: 1\ncreated_at: 2026-01-03T04:05:06+00:00\n"),
    Edit("a quoted date stays quoted", "due_date: '2026-01-02'\n", put(due_date="2026-01-03"), "due_date: '2026-01-03'\n"),
    Edit("text that 1.1 takes for a number is quoted", "a: x\n", put(a="1:30"), 'a: "1:30"\n'),
    Edit("an equals sign is quoted", "a: x\n", put(a="="), 'a: "="\n'),
    Edit("an empty value is filled", "a:\nb: 1\n", put(a="x"), "a: x\nb: 1\n"),
    Edit("an empty value before a comment is filled", "a: # c\nb: 1\n", put(a="x"), "a: x # c\nb: 1\n"),
    Edit("flow lists grow", "labels: [a, b]\n", put(labels=["a", "b", "c"]), "labels: [a, b, c]\n"),
    Edit("flow lists keep their spaces", "labels: [ a,b ]\n", put(labels=["a", "b", "c"]), "labels: [ a,b,c ]\n"),
    Edit("flow lists shrink", "labels: [a, b, c] # l\n", put(labels=["a", "c"]), "labels: [a, c] # l\n"),
    Edit("the last item leaves brackets", "labels: [a]\n", put(labels=[]), "labels: []\n"),
    Edit("empty brackets are filled", "labels: []\n", put(labels=["a"]), "labels: [a]\n"),
    Edit("flow items keep their quotes", "labels: ['a', \"b\"]\n", put(labels=["x", "q"]), "labels: ['x', \"q\"]\n"),
    Edit("empty brackets become a block for mappings", "t: []\n", put(t=[{"at": "x", "minutes": 3}]), "t:\n  - at: x\n    minutes: 3\n"),
    Edit("multi-line flow grows by a line", "a: [\n  x,\n  y,\n]\n", put(a=["x", "y", "z"]), "a: [\n  x,\n  y,\n  z,\n]\n"),
    Edit("flow comments stay with their items", "a: [\n  x, # X\n  y, # Y\n  z\n]\n", put(a=["x", "z"]), "a: [\n  x, # X\n  z\n]\n"),
    Edit("a flow mapping gains a key", "e: {a: 1}\n", put(e={"a": 1, "b": "c"}), "e: {a: 1, b: c}\n"),
    Edit("a flow mapping loses a key", "e: {a: 1, b: 2}\n", put(e={"b": 2}), "e: {b: 2}\n"),
    Edit("an unindented list grows unindented", "a:\n- x\nb: 1\n", put(a=["x", "q"]), "a:\n- x\n- q\nb: 1\n"),
    Edit("an indented list grows indented", "a:\n    - x\nb: 1\n", put(a=["x", "q"]), "a:\n    - x\n    - q\nb: 1\n"),
    Edit("a new list is indented as others are", "a:\n- x\n", put(b=["q"]), "a:\n- x\nb:\n- q\n"),
    Edit("a new mapping is indented as others are", "a:\n    x: 1\n", put(b={"q": 2}), "a:\n    x: 1\nb:\n    q: 2\n"),
    Edit("comments stay with their items", "a:\n  # X\n  - x\n  # Y\n  - y # y\n  # Z\n  - z\n", put(a=["x", "z"]), "a:\n  # X\n  - x\n  # Z\n  - z\n"),
    Edit("an item goes in between", "a:\n  - x # X\n  # Z\n  - z\n", put(a=["x", "q", "z"]), "a:\n  - x # X\n  - q\n  # Z\n  - z\n"),
    Edit("an item goes first", "a:\n  # X\n  - x\n", put(a=["w", "x"]), "a:\n  - w\n  # X\n  - x\n"),
    Edit("the last item leaves an empty list", "a:\n  - x\nb: 1\n", put(a=[]), "a: []\nb: 1\n"),
    Edit("a mapping in a list changes in place", "t:\n  - at: x # a\n    n: 1 # b\n", put(t=[{"at": "x", "n": 2}]), "t:\n  - at: x # a\n    n: 2 # b\n"),
    Edit("the first key of an item goes", "t:\n  - at: x\n    n: 1\n", put(t=[{"n": 1}]), "t:\n  - n: 1\n"),
    Edit("a key comes first in an item", "t:\n  - n: 1\n", put(t=[{"at": "x", "n": 1}]), "t:\n  - at: x\n    n: 1\n"),
    Edit("a key goes with its comment", "a: 1\n# about b\nb: 2\n# about c\nc: 3\n", drop("b"), "a: 1\n# about c\nc: 3\n"),
    Edit("a comment set apart stays", "a: 1\n# apart\n\nb: 2\nc: 3\n", drop("b"), "a: 1\n# apart\n\nc: 3\n"),
    Edit("a comment of a list stays with it", "a:\n  - x\n  # - y\nb: 2\n", drop("b"), "a:\n  - x\n  # - y\n"),
    Edit("the head of the file stays", "# the file\nid: x\nb: 2\n", drop("id"), "# the file\nb: 2\n"),
    Edit("the last key leaves an empty mapping", "a: 1\n", drop("a"), "{}\n"),
    Edit("the last nested key leaves an empty mapping", "m:\n  a: 1 # c\nb: 2\n", put(m={}), "m: {}\nb: 2\n"),
    Edit("a key finds its place", "id: x\ntitle: y\ndue_date: 2026-01-02\n", put(status="todo"), "id: x\ntitle: y\nstatus: todo\ndue_date: 2026-01-02\n"),
    Edit("a key of no known place goes last", "id: x\ndue_date: 2026-01-02\n", put(other=1), "id: x\ndue_date: 2026-01-02\nother: 1\n"),
    Edit("a first key goes first", "# head\ntitle: y\n", put(id="x"), "# head\nid: x\ntitle: y\n"),
    Edit("two keys find their places", "id: x\ndue_date: 2026-01-02\n", put(status="todo", title="t"), "id: x\ntitle: t\nstatus: todo\ndue_date: 2026-01-02\n"),
    Edit("a key goes behind what belongs to the one before", "labels:\n  - a\n  # - b\nx: 1\n", put(description="d"), "labels:\n  - a\n  # - b\ndescription: d\nx: 1\n"),
    Edit("a literal block stays one", "d: |\n   a\n   b\nx: 1\n", put(d="c\n\nd\n"), "d: |\n   c\n\n   d\nx: 1\n"),
    Edit("a literal block loses its break", "d: | # c\n  a\n", put(d="b"), "d: |- # c\n  b\n"),
    Edit("an indicator stays", "d: |2-\n  a\n", put(d="c"), "d: |2-\n  c\n"),
    Edit("an indicator that the old text needed goes", "d: |2-\n    a\n  b\n", put(d="c"), "d: c\n"),
    Edit("a block that the old text needed becomes a line", "d: |\n  a\n  b\n", put(d="c"), "d: c\n"),
    Edit("quotes that the old text needed go", 'd: "a: b"\n', put(d="c"), "d: c\n"),
    Edit("quotes that nothing needed stay", 'd: "a"\n', put(d="c"), 'd: "c"\n'),
    Edit("brackets that hold labels no more go", "labels: [a, b] # c\n", put(labels=["a, b"]), "labels: # c\n  - a, b\n"),
    Edit("a folded block stays folded", "d: >-\n  a\n  b\nx: 1\n", put(d="one\ntwo"), "d: >-\n  one\n\n  two\nx: 1\n"),
    Edit("what cannot be folded is literal", "d: >\n  a\n", put(d="x\n  y\n"), "d: |\n  x\n    y\n"),
    Edit("plain text of several lines becomes a block", "d: x # c\ny: 1\n", put(d="a\nb\n"), "d: | # c\n  a\n  b\ny: 1\n"),
    Edit("a block becomes one line", "d: | # c\n  a\n  b\ny: 1\n", put(d=None), "d: null # c\ny: 1\n"),
    Edit("a wrapped text is replaced whole", "d: a\n  b\n\n  c\ny: 1\n", put(d="z"), "d: z\ny: 1\n"),
    Edit("CRLF", "a: 1\r\nb:\r\n- x\r\n", put(b=["x", "q"], c="p\nq\n"), "a: 1\r\nb:\r\n- x\r\n- q\r\nc: |\r\n  p\r\n  q\r\n"),
    Edit("the first keys go with their line ends", "a: 1\nb: 2\nc: 3\n", drop("a", "b"), "c: 3\n"),
    Edit("a byte order mark stays", "\ufeffid: x\nb: 2\n", drop("id"), "\ufeffb: 2\n"),
    Edit("no line break at the end", "a: 1\nb: 2", put(c=3), "a: 1\nb: 2\nc: 3"),
    Edit("no line break at the end, last key gone", "a: 1\nb: 2", drop("b"), "a: 1"),
    Edit("no line break at the end, kept breaks before the last key", "a: |+\n  x\nb: 2", drop("b"), "a: |+\n  x"),
    Edit("the break at the end is part of a text", "a: |+\n  x\n\nb: 2", drop("b"), "a: |+\n  x\n\n"),
    Edit("breaks at the end are part of a text", "a: >+\n  x\n\n\n# B\nb: 2", drop("b"), "a: >+\n  x\n\n\n"),
    Edit("a kept text of nothing but a break", "a: |+\n\nb: 2", drop("b"), "a: |+\n\n"),
    Edit("a kept text with CRLF at the end", "a: |+\r\n  x\r\n\r\nb: 2", drop("b"), "a: |+\r\n  x\r\n\r\n"),
    Edit("a nested text ends the file with its breaks", "m:\n  a: |+\n    x\n\n  b: 2", put(m={"a": "x\n\n"}), "m:\n  a: |+\n    x\n\n"),
    Edit("an item ends the file with its breaks", "a:\n- |+\n  x\n\n- y", put(a=["x\n\n"]), "a:\n- |+\n  x\n\n"),
    Edit("a new text ends the file without a break", "a: x", put(a="x\n\n"), 'a: "x\\n\\n"'),
    Edit("a deep comment goes with its key where a text would take it in", "a: |\n  x\nb: 2\n\n    # deep\nc: 3\n", drop("b"), "a: |\n  x\nc: 3\n"),
    Edit("so does a line of spaces", "a: |\n  x\nb: 2\n    \nc: 3\n", drop("b"), "a: |\n  x\nc: 3\n"),
    Edit("before the end of the document", "---\na: 1\n...\n", put(b=2), "---\na: 1\nb: 2\n...\n"),
    Edit("a scalar becomes a mapping, its comment stays", "a: x # c\nb: 1\n", put(a={"k": "v"}), "a: # c\n  k: v\nb: 1\n"),
    Edit("a mapping becomes a scalar, its comment stays", "a: # c\n  k: v\nb: 1\n", put(a="x"), "a: x # c\nb: 1\n"),
    Edit("odd keys are quoted", "a: 1\n", put(**{"b: c": 2, "no": 3}), 'a: 1\n"b: c": 2\n"no": 3\n'),
    Edit("a root in brackets", "{id: x, n: 1}\n", put(n=2, b="c"), "{id: x, n: 2, b: c}\n"),
    Edit("JSON", '{\n  "a": 1,\n  "b": [1]\n}\n', put(b=[1, 2], c="x"), '{\n  "a": 1,\n  "b": [1, 2],\n  c: x\n}\n'),
    Edit("an item beside a deeper comment", "a:\n  - x\n      # deep\nb: 1\n", put(a=["x", "q"]), "a:\n  - x\n      # deep\n  - q\nb: 1\n"),
    Edit("true is not one", "a: 1\nb: [1, true]\n", put(a=True, b=[True, 1]), "a: true\nb: [true, 1]\n"),
]  # fmt: skip


@pytest.mark.parametrize("edit", [pytest.param(edit, id=edit.name) for edit in EDITS])
def test_the_new_text_is_exactly_this(edit: Edit) -> None:
    root = scan(edit.before).root
    assert root is not None
    doc = data(root)
    edit.change(doc)
    assert rewrite(edit.before, doc, ORDER) == edit.after


def test_what_was_passed_in_is_not_changed() -> None:
    new = {"a": {"b": [1]}, "c": ["x"]}
    before = copy.deepcopy(new)
    rewrite("a: 1\n", new)
    assert new == before


def test_tuples_and_other_mappings_are_fine() -> None:
    assert rewrite("a: [x]\n", {"a": ("x", "q")}) == "a: [x, q]\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# c\n",
        "- a\n",
        "a: [\n",
        "a: 1\na: 2\n",
        "a: &x 1\n",
        "a: 1\n---\nb: 2\n",
        "\ta: 1\n",
        "x",
        "a: b: c\n",
    ],
)
def test_a_text_that_cannot_be_read_is_refused_in_words(text: str) -> None:
    with pytest.raises(EditError) as caught:
        rewrite(text, {"a": 2})
    assert isinstance(caught.value, OrchestratorError)
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 10**18, "\ud800", object(), {1: 2}, b"x", {"k" * 2000: 1}]
)
def test_a_value_that_no_file_can_hold_is_refused(value: Any) -> None:
    with pytest.raises(EditError):
        rewrite("a: 1\n", {"a": value})


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"k": value}
    return value


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (nested(12), "lists and mappings are nested more than 12 deep."),
        ([[nested(10)]], "lists and mappings are nested more than 12 deep."),
        ("x" * MAX_BYTES, "bytes; 262,144 are allowed."),
        ("x\n" * MAX_BYTES, "bytes; 262,144 are allowed."),
        (list(range(MAX_NODES)), "the file holds more than 10,000 values."),
    ],
)
@pytest.mark.parametrize("text", ["a: 1\n", "a: 1", "{a: 1}\n", "b:\n  c: 2\n"])
def test_what_is_too_deep_or_too_large_is_refused_for_that(
    text: str, value: Any, reason: str
) -> None:
    with pytest.raises(EditError) as caught:
        rewrite(text, {"a": value})
    assert caught.value.message.startswith("With this change the file could not be read: ")
    assert caught.value.message.endswith(reason)
    assert caught.value.hint
    assert "fmt" not in caught.value.hint


def test_what_is_as_deep_as_can_be_is_written() -> None:
    assert same(data_of(rewrite("a: 1\n", {"a": nested(11)})), {"a": nested(11)})


def test_a_long_list_changes_by_one_line() -> None:
    items = [f"item {number}" for number in range(2_000)]
    text = "a:\n" + "".join(f"  - {item}\n" for item in items)
    new = [*items[:1_000], "fresh", *items[1_000:]]
    result = rewrite(text, {"a": new})
    assert result == text.replace("  - item 1000\n", "  - fresh\n  - item 1000\n", 1)


def test_a_list_that_changes_throughout_is_still_written() -> None:
    old = [f"a{number}" for number in range(1_500)]
    new = [f"b{number}" for number in range(1_600)]
    text = "a:\n" + "".join(f"- {item}\n" for item in old)
    assert same(data_of(rewrite(text, {"a": new})), {"a": new})


def data_of(text: str) -> Any:
    root = scan(text).root
    assert root is not None
    return data(root)


@pytest.mark.parametrize(
    ("text", "gone", "left"),
    [
        ("id: A-1\r\nb: 1\nc: 2\r\n", "c", "id: A-1\r\nb: 1\n"),
        ("id: A-1\r\nb: 1\nc: 2\r\n", "b", "id: A-1\r\nc: 2\r\n"),
        ("id: A-1\nb: 1\r\nc: 2\n", "b", "id: A-1\nc: 2\n"),
    ],
)
def test_a_removed_line_takes_its_own_line_end_along(text: str, gone: str, left: str) -> None:
    new = {"id": "A-1", "b": 1, "c": 2}
    del new[gone]
    assert rewrite(text, new) == left
