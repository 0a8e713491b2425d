"""Estimates, and logged time, which GitLab only takes as differences."""

from collections.abc import Mapping
from typing import Any

from orchestrator.sync.errors import InvalidError, RemoteError
from orchestrator.sync.remotes.gitlab import mapping
from orchestrator.sync.remotes.gitlab.client import Client


def estimate(client: Client, path: str, minutes: Any) -> None:
    """Set the estimate of the issue at a path; None takes it away."""
    if not minutes:
        client.post(f"{path}/reset_time_estimate", is_repeatable=True)
        return
    body = {"duration": f"{int(minutes)}m"}
    client.post(f"{path}/time_estimate", body, is_repeatable=True)


def spend(client: Client, path: str, before: int, minutes: Any) -> int:
    """Add what was spent since the issue was last read.

    Args:
        client: What speaks to GitLab.
        path: Of the issue.
        before: The seconds that it was last read with.
        minutes: That it is to have in all; None for none.

    Returns:
        The seconds that it would have if nobody else had logged time meanwhile: what they did is
        theirs, and the next listing has it.

    Raises:
        RemoteError: It was not added, or nobody knows.
    """
    more = int(minutes or 0) - before // 60
    after = before + 60 * more
    if more == 0:
        return before
    try:
        client.post(f"{path}/add_spent_time", {"duration": f"{more}m"})
    except InvalidError as error:
        raise InvalidError(error.message, error.hint, field="actual_minutes") from error
    except RemoteError as error:
        # It may have been added all the same, and must not be added twice.
        if not error.is_ambiguous or _spent(client, path) != after:
            raise
    return after


def _spent(client: Client, path: str) -> int:
    stats = client.get(f"{path}/time_stats")
    return mapping.seconds({"time_stats": stats} if isinstance(stats, Mapping) else {}, _TOTAL)


_TOTAL = "total_time_spent"
