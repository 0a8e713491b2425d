"""References between items: ids here, keys there, and what of them both sides can speak of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestrator.sync.item import REFERENCES, Foreign, Kind
from orchestrator.sync.reconcile.links import Key
from orchestrator.sync.reconcile.sides import Name


@dataclass(frozen=True, slots=True)
class Frame:
    """What references can be understood on both sides.

    An item that is gone over there is no part of any reference: that a tracker drops what pointed
    to it says nothing about what people want. One that is made anew counts as not referred to
    yet, so that what pointed to it is written again.

    Attributes:
        ids: Our id by kind and key.
        linked: Items of ours that are over there, or will be after this run.
        anew: Those among them that are made once more.
    """

    ids: Mapping[Key, str]
    linked: frozenset[Name]
    anew: frozenset[Name]

    def see(self, name: str, value: Any) -> Any:
        """Return a reference of ours as the tracker can hold it; `Foreign` where it cannot."""
        kind: Kind = "projects" if name == "project" else "tasks"
        if name in _SETS:
            known = (each for each in value or () if (kind, each) in self.linked)
            return tuple(sorted(set(known))) or None
        if value is None or isinstance(value, Foreign) or (kind, value) in self.linked:
            return value
        return Foreign(str(value))

    def here(self, name: str, value: Any) -> Any:
        """Return what the base has here, without what has to be written again."""
        kind: Kind = "projects" if name == "project" else "tasks"
        if name in _SETS:
            return [each for each in value or () if (kind, each) not in self.anew]
        return None if (kind, value) in self.anew else value

    def there(self, name: str, value: Any) -> Any:
        """Return keys over there as ids: of a set those that are known, else `Foreign`."""
        kind: Kind = "projects" if name == "project" else "tasks"
        if name in _SETS:
            return sorted(self._known(kind, value or ()))
        if value is None or isinstance(value, Foreign):
            return value
        if (kind, value) not in self.ids:
            return Foreign(str(value))
        return next(iter(self._known(kind, [value])), None)

    def _known(self, kind: Kind, keys: Iterable[str]) -> set[str]:
        found = {self.ids[kind, key] for key in keys if (kind, key) in self.ids}
        return {
            each for each in found if (kind, each) not in self.anew and (kind, each) in self.linked
        }


_SETS = frozenset(name for name in REFERENCES if name == "dependencies")
