"""What became of an action of a plan over there."""

from typing import NamedTuple

from orchestrator.sync.action import Action
from orchestrator.sync.item import Item


class Done(NamedTuple):
    """What became of an action.

    Attributes:
        action: As planned; only actions that succeeded, over there, are reported.
        item: As the tracker returned it after the last write to it; None when nothing was sent.
        sent: The names of the fields that were sent and answered, in whatever request: of a
            create those of its `Wanted`, without what `rest` still asks for.
    """

    action: Action
    item: Item | None = None
    sent: frozenset[str] = frozenset()
