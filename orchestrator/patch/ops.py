"""Reading a patch from outside, and its canonical form and digest."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.errors import OrchestratorError
from orchestrator.model.places import place_of
from orchestrator.model.pointer import join, split
from orchestrator.model.problem import Problem

Operation = Mapping[str, Any]
"""One RFC 6902 operation as plain JSON."""


class PatchError(OrchestratorError):
    """A patch that cannot be applied."""


class MalformedPatchError(PatchError):
    """The document is no RFC 6902 patch.

    Attributes:
        at: Pointer into the patch file.
    """

    def __init__(self, message: str, at: str = "") -> None:
        super().__init__(
            message,
            'A patch is a list of ops, or {"title": …, "ops": [ … ]}; see RFC 6902.',
        )
        self.at = at


class UnreadablePatchError(PatchError):
    """A patch file cannot be read, or is neither JSON nor YAML."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A proposed change: its steps, and who wants it and why.

    Attributes:
        ops: RFC 6902 operations over the virtual document.
        title: One line, or None to have it written from the ops.
        reason: Why, or None.
        author: Who proposes it; `agent:<name>` for agents.
        model: The language model that wrote it, or None.
        base: The commit that it was made against, or None.
        id: Of the patch, or None.
        restores: Whether it takes changes back, so that entities become what they were and are
            not stamped. Only `invert` says so; no file can.
        trailers: Further trailers of its commit, `Name: value`. No file can bring them.
    """

    ops: tuple[Operation, ...]
    title: str | None = None
    reason: str | None = None
    author: str | None = None
    model: str | None = None
    base: str | None = None
    id: str | None = None
    restores: bool = False
    trailers: tuple[str, ...] = ()


def read_patch(document: Any) -> Patch:
    """Return the patch in a parsed JSON or YAML document.

    Args:
        document: A bare list of ops, or an envelope with `ops`.

    Raises:
        MalformedPatchError: It is something else.
    """
    from pydantic import ValidationError

    from orchestrator.model.entities import Patch as Envelope

    envelope = {"ops": document} if isinstance(document, list) else document
    if not isinstance(envelope, dict):
        raise MalformedPatchError("The patch is neither a list of ops nor a mapping.")
    try:
        checked = Envelope.model_validate(envelope)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise _malformed(fault["loc"], fault, is_bare=envelope is not document) from error
    for index, op in enumerate(envelope["ops"]):
        if op["op"] in ("move", "copy") and op["from"] is None:
            raise MalformedPatchError(f"Op {index}: from is no pointer.", f"/ops/{index}/from")
        if why := _unfit(op.get("value")):
            raise MalformedPatchError(f"Op {index}: its value {why}.", f"/ops/{index}/value")
    ops = tuple(_plain(op) for op in envelope["ops"])
    return Patch(
        ops, checked.title, checked.reason, checked.author, checked.model, checked.base, checked.id
    )


def canonical(ops: Iterable[Operation]) -> bytes:
    """Return ops as JSON with sorted keys and no spaces: equal patches give equal bytes."""
    return json.dumps(
        [_plain(op) for op in ops], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def digest(ops: Iterable[Operation]) -> str:
    """Return `sha256:` and the hash of the canonical form."""
    import hashlib

    return f"sha256:{hashlib.sha256(canonical(ops)).hexdigest()}"


def entity_of(pointer: str) -> tuple[str, str] | None:
    """Return (kind, id) of the entity that a pointer of the virtual document is about."""
    match split(pointer):
        case ["settings", *_]:
            return "settings", ""
        case [("users" | "projects" | "tasks") as kind, entity_id, *_] if entity_id:
            return kind, entity_id
        case _:
            return None


def culprit(ops: Iterable[Operation], problem: Problem) -> int | None:
    """Return which op, from 0, brings a problem about: the last that writes where it is, or None.

    Where none does, it is the last that writes to the same entity.
    """
    place = place_of(problem.path)
    if place is None:
        return None
    entity = "/settings" if place.kind == "settings" else join([place.kind, place.id])
    spot = f"{entity}{problem.pointer}/"
    nearest = near = None
    for index, op in enumerate(ops):
        for pointer in (op["path"], op.get("from", "") if op["op"] == "move" else ""):
            written = f"{pointer}/"
            if op["op"] == "test" or not pointer:
                continue
            if written.startswith(spot) or spot.startswith(written):
                nearest = index
            if written.startswith(f"{entity}/"):
                near = index
    return near if nearest is None else nearest


def _malformed(
    place: Sequence[int | str], fault: Mapping[str, Any], *, is_bare: bool
) -> MalformedPatchError:
    """Return what is wrong with a patch's form, naming the op."""
    at = "".join(f"/{step}" for step in place[1 if is_bare else 0 :])
    said = str(fault["msg"])
    if fault["type"] == "string_pattern_mismatch":
        said = f"{str(fault['input'])[:100]!r} is no JSON pointer (RFC 6901)"
    if place[:1] == ("ops",) and len(place) > 1:
        rest = ".".join(str(step) for step in place[2:])
        return MalformedPatchError(f"Op {place[1]}: {rest}{': ' if rest else ''}{said}.", at)
    where = ".".join(str(step) for step in place)
    return MalformedPatchError(f"{where or 'The patch'}: {said}.", at)


_DEEPEST = 64  # a file holds 12; so deep a value would only cost memory
_LARGEST_INT = 10**4000  # longer ones cannot be printed


def _unfit(value: Any) -> str | None:
    """Return why a value can be in no file and no message, or None."""
    level = [value]
    for _ in range(_DEEPEST):
        inner: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                inner += (*node, *node.values())
            elif isinstance(node, list):
                inner += node
            elif isinstance(node, str) and not node.isascii() and _SURROGATE(node):
                return "holds half of a surrogate pair, which is no character"
            elif isinstance(node, float) and node - node != 0:
                return f"holds {node}, which JSON has no number for"
            elif isinstance(node, int) and abs(node) > _LARGEST_INT:
                return "holds a number of thousands of digits"
        if not inner:
            return None
        level = inner
    return f"is nested more than {_DEEPEST} deep"


_SURROGATE = re.compile("[\ud800-\udfff]").search


def _plain(op: Operation) -> dict[str, Any]:
    """Keep the members that RFC 6902 defines for the operation; the others must be ignored."""
    members = {"add": "value", "replace": "value", "test": "value", "move": "from", "copy": "from"}
    names = ("op", "path", members.get(op["op"], ""))
    return {name: op[name] for name in names if name in op}
