"""One RFC 6902 operation on a plain JSON document, and the sentences for what it cannot do."""

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orchestrator.model.pointer import join, split
from orchestrator.patch.ops import Operation, PatchError

Suggest = Callable[[Sequence[str]], str | None]
"""Returns a hint for the steps of a pointer that ends where nothing is, or None."""

_SHOWN = 200
_TYPES = {str: "a text", bool: "true or false", int: "a number", float: "a number"}


class UnknownTargetError(PatchError):
    """An op is about something that does not exist.

    Attributes:
        index: Which op, from 0.
        path: The pointer that names nothing.
    """

    def __init__(self, index: int, op: Operation, path: str, hint: str | None) -> None:
        super().__init__(f"Op {index} ({op['op']}): there is no {path} .", hint)
        self.index = index
        self.path = path


class TestFailedError(PatchError):
    """A `test` op found something else.

    Attributes:
        index: Which op, from 0.
        path: Where it looked.
        expected: What the patch says.
        found: What is there.
    """

    __test__ = False  # pytest would otherwise collect a class of this name

    def __init__(self, index: int, path: str, expected: Any, found: Any) -> None:
        super().__init__(
            f"Op {index} (test): {path or 'the document'} is {quoted(found)} "
            f"and not {quoted(expected)}.",
            "The plan has changed since the patch was made; make it again.",
        )
        self.index = index
        self.path = path
        self.expected = expected
        self.found = found


class MisplacedOpError(PatchError):
    """An op is about no entity, about an entity's identity, or would move a value into itself.

    Attributes:
        index: Which op, from 0.
    """

    def __init__(self, index: int, op: Operation, why: str, hint: str | None = None) -> None:
        super().__init__(f"Op {index} ({op['op']} {op['path']}): {why}.", hint)
        self.index = index


def step(document: Any, index: int, op: Operation, suggest: Suggest | None = None) -> Any:
    """Return `document` after one op; it is changed in place where its root stays the same.

    Args:
        document: Any JSON value.
        index: Which op of the patch this is, from 0, for the errors.
        op: A well-formed operation, as `read_patch` returns them.
        suggest: Gives hints for pointers that name nothing.

    Raises:
        UnknownTargetError: It names something that is not there.
        TestFailedError: It is a `test`, and something else is there.
        MisplacedOpError: It would move a value into itself.
    """
    from jsonpatch import JsonPatch, JsonPatchConflict, JsonPatchException
    from jsonpointer import JsonPointerException

    if op["op"] == "test":
        found = resolved(document, split(op["path"]))
        if found is NOTHING:
            raise _unknown(document, index, op, suggest)
        if not same(found, op["value"]):
            raise TestFailedError(index, op["path"], op["value"], found)
        return document
    if op["op"] == "move" and op["path"].startswith(f"{op['from']}/"):
        raise MisplacedOpError(index, op, f"{op['from'] or 'the document'} cannot be inside itself")
    if op["path"] == "" and op["op"] in ("add", "replace"):
        return copy.deepcopy(op["value"])  # jsonpatch 1.33 stumbles over lists here
    try:
        return JsonPatch([copy.deepcopy(dict(op))]).apply(document, in_place=True)
    except (JsonPatchConflict, JsonPointerException) as error:
        raise _unknown(document, index, op, suggest) from error
    except (JsonPatchException, TypeError, ValueError, AttributeError) as error:
        # What the package says about, say, `-` as the target of a replace.
        if resolved(document, split(op["path"])) is NOTHING:
            raise _unknown(document, index, op, suggest) from error
        raise MisplacedOpError(index, op, str(error).rstrip(".")) from error


def same(left: Any, right: Any) -> bool:
    """Return whether two JSON values are equal; Python's True is no 1 here (RFC 6902 4.6)."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


NOTHING = object()
"""Stands for what is not there; None is a value."""


def resolved(document: Any, steps: Sequence[str]) -> Any:
    """Return what a pointer's steps lead to, or NOTHING."""
    node = document
    for name in steps:
        node = _child(node, name)
        if node is NOTHING:
            break
    return node


def quoted(value: Any) -> str:
    """Return a value as JSON on one line, cut to 200 characters."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _unknown(
    document: Any, index: int, op: Operation, suggest: Suggest | None
) -> UnknownTargetError:
    """Name the pointer that does not resolve: `from`, or the path up to its missing step."""
    for pointer in (op.get("from"), op["path"]):
        steps = split(pointer or "")
        node = document
        for depth, name in enumerate(steps):
            parent, node = node, _child(node, name)
            if node is not NOTHING:
                continue
            is_last = depth == len(steps) - 1
            is_place = is_last and pointer is op["path"] and op["op"] in ("add", "move", "copy")
            if is_place and isinstance(parent, dict):
                break
            hint = _hint(parent, steps[:depth], name)
            if hint is None and suggest:
                hint = suggest(steps[: depth + 1])
            if op["op"] == "replace" and is_last and depth > 1 and isinstance(parent, dict):
                hint = "Use add, which sets a field whether or not it is there."
            return UnknownTargetError(index, op, join(steps[: depth + 1]), hint)
    return UnknownTargetError(index, op, op["path"], None)


def _child(node: Any, name: str) -> Any:
    if isinstance(node, dict):
        return node.get(name, NOTHING)
    is_index = name.isascii() and name.isdigit() and (name == "0" or name[0] != "0")
    if isinstance(node, list) and is_index and len(name) < 10 and int(name) < len(node):  # noqa: PLR2004
        return node[int(name)]
    return NOTHING


def _hint(parent: Any, place: Sequence[str], name: str) -> str | None:
    if isinstance(parent, list):
        count = f"The list has {len(parent):,} item{'' if len(parent) == 1 else 's'}"
        if name.isascii() and name.isdigit() and (name == "0" or name[0] != "0"):
            return f"{count}, counted from 0; - as index adds behind the last."
        return f"{count}; an index is a number without leading zeros, or - to add at the end."
    if parent is None or isinstance(parent, dict):
        return None
    where = join(place) or "The document"
    return f"{where} is {_TYPES.get(type(parent), 'a value')}, with nothing inside."
