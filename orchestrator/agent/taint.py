"""Whether a run read text that others wrote: then no proposal of it goes in without a person."""

from collections.abc import Iterable, Iterator
from typing import Any

from orchestrator.agent.context import is_from_outside
from orchestrator.agent.provider import Called, Event
from orchestrator.model.snapshot import Snapshot

_MOST_NAMED = 5
_DEEPEST = 8


class Taint:
    """What a run read that may be anybody's text.

    Attributes:
        sources: What, in words; empty when there was nothing.
    """

    def __init__(self, snapshot: Snapshot, *sources: str) -> None:
        self.sources = dict.fromkeys(source for source in sources if source)
        self._snapshot = snapshot

    def note(self, event: Event) -> None:
        """Look through a tool's call and answer for what a tracker knows as well."""
        if isinstance(event, Called):
            self.add(_ids([dict(event.arguments), dict(event.answer)], _DEEPEST))

    def add(self, ids: Iterable[str]) -> None:
        """Count what of these ids a tracker knows as well."""
        for entity_id in ids:
            tasks, projects = self._snapshot.tasks, self._snapshot.projects
            if is_from_outside(tasks.get(entity_id) or projects.get(entity_id) or {}):
                self.sources[entity_id] = None

    @property
    def said(self) -> str | None:
        """What was read, in few words; None when nothing was."""
        names = list(self.sources)
        if not names:
            return None
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        return ", ".join(names[:_MOST_NAMED]) + more


def _ids(value: Any, deeper: int) -> Iterator[str]:
    if deeper == 0:
        return
    match value:
        case dict():
            if isinstance(value.get("id"), str):
                yield value["id"]
            for item in value.values():
                yield from _ids(item, deeper - 1)
        case list():
            for item in value:
                yield from _ids(item, deeper - 1)
        case _:
            return
