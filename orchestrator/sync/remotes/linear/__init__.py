"""Linear: a team's issues and projects, over its GraphQL API."""

from orchestrator.sync.remote import Remote, Tie, World
from orchestrator.sync.remotes.linear.client import open_http
from orchestrator.sync.remotes.linear.remote import Linear


def open_remote(tie: Tie, token: str, world: World) -> Remote:
    """Return the team of an integration; nothing is sent yet.

    Args:
        tie: The integration; its scope holds `team` and perhaps `minutes_per_point`.
        token: A personal API key, or the access token of an application.
        world: Clock, waiting, chance and progress.
    """
    return Linear(tie, open_http(tie, token, world))
