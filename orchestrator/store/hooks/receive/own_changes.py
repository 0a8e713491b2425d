"""What a commit itself changes: of a merge, what merging its parents would not have given."""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from orchestrator.store.git import Git, Oid
from orchestrator.store.hooks.receive.arrivals import NewCommit

_PARENTS = 2

Blob = tuple[str, Oid | None]
"""Mode and id of a file in one tree; `000000` and None when it is not there."""

_ABSENT: Blob = ("000000", None)


class Touched(NamedTuple):
    """One file that a commit changes.

    Attributes:
        path: In the repository.
        before: As it was, or, in a merge, as merging would have left it.
        after: As it is.
        sides: Base, first and second parent's, where a merge had to bring two changes together.
    """

    path: str
    before: Blob
    after: Blob
    sides: tuple[Blob, Blob, Blob] | None = None


_Diff = dict[str, tuple[Blob, Blob]]


def own_changes(git: Git, commits: Sequence[NewCommit]) -> Iterator[list[Touched]]:
    """Yield what each commit changes, in the order given.

    A merge is compared with what merging gives, file by file: one side's change must be there,
    and nothing else. So neither an edit slipped into a merge nor a merge that drops the other
    side goes unseen. Of a merge of more than two, everything that differs from the first parent
    is its own.
    """
    bases = {commit.oid: _bases(git, commit) for commit in commits if _is_merge(commit)}
    questions: list[str] = []
    for commit in commits:
        questions.append(" ".join((commit.oid, *commit.parents[:1])))
        if _is_merge(commit):
            first, second = commit.parents
            questions.append(f"{commit.oid} {second}")
            questions += [f"{first} {base}" for base in bases[commit.oid]]
    answers = iter(_diffs(git, questions))
    for commit in commits:
        to_first = next(answers)
        if not _is_merge(commit):
            yield [Touched(path, *blobs) for path, blobs in to_first.items()]
            continue
        to_second = next(answers)
        since = [next(answers) for _ in bases[commit.oid]]
        yield list(_of_merge(to_first, to_second, since))


def _is_merge(commit: NewCommit) -> bool:
    return len(commit.parents) == _PARENTS


def _bases(git: Git, commit: NewCommit) -> list[Oid]:
    _, out, _ = git.finish("merge-base", "--all", *commit.parents)
    return [Oid(line) for line in out.decode().split()]


def _of_merge(to_first: _Diff, to_second: _Diff, since: list[_Diff]) -> Iterator[Touched]:
    for path in dict.fromkeys((*to_first, *to_second)):
        now = (to_first.get(path) or to_second[path])[1]
        first = to_first[path][0] if path in to_first else now
        second = to_second[path][0] if path in to_second else now
        # Without a common ancestor, both sides have made all that they have.
        bases = [diff[path][0] if path in diff else first for diff in since] or [_ABSENT]
        expected = [_merged(base, first, second) for base in bases]
        if now in expected:
            continue
        if expected[0] is not None:
            yield Touched(path, expected[0], now)
        else:
            yield Touched(path, first, now, (bases[0], first, second))


def _merged(base: Blob, first: Blob, second: Blob) -> Blob | None:
    """Return what merging gives where one side alone changed a file; None where both did."""
    if first in (base, second):
        return second
    return first if second == base else None


def _diffs(git: Git, questions: Iterable[str]) -> Iterator[_Diff]:
    """Yield the difference of each commit to the other named behind it, from one process."""
    text = "".join(f"{line}\n" for line in questions)
    if not text:
        return
    out = git.run(
        "diff-tree", "--stdin", "--always", "--root", "-r", "-z", "--raw", "--no-renames",
        "--no-abbrev", "--no-ext-diff", "--no-textconv", stdin=text.encode(),
    )  # fmt: skip
    fields = iter(out.split(b"\0")[:-1])
    found: _Diff | None = None
    for field in fields:
        if not field.startswith(b":"):
            if found is not None:
                yield found
            found = {}
            continue
        old_mode, new_mode, old, new, _ = field.decode()[1:].split(" ")
        if found is not None:
            path = os.fsdecode(next(fields))
            found[path] = (_blob(old_mode, old), _blob(new_mode, new))
    if found is not None:
        yield found


def _blob(mode: str, oid: str) -> Blob:
    return mode, Oid(oid) if oid.strip("0") else None
