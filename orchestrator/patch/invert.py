"""The patch that takes changes back: documents as they were, down to the order of nested keys."""

from collections.abc import Iterable, Iterator
from typing import Any

from orchestrator.model.pointer import join
from orchestrator.patch.apply import Change
from orchestrator.patch.diff import diff
from orchestrator.patch.ops import Operation, Patch
from orchestrator.patch.step import same


def invert(changes: Iterable[Change]) -> Patch:
    """Return the patch that leads from what `changes` made back to what was before them.

    An entity that was renamed is renamed back, so that its file keeps its text.
    """
    made = list(changes)
    gone = {(change.kind, change.id): change for change in made if change.after is None}
    renames: list[Operation] = []
    rest: list[Operation] = []
    back: list[Change] = []
    for change in made:
        source = gone.get((change.kind, change.origin or ""))
        if source is not None and change.before is None and change.after is not None:
            del gone[source.kind, source.id]
            pointer = join([source.kind, source.id])
            renames.append({"op": "move", "from": join([change.kind, change.id]), "path": pointer})
            renames += _ops(pointer, {**change.after, "id": source.id}, source.before)
        elif change.before is not None and change.after is not None:
            is_settings = change.kind == "settings"
            pointer = "/settings" if is_settings else join([change.kind, change.id])
            rest += _ops(pointer, change.after, change.before)
        elif change.after is not None:
            back.append(change._replace(before=change.after, after=None))
    back += [change._replace(before=None, after=change.before) for change in gone.values()]
    return Patch((*renames, *rest, *diff(back)), restores=True)


def _ops(pointer: str, now: Any, wanted: Any) -> Iterator[Operation]:
    """Yield the ops that turn `now` into `wanted`; where keys would change places, as a whole."""
    for key in now:
        if key not in wanted:
            yield {"op": "remove", "path": pointer + join([key])}
    for key, value in wanted.items():
        at = pointer + join([key])
        if key not in now:
            yield {"op": "add", "path": at, "value": value}
        elif isinstance(value, dict) and isinstance(now[key], dict) and _in_place(now[key], value):
            yield from _ops(at, now[key], value)
        elif not same(now[key], value):
            yield {"op": "replace", "path": at, "value": value}


def _in_place(now: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Return whether keys that are added behind the others end up where they were."""
    kept = [key for key in now if key in wanted]
    return [*kept, *(key for key in wanted if key not in now)] == list(wanted)
