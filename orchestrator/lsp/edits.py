"""From what files shall say to the edits that an editor makes; nothing here writes a file."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from lsprotocol.types import (
    CreateFile,
    DeleteFile,
    OptionalVersionedTextDocumentIdentifier,
    RenameFile,
    TextDocumentEdit,
    TextEdit,
    WorkspaceEdit,
)

from orchestrator.lsp.plan import LivePlan
from orchestrator.lsp.positions import Lines
from orchestrator.patch.apply import SnapshotDocuments, apply
from orchestrator.patch.ops import Patch
from orchestrator.store.edits import file_edits, located_in

_MOST_LINES = 4_000
"""Beyond it, what differs is one edit: comparing would take long."""


class Powers(NamedTuple):
    """What a client can do with a file besides changing its text.

    Attributes:
        has_versions: Edits that name the version of the buffer they were made for.
        can_rename: Rename a file.
    """

    has_versions: bool = True
    can_rename: bool = True


class NewText(NamedTuple):
    """What a file is to say.

    Attributes:
        path: The file.
        text: All of it.
        new_path: Where it is to be afterwards, when that is elsewhere.
    """

    path: str
    text: str
    new_path: str | None = None


def text_edits(lines: Lines, text: str) -> list[TextEdit]:
    """Return the edits that make a text say another, as few lines as they must."""
    old, new = lines.text, text
    if old == new:
        return []
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    middle = (before[head : len(before) - tail], after[head : len(after) - tail])
    if max(map(len, middle)) > _MOST_LINES:
        blocks = [("replace", 0, len(middle[0]), 0, len(middle[1]))]
    else:
        blocks = list(SequenceMatcher(None, *middle, autojunk=False).get_opcodes())
    starts = [sum(map(len, before[:head]))]
    for line in middle[0]:
        starts.append(starts[-1] + len(line))
    return [
        _trimmed(lines, starts[a], starts[b], "".join(middle[1][c:d]))
        for kind, a, b, c, d in blocks
        if kind != "equal"
    ]


def after_patch(plan: LivePlan, patch: Patch) -> Iterator[NewText]:
    """Yield what a patch makes of files, of which none is made or removed, only renamed.

    Raises:
        PatchError: It cannot be applied.
        StoreError: A file cannot be changed so.
    """
    changes = apply(SnapshotDocuments(plan.snapshot), patch.ops)
    locate = located_in(plan.snapshot)
    sources = {change.id: locate(change)[0] for change in changes if change.before is not None}
    origins = {locate(change)[1]: sources.get(change.origin) for change in changes if change.origin}
    for edit in file_edits(changes, locate, plan.source.read):
        if edit.after is None:
            continue
        source = origins.get(edit.path)
        text = edit.after.decode()
        yield NewText(edit.path, text) if source is None else NewText(source, text, edit.path)


def workspace_edit(plan: LivePlan, wanted: Iterable[NewText], powers: Powers) -> WorkspaceEdit:
    """Return the edit of files that a client is asked to make."""
    changes: dict[str, list[TextEdit]] = {}
    documents: list[TextDocumentEdit | CreateFile | RenameFile | DeleteFile] = []
    for item in wanted:
        uri = plan.uri_of(item.path)
        edits = text_edits(plan.lines(item.path), item.text)
        if edits:
            changes[uri] = edits
            buffer = plan.buffers.get(item.path)
            version = None if buffer is None else buffer.version
            document = OptionalVersionedTextDocumentIdentifier(uri, version)
            documents.append(TextDocumentEdit(document, list(edits)))
        if item.new_path is not None and powers.can_rename:
            documents.append(RenameFile(uri, (plan.root / item.new_path).as_uri()))
    if powers.has_versions:
        return WorkspaceEdit(document_changes=documents)
    return WorkspaceEdit(changes=changes)


def _trimmed(lines: Lines, start: int, end: int, new: str) -> TextEdit:
    """Return the edit of a part of a text without what is alike at its beginning and its end."""
    old = lines.text[start:end]
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    # A position between CR and LF is none.
    head -= old[head - 1 : head] == "\r"
    tail -= tail > 0 and old[len(old) - tail - 1 : len(old) - tail + 1] == "\r\n"
    return TextEdit(lines.range(start + head, end - tail), new[head : len(new) - tail])


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many lines or characters two texts have in common at their beginning."""
    count = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        count += 1
    return count
