"""People of a plan: who somebody is."""

from orchestrator.model.snapshot import Snapshot


def user_with_email(snapshot: Snapshot, email: str) -> str | None:
    """Return the active user with an e-mail, in any case; of several the first by id."""
    wanted = email.casefold()
    found = sorted(
        (user.get("active") is False, user_id)
        for user_id, user in snapshot.users.items()
        if (user.get("email") or "").casefold() == wanted
    )
    return found[0][1] if found and wanted else None
