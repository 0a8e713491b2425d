"""Notion: the pages of one database are tasks, those of another one projects."""

from orchestrator.sync.remote import Remote, Tie, World
from orchestrator.sync.remotes.notion.remote import Notion


def open_remote(tie: Tie, token: str, world: World) -> Remote:
    """Return the databases of an integration; nothing is sent yet.

    Raises:
        InvalidError: When the settings say what cannot be.
    """
    return Notion(tie, token, world)
