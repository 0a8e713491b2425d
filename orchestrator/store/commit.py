"""A patch as a commit on a branch, without the work tree and at a cost that does not grow."""

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from orchestrator.model.ids import is_task_id
from orchestrator.model.places import Kind, path_for
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change, apply, touched
from orchestrator.patch.describe import body, subject
from orchestrator.patch.diff import diff
from orchestrator.patch.ops import Patch, PatchError, digest
from orchestrator.store.edits import file_edits
from orchestrator.store.git import GitFailedError, Oid, StoreError
from orchestrator.store.objects import Objects, open_objects
from orchestrator.store.parse import document_of
from orchestrator.store.repository import Repository
from orchestrator.store.write import FileEdit
from orchestrator.verbs.stamps import refuse_agents_stamps, stamped_changes

_BRANCH = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._/+-]*[A-Za-z0-9_+-])?")
_LONGEST_BRANCH = 200


@dataclass(frozen=True, slots=True)
class Commit:
    """What applying a patch to a branch produced.

    Attributes:
        oid: The commit; the branch's old tip when the plan was so already.
        branch: Its branch.
        changes: By entity.
        message: Subject, body and trailers.
    """

    oid: Oid
    branch: str
    changes: tuple[Change, ...]
    message: str


class BranchError(StoreError):
    """The branch cannot be written to."""


class StalePatchError(PatchError):
    """What the patch touches has changed since the commit that it names as its base.

    Attributes:
        expected: The base.
        paths: What the patch names and is different now.
    """

    def __init__(self, expected: str, paths: Sequence[str]) -> None:
        super().__init__(
            f"{', '.join(paths)} changed since {expected[:12]} , which the patch was made against.",
            "Make the patch again from the present state.",
        )
        self.expected = expected
        self.paths = tuple(paths)


@dataclass(frozen=True, slots=True)
class Author:
    """Whose name a commit carries."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A commit that is ready to be written.

    Attributes:
        branch: Where it is to go.
        tip: What the patch was applied to; writing fails when the branch has moved on.
        changes: By entity.
        edits: By file.
        message: Subject, body and trailers.
    """

    branch: str
    tip: Oid
    changes: tuple[Change, ...]
    edits: tuple[FileEdit, ...]
    message: str


def draft(repository: Repository, branch: str, patch: Patch, now: datetime) -> Draft:
    """Apply `patch` to the tip of `branch`, or to HEAD when there is no such branch.

    Two processes, whatever the size of the plan: one tells the branch's tip, one reads the files
    that the ops name.

    Raises:
        BranchError: The branch's name is unfit, or it is checked out in some work tree.
        StalePatchError: What the patch touches has changed since its base.
        PatchError: The patch cannot be applied.
    """
    refuse_agents_stamps(patch)
    with open_objects(repository.git) as objects:
        tip = tip_of(repository, branch, objects)
        documents = TreeDocuments.read(repository, tip, patch, objects)
        if patch.base:
            refuse_stale(repository, patch, documents.content, objects)
    changes = tuple(stamped_changes(apply(documents, patch.ops), now))
    edits = tuple(file_edits(changes, documents.locate, documents.bytes_of))
    return Draft(branch, tip, changes, edits, commit_message(patch, changes))


def write_commit(repository: Repository, ready: Draft, author: Author, now: datetime) -> Commit:
    """Write a draft: one fast-import makes blobs, trees, commit and ref.

    It takes the ref only if that still has the tip that the patch was applied to.

    Raises:
        BranchError: The branch has moved on.
    """
    if not ready.edits:
        return Commit(ready.tip, ready.branch, (), ready.message)
    oid = _import(repository, ready, author, now)
    return Commit(oid, ready.branch, ready.changes, ready.message)


def branch_ref(branch: str) -> str:
    """Return the full ref of a branch.

    Raises:
        BranchError: Git, a shell or a file system would stumble over the name.
    """
    bad = (
        not _BRANCH.fullmatch(branch)
        or len(branch) > _LONGEST_BRANCH
        or any(part in branch for part in ("..", "//", "/.", "./", "/-"))
        or any(part.endswith(".lock") for part in branch.split("/"))
        or branch == "HEAD"
    )
    if bad:
        raise BranchError(
            f"{branch[:100]!r} is no name for a branch.",
            "Letters, digits, dots, dashes and slashes: agent/planner/split-capture.",
        )
    return f"refs/heads/{branch}"


def commit_message(patch: Patch, changes: Sequence[Change]) -> str:
    """Return subject, what changed in words, and the trailers that tie the commit to the patch."""
    head = _one_line(patch.title) if patch.title else subject(changes)
    trailers = [f"Orchestrator-Patch: {digest(diff(changes))}"]
    if patch.author and patch.author.startswith("agent:"):
        trailers.append(f"Orchestrator-Agent: {_one_line(patch.author.removeprefix('agent:'))}")
    if patch.model:
        trailers.append(f"Orchestrator-Model: {_one_line(patch.model)}")
    if patch.reason:
        trailers.append(f"Reason: {_one_line(patch.reason)}")
    words = body(changes)
    return "\n\n".join(part for part in (head, words, "\n".join(trailers)) if part) + "\n"


