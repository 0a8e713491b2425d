"""What a push brings: refs that would change, and commits that no ref has yet."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from orchestrator.store.git import Git, Oid

BRANCHES = "refs/heads/"
_OID = re.compile(r"[0-9a-f]{40,64}")
_FIELDS = ("%H", "%P", "%ct", "%ce", "%ae", "%(trailers:key=Orchestrator-Agent,valueonly)")
_SIGNATURE = ("%G?", "%GS")


class RefUpdate(NamedTuple):
    """One ref that a push would change.

    Attributes:
        name: In full.
        old: What it is, or None when it is new.
        new: What it is to be, or None when it is to go.
    """

    name: str
    old: Oid | None
    new: Oid | None

    @property
    def branch(self) -> str | None:
        """The branch's name, or None for a tag and the like."""
        return self.name.removeprefix(BRANCHES) if self.name.startswith(BRANCHES) else None


class NewCommit(NamedTuple):
    """A commit that a push brings.

    Attributes:
        oid: The commit.
        parents: Its parents.
        at: When it says it was made.
        emails: Of committer and author, as it says.
        agents: Whose patch it is, as its trailers say.
        grade: What git makes of its signature, `G` for a good one; `""` when git was not asked.
        signer: Whose signature, as the file of allowed signers names them.
    """

    oid: Oid
    parents: tuple[Oid, ...]
    at: datetime
    emails: tuple[str, str]
    agents: tuple[str, ...]
    grade: str = ""
    signer: str = ""


def ref_updates(lines: Iterable[str]) -> Iterator[RefUpdate]:
    """Yield the refs of the lines that git gives pre-receive: `<old> <new> <name>`."""
    for line in lines:
        old, _, rest = line.partition(" ")
        new, _, name = rest.partition(" ")
        if _OID.fullmatch(old) and _OID.fullmatch(new) and name:
            yield RefUpdate(name, _oid(old), _oid(new))


def new_commits(git: Git, updates: Iterable[RefUpdate], *, signatures: bool) -> list[NewCommit]:
    """Return the commits that no ref has yet, parents before children.

    Every commit counts, not the difference between two tips: what is changed and changed back
    inside a push is in the history for good.

    Args:
        git: In the hook, which alone sees objects that are not accepted yet.
        updates: What is pushed.
        signatures: Whether to verify them, which starts a process a commit.
    """
    tips = [update.new for update in updates if update.new]
    if not tips:
        return []
    fields = _FIELDS + (_SIGNATURE if signatures else ())
    out = git.run(
        "log", "--topo-order", "--reverse", "--no-show-signature", "-z",
        f"--format={'%x00'.join(fields)}", "--stdin", "--not", "--all",
        stdin="".join(f"{tip}\n" for tip in tips).encode(),
    )  # fmt: skip
    texts = [part.decode("utf-8", "replace") for part in out.split(b"\0")[:-1]]
    rows = zip(*[iter(texts)] * len(fields), strict=True)
    return [_commit(*row) for row in rows]


def commit_of(git: Git, revision: str) -> Oid | None:
    """Return the commit that an id or HEAD names; None for a tag of a tree and the like."""
    code, out, _ = git.finish("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    return None if code else Oid(out.decode().strip())


def is_ancestor(git: Git, old: Oid, new: Oid) -> bool:
    """Return whether a ref that goes from `old` to `new` keeps all that it had."""
    return git.finish("merge-base", "--is-ancestor", old, new)[0] == 0


def _commit(  # noqa: PLR0913, PLR0917 - one field of git log each
    oid: str,
    parents: str,
    seconds: str,
    committer: str,
    author: str,
    agents: str,
    grade: str = "",
    signer: str = "",
) -> NewCommit:
    try:
        at = datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        at = datetime.fromtimestamp(0, UTC)  # garbled on purpose; no stamp is near that
    names = tuple(line.strip() for line in agents.splitlines() if line.strip())
    above = tuple(map(Oid, parents.split()))
    return NewCommit(Oid(oid), above, at, (committer, author), names, grade, signer)


def _oid(text: str) -> Oid | None:
    return Oid(text) if text.strip("0") else None
