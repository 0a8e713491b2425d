"""The plan's files as git has them: in the index, in a commit, or after a merge."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from orchestrator.model.places import (
    SETTINGS_FILE,
    TEMPLATES,
    Place,
    layer_of,
    name_fault,
    place_of,
    template_name,
)
from orchestrator.model.problem import Problem
from orchestrator.store.files import LARGEST, Entry, bad_path, layer_in, unexpected
from orchestrator.store.git import Git, GitFailedError, Oid

_REGULAR = "100644"
_EXECUTABLE = "100755"
_OWN_SIDE = ("0", "2")  # stages of git's index: merged, and ours
_MODES = {_EXECUTABLE: "is executable", "120000": "is a symbolic link", "160000": "is a submodule"}


@dataclass(frozen=True)
class Tree:
    """The files as git has them, in the index or in a commit.

    Attributes:
        git: The repository.
        prefix: The workspace inside it, with a trailing slash, or `""`.
        blobs: Mode and blob id by path relative to the workspace.
        layer: The environment whose settings lie over the others; `""` for none.
    """

    git: Git
    prefix: str
    blobs: dict[str, tuple[str, Oid]] = field(default_factory=dict)
    layer: str = ""

    def read(self, path: str) -> bytes | None:
        """Return one file's bytes, or None when it is not in the tree."""
        [data] = self.read_all([path])
        return data

    def read_all(self, paths: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the bytes of files in the order given; None for one that is not in the tree."""
        found = [self.blobs.get(path) for path in paths]
        are_files = [item is not None and item[0] in (_REGULAR, _EXECUTABLE) for item in found]
        oids = [item[1] for item, is_file in zip(found, are_files, strict=True) if item and is_file]
        contents = read_blobs(self.git, oids)
        for is_file in are_files:
            yield next(contents) if is_file else None

    def templates(self) -> list[str]:
        """Return the paths of the templates of tasks."""
        return [path for path in self.blobs if template_name(path)]

    def entries(self) -> Iterator[Entry | Problem]:
        """Yield the plan's files in the order of their paths."""
        wanted: list[tuple[str, Place, Oid]] = []
        for path, (mode, oid) in self.blobs.items():
            name = path.rpartition("/")[2]
            place = place_of(path)
            if (layer := layer_of(path)) is not None:
                place = Place("settings", layer)
            elif place is None and not path.startswith(("users/", "projects/")):
                continue
            if mode != _REGULAR and (place is not None or mode == "120000"):
                yield bad_path(path, _MODES.get(mode, f"has the mode {mode}"))
                if mode == _EXECUTABLE and place is not None:
                    wanted.append((path, place, oid))
            elif (fault := name_fault(name)) and not name.startswith("."):
                yield bad_path(path, fault)
            elif place is None or name.startswith("."):
                if found := unexpected(path):
                    yield found
            else:
                wanted.append((path, place, oid))
        contents = read_blobs(self.git, [oid for _, _, oid in wanted])
        for (path, place, _), data in zip(wanted, contents, strict=True):
            yield Entry(path, place, data)


def index_tree(git: Git, prefix: str) -> Tree:
    """Return what is staged; of a path in conflict, our own side."""
    blobs: dict[str, tuple[str, Oid]] = {}
    out = git.with_magic().run(
        "ls-files", "--stage", "-z", "--full-name", "--", *plan_pathspecs(prefix)
    )
    for record in out.split(b"\0")[:-1]:
        head, _, name = record.partition(b"\t")
        mode, oid, stage = head.decode().split(" ")
        path = os.fsdecode(name)[len(prefix) :]
        if stage in _OWN_SIDE or path not in blobs:
            blobs[path] = (mode, Oid(oid))
    return Tree(git, prefix, blobs, layer_in(git.environment))


def commit_tree(git: Git, prefix: str, tree: Oid) -> Tree:
    """Return the plan in a commit or a tree object."""
    blobs: dict[str, tuple[str, Oid]] = {}
    command = ("ls-tree", "-z", "--full-tree")
    out = git.run(*command, "-r", tree, "--", *plan_paths(prefix))
    # What lies beside orchestrator.yaml is not looked into: it may be a program of any size.
    beside = git.run(*command, tree, *(("--", prefix) if prefix else ()))
    for record in (*out.split(b"\0"), *beside.split(b"\0")):
        head, _, name = record.partition(b"\t")
        path = os.fsdecode(name)[len(prefix) :]
        if head and (layer_of(path) is not None or place_of(path) is not None or "/" in path):
            mode, _type, oid = head.decode().split(" ")
            blobs[path] = (mode, Oid(oid))
    return Tree(git, prefix, blobs, layer_in(git.environment))


def merged_tree(git: Git, ours: str, theirs: str) -> Oid:
    """Return the id of the tree that merging the revision `theirs` into `ours` would make."""
    commits = git.commit_of(ours), git.commit_of(theirs)
    code, out, said = git.finish("merge-tree", "--write-tree", "-z", "--no-messages", *commits)
    if code not in (0, 1):
        raise GitFailedError(("merge-tree",), said, code)
    return Oid(out.partition(b"\0")[0].decode().strip())


def read_blobs(git: Git, oids: list[Oid], largest: int = LARGEST) -> Iterator[bytes]:
    """Yield the contents of blobs, in the order given, from one process.

    Args:
        git: Where.
        oids: Of the blobs.
        largest: How many bytes of a blob are given; of a larger one, these and one.
    """
    if not oids:
        return
    import tempfile

    # The list of ids goes in as a file: with a pipe, git and this process could each wait for
    # the other to read.
    with tempfile.TemporaryFile() as wanted:
        wanted.write("\n".join(oids).encode() + b"\n")
        wanted.seek(0)
        with git.stream("cat-file", "--batch", "--buffer", stdin=wanted) as process:
            out = process.stdout
            assert out is not None  # noqa: S101 - stream() asks for a pipe
            for _ in oids:
                header = out.readline().split()
                is_found = len(header) > 2  # noqa: PLR2004 - id, type, size; or a word and "missing"
                size = int(header[2]) if is_found else 0
                kept = min(size, largest + 1)
                yield out.read(kept)
                skip(out, size - kept + is_found)  # and the newline behind it


def skip(stream: IO[bytes], count: int) -> None:
    """Read past `count` bytes without keeping them."""
    while count > 0 and (data := stream.read(min(count, LARGEST))):
        count -= len(data)


def plan_paths(prefix: str) -> list[str]:
    """Return the paths in the repository below which a plan has files."""
    return [f"{prefix}{name}" for name in (SETTINGS_FILE, "users", "projects", TEMPLATES)]


def plan_pathspecs(prefix: str) -> list[str]:
    """Return the same, and the environments' settings, as patterns for `Git.with_magic`."""
    plain = [f":(top,literal){path}" for path in plan_paths(prefix)]
    return [*plain, f":(top,glob){as_pattern(prefix)}orchestrator.*.yaml"]


def as_pattern(path: str) -> str:
    """Return a pattern that fits just this path."""
    return re.sub(r"([*?\[\]\\])", r"\\\1", path)
