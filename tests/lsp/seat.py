"""A person at an editor, without the process and the pipes: what is open, shown and answered."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from lsprotocol import types

from orchestrator.lsp.editor import Editor
from orchestrator.lsp.positions import Lines
from orchestrator.lsp.requests import REQUESTS, Desk
from tests.conftest import NOW

TASKS = "projects/pay/tasks"


class Seat:
    """Drives the server's own functions.

    Attributes:
        root: The workspace.
        editor: The state of the client.
        desk: What questions are about.
        shown: The diagnostics of each file that has any, as the client knows them.
        told: How often the client was told of each file.
    """

    def __init__(self, root: Path, now: datetime = NOW) -> None:
        self.root = root
        self.editor = Editor()
        self.desk = Desk(self.editor, lambda: now)
        self.shown: dict[str, list[types.Diagnostic]] = {}
        self.told: list[str] = []
        self.texts: dict[str, str] = {}
        self.editor.set_folders([root.as_uri()])
        self.look()

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def path(self, uri: str) -> str:
        return uri.removeprefix(f"{self.root.as_uri()}/")

    def look(self) -> None:
        """Let the server check, and take over what it tells."""
        self.told.clear()
        for item in self.editor.publications(self.desk.now):
            path = self.path(item.uri)
            self.told.append(path)
            self.shown[path] = item.diagnostics
            if not item.diagnostics:
                del self.shown[path]

    def open(self, path: str, text: str | None = None) -> str:
        """Open a file, as it is or with another text; return the text."""
        said = (self.root / path).read_bytes().decode() if text is None else text
        self.texts[path] = said
        self.editor.open(self.uri(path), 1, said)
        self.look()
        return said

    def type(self, path: str, old: str, new: str) -> None:
        """Replace a part of an open file by a change of just that part."""
        text = self.texts[path]
        start = text.index(old)
        where = Lines(text).range(start, start + len(old))
        self.texts[path] = f"{text[:start]}{new}{text[start + len(old) :]}"
        change = types.TextDocumentContentChangePartial(where, new)
        self.editor.change(self.uri(path), 2, [change])
        self.look()

    def close(self, path: str) -> None:
        del self.texts[path]
        self.editor.close(self.uri(path))
        self.look()

    def codes(self, path: str) -> list[str]:
        return [str(item.code) for item in self.shown.get(path, [])]

    def marked(self, path: str) -> list[str]:
        """Return the text that is underlined in a file."""
        lines = Lines(self.texts[path])
        spans = [
            (lines.offset(item.range.start), lines.offset(item.range.end))
            for item in self.shown.get(path, [])
        ]
        return [lines.text[start:end] for start, end in spans]

    def ask(self, method: str, params: Any) -> Any:
        return REQUESTS[method][0](self.desk, params)

    def position(self, path: str, needle: str, shift: int = 0) -> types.Position:
        """Return the position `shift` characters into a part of a file."""
        text = self.texts.get(path) or (self.root / path).read_text()
        return Lines(text).position(text.index(needle) + shift)

    def at(self, path: str, needle: str, shift: int = 0) -> dict[str, Any]:
        """Return the parameters of a question about a place."""
        return {
            "text_document": types.TextDocumentIdentifier(self.uri(path)),
            "position": self.position(path, needle, shift),
        }

    def complete(self, path: str, text: str) -> list[str]:
        """Return what is offered where `|` stands in a text."""
        return [item.label for item in self.offers(path, text).items]

    def offers(self, path: str, text: str) -> types.CompletionList:
        """Return the same with all that is said of it."""
        before, _, after = text.partition("|")
        self.open(path, before + after)
        position = Lines(before + after).position(len(before))
        document = types.TextDocumentIdentifier(self.uri(path))
        params = types.CompletionParams(document, position)
        found = self.ask(types.TEXT_DOCUMENT_COMPLETION, params)
        assert isinstance(found, types.CompletionList)
        return found

    def actions(self, path: str, only: list[str] | None = None) -> list[types.CodeAction]:
        """Return what is offered to do about a whole file."""
        lines = Lines(self.texts[path])
        context = types.CodeActionContext(self.shown.get(path, []), only=only)
        document = types.TextDocumentIdentifier(self.uri(path))
        found = self.ask(
            types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionParams(document, lines.whole, context)
        )
        assert isinstance(found, list)
        return found

    def after(self, edit: types.WorkspaceEdit | None) -> dict[str, str]:
        """Return the files that an edit changes as they are afterwards, by their new paths."""
        assert edit is not None
        texts: dict[str, str] = {}
        moved: dict[str, str] = {}
        for uri, edits, new_uri in _steps(edit):
            path = self.path(uri)
            if new_uri is not None:
                moved[path] = self.path(new_uri)
                continue
            text = self.texts.get(path)
            text = (self.root / path).read_bytes().decode() if text is None else text
            texts[path] = edited(text, edits)
        return {moved.get(path, path): text for path, text in texts.items()}


def edited(text: str, edits: list[types.TextEdit]) -> str:
    """Return a text after edits, which do not overlap."""
    lines = Lines(text)
    for edit in sorted(edits, key=lambda item: lines.offset(item.range.start), reverse=True):
        start, end = lines.offset(edit.range.start), lines.offset(edit.range.end)
        text = f"{text[:start]}{edit.new_text}{text[end:]}"
    return text


def _steps(
    edit: types.WorkspaceEdit,
) -> Iterator[tuple[str, list[types.TextEdit], str | None]]:
    for uri, edits in (edit.changes or {}).items():
        yield uri, list(edits), None
    for change in edit.document_changes or ():
        if isinstance(change, types.RenameFile):
            yield change.old_uri, [], change.new_uri
        else:
            assert isinstance(change, types.TextDocumentEdit)
            edits = [item for item in change.edits if isinstance(item, types.TextEdit)]
            yield change.text_document.uri, edits, None
