"""Whom `me` means: the person at this machine, as a user of the plan."""

from orchestrator.model.snapshot import Snapshot
from orchestrator.store.git import GitMissingError
from orchestrator.store.identity import NoIdentityError
from orchestrator.store.workspace import Workspace
from orchestrator.view.people import user_with_email

VARIABLE = "ORCHESTRATOR_USER"


def me(workspace: Workspace, snapshot: Snapshot) -> str | None:
    """Return the user whom ORCHESTRATOR_USER names, or whose e-mail git has; None if nobody."""
    if chosen := workspace.environment.get(VARIABLE):
        return chosen
    try:
        if workspace.repository is None:
            return None
        return user_with_email(snapshot, workspace.author.email)
    except (GitMissingError, NoIdentityError):
        return None
