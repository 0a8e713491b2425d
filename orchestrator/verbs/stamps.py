"""The stamps that the tool fills in when a change asks for them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from orchestrator.check.lifecycle import stamps
from orchestrator.model.fields import STAMPS
from orchestrator.model.places import Kind
from orchestrator.model.pointer import split
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change
from orchestrator.patch.ops import Patch, PatchError


def stamped(kind: Kind, before: Document | None, after: Document, now: datetime) -> Document:
    """Return `after` with the stamps that its status asks for, where the status is what changed.

    A stamp that the change itself sets stays as it is; an entity whose status did not change is
    left alone, so that fixing a title never rewrites history.
    """
    if before is not None and before.get("status") == after.get("status"):
        return after
    result = dict(after)
    for name, value in stamps(kind, after, now).items():
        if name == "created_at" and before is not None:
            continue  # it was made at some other time, which only git knows
        if value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result


class AgentStampError(PatchError):
    """An agent's patch would set a stamp; the clock is the tool's.

    Attributes:
        index: Which op, from 0.
        field: The stamp.
    """

    def __init__(self, index: int, field: str) -> None:
        super().__init__(
            f"Op {index} sets {field}, which an agent may not: the tool stamps it.",
            "Leave it out; a status brings its stamps.",
        )
        self.index = index
        self.field = field


def refuse_agents_stamps(patch: Patch) -> None:
    """Refuse the patch of an agent that would set or take away a stamp itself.

    Raises:
        AgentStampError: It would.
    """
    if not (patch.author or "").startswith("agent:"):
        return
    for index, op in enumerate(patch.ops):
        if op["op"] == "test":
            continue
        pointers = (op["path"], op.get("from", "") if op["op"] == "move" else "")
        fields = {steps[2] for steps in map(split, pointers) if len(steps) > 2}  # noqa: PLR2004
        value = op.get("value")
        if isinstance(value, dict) and len(split(op["path"])) == 2:  # noqa: PLR2004 - a whole entity
            fields |= value.keys()
        if found := sorted(fields & STAMPS):
            raise AgentStampError(index, found[0])


def stamped_changes(
    changes: Iterable[Change], now: datetime, *, restores: bool = False
) -> Iterator[Change]:
    """Yield changes with their stamps: how a patch gets the times that it must not bring.

    What only puts back what was (`restores`) gets none: it would not be what was.
    """
    wanted = list(changes)
    sources = {(change.kind, change.id): change.before for change in wanted}
    for change in wanted:
        if change.after is None or restores:
            yield change
        else:
            # What is renamed is not new.
            before = change.before or sources.get((change.kind, change.origin or ""))
            after = stamped(change.kind, before, change.after, now)
            yield change._replace(after=after)