@dataclass(frozen=True)
class TreeDocuments:
    """The documents that a patch names, read from one commit.

    Attributes:
        files: Path and bytes by entity, of those that exist.
        projects: The folders under projects/.
    """

    files: dict[tuple[Kind, str], tuple[str, bytes]]
    projects: tuple[str, ...]

    @classmethod
    def read(
        cls, repository: Repository, tip: Oid, patch: Patch, objects: Objects
    ) -> "TreeDocuments":
        """Read what `patch` names at `tip`: its entities, wherever their project is."""
        root = f"{tip}:{repository.prefix}"
        folders = objects.folders(f"{root}projects")
        files: dict[tuple[Kind, str], tuple[str, bytes]] = {}
        for kind, entity_id in touched(patch.ops):
            if kind != "tasks":
                paths = [path_for(kind, entity_id)]
            elif is_task_id(entity_id):
                paths = [path_for(kind, entity_id, project) for project in folders]
                # Git reads a tree for each of these. The work tree is asked first, which costs a
                # hundredth, where to look; what is right is what the commit says.
                paths.sort(key=lambda path: not (repository.workspace / path).exists())
            else:
                continue
            for path in paths:
                data = objects.blob(f"{root}{path}")
                if data is not None:
                    files[kind, entity_id] = path, data
                    break
        return cls(files, folders)

    def document(self, kind: Kind, entity_id: str) -> Document | None:
        """Return an entity's document, tasks with `project`, or None."""
        found = self.files.get((kind, entity_id))
        if found is None:
            return None
        path, data = found
        document = document_of(path, data)
        if isinstance(document, list):
            raise PatchError(f"{path} cannot be read: {document[0].message}", document[0].hint)
        return {**document, "project": path.split("/")[1]} if kind == "tasks" else document

    def content(self, kind: Kind, entity_id: str) -> bytes | None:
        """Return the bytes of an entity's file, or None."""
        found = self.files.get((kind, entity_id))
        return found[1] if found else None

    def ids(self, kind: Kind) -> Iterable[str]:
        """Yield the ids to suggest for one that does not exist."""
        return self.projects if kind == "projects" else ()

    def bytes_of(self, path: str) -> bytes | None:
        """Return a file's bytes, of those that the patch names."""
        return next((data for found, data in self.files.values() if found == path), None)

    def locate(self, change: Change) -> tuple[str | None, str | None]:
        """Return an entity's path before and after a change."""
        kind, entity_id, before, now, _ = change
        found = self.files.get((kind, entity_id))
        old = found[0] if found and before is not None else None
        if now is None:
            return old, None
        project = str(now.get("project", ""))
        if old and (kind != "tasks" or (before or {}).get("project") == project):
            return old, old
        return old, path_for(kind, entity_id, project)


def tip_of(repository: Repository, branch: str, objects: Objects) -> Oid:
    """Return the commit that a patch on `branch` is applied to: its tip, or HEAD for a new one.

    Raises:
        BranchError: The name is unfit, the branch is checked out, or there is no commit at all.
    """
    ref = branch_ref(branch)
    out = repository.git.run(
        "for-each-ref", "--format=%(refname)%00%(objectname)%00%(worktreepath)", ref
    )
    for line in out.decode("utf-8", "replace").splitlines():
        name, oid, where = line.split("\0")
        if name == ref and where:
            raise BranchError(
                f"{branch} is checked out in {where} .",
                "Apply the patch there without --branch, or name another branch.",
            )
        if name == ref:
            return Oid(oid)
    head = objects.oid("HEAD")
    if head is None:
        raise BranchError("There are no commits yet to start a branch from.", "git commit first.")
    return head


def refuse_stale(
    repository: Repository,
    patch: Patch,
    present: Callable[[Kind, str], bytes | None],
    objects: Objects,
) -> None:
    """Refuse a patch when something that it names is not as it was at the patch's base.

    Raises:
        StalePatchError: Something is not.
        UnknownRevisionError: The base names no commit.
    """
    base = repository.git.commit_of(patch.base or "")
    old = TreeDocuments.read(repository, base, patch, objects)
    changed = [
        f"{kind}/{entity_id}" if entity_id else kind
        for kind, entity_id in touched(patch.ops)
        if old.content(kind, entity_id) != present(kind, entity_id)
    ]
    if changed:
        raise StalePatchError(base, changed)


def _import(repository: Repository, ready: Draft, author: Author, now: datetime) -> Oid:
    offset = now.strftime("%z") or "+0000"
    stamp = f"{int(now.timestamp())} {offset}"
    person = f"{_bare(author.name)} <{_bare(author.email)}> {stamp}"
    text = ready.message.encode()
    ref = branch_ref(ready.branch)
    parts = [
        f"commit {ref}\nmark :1\nauthor {person}\ncommitter {person}\n".encode(),
        f"data {len(text)}\n".encode() + text + b"\n",
        f"from {ready.tip}\n".encode(),
    ]
    for edit in ready.edits:
        path = _quoted(f"{repository.prefix}{edit.path}")
        if edit.after is None:
            parts.append(b"D " + path + b"\n")
        else:
            parts.append(b"M 100644 inline " + path + b"\ndata %d\n" % len(edit.after))
            parts.append(edit.after + b"\n")
    parts.append(b"\nget-mark :1\ndone\n")
    code, out, said = repository.git.finish(
        "fast-import", "--quiet", "--done", "--date-format=raw", "--cat-blob-fd=1",
        stdin=b"".join(parts),
    )  # fmt: skip
    if "not updating" in said.lower():
        raise BranchError(f"{ready.branch} moved while the patch was applied.", "Try again.")
    if code:
        raise GitFailedError(("fast-import",), said, code)
    return Oid(out.decode().split()[0])


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return b'"' + os.fsencode(escaped) + b'"'


def _bare(text: str) -> str:
    return "".join(char for char in text if char not in "<>\n\r\0").strip() or "nobody"


def _one_line(text: str) -> str:
    return " ".join(text.split())
