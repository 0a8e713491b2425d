"""A commit that no ref leads to yet, made by one `git fast-import` at a cost that does not grow."""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime

from orchestrator.store.git import Git, GitFailedError, Oid, StoreError

_IS_COLLECTED = "unable to create temporary file: No such file or directory"
_NOWHERE = "refs/orchestrator/unborn"
"""What fast-import calls a commit while it makes it; the ref never comes to be."""


class CollectedError(StoreError):
    """A `git gc` that runs removed a folder of objects just as git was to write in it."""

    def __init__(self) -> None:
        super().__init__("git gc runs, and took a folder away while git wrote.", "Try again.")


def import_commit(
    git: Git,
    parents: Sequence[Oid],
    files: Iterable[tuple[str, bytes | None]],
    message: str,
    people: tuple[str, str],
) -> Oid:
    """Return a new commit: the tree of its first parent, with these files changed.

    Args:
        git: Where.
        parents: None for a first commit, whose tree starts empty.
        files: Path from the top and bytes; None removes the file.
        message: Subject, body and trailers.
        people: Author and committer, as `ident` writes them.

    Raises:
        CollectedError: A gc was in the way.
        GitFailedError: Git refuses.
    """
    author, committer = people
    text = message.encode("utf-8", "replace")
    parts = [
        f"commit {_NOWHERE}\nmark :1\nauthor {author}\ncommitter {committer}\n".encode(),
        f"data {len(text)}\n".encode() + text + b"\n",
    ]
    for word, parent in zip(("from", *["merge"] * len(parents)), parents, strict=False):
        parts.append(f"{word} {parent}\n".encode())
    for path, data in files:
        if data is None:
            parts.append(b"D " + _quoted(path) + b"\n")
        else:
            parts.append(b"M 100644 inline " + _quoted(path) + b"\ndata %d\n" % len(data))
            parts.append(data + b"\n")
    nothing = "0" * len(parents[0] if parents else git.empty_tree())
    parts.append(f"\nget-mark :1\nreset {_NOWHERE}\nfrom {nothing}\n\ndone\n".encode())
    code, out, said = git.finish(
        "fast-import", "--quiet", "--done", "--date-format=raw", "--cat-blob-fd=1",
        stdin=b"".join(parts),
    )  # fmt: skip
    if _IS_COLLECTED in said:
        raise CollectedError
    if code:
        raise GitFailedError(("fast-import",), said, code)
    return Oid(out.decode().split()[0])


def ident(name: str, email: str, now: datetime) -> str:
    """Return a person and a moment as git writes them."""
    return f"{bare(name)} <{bare(email)}> {raw_date(now)}"


def raw_date(now: datetime) -> str:
    """Return a moment as git writes it: seconds and offset."""
    return f"{int(now.timestamp())} {now.strftime('%z') or '+0000'}"


def bare(text: str) -> str:
    """Return a name or an address without what would end it in a commit."""
    return "".join(char for char in text if char not in "<>\n\r\0").strip() or "nobody"


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return b'"' + os.fsencode(escaped) + b'"'
