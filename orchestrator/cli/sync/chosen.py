"""What `sync init` finds out or asks beyond the scope: projects, states and people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from orchestrator.cli.sync.ask import Asker
from orchestrator.model.snapshot import Snapshot

if TYPE_CHECKING:
    from orchestrator.sync.remote import Choice

STATUSES = ("todo", "in_progress", "blocked", "in_review", "completed", "cancelled")
_MOST_ASKED = 30


def projects_of(snapshot: Snapshot, given: Sequence[str], asker: Asker) -> list[str]:
    """Return which projects are to be mirrored; none stands for all of them."""
    live = sorted(key for key, each in snapshot.projects.items() if not each.get("deleted_at"))
    if given or not asker.may_ask or len(live) < 2:  # noqa: PLR2004 - nothing to choose between
        return list(given)
    return asker.several("Which projects", live)


def lost_statuses(given: Mapping[str, str], states: "Sequence[Choice]") -> list[str]:
    """Return the statuses of ours that no state over there stands for."""
    known = {state.means for state in states} | given.keys()
    return [status for status in STATUSES if status not in known] if states else []


def statuses_of(
    given: Mapping[str, str], states: "Sequence[Choice]", asker: Asker
) -> dict[str, str]:
    """Return status → state: as given, and as answered for those that no state stands for."""
    found = dict(given)
    for status in lost_statuses(given, states):
        free = [
            state for state in states if state.means is None and state.value not in found.values()
        ]
        if asker.may_ask and free:
            chosen = asker.pick_or_none(f"state for {status}", free)
            found |= {status: chosen} if chosen else {}
    return found


def accounts_of(
    snapshot: Snapshot, given: Mapping[str, str], accounts: "Sequence[Choice]", asker: Asker
) -> dict[str, str]:
    """Return user → account: as given, by name where no address tells, and as answered."""
    found = dict(given)
    free = [each for each in accounts if each.value not in found.values()]
    waiting = []
    for user_id, user in _people(snapshot):
        if user_id in found or _by_address(user, accounts):
            continue
        names = {user_id.casefold(), str(user.get("name") or "").casefold()}
        alike = [each for each in free if {each.value.casefold(), each.title.casefold()} & names]
        if len(alike) == 1:
            found[user_id] = alike[0].value
            free.remove(alike[0])
        else:
            waiting.append(user_id)
    for user_id in waiting[:_MOST_ASKED]:
        if asker.may_ask and free:
            chosen = asker.pick_or_none(f"account of {user_id}", free)
            if chosen:
                found[user_id] = chosen
                free = [each for each in free if each.value != chosen]
    return found


def _people(snapshot: Snapshot) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for user_id, user in sorted(snapshot.users.items()):
        if user.get("kind") != "agent" and user.get("active") is not False:
            yield user_id, user


def _by_address(user: Mapping[str, Any], accounts: "Sequence[Choice]") -> bool:
    email = str(user.get("email") or "").casefold()
    return bool(email) and any((each.means or "").casefold() == email for each in accounts)
