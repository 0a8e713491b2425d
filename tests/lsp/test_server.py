"""The server as a process, driven by a client over its pipes.

All tests talk to one server; each opens a workspace of its own in it, and closes that again.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from tests.lsp.seat import TASKS

ONE, TWO, THREE = (f"{TASKS}/PAY-{number}.yaml" for number in (1, 2, 3))
HEAD = "id: PAY-3\ntitle: Refund\n"
COMMAND = [sys.executable, "-m", "orchestrator", "lsp"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
PATIENCE = 20.0  # seconds; a loaded machine is no failure


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]
    config=ClientServerConfig(server_command=COMMAND), scope="module"
)
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    """An editor that has no folder open yet."""

    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)  # type: ignore[untyped-decorator]
    def register(params: types.RegistrationParams) -> None:
        lsp_client.registered = params.registrations  # type: ignore[attr-defined]

    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities("visual-studio-code"), workspace_folders=[]
        )
    )
    yield
    await lsp_client.shutdown_session()


class Hands:
    """What a person does in an editor."""

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.client = client
        self.root = root
        self.version = 0
        self.opened: list[types.TextDocumentIdentifier] = []

    def set_folder(self, *, is_open: bool) -> None:
        """Open the workspace in the editor, or close it with all its files."""
        folder = [types.WorkspaceFolder(self.root.as_uri(), "plan")]
        event = types.WorkspaceFoldersChangeEvent(
            added=folder if is_open else [], removed=[] if is_open else folder
        )
        for document in self.opened:
            self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))
        params = types.DidChangeWorkspaceFoldersParams(event)
        self.client.workspace_did_change_workspace_folders(params)

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def document(self, path: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(path))

    def at(self, path: str, line: int, character: int) -> dict[str, Any]:
        position = types.Position(line, character)
        return {"text_document": self.document(path), "position": position}

    def open(self, path: str, text: str) -> None:
        item = types.TextDocumentItem(self.uri(path), "yaml", self.version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        self.opened.append(types.TextDocumentIdentifier(item.uri))

    def type(self, path: str, where: types.Range, text: str) -> None:
        self.version += 1
        document = types.VersionedTextDocumentIdentifier(self.version, self.uri(path))
        change = types.TextDocumentContentChangePartial(where, text)
        params = types.DidChangeTextDocumentParams(document, [change])
        self.client.text_document_did_change(params)

    def codes(self, path: str) -> list[str]:
        return [str(item.code) for item in self.client.diagnostics.get(self.uri(path), ())]

    async def sees(self, path: str, *codes: str) -> None:
        """Wait until a file shows just these problems."""
        async with asyncio.timeout(PATIENCE):
            while self.codes(path) != list(codes):
                await self.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)


@pytest.fixture
def hands(client: LanguageClient, plan: Path) -> Iterator[Hands]:
    """Somebody who has the small workspace open."""
    hands = Hands(client, plan)
    hands.set_folder(is_open=True)
    yield hands
    hands.set_folder(is_open=False)


def line(row: int, start: int, end: int) -> types.Range:
    return types.Range(types.Position(row, start), types.Position(row, end))


async def test_problems_come_and_go_while_somebody_types(hands: Hands) -> None:
    hands.open(THREE, HEAD + "status: todo\nparent: 😀\n")
    await hands.sees(THREE, "ORC103")
    hands.type(THREE, line(3, 8, 10), "PAY-9")
    await hands.sees(THREE, "ORC202")
    hands.type(THREE, line(3, 12, 13), "1")
    await hands.sees(THREE)
    hands.open(ONE, "id: PAY-11\ntitle: Capture\nstatus: todo\n")
    await hands.sees(TWO, "ORC202")
    hands.client.text_document_did_close(types.DidCloseTextDocumentParams(hands.document(ONE)))
    await hands.sees(TWO)


async def test_of_many_keystrokes_only_the_last_is_checked(hands: Hands) -> None:
    hands.open(THREE, HEAD + "status: \n")
    for column, char in enumerate("in_progress"):
        hands.type(THREE, line(2, 8 + column, 8 + column), char)
    await hands.sees(THREE, "ORC301")
    told = hands.client.diagnostics[hands.uri(THREE)]
    assert "started_at" in told[0].message


async def test_files_that_change_on_the_disk_are_followed(hands: Hands) -> None:
    (hands.root / THREE).write_text(HEAD + "status: todo\nparent: PAY-9\n")
    event = types.FileEvent(hands.uri(THREE), types.FileChangeType.Changed)
    params = types.DidChangeWatchedFilesParams([event])
    hands.client.workspace_did_change_watched_files(params)
    await hands.sees(THREE, "ORC202")
    (hands.root / THREE).write_text(HEAD + "status: todo\n")
    hands.client.text_document_did_save(types.DidSaveTextDocumentParams(hands.document(ONE)))
    await hands.sees(THREE)
    registered = hands.client.registered  # type: ignore[attr-defined]
    assert [item.method for item in registered] == [types.WORKSPACE_DID_CHANGE_WATCHED_FILES]


async def test_each_question_is_answered(hands: Hands) -> None:
    client = hands.client
    hands.open(THREE, HEAD + "status: todo\ndependencies:\n  - PAY-2\n  - P")
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    document = hands.document(THREE)
    here = hands.at(THREE, 4, 5)
    offered = await client.text_document_completion_async(
        types.CompletionParams(**hands.at(THREE, 5, 5))
    )
    assert isinstance(offered, types.CompletionList)
    assert [item.label for item in offered.items] == ["PAY-1"]
    said = await client.text_document_hover_async(types.HoverParams(**here))
    assert "**PAY-2** Retry" in str(said)
    found = await client.text_document_definition_async(types.DefinitionParams(**here))
    assert isinstance(found, types.Location)
    assert found.uri == hands.uri(TWO)
    context = types.ReferenceContext(include_declaration=True)
    named = await client.text_document_references_async(
        types.ReferenceParams(context=context, **here)
    )
    assert [item.uri for item in named or ()] == [hands.uri(TWO)]
    folds = await client.text_document_folding_range_async(types.FoldingRangeParams(document))
    assert folds
    symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    assert symbols
    everywhere = await client.workspace_symbol_async(types.WorkspaceSymbolParams("retry"))
    assert everywhere
    lens = await client.text_document_code_lens_async(types.CodeLensParams(hands.document(TWO)))
    assert lens == () or lens is not None
    edits = await client.text_document_formatting_async(
        types.DocumentFormattingParams(document, options)
    )
    assert edits


async def test_a_task_is_renamed_with_all_that_name_it(hands: Hands) -> None:
    where = await hands.client.text_document_prepare_rename_async(
        types.PrepareRenameParams(**hands.at(THREE, 4, 6))
    )
    assert where == line(4, 4, 9)
    edit = await hands.client.text_document_rename_async(
        types.RenameParams(new_name="PAY-22", **hands.at(THREE, 4, 6))
    )
    assert edit is not None
    kinds = [type(item).__name__ for item in edit.document_changes or ()]
    assert sorted(kinds) == ["RenameFile", "TextDocumentEdit", "TextDocumentEdit"]


async def test_a_problem_is_mended(hands: Hands) -> None:
    hands.open(THREE, HEAD + "status: todo\nparent: PAY-9\n")
    await hands.sees(THREE, "ORC202")
    actions = await hands.client.text_document_code_action_async(
        types.CodeActionParams(
            hands.document(THREE), line(3, 9, 9), types.CodeActionContext(diagnostics=[])
        )
    )
    titles = [item.title for item in actions or ()]
    assert titles == ["Change PAY-9 to PAY-1", "Remove the parent"]


async def test_a_lens_opens_the_file_that_it_names(hands: Hands) -> None:
    lens = await hands.client.text_document_code_lens_async(
        types.CodeLensParams(hands.document(THREE))
    )
    command = (lens or ())[0].command
    assert command is not None
    assert command.title == "waits for PAY-2"
    params = types.ExecuteCommandParams(command.command, command.arguments)
    assert await hands.client.workspace_execute_command_async(params) is None
    assert [item.uri for item in hands.client.shown_documents] == [hands.uri(TWO)]


REFUSED: list[tuple[Callable[[Hands], Awaitable[Any]], str]] = [
    (
        lambda hands: hands.client.text_document_rename_async(
            types.RenameParams(new_name="PAY-1", **hands.at(THREE, 0, 5))
        ),
        "The id PAY-1 is taken.",
    ),
    (
        lambda hands: hands.client.text_document_formatting_async(
            types.DocumentFormattingParams(
                hands.document("projects/pay/tasks/PAY-9.yaml"),
                types.FormattingOptions(tab_size=2, insert_spaces=True),
            )
        ),
        "The file is empty.",
    ),
    (
        lambda hands: hands.client.workspace_execute_command_async(
            types.ExecuteCommandParams("orchestrator.open", ["NO-9"])
        ),
        "There is no task NO-9 .",
    ),
    (
        lambda hands: hands.client.workspace_execute_command_async(
            types.ExecuteCommandParams("orchestrator.open", [])
        ),
        "Invalid Params",
    ),
    (
        lambda hands: hands.client.workspace_execute_command_async(
            types.ExecuteCommandParams("rm -rf", [])
        ),
        "Invalid Params",
    ),
    (
        lambda hands: hands.client.protocol.send_request_async(  # type: ignore[no-untyped-call]
            "workspace/unheardOf", {}
        ),
        "Method Not Found",
    ),
]


async def test_what_cannot_be_answered_is_refused_in_a_sentence(hands: Hands) -> None:
    for question, sentence in REFUSED:
        with pytest.raises(JsonRpcException) as refused:
            await question(hands)
        assert refused.value.message.startswith(sentence)
        assert "\n" not in refused.value.message
        assert refused.value.data is None
    await hands.client.text_document_hover_async(types.HoverParams(**hands.at(THREE, 0, 5)))


async def test_questions_about_other_files_are_answered_with_nothing(
    hands: Hands, tmp_path: Path
) -> None:
    for uri in ("untitled:Untitled-1", (tmp_path / "x.yaml").as_uri(), "git:/x?y"):
        item = types.TextDocumentItem(uri, "yaml", 1, "status: ")
        hands.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        document, position = types.TextDocumentIdentifier(uri), types.Position(0, 8)
        hover = types.HoverParams(document, position)
        assert await hands.client.text_document_hover_async(hover) is None
        completion = types.CompletionParams(document, position)
        assert await hands.client.text_document_completion_async(completion) is None
