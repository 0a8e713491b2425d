"""Whom git would name in a commit."""

import re
from dataclasses import dataclass

from orchestrator.store.git import StoreError
from orchestrator.store.repository import Repository

_IDENTITY = re.compile(r"(.*) <(.*)> \d+ [+-]\d{4}")


class NoIdentityError(StoreError):
    """Git knows no name and e-mail for commits."""


@dataclass(frozen=True, slots=True)
class Author:
    """Whose name a commit carries."""

    name: str
    email: str


def author_of(repository: Repository) -> Author:
    """Return whom git would name as the author of a commit.

    Raises:
        NoIdentityError: Git knows no name.
    """
    return _person(repository, "GIT_AUTHOR_IDENT")


def committer_of(repository: Repository) -> Author:
    """Return whom git would name as the one who made a commit.

    Raises:
        NoIdentityError: Git knows no name.
    """
    return _person(repository, "GIT_COMMITTER_IDENT")


def _person(repository: Repository, variable: str) -> Author:
    code, out, _ = repository.git.finish("var", variable)
    found = _IDENTITY.match(out.decode("utf-8", "replace"))
    if code or found is None:
        raise NoIdentityError(
            "Git does not know who you are.",
            'git config user.name "Your Name" and git config user.email you@example.com',
        )
    return Author(found[1], found[2])
