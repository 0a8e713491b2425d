"""RFC 6902 on plain JSON documents: the standard, section by section, as a table.

The community's suite (json-patch-tests) is not carried here; what it asks for is asked here too.
"""

import copy
import json
from typing import Any

import pytest

from orchestrator.patch.ops import MalformedPatchError, PatchError, read_patch
from orchestrator.patch.step import same
from tests.patch.whole import apply_to

REFUSED = object()

# Document, ops, and what becomes of the document; by section of the standard.
CASES: dict[str, tuple[Any, list[dict[str, Any]], Any]] = {
    # 4.1 add
    "a member": ({"a": 1}, [{"op": "add", "path": "/b", "value": 2}], {"a": 1, "b": 2}),
    "a member that is there": ({"a": 1}, [{"op": "add", "path": "/a", "value": [2]}], {"a": [2]}),
    "null": ({"a": 1}, [{"op": "add", "path": "/a", "value": None}], {"a": None}),
    "before an item": ([1, 2], [{"op": "add", "path": "/1", "value": 9}], [1, 9, 2]),
    "at the index behind the last": ([1, 2], [{"op": "add", "path": "/2", "value": 9}], [1, 2, 9]),
    "at the end": ([1, 2], [{"op": "add", "path": "/-", "value": 9}], [1, 2, 9]),
    "a list into a list": ([1], [{"op": "add", "path": "/-", "value": [2, [3]]}], [1, [2, [3]]]),
    "far behind the end": ([1], [{"op": "add", "path": "/2", "value": 9}], REFUSED),
    "at a negative index": ([1], [{"op": "add", "path": "/-1", "value": 9}], REFUSED),
    "at a leading zero": ([1, 2], [{"op": "add", "path": "/01", "value": 9}], REFUSED),
    "at a number of another script": ([1, 2], [{"op": "add", "path": "/²", "value": 9}], REFUSED),
    "at an exponent": ([1, 2], [{"op": "add", "path": "/1e0", "value": 9}], REFUSED),
    "at a word in a list": ([1], [{"op": "add", "path": "/a", "value": 9}], REFUSED),
    "in nothing": ({"a": {}}, [{"op": "add", "path": "/b/c", "value": 9}], REFUSED),
    "inside a text": ({"a": "text"}, [{"op": "add", "path": "/a/0", "value": 9}], REFUSED),
    "inside a number": ({"a": 1}, [{"op": "add", "path": "/a/b", "value": 9}], REFUSED),
    "inside null": ({"a": None}, [{"op": "add", "path": "/a/b", "value": 9}], REFUSED),
    "the whole document": ({"a": 1}, [{"op": "add", "path": "", "value": [3]}], [3]),
    "an empty key": ({}, [{"op": "add", "path": "/", "value": 1}], {"": 1}),
    "below an empty key": ({"": {}}, [{"op": "add", "path": "//x", "value": 1}], {"": {"x": 1}}),
    "a key that looks like an index": ({}, [{"op": "add", "path": "/0", "value": 1}], {"0": 1}),
    "a key that looks like the end": ({}, [{"op": "add", "path": "/-", "value": 1}], {"-": 1}),
    # 4.2 remove
    "take a member": ({"a": 1, "b": 2}, [{"op": "remove", "path": "/a"}], {"b": 2}),
    "take an item": ([1, 2, 3], [{"op": "remove", "path": "/1"}], [1, 3]),
    "take null": ({"a": None}, [{"op": "remove", "path": "/a"}], {}),
    "take what is not there": ({"a": 1}, [{"op": "remove", "path": "/b"}], REFUSED),
    "take behind the end": ([1], [{"op": "remove", "path": "/1"}], REFUSED),
    "take the end": ([1], [{"op": "remove", "path": "/-"}], REFUSED),
    "take at a leading zero": ([1, 2], [{"op": "remove", "path": "/00"}], REFUSED),
    "take the same twice": ({"a": 1}, [{"op": "remove", "path": "/a"}] * 2, REFUSED),
    # 4.3 replace
    "change a member": ({"a": 1}, [{"op": "replace", "path": "/a", "value": {}}], {"a": {}}),
    "change an item": ([1, 2], [{"op": "replace", "path": "/0", "value": 9}], [9, 2]),
    "change null": ({"a": None}, [{"op": "replace", "path": "/a", "value": 1}], {"a": 1}),
    "change the whole": ({"a": 1}, [{"op": "replace", "path": "", "value": "x"}], "x"),
    "change what is not there": ({}, [{"op": "replace", "path": "/a", "value": 1}], REFUSED),
    "change behind the end": ([1], [{"op": "replace", "path": "/1", "value": 1}], REFUSED),
    "change the end": ([1], [{"op": "replace", "path": "/-", "value": 1}], REFUSED),
    # 4.4 move
    "move a member": ({"a": 1}, [{"op": "move", "from": "/a", "path": "/b"}], {"b": 1}),
    "move into another": (
        {"a": {"x": 1, "y": 2}, "b": {}},
        [{"op": "move", "from": "/a/x", "path": "/b/z"}],
        {"a": {"y": 2}, "b": {"z": 1}},
    ),
    "move an item on": ([1, 2, 3, 4], [{"op": "move", "from": "/1", "path": "/3"}], [1, 3, 4, 2]),
    "move an item back": ([1, 2, 3], [{"op": "move", "from": "/2", "path": "/0"}], [3, 1, 2]),
    "move an item to the end": ([1, 2, 3], [{"op": "move", "from": "/0", "path": "/-"}], [2, 3, 1]),
    "move behind the end": ([1, 2], [{"op": "move", "from": "/0", "path": "/2"}], REFUSED),
    "move over another": ({"a": 1, "b": 2}, [{"op": "move", "from": "/a", "path": "/b"}], {"b": 1}),
    "move to where it is": ({"a": 1}, [{"op": "move", "from": "/a", "path": "/a"}], {"a": 1}),
    "move into itself": ({"a": {"b": 1}}, [{"op": "move", "from": "/a", "path": "/a/b"}], REFUSED),
    "move the whole into itself": ({"a": 1}, [{"op": "move", "from": "", "path": "/a"}], REFUSED),
    "move beside its namesake": (
        {"a": 1, "ab": {}}, [{"op": "move", "from": "/a", "path": "/ab/c"}], {"ab": {"c": 1}},
    ),
    "move what is not there": ({"a": 1}, [{"op": "move", "from": "/b", "path": "/c"}], REFUSED),
    "move nothing onto itself": ({"a": 1}, [{"op": "move", "from": "/b", "path": "/b"}], REFUSED),
    # 4.5 copy
    "copy a member": (
        {"a": {"x": 1}},
        [{"op": "copy", "from": "/a", "path": "/b"}],
        {"a": {"x": 1}, "b": {"x": 1}},
    ),
    "copy into itself": (
        {"a": {"x": 1}},
        [{"op": "copy", "from": "/a", "path": "/a/y"}],
        {"a": {"x": 1, "y": {"x": 1}}},
    ),
    "a copy is another": (
        {"a": {"x": 1}},
        [{"op": "copy", "from": "/a", "path": "/b"}, {"op": "replace", "path": "/b/x", "value": 2}],
        {"a": {"x": 1}, "b": {"x": 2}},
    ),
    "copy an item": ([1, 2], [{"op": "copy", "from": "/0", "path": "/-"}], [1, 2, 1]),
    "copy null": ([None], [{"op": "copy", "from": "/0", "path": "/-"}], [None, None]),
    "copy what is not there": ({}, [{"op": "copy", "from": "/a", "path": "/b"}], REFUSED),
    # 4.6 test
    "texts are equal": ({"a": "x"}, [{"op": "test", "path": "/a", "value": "x"}], {"a": "x"}),
    "numbers are equal by value": ([1], [{"op": "test", "path": "/0", "value": 1.0}], [1]),
    "a text is no number": ({"a": "1"}, [{"op": "test", "path": "/a", "value": 1}], REFUSED),
    "true is not 1": ({"a": 1}, [{"op": "test", "path": "/a", "value": True}], REFUSED),
    "false is not 0": ({"a": False}, [{"op": "test", "path": "/a", "value": 0}], REFUSED),
    "null is null": ({"a": None}, [{"op": "test", "path": "/a", "value": None}], {"a": None}),
    "null is not nothing": ({}, [{"op": "test", "path": "/a", "value": None}], REFUSED),
    "null is not false": ({"a": None}, [{"op": "test", "path": "/a", "value": False}], REFUSED),
    "items in another order": ([1, 2], [{"op": "test", "path": "", "value": [2, 1]}], REFUSED),
    "a longer list": ([[1]], [{"op": "test", "path": "/0", "value": [1, 1]}], REFUSED),
    "members are equal in any order": (
        {"a": {"x": 1, "y": 2}},
        [{"op": "test", "path": "/a", "value": {"y": 2, "x": 1}}],
        {"a": {"x": 1, "y": 2}},
    ),
    "the whole": ({"a": 1}, [{"op": "test", "path": "", "value": {"a": 1}}], {"a": 1}),
    "the end is nothing": ([None], [{"op": "test", "path": "/-", "value": None}], REFUSED),
    # RFC 6901: escapes
    "a slash in a key": ({"a/b": 1}, [{"op": "replace", "path": "/a~1b", "value": 2}], {"a/b": 2}),
    "a tilde in a key": ({"a~b": 1}, [{"op": "remove", "path": "/a~0b"}], {}),
    "a tilde before a one": ({"~1": 1}, [{"op": "test", "path": "/~01", "value": 1}], {"~1": 1}),
    "no percent escapes": ({"a b": 1}, [{"op": "remove", "path": "/a%20b"}], REFUSED),
    # 5: one after the other, all or nothing
    "each sees the last": (
        {}, [{"op": "add", "path": "/a", "value": {}}, {"op": "add", "path": "/a/b", "value": 1}],
        {"a": {"b": 1}},
    ),
    "none": ({"a": 1}, [], {"a": 1}),
    "members unknown to the standard": (
        {}, [{"op": "add", "path": "/a", "value": 1, "from": "/zzz", "note": "x"}], {"a": 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_standard_is_followed(name: str) -> None:
    document, ops, expected = CASES[name]
    before = copy.deepcopy(document)
    patch = read_patch(ops)
    if expected is REFUSED:
        with pytest.raises(PatchError) as refused:
            apply_to(document, patch.ops)
        assert refused.value.message.startswith("Op ")
        assert refused.value.message.endswith(".")
    else:
        assert same(apply_to(document, patch.ops), expected)
    assert same(document, before), "the document given has changed"


@pytest.mark.parametrize(
    ("ops", "says"),
    [
        ([{"path": "/a", "value": 1}], "Op 0"),
        ([{"op": "spam", "path": "/a"}], "Op 0: op"),
        ([{"op": "ADD", "path": "/a", "value": 1}], "Op 0: op"),
        ([{"op": "add", "value": 1}], "Op 0: path"),
        ([{"op": "add", "path": None, "value": 1}], "Op 0: path"),
        ([{"op": "add", "path": "a", "value": 1}], "'a' is no JSON pointer"),
        ([{"op": "add", "path": "/a~", "value": 1}], "'/a~' is no JSON pointer"),
        ([{"op": "add", "path": "/a~2", "value": 1}], "no JSON pointer"),
        ([{"op": "add", "path": "/a"}], "op add needs a value"),
        ([{"op": "replace", "path": "/a"}], "op replace needs a value"),
        ([{"op": "test", "path": "/a"}], "op test needs a value"),
        ([{"op": "move", "path": "/a"}], "op move needs a from"),
        ([{"op": "copy", "path": "/a"}], "op copy needs a from"),
        ([{"op": "copy", "path": "/a", "from": None}], "from is no pointer"),
        ([{"op": "remove", "path": "/a"}, {"op": "copy", "path": "/a", "from": "b"}], "Op 1: from"),
        ([[]], "Op 0"),
        ({"op": "add", "path": "/a", "value": 1}, "ops"),
        ([{"op": "add", "path": "/a", "value": "\ud800"}], "surrogate"),
        ([{"op": "add", "path": "/a", "value": {"x": [float("nan")]}}], "nan"),
        ([{"op": "add", "path": "/a", "value": json.loads("[" * 70 + "]" * 70)}], "nested"),
        ([{"op": "add", "path": "/a", "value": 10**4001}], "digits"),
    ],
)
def test_what_the_standard_calls_malformed_is_refused(ops: Any, says: str) -> None:
    with pytest.raises(MalformedPatchError) as refused:
        read_patch(ops)
    assert says in refused.value.message
    assert refused.value.message.endswith(".")
