"""What stops a run before anything is deleted: a side that is suddenly empty, or much smaller."""

from orchestrator.errors import OrchestratorError
from orchestrator.sync.action import Side

_FEW = 5
_SHARE = 10  # per cent


class DeletionGuardError(OrchestratorError):
    """So much would be deleted that a mistake is likelier than a wish."""


class EmptyListingError(DeletionGuardError):
    """The tracker shows nothing, and showed something at the last sync.

    Attributes:
        integration: Its name.
        linked: How many items are linked.
    """

    def __init__(self, integration: str, linked: int) -> None:
        super().__init__(
            f"{integration} shows no item at all, and {linked:,} of its items are linked here.",
            "Check the scope and the token's rights; if all of them are really deleted: "
            f"orchestrator sync {integration} --allow-deletions",
        )
        self.integration = integration
        self.linked = linked


class BulkDeletionError(DeletionGuardError):
    """More than a tenth of the linked items would be deleted on one side.

    Attributes:
        integration: Its name.
        side: Where they would be deleted.
        count: How many.
        linked: Of how many that are linked.
    """

    def __init__(self, integration: str, side: Side, count: int, linked: int) -> None:
        gone, where = ("there", "here") if side == "local" else ("here", f"in {integration}")
        super().__init__(
            f"{count:,} of {linked:,} linked items are gone {gone}, and would be deleted {where}.",
            f"orchestrator sync plan {integration} --allow-deletions shows them; "
            f"orchestrator sync {integration} --allow-deletions deletes them.",
        )
        self.integration = integration
        self.side = side
        self.count = count
        self.linked = linked


def refuse_many(integration: str, side: Side, count: int, linked: int) -> None:
    """Do nothing when so many deletions are no more than five, or a tenth.

    Raises:
        BulkDeletionError: They are more.
    """
    if count > max(_FEW, linked * _SHARE // 100):
        raise BulkDeletionError(integration, side, count, linked)
