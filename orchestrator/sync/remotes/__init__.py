"""The trackers, each in a folder: `client` speaks HTTP, `mapping` is pure."""

from importlib import import_module
from typing import cast

from orchestrator.sync.remote import Remote, Tie, World

KINDS = ("linear", "gitlab", "notion", "motion", "github")


def open_remote(tie: Tie, token: str, world: World) -> Remote:
    """Return the tracker of an integration; nothing is sent before its `with` block asks.

    Args:
        tie: The integration; its kind is one of `KINDS`.
        token: The secret itself.
        world: Clock, waiting, chance and progress.
    """
    module = import_module(f"orchestrator.sync.remotes.{tie.kind}")
    return cast("Remote", module.open_remote(tie, token, world))
