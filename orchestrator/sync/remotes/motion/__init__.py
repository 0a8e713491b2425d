"""Motion: the tasks and projects of one workspace."""

from orchestrator.sync.remote import Remote, Tie, World
from orchestrator.sync.remotes.motion.remote import Motion


def open_remote(tie: Tie, token: str, world: World) -> Remote:
    """Return the workspace of an integration; nothing is sent yet.

    Raises:
        InvalidError: When the settings say what cannot be.
    """
    return Motion(tie, token, world)
