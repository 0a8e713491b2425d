"""Which items earlier creates have made, by the marks that were seen in this run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.sync.item import Kind
from orchestrator.sync.remotes.gitlab import marks, rows

# Issues that are older than a known one, in a row, before a search from the newest on ends.
_ENOUGH = 20


@dataclass
class Made:
    """What is known about marks.

    Attributes:
        keys: By kind and token.
        known_to: The number of the newest issue up to which every mark was seen.
        is_sure: Whether a token that is not here was used by no create before this run.
    """

    keys: dict[tuple[Kind, str], str] = field(default_factory=dict)
    known_to: int = 0
    is_sure: bool = False

    def key(self, kind: Kind, token: str) -> str | None:
        """Return the key of the item that was made with a token."""
        return self.keys.get((kind, token.lower()))

    def note(self, kind: Kind, key: str, mark: marks.Mark | None) -> None:
        """Remember the mark of an item."""
        if mark is None:
            return
        if mark.is_deleted:
            self.keys.pop((kind, mark.token), None)
        else:
            self.keys[kind, mark.token] = key

    def listed(self, newest: int) -> None:
        """Say that everything up to an issue was seen; 0 when it was what changed of late."""
        self.known_to = max(self.known_to, newest)
        self.is_sure = True

    def search(self, issues: Iterable[Mapping[str, Any]], token: str) -> None:
        """Look for a token in issues that come newest first, as far as is needed."""
        newest, old = self.known_to, 0
        for row in issues:
            number = row["iid"]
            newest = max(newest, number)
            self.note("tasks", str(number), marks.read(rows.text(row, "description"))[1])
            old = old + 1 if number <= self.known_to else 0
            if self.key("tasks", token):
                return
            if old >= _ENOUGH:
                break
        self.listed(newest)
