"""What proposals are called: author and slug, and the branch that they are."""

import re
import unicodedata
from typing import NamedTuple

from orchestrator.model.ids import is_user_id
from orchestrator.store.commit import BranchError, branch_ref

FOLDER = "agent/"
_LONGEST_AUTHOR = 39
_LONGEST_SLUG = 48


class Name(NamedTuple):
    """A proposal's name.

    Attributes:
        author: Who proposes it: an agent's or a person's id.
        slug: What tells it from the others of that author.
    """

    author: str
    slug: str

    @property
    def id(self) -> str:
        """Return `planner/split-capture`."""
        return f"{self.author}/{self.slug}"

    @property
    def branch(self) -> str:
        """Return `agent/planner/split-capture`."""
        return f"{FOLDER}{self.id}"


def slug_of(text: str) -> str:
    """Return a text as a part of a branch's name: small letters, digits and single dashes."""
    words = _words(text, _LONGEST_SLUG + 1)
    if len(words) > _LONGEST_SLUG:
        words = words[:_LONGEST_SLUG].rpartition("-")[0] or words[:_LONGEST_SLUG]
    return words or "change"


def author_slug(author: str) -> str:
    """Return `planner` for `agent:planner`, and a person's name as a part of a branch's name."""
    name = author.removeprefix("agent:")
    return name if is_user_id(name) else _words(name, _LONGEST_AUTHOR) or "somebody"


def name_of_branch(branch: str) -> Name | None:
    """Return the name of the proposal that a branch is, or None."""
    author, separator, slug = branch.removeprefix(FOLDER).partition("/")
    if not branch.startswith(FOLDER) or not separator or not slug or not author:
        return None
    return Name(author, slug)


def chosen_name(text: str, author: str) -> Name:
    """Return the name that a person chose: `slug`, `author/slug` or `agent/author/slug`.

    Raises:
        BranchError: It is none, or it is somebody else's.
    """
    name = name_of_branch(text) or name_of_branch(f"{FOLDER}{text}") or Name(author, text)
    branch_ref(name.branch)
    if name.author != author:
        raise BranchError(
            f"{name.branch} is not a branch of {author} .",
            f"Proposals of {author} are branches agent/{author}/… .",
        )
    return name


def _words(text: str, most: int) -> str:
    plain = unicodedata.normalize("NFKD", text[:500]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:most].strip("-")
