"""Who pushes: whom the transport names, never the text of a commit."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from orchestrator.model.shape import Document

VARIABLES = (
    "ORCHESTRATOR_PUSHER",
    "GL_USERNAME",  # GitLab
    "GL_USER",  # gitolite
    "GITEA_PUSHER_NAME",  # Gitea, Forgejo
    "GITHUB_USER_LOGIN",  # GitHub Enterprise Server
    "REMOTE_USER",  # git http-backend behind a web server
)
"""Where servers say who has logged in; the first that is set counts."""


class Pusher(NamedTuple):
    """Who pushes.

    Attributes:
        name: As the server says, or None when it says nothing.
        user: The id of the user whom that is, or None.
        is_agent: Whether that is an agent.
        role: The user's.
        is_active: False for somebody who has left.
        email: The user's, in small letters, or `""`.
    """

    name: str | None
    user: str | None = None
    is_agent: bool = False
    role: str = "member"
    is_active: bool = True
    email: str = ""


def name_of(environment: Mapping[str, str]) -> str | None:
    """Return whom the server names, or None."""
    return next((environment[name] for name in VARIABLES if environment.get(name)), None)


def pusher_named(name: str | None, users: Iterable[tuple[str, Document]]) -> Pusher:
    """Return who goes by a name: a user's id, e-mail, or name in an integration.

    Where several do, or files differ about one, the one with the fewest rights counts.

    Args:
        name: As the server says.
        users: Ids and documents, of every branch that matters.
    """
    if name is None:
        return Pusher(None)
    wanted = name.casefold()
    found = [
        Pusher(
            name,
            user_id,
            user.get("kind") == "agent" or user.get("role") == "agent",
            str(user.get("role") or "member"),
            user.get("active") is not False,
            str(user.get("email") or "").casefold(),
        )
        for user_id, user in users
        if wanted in names_of(user_id, user)
    ]
    return min(found, key=_rights, default=Pusher(name))


def names_of(user_id: str, user: Document) -> set[str]:
    """Return the names that a user goes by, in small letters."""
    handles = user.get("handles")
    names = [user_id, user.get("email"), *(handles.values() if isinstance(handles, dict) else ())]
    return {str(name).casefold() for name in names if name}


def _rights(pusher: Pusher) -> tuple[bool, bool, bool]:
    return pusher.is_active, not pusher.is_agent, pusher.role != "viewer"
