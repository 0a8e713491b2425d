"""Reading a patch from outside, and its canonical form and digest."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestrator.errors import OrchestratorError
from orchestrator.model.pointer import split

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
    """

    ops: tuple[Operation, ...]
    title: str | None = None
    reason: str | None = None
    author: str | None = None
    model: str | None = None
    base: str | None = None
    id: str | None = None


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
        at = "".join(f"/{step}" for step in fault["loc"])
        raise MalformedPatchError(f"{at or 'The patch'}: {fault['msg']}.", at) from error
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


def _plain(op: Operation) -> dict[str, Any]:
    """Keep the members that RFC 6902 defines for the operation; the others must be ignored."""
    members = {"add": "value", "replace": "value", "test": "value", "move": "from", "copy": "from"}
    names = ("op", "path", members.get(op["op"], ""))
    return {name: op[name] for name in names if name in op}
