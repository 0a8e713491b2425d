"""Issues of GitLab, on gitlab.com and on servers of companies."""

from orchestrator.sync.remote import Remote, Tie, World
from orchestrator.sync.remotes.gitlab.remote import Gitlab


def open_remote(tie: Tie, token: str, world: World) -> Remote:
    """Return the project of an integration; nothing is sent yet.

    Raises:
        InvalidError: When the settings say what cannot be.
    """
    return Gitlab(tie, token, world)
