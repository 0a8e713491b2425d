"""The trackers, each in a folder: `client` speaks HTTP, `mapping` is pure."""

from importlib import import_module
from typing import cast

from orchestrator.sync.remote import Remote, Tie, World

KINDS = ("linear", "gitlab", "notion", "motion", "github")

STAYS_LOCAL = {
    "linear": "Start dates, logged time and test requirements stay local.",
    "gitlab": "Test requirements stay local, and dependencies where the plan has no blocking ones.",
    "notion": "Test requirements stay local, and what the database has no column for.",
    "motion": "Parents, dependencies, logged time and test requirements stay local.",
    "github": "Estimates, logged time and test requirements stay local, and dates outside of "
    "organisations with issue fields.",
}
"""What a tracker cannot hold, for people, before it was asked; `Capabilities.notes` knows more."""


def open_remote(tie: Tie, token: str, world: World) -> Remote:
    """Return the tracker of an integration; nothing is sent before its `with` block asks.

    Args:
        tie: The integration; its kind is one of `KINDS`.
        token: The secret itself.
        world: Clock, waiting, chance and progress.
    """
    module = import_module(f"orchestrator.sync.remotes.{tie.kind}")
    return cast("Remote", module.open_remote(tie, token, world))
