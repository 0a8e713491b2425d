"""What the rules share: the facts of a plan, and the way in which a problem is put."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from orchestrator.check.sieve import Suspects
from orchestrator.model.places import Kind
from orchestrator.model.problem import Problem, Severity
from orchestrator.model.snapshot import Snapshot

Fix = tuple[Mapping[str, Any], ...]

_ARROW = " → "


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known before the first rule runs.

    Attributes:
        snapshot: The plan.
        now: The moment that stamps are compared with.
        severity: Of each rule, as the settings have it.
        folders: Projects that tasks are in.
        parents: Parent by task, where the parent exists and is another task.
        lost: Tasks whose parent is not there or is the task itself.
        astray: Tasks whose parent is in another project.
        children: By parent, deleted ones too.
        levels: Tasks by depth: root tasks that have children, their children, and so on. Tasks in
            a parent cycle and below one are in none.
        dependencies: As the files say; only tasks that have any.
        deleted: Tasks that are deleted.
        settled: Tasks that nobody waits for: completed, cancelled, deleted, or of no known status.
        completed: Live tasks that are completed.
        begun: Live tasks that were begun, completed ones too, and have dependencies.
        suspects: The tasks that rules on single tasks must look at.
    """

    snapshot: Snapshot
    now: datetime
    severity: Mapping[str, Severity | Literal["off"]]
    folders: AbstractSet[str]
    parents: Mapping[str, str]
    lost: Sequence[str]
    astray: Sequence[str]
    children: Mapping[str, Sequence[str]]
    levels: Sequence[Sequence[str]]
    dependencies: Mapping[str, Sequence[str]]
    deleted: AbstractSet[str]
    settled: AbstractSet[str]
    completed: Sequence[str]
    begun: Sequence[str]
    suspects: Suspects


def found(  # noqa: PLR0913 - a problem has this many facts
    facts: Facts,
    code: str,
    entity: tuple[Kind, str],
    message: str,
    pointer: str = "",
    hint: str | None = None,
    *,
    fix: Fix = (),
) -> Problem:
    """Return a problem of one entity; one of a rule that is off is dropped by `check`."""
    kind, entity_id = entity
    return Problem(
        code,
        cast("Severity", facts.severity[code]),
        message,
        facts.snapshot.path_of(kind, entity_id),
        pointer,
        entity_id or None,
        hint,
        None,
        None,
        fix,
    )


def says(facts: Facts, entity: tuple[Kind, str], field: str) -> bool:
    """Return whether the entity's file has `field`, be its value right or wrong.

    A wrong value is left out of the document and has a problem of its own; that the field is
    missing would be a second and false one.
    """
    raw = facts.snapshot.raw.get(entity)
    return raw is not None and raw.get(field) is not None


def names(ids: Sequence[str], most: int = 3) -> str:
    """Return ids as people list them, with no punctuation right after one."""
    if len(ids) == 1:
        return ids[0]
    listed = sorted(ids)
    if len(listed) > most:
        return f"{' · '.join(listed[:most])} and {len(listed) - most} more"
    return f"{' · '.join(listed[:-1])} and {listed[-1]}"


def way(ids: Sequence[str], most: int = 200) -> str:
    """Return ids as steps of a way, its middle left out where it is very long."""
    if len(ids) <= most:
        return _ARROW.join(ids)
    half = most // 2
    left_out = f"({len(ids) - 2 * half} more)"
    return _ARROW.join([*ids[:half], left_out, *ids[-half:]])
