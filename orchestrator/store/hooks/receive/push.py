"""A push that has arrived, and what the branches that it is for say about rights."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from orchestrator.model.shape import Document
from orchestrator.store.git import Git
from orchestrator.store.hooks.receive.arrivals import RefUpdate
from orchestrator.store.hooks.receive.standing import Standing


@dataclass(frozen=True)
class Push:
    """A push that has arrived and is not taken yet.

    Attributes:
        git: In the hook, which alone sees the new objects.
        updates: The refs.
        main: The default branch, in full; the ref that HEAD is.
        trusted: What the default branch says, as it was before.
        targets: The same of the branches that are pushed to.
    """

    git: Git
    updates: Sequence[RefUpdate]
    main: str
    trusted: Standing
    targets: Mapping[str, Standing] = field(default_factory=dict)

    def said(self, update: RefUpdate, key: str) -> list[object]:
        """Return what the policies that hold for a ref have under a key."""
        target = self.targets.get(update.name)
        return [*self.trusted.said(key), *(target.said(key) if target else ())]

    def users(self) -> Iterator[tuple[str, Document]]:
        """Yield every user of every branch that matters, with their id."""
        for standing in (self.trusted, *self.targets.values()):
            yield from standing.users()
