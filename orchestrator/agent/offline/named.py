"""What words of an outline or a command mean: a person, a task."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from orchestrator.agent.offline.inline import folded
from orchestrator.agent.offline.outline import Item
from orchestrator.model.snapshot import Snapshot

_BETWEEN = re.compile(r"\s*[,;]\s*")
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)


def person(snapshot: Snapshot, name: str) -> str | None:
    """Return the id of the active user whom a name means, or None; it never makes one up.

    A name is an id, a whole name or one word of it, in any case, and of one user only.
    """
    wanted = name.casefold().strip().lstrip("@")
    active = {key: user for key, user in snapshot.users.items() if user.get("active") is not False}
    if wanted in active:
        return wanted
    words = folded(wanted)
    found = [
        key
        for key, user in active.items()
        if words and (full := folded(str(user.get("name", ""))))
        and (words == full or words in full.split())
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


class Meant(NamedTuple):
    """What a name in `after:` means.

    Attributes:
        items: Indexes of items.
        ids: Of tasks of the plan.
        unknown: What means nothing, or too much, a sentence's worth each.
    """

    items: tuple[int, ...]
    ids: tuple[str, ...]
    unknown: tuple[str, ...]


class Names:
    """The items of an outline, and the tasks of the plan, by what they are called."""

    def __init__(self, items: Sequence[Item], tasks: Iterable[str]) -> None:
        self._items = items
        self._tasks = {task_id.casefold(): task_id for task_id in tasks}
        self._by_title = _grouped((folded(item.title), at) for at, item in enumerate(items))
        self._by_beginning = _grouped(
            (beginning, at)
            for at, item in enumerate(items)
            for beginning in _beginnings(folded(item.title))
        )
        self._by_number = _grouped(
            (item.number.casefold(), at) for at, item in enumerate(items) if item.number
        )

    def meant(self, text: str, at: int) -> Meant:
        """Return what the text behind `after:` of the item at an index means."""
        items: list[int] = []
        ids: list[str] = []
        unknown = []
        for part in self._parts(text, at):
            found = self._one(part, at)
            if len(found) == 1 and isinstance(found[0], str):
                ids.append(found[0])
            elif len(found) == 1 and isinstance(found[0], int):
                items.append(found[0])
            elif found:
                listed = " or ".join(self._shown(item) for item in found[:3])
                unknown.append(f"{part[:60]!r} could be {listed}")
            else:
                unknown.append(f"{part[:60]!r} names nothing here")
        return Meant(tuple(items), tuple(ids), tuple(unknown))

    def _parts(self, text: str, at: int) -> list[str]:
        """Return the names in a text; one that is a title with a comma in it stays whole."""
        if self._one(text, at):
            return [text]
        found: list[str] = []
        for part in _BETWEEN.split(text):
            names = [part] if self._one(part, at) else _AND.split(part)
            found += [name.strip() for name in names if name.strip()]
        return found

    def _one(self, text: str, at: int) -> list[int | str]:
        name = text.strip().strip("\"'`").lstrip("#")
        if task_id := self._tasks.get(name.casefold()):
            return [task_id]
        numbered = self._by_number.get(name.casefold(), [])
        if near := [item for item in numbered if self._is_sibling(item, at)] or numbered:
            return [item for item in near if item != at]
        key = folded(name)
        if key in self._by_title:
            found = [item for item in self._by_title[key] if item != at]
            siblings = [item for item in found if self._is_sibling(item, at)]
            return list(siblings if len(siblings) == 1 else found)
        return [item for item in self._by_beginning.get(key, ()) if item != at]

    def _is_sibling(self, one: int, other: int) -> bool:
        return one != other and self._items[one].parent == self._items[other].parent

    def _shown(self, found: int | str) -> str:
        if isinstance(found, str):
            return found
        item = self._items[found]
        return f"{item.title[:60]!r} of line {item.line}"


def _beginnings(title: str) -> Iterator[str]:
    """Yield the first word of a title, the first two, and so on, but not all."""
    for at, char in enumerate(title):
        if char == " ":
            yield title[:at]


def _grouped(pairs: Iterable[tuple[str, int]]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key, at in pairs:
        found.setdefault(key, []).append(at)
    return found
