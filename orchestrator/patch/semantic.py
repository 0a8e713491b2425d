"""What changes, entity by entity and field by field, as values that every front end can show."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal, NamedTuple

from orchestrator.model.places import Kind
from orchestrator.model.pointer import split
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change
from orchestrator.patch.describe import renames_as_one
from orchestrator.patch.diff import value_ops
from orchestrator.patch.step import same

Deed = Literal["added", "removed", "renamed", "moved", "deleted", "restored", "changed"]
DEEDS: tuple[Deed, ...] = (
    "added", "changed", "moved", "renamed", "deleted", "restored", "removed"
)  # fmt: skip

_CONTEXT = 1
_MOST_WORK = 4_000_000
"""Lines of one side times lines of the other; beyond it, matching would take seconds."""


class FieldDiff(NamedTuple):
    """One field, old → new.

    Attributes:
        field: Name, dotted inside mappings: `tests.unit`.
        before: What it was; None for nothing.
        after: What it is; None for nothing.
        added: Of a list, the elements that are new.
        removed: Of a list, the elements that are gone.
        lines: Of a text of several lines: each with `+`, `-` or a space before it, and `…` where
            lines that stay are left out.
    """

    field: str
    before: Any
    after: Any
    added: tuple[Any, ...] = ()
    removed: tuple[Any, ...] = ()
    lines: tuple[str, ...] = ()


class EntityDiff(NamedTuple):
    """One entity, and what happens to it.

    Attributes:
        kind: The member of the virtual document.
        id: The entity; `""` for the settings.
        title: Its title or name; `""` when it has none.
        deed: What happens to it.
        origin: The id that it had before, when it is renamed.
        fields: What changes; of an entity that is added, all that it says but id and title.
    """

    kind: Kind
    id: str
    title: str
    deed: Deed
    origin: str | None
    fields: tuple[FieldDiff, ...]

    @property
    def name(self) -> str:
        """How people call it: the id, `project pay`, `the settings`."""
        match self.kind:
            case "settings":
                return "the settings"
            case "tasks":
                return self.id
            case "projects" | "users":
                return f"{self.kind.removesuffix('s')} {self.id}"


def semantic_diff(changes: Sequence[Change]) -> tuple[EntityDiff, ...]:
    """Return changes by entity and field: the new ones first, then what changes, then what goes."""
    found = [_entity(change) for change in renames_as_one(changes)]
    return tuple(sorted(found, key=lambda entity: DEEDS.index(entity.deed)))


def counts(entities: Iterable[EntityDiff]) -> str:
    """Return `2 tasks added, 1 task changed, 1 project removed`; `no changes` for none."""
    found: dict[tuple[Deed, Kind], int] = {}
    for entity in entities:
        found[entity.deed, entity.kind] = found.get((entity.deed, entity.kind), 0) + 1
    parts = []
    for (deed, kind), count in found.items():
        noun = kind if count > 1 else kind.removesuffix("s")
        parts.append(f"settings {deed}" if kind == "settings" else f"{count:,} {noun} {deed}")
    return ", ".join(parts) or "no changes"


def _entity(change: Change) -> EntityDiff:
    kind, entity_id, before, after, origin = change
    document = after or before or {}
    title = document.get("title") or document.get("name") or ""
    is_new = before is None
    hidden = {"id", "title", "name"} if is_new and kind != "settings" else {"id"}
    fields = () if after is None else tuple(_fields(before or {}, after, hidden))
    return EntityDiff(kind, entity_id, str(title), _deed(change), origin, fields)


def _deed(change: Change) -> Deed:
    _, _, before, after, origin = change
    if before is None:
        return "added"
    if after is None:
        return "removed"
    if origin is not None:
        return "renamed"
    was, is_gone = (side.get("deleted_at") is not None for side in (before, after))
    if was != is_gone:
        return "deleted" if is_gone else "restored"
    return "moved" if before.get("project") != after.get("project") else "changed"


def _fields(before: Document, after: Document, hidden: set[str]) -> Iterator[FieldDiff]:
    for op in value_ops("", before, after):
        steps = split(str(op["path"]))
        if steps[0] not in hidden:
            yield from _leaves(".".join(steps), _at(before, steps), _at(after, steps))


def _leaves(name: str, before: Any, after: Any) -> Iterator[FieldDiff]:
    """Yield a field, or of a mapping that comes or goes as a whole each of its keys."""
    mapping = before if after is None else after if before is None else None
    if isinstance(mapping, dict) and mapping:
        for key, value in mapping.items():
            sides = (None, value) if before is None else (value, None)
            yield from _leaves(f"{name}.{key}", *sides)
    else:
        yield _field(name, before, after)


def _at(value: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _field(name: str, before: Any, after: Any) -> FieldDiff:
    sides = (before, after)
    if all(side is None or isinstance(side, list) for side in sides):
        old, new = before or [], after or []
        added = tuple(item for item in new if not _has(old, item))
        removed = tuple(item for item in old if not _has(new, item))
        return FieldDiff(name, before, after, added, removed)
    if all(side is None or isinstance(side, str) for side in sides) and any(
        "\n" in (side or "") for side in sides
    ):
        lines = _lines((before or "").splitlines(), (after or "").splitlines())
        return FieldDiff(name, before, after, lines=tuple(lines))
    return FieldDiff(name, before, after)


def _has(items: Sequence[Any], wanted: Any) -> bool:
    return any(same(item, wanted) for item in items)


def _lines(before: list[str], after: list[str]) -> Iterator[str]:
    if len(before) * len(after) > _MOST_WORK:
        yield from (f"-{line}" for line in before)
        yield from (f"+{line}" for line in after)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(_CONTEXT)):
        if number:
            yield "…"
        for tag, start, end, new_start, new_end in group:
            if tag == "equal":
                yield from (f" {line}" for line in before[start:end])
                continue
            yield from (f"-{line}" for line in before[start:end])
            yield from (f"+{line}" for line in after[new_start:new_end])
