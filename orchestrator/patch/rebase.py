"""A patch made against an older state, carried over to the present one field by field.

A `test` speaks of the state that the patch began from, so it must hold there and still hold now;
one that holds only because of earlier ops of the same patch is about the patch itself, and is
judged where the patch was made.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from orchestrator.model.places import Kind
from orchestrator.model.pointer import join, split
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change, Documents, apply, touched
from orchestrator.patch.merge import ABSENT, merge_documents
from orchestrator.patch.ops import Operation, PatchError
from orchestrator.patch.step import NOTHING, UnknownTargetError, quoted, resolved, same

_MOST_SHOWN = 10


class Clash(NamedTuple):
    """Something that a patch is about and that has changed since the patch was made.

    Attributes:
        path: Pointer into the virtual document.
        expected: What it was at the base; ABSENT when it was not there.
        actual: What it is now, or ABSENT.
        wanted: What the patch would make it, or ABSENT; what it was for a `test`.
        test: Which op it is, from 0, when a `test` no longer holds.
    """

    path: str
    expected: Any
    actual: Any
    wanted: Any
    test: int | None = None


class StalePatchError(PatchError):
    """What the patch changes has changed otherwise since the commit that it was made against.

    Attributes:
        base: That commit.
        clashes: Each field, with what it was, is, and should become.
    """

    def __init__(self, base: str, clashes: Sequence[Clash]) -> None:
        since = f"The patch was made against {base[:12]} , and"
        if len(clashes) == 1:
            message = f"{since} {_said(clashes[0])}."
        else:
            lines = [f"  {_said(clash)}" for clash in clashes[:_MOST_SHOWN]]
            if len(clashes) > _MOST_SHOWN:
                lines.append(f"  … and {len(clashes) - _MOST_SHOWN:,} more")
            message = f"{since} {len(clashes)} things changed since:\n" + "\n".join(lines)
        super().__init__(
            message,
            f"orchestrator patch diff {base[:12]} shows what changed; make the patch again.",
        )
        self.base = base
        self.clashes = tuple(clashes)


def rebase(
    past: Documents, present: Documents, ops: Sequence[Operation], base: str
) -> list[Change]:
    """Return what `ops`, made against `past`, do to `present`.

    Sets merge by element, descriptions by line, mappings by key, as two branches would.

    Args:
        past: The documents at the base.
        present: The documents now.
        ops: The patch.
        base: The commit of `past`, to be named.

    Raises:
        StalePatchError: Both changed the same thing.
        PatchError: The patch could not be applied to `past` either.
    """
    entities = list(touched(ops))
    was = {key: past.document(*key) for key in entities}
    now = {key: present.document(*key) for key in entities}
    if all(same(was[key], now[key]) for key in entities):
        return apply(present, ops)
    try:
        wanted = apply(past, ops)
    except UnknownTargetError as error:
        if (found := _entity(ops[error.index], error.path)) and now.get(found) is not None:
            raise UnknownTargetError(
                error.index, ops[error.index], error.path,
                f"It was not there at the patch's base {base[:12]} , and is now.",
            ) from error  # fmt: skip
        raise
    clashes = list(_broken_tests(was, now, ops))
    origins = {(change.kind, change.origin) for change in wanted if change.origin}
    changes: list[Change] = []
    for change in wanted:
        is_source = change.after is None and (change.kind, change.id) in origins
        fresh, merged = _carried(change, was, now, is_source=is_source)
        clashes += fresh
        changes += [merged] if merged else []
    if clashes:
        raise StalePatchError(base, clashes)
    return changes


State = Mapping[tuple[Kind, str], Document | None]


def _entity(op: Operation, path: str) -> tuple[Kind, str] | None:
    return next((key for key in touched([op]) if path == _pointer(*key)), None)


def _broken_tests(was: State, now: State, ops: Sequence[Operation]) -> Iterator[Clash]:
    """Yield the tests that held when the patch was made, before any of its ops, and do not now."""
    for index, op in enumerate(ops):
        if op["op"] == "test":
            old, new = (_value(state, op["path"]) for state in (was, now))
            if same(old, op["value"]) and not same(new, op["value"]):
                yield Clash(op["path"], old, _absent(new), op["value"], index)


def _value(state: State, pointer: str) -> Any:
    [key] = touched([{"op": "test", "path": pointer}])
    document = state[key]
    depth = 1 if key[0] == "settings" else 2
    return NOTHING if document is None else resolved(document, split(pointer)[depth:])


def _absent(value: Any) -> Any:
    return ABSENT if value is NOTHING else value


def _carried(
    change: Change, was: State, now: State, *, is_source: bool
) -> tuple[list[Clash], Change | None]:
    """Return where a change clashes with the present, and what it does there."""
    kind, entity_id, before, after, origin = change
    path = _pointer(kind, entity_id)
    ours = now[kind, entity_id]
    if after is None:
        if ours is None:
            return [], None
        clashes = [] if is_source else list(_differences(path, before or {}, ours))
        return clashes, change._replace(before=ours)
    source = (kind, origin or "")
    if before is None and (old := was.get(source)) is not None:
        # A rename: the text is the one of the old id, and so is what others did to it meanwhile.
        if ours is not None:
            return ([] if same(ours, after) else [Clash(path, ABSENT, ours, after)]), None
        present = now[source]
        if present is None:
            return [Clash(_pointer(*source), old, ABSENT, after)], None
        base, mine = ({**document, "id": entity_id} for document in (old, present))
    elif ours is None and before is not None:
        return [Clash(path, before, ABSENT, after)], None
    else:
        base, mine = before or {}, ours or {}
    if ours is None and before is None and not origin:
        return [], change
    merged = merge_documents(kind, base, mine, after)
    clashes = [
        Clash(path + conflict.pointer, conflict.base, conflict.ours, conflict.theirs)
        for conflict in merged.conflicts
    ]
    if same(merged.value, ours):
        return clashes, None
    return clashes, change._replace(before=ours, after=merged.value)


def _differences(path: str, before: Document, now: Document) -> Iterator[Clash]:
    """Yield the fields of an entity that a patch removes and that others have changed."""
    for key in dict.fromkeys((*before, *now)):
        old, new = before.get(key, ABSENT), now.get(key, ABSENT)
        if not same(old, new):
            yield Clash(path + join([key]), old, new, ABSENT)


def _pointer(kind: Kind, entity_id: str) -> str:
    return "/settings" if kind == "settings" else join([kind, entity_id])


def _said(clash: Clash) -> str:
    """Return `/tasks/PAY-1/status was "todo" and is "blocked" now; the patch says "completed"`."""
    is_whole = all(
        value is ABSENT or isinstance(value, dict)
        for value in (clash.expected, clash.actual, clash.wanted)
    )
    if is_whole and clash.actual is ABSENT:
        said = f"{clash.path} is gone"
    elif is_whole and clash.expected is ABSENT:
        said = f"{clash.path} is there already"
    else:
        said = f"{clash.path} was {_shown(clash.expected)} and is {_shown(clash.actual)} now"
    if clash.test is not None:
        return f"{said} (op {clash.test}, test)"
    if is_whole:
        return said
    wish = "removes it" if clash.wanted is ABSENT else f"says {quoted(clash.wanted)}"
    return f"{said}; the patch {wish}"


def _shown(value: Any) -> str:
    return "nothing" if value is ABSENT else quoted(value)
