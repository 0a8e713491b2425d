"""Trees and commits without a work tree, and the refs that lead to them."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from orchestrator.store.commit import BranchError
from orchestrator.store.git import Git, GitFailedError, Oid
from orchestrator.store.git_locks import git_writing
from orchestrator.store.identity import Author
from orchestrator.store.proposals.delta import Version
from orchestrator.store.repository import Repository


class Entry(NamedTuple):
    """What a path of the repository is to hold.

    Attributes:
        path: Relative to the repository's top.
        content: A version that git has, new bytes, or None to remove it.
    """

    path: str
    content: Version | bytes | None


def write_tree(repository: Repository, start: Oid, entries: Iterable[Entry]) -> Oid:
    """Return a tree like `start` in which `entries` hold."""
    wanted = list(entries)
    if not wanted:
        return start
    with tempfile.TemporaryDirectory() as folder:
        fresh = [entry.content for entry in wanted if isinstance(entry.content, bytes)]
        oids = iter(_write_blobs(repository.git, Path(folder), fresh))
        git = replace(
            repository.git,
            environment={**repository.git.environment, "GIT_INDEX_FILE": f"{folder}/index"},
        )
        git.run("read-tree", start)
        gone = "0" * len(start)
        lines = []
        for path, content in wanted:
            mode, oid = "0", gone
            if isinstance(content, bytes):
                mode, oid = "100644", next(oids)
            elif content is not None:
                mode, oid = content
            # Removals come first: a file may be where a folder was.
            lines.append((mode != "0", f"{mode} {oid}\t".encode() + os.fsencode(path)))
        stdin = b"".join(line + b"\0" for _, line in sorted(lines))
        git.run("update-index", "-z", "--index-info", stdin=stdin)
        return Oid(git.run("write-tree").decode().strip())


def write_merge(
    repository: Repository,
    tree: Oid,
    parents: Sequence[Oid],
    message: str,
    author: Author,
    now: datetime,
) -> Oid:
    """Return a new commit that no ref leads to yet; signed where git is set up to sign."""
    git = repository.git
    stamp = f"{int(now.timestamp())} {now.strftime('%z') or '+0000'}"
    names = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", author.name), ("EMAIL", author.email), ("DATE", stamp))
    }
    code, out, _ = git.finish("config", "--type=bool", "--get", "commit.gpgSign")
    sign = ["-S"] if code == 0 and out.strip() == b"true" else []
    arguments = [word for parent in parents for word in ("-p", parent)]
    signing = replace(git, environment={**git.environment, **names})
    made = signing.run("commit-tree", tree, *arguments, *sign, "-F", "-", stdin=message.encode())
    return Oid(made.decode().strip())


def move_ref(repository: Repository, ref: str, new: Oid | None, old: Oid | None, why: str) -> None:
    """Let a ref lead to `new`, or remove it, if it still leads to `old`; None is for no ref.

    Raises:
        BranchError: It leads somewhere else by now.
    """
    gone = "0" * len(new or old or "")
    arguments = ("-d", ref, old or gone) if new is None else (ref, new, old or gone)
    with git_writing(repository):
        code, _, said = repository.git.finish(
            "update-ref", "-m", f"orchestrator: {why}", "--no-deref", *arguments
        )
        if code < 0:  # a signal
            raise GitFailedError(("update-ref",), said, code)
    if code and ("but expected" in said or "reference already exists" in said):
        raise BranchError(f"{ref} moved while the command ran.", "Try again.")
    if code:
        raise GitFailedError(("update-ref",), said, code)


def _write_blobs(git: Git, folder: Path, contents: Sequence[bytes]) -> list[str]:
    if not contents:
        return []
    names = []
    for number, content in enumerate(contents):
        name = folder / f"{number}"
        name.write_bytes(content)
        names.append(f"{name}\n")
    out = git.run(
        "hash-object", "-w", "--no-filters", "--stdin-paths", stdin="".join(names).encode()
    )
    return out.decode().split()
