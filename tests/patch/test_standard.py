"""Random documents and ops: ours, the standard read aloud, and the jsonpatch package agree."""

import copy
import json
from typing import Any

import jsonpatch
import jsonpointer
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.patch.ops import PatchError, read_patch
from orchestrator.patch.step import same
from tests.patch.whole import apply_to

REFUSED = object()


def steps(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def key_in(node: Any, step: str, *, is_new: bool = False) -> Any:
    """A step as the key or the index that it is in a container; a LookupError where it is none."""
    if isinstance(node, dict):
        return step
    if isinstance(node, list) and step == "-" and is_new:
        return len(node)
    if isinstance(node, list) and step in map(str, range(len(node) + is_new)):
        return int(step)
    raise LookupError(step)


def get(document: Any, path: list[str]) -> Any:
    for step in path:
        document = document[key_in(document, step)]
    return document


def add(document: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value
    node = get(document, path[:-1])
    key = key_in(node, path[-1], is_new=True)
    if isinstance(node, list):
        node.insert(key, value)
    else:
        node[key] = value
    return document


def remove(document: Any, path: list[str]) -> Any:
    node = get(document, path[:-1])
    key = key_in(node, path[-1])
    return node.pop(key)


def replace(document: Any, path: list[str], value: Any) -> Any:
    get(document, path)
    if not path:
        return value
    node = get(document, path[:-1])
    node[key_in(node, path[-1])] = value
    return document


def oracle(document: Any, op: dict[str, Any]) -> Any:
    """RFC 6902, read aloud; what it cannot do ends in a LookupError."""
    path, source = steps(op["path"]), steps(op.get("from", ""))
    value = copy.deepcopy(op.get("value"))
    match op["op"]:
        case "add":
            return add(document, path, value)
        case "replace":
            return replace(document, path, value)
        case "remove":
            remove(document, path)
        case "copy":
            return add(document, path, copy.deepcopy(get(document, source)))
        case "move":
            get(document, source)
            if path[: len(source)] == source and path != source:
                raise LookupError(op["path"])
            if path != source:
                return add(document, path, remove(document, source))
        case _:
            found, wanted = (json.dumps(it, sort_keys=True) for it in (get(document, path), value))
            if found != wanted:
                raise LookupError(op["path"])
    return document


WORDS = ["a", "b", "", "0", "1", "2", "-", "01", "a/b", "~"]
LEAVES = st.none() | st.booleans() | st.sampled_from([0, 1, 2]) | st.sampled_from(["", "a", "1"])
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
    ),
    max_leaves=12,
)


def pointers(document: Any, at: str = "") -> list[str]:
    """Every place in a document, and some beside them."""
    found = [at]
    if isinstance(document, dict):
        for key, value in document.items():
            found += pointers(value, f"{at}/{key.replace('~', '~0').replace('/', '~1')}")
    if isinstance(document, list):
        for index, value in enumerate(document):
            found += pointers(value, f"{at}/{index}")
        found += [f"{at}/-", f"{at}/{len(document)}"]
    return found


@st.composite
def cases(draw: st.DrawFn) -> tuple[Any, list[dict[str, Any]]]:
    document = draw(
        st.lists(DOCUMENTS, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS), DOCUMENTS, max_size=5)
    )
    # Removing or moving the whole document leaves none; the standard does not say what then is.
    place = st.sampled_from([pointer for pointer in pointers(document) if pointer] or ["/a"])
    path = place | st.builds(
        lambda at, word: f"{at}/{word.replace('~', '~0').replace('/', '~1')}",
        place,
        st.sampled_from(WORDS),
    )
    ops = []
    for _ in range(draw(st.integers(1, 4))):
        op: dict[str, Any] = {
            "op": draw(st.sampled_from(["add", "remove", "replace", "move", "copy", "test"]))
        }
        op["path"] = draw(path)
        if op["op"] in ("move", "copy"):
            op["from"] = draw(path)
        elif op["op"] != "remove":
            op["value"] = draw(DOCUMENTS)
        ops.append(op)
    return document, ops


@given(cases())
@settings(max_examples=400)
def test_the_result_is_the_one_of_the_standard_and_of_the_package(
    case: tuple[Any, list[dict[str, Any]]],
) -> None:
    document, ops = case
    try:
        expected = copy.deepcopy(document)
        for op in ops:
            expected = oracle(expected, op)
    except LookupError:
        expected = REFUSED
    try:
        ours = apply_to(document, read_patch(copy.deepcopy(ops)).ops)
    except PatchError:
        ours = REFUSED
    assert (ours is REFUSED) == (expected is REFUSED)
    assert ours is REFUSED or same(ours, expected)
    try:
        theirs = jsonpatch.apply_patch(document, copy.deepcopy(ops))
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException):
        theirs = REFUSED
    assert (ours is REFUSED) == (theirs is REFUSED)
    assert ours is REFUSED or same(ours, theirs)
