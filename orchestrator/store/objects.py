"""A dialogue with one `git cat-file --batch`: objects by name, one after the other."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from orchestrator.store.files import LARGEST
from orchestrator.store.git import Git, Oid
from orchestrator.store.trees import skip

_FOLDER = b"40000"
_LARGEST_TREE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Objects:
    """Reads objects of a repository as they are asked for.

    Attributes:
        questions: What git reads names from.
        answers: What git writes objects to.
    """

    questions: IO[bytes]
    answers: IO[bytes]

    def blob(self, name: str) -> bytes | None:
        """Return the blob at `<commit>:<path>`, or None when there is none."""
        kind, data = self._get(name)
        return data if kind == b"blob" else None

    def oid(self, name: str) -> Oid | None:
        """Return the id of the object that `name` is, or None when there is none."""
        header = self._ask(name)
        return Oid(header[0].decode()) if header else None

    def folders(self, name: str) -> tuple[str, ...]:
        """Return the names of the folders in the tree at `<commit>:<path>`."""
        kind, data = self._get(name)
        if kind != b"tree":
            return ()
        found = []
        at = 0
        width = 20 if self._is_sha1(name) else 32
        while at < len(data):
            end = data.index(b"\0", at)
            mode, _, entry = data[at:end].partition(b" ")
            if mode == _FOLDER:
                found.append(entry.decode("utf-8", "replace"))
            at = end + 1 + width
        return tuple(found)

    def _is_sha1(self, name: str) -> bool:
        return len(name.partition(":")[0]) == 40  # noqa: PLR2004 - hexadecimal digits of a SHA-1

    def _get(self, name: str) -> tuple[bytes, bytes]:
        header = self._ask(name)
        return (header[1], header[2]) if header else (b"missing", b"")

    def _ask(self, name: str) -> tuple[bytes, bytes, bytes] | None:
        """Return id, type and contents."""
        if "\n" in name or "\0" in name:
            return None
        self.questions.write(name.encode("utf-8", "surrogateescape") + b"\n")
        self.questions.flush()
        header = self.answers.readline().rsplit(b" ", 2)
        if len(header) < 3 or not header[2].strip().isdigit():  # noqa: PLR2004 - oid, type, size
            return None
        size = int(header[2])
        kept = min(size, LARGEST + 1 if header[1] == b"blob" else _LARGEST_TREE)
        data = self.answers.read(kept)
        skip(self.answers, size - kept + 1)  # and the newline behind it
        return header[0], header[1], data


@contextmanager
def open_objects(git: Git) -> Iterator[Objects]:
    """Start git and end it with the block."""
    with git.stream("cat-file", "--batch", stdin=subprocess.PIPE) as process:
        questions, answers = process.stdin, process.stdout
        assert questions is not None  # noqa: S101 - stream() was asked for both pipes
        assert answers is not None  # noqa: S101
        yield Objects(questions, answers)
        questions.close()
