"""The repository's remotes, through GitPython: for people's commands, never inside hooks."""

import re

from orchestrator.store.git import StoreError
from orchestrator.store.repository import Repository

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


def remotes(repository: Repository) -> list[tuple[str, str]]:
    """Return (name, URL) of each remote; a password in a URL is left out."""
    from git import GitError, Repo

    try:
        with Repo(repository.top) as repo:
            known = [(remote.name, list(remote.urls)) for remote in repo.remotes]
    except (GitError, OSError, ValueError) as error:
        said = str(error).strip().splitlines() or ["no reason given"]
        raise StoreError(
            f"The remotes cannot be read: {said[-1].strip()}.", "git remote -v"
        ) from error
    return [(name, _CREDENTIALS.sub("", url)) for name, urls in known for url in urls]
