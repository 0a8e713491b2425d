"""What can go wrong between us and a tracker: one class for each thing that callers tell apart."""

from orchestrator.errors import OrchestratorError


class RemoteError(OrchestratorError):
    """A tracker does not do what it was asked for.

    Attributes:
        is_ambiguous: Whether a write may have happened all the same: the request may have arrived
            though no answer came back. Such a write is looked for before it is sent again.
    """

    def __init__(
        self, message: str, hint: str | None = None, *, is_ambiguous: bool = False
    ) -> None:
        super().__init__(message, hint)
        self.is_ambiguous = is_ambiguous


class AuthError(RemoteError):
    """The token is wrong, expired or revoked: nothing else can be done in this run."""


class ForbiddenError(RemoteError):
    """The token is good, and its owner may not do that."""


class PlanLimitError(RemoteError):
    """The account's plan allows no more of it: no further creates in this run."""


class NotFoundError(RemoteError):
    """There is no such item, team, project or table, or the token may not see it."""


class GoneError(NotFoundError):
    """The vendor says that the item was there and is deleted."""


class InvalidError(RemoteError):
    """The tracker refuses a value.

    Attributes:
        field: Which of ours, where that can be told.
    """

    def __init__(self, message: str, hint: str | None = None, *, field: str | None = None) -> None:
        super().__init__(message, hint)
        self.field = field


class ClashError(RemoteError):
    """The item was changed or made by somebody else in the same moment."""


class LimitedError(RemoteError):
    """The tracker wants to be asked less often, and waiting longer is not worth it.

    Attributes:
        retry_after: Seconds to wait, or None when it does not say.
    """

    def __init__(
        self, message: str, hint: str | None = None, *, retry_after: float | None = None
    ) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after


class ServerError(RemoteError):
    """The tracker failed (HTTP 5xx)."""


class UnreachableError(RemoteError):
    """No connection, no certificate that holds, or no answer in time."""


class DriftError(RemoteError):
    """The tracker answers with something that its documentation does not know."""
