"""GitHub Issues, on github.com and on servers of companies."""

from orchestrator.sync.remote import Remote, Tie, World
from orchestrator.sync.remotes.github.remote import Github


def open_remote(tie: Tie, token: str, world: World) -> Remote:
    """Return the repository of an integration; nothing is sent yet.

    Raises:
        InvalidError: When the settings say what cannot be.
    """
    return Github(tie, token, world)
