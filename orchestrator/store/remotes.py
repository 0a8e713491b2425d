"""The repository's remotes, through GitPython: for people's commands, never inside hooks."""

import re

from orchestrator.store.repository import Repository

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


def remotes(repository: Repository) -> list[tuple[str, str]]:
    """Return (name, URL) of each remote; a password in a URL is left out."""
    from git import Repo

    with Repo(repository.top) as repo:
        return [(remote.name, _CREDENTIALS.sub("", remote.url)) for remote in repo.remotes]
