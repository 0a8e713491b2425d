"""The server: which message leads to which function."""

import asyncio
import gc
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder, get_capability
from pygls.lsp.server import LanguageServer

from orchestrator import __version__
from orchestrator.lsp.diagnostics import Taste
from orchestrator.lsp.editor import Editor
from orchestrator.lsp.edits import Powers
from orchestrator.lsp.fields import node_at
from orchestrator.lsp.lens import OPEN
from orchestrator.lsp.protocol import Protocol, Report, answering
from orchestrator.lsp.pulse import Pulse
from orchestrator.lsp.requests import REQUESTS, Desk

_IDLE = 0.3  # seconds

WATCHED = (
    "**/orchestrator.yaml", "**/orchestrator.*.yaml", "**/users/*", "**/projects/**",
    "**/templates/*.yaml",
)  # fmt: skip


class Server(LanguageServer):
    """The server, which never puts more than a sentence before a person."""

    protocol: Protocol  # type: ignore[mutable-override]  # what `make_server` gives it

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Say nothing here: a request is answered, and a bug was reported when it happened."""


@dataclass
class Office:
    """What the messages are about.

    Attributes:
        server: Who speaks to the client.
        desk: What is open, and what the client can do.
        pulse: When to check.
    """

    server: Server
    desk: Desk
    pulse: Pulse


def make_server(clock: Callable[[], datetime], report: Report, layer: str = "") -> Server:
    """Return a server that is ready to be started.

    Args:
        clock: Tells the time, with an offset.
        report: Told of a bug; the client gets a sentence, and the server goes on.
        layer: The environment whose settings lie over the others; `""` for none.
    """
    # What goes wrong is answered or reported; pygls would write a traceback to stderr as well.
    logging.getLogger("pygls").addHandler(logging.NullHandler())
    server = Server("orchestrator", __version__, protocol_cls=Protocol)
    desk = Desk(Editor(layer), clock)
    office = Office(server, desk, Pulse(lambda: _publish(server, desk), desk.editor.rescan))
    for method, notice in _notices(office).items():
        server.feature(method)(answering(notice, report))
    for method, (function, options) in REQUESTS.items():
        server.feature(method, options)(answering(_request(desk, function), report))
    server.command(OPEN)(_opening(office, report))
    return server


def _request(desk: Desk, function: Callable[[Desk, Any], Any]) -> Callable[[Any], Any]:
    return lambda params: function(desk, params)


def _publish(server: Server, desk: Desk) -> None:
    for item in desk.editor.publications(desk.now):
        server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(item.uri, item.diagnostics, item.version)
        )


def _notices(office: Office) -> dict[str, Callable[[Any], None]]:
    editor, pulse = office.desk.editor, office.pulse

    def opened(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        editor.open(document.uri, document.version, document.text)
        pulse.changed()

    def changed(params: types.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        editor.change(document.uri, document.version, params.content_changes)
        pulse.changed()

    def closed(params: types.DidCloseTextDocumentParams) -> None:
        editor.close(params.text_document.uri)
        pulse.changed()

    def saved(_: types.DidSaveTextDocumentParams) -> None:
        pulse.saved()

    def watched(params: types.DidChangeWatchedFilesParams) -> None:
        editor.watched(change.uri for change in params.changes)
        pulse.changed()

    def moved(params: types.DidChangeWorkspaceFoldersParams) -> None:
        event = params.event
        editor.set_folders((item.uri for item in event.added), (item.uri for item in event.removed))
        pulse.changed()

    return {
        types.INITIALIZE: lambda params: _met(office, params),
        types.INITIALIZED: lambda _: _begun(office),
        types.TEXT_DOCUMENT_DID_OPEN: opened,
        types.TEXT_DOCUMENT_DID_CHANGE: changed,
        types.TEXT_DOCUMENT_DID_CLOSE: closed,
        types.TEXT_DOCUMENT_DID_SAVE: saved,
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES: watched,
        types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: moved,
    }


def _met(office: Office, params: types.InitializeParams) -> None:
    """Take over what a client says of itself."""
    desk, can = office.desk, params.capabilities
    shown = "text_document.publish_diagnostics"
    edit = "workspace.workspace_edit"
    operations = get_capability(can, f"{edit}.resource_operations", None) or ()
    encoding = ServerCapabilitiesBuilder.choose_position_encoding(can)
    desk.editor.encoding = types.PositionEncodingKind(encoding).value
    desk.editor.taste = Taste(
        has_related=bool(get_capability(can, f"{shown}.related_information")),
        has_links=bool(get_capability(can, f"{shown}.code_description_support")),
    )
    can_rename = types.ResourceOperationKind.Rename in operations
    # Neovim speaks of renaming files alone, which only edits of this form can do.
    has_versions = bool(get_capability(can, f"{edit}.document_changes")) or can_rename
    desk.powers = Powers(has_versions=has_versions, can_rename=can_rename)
    desk.folders = [item.uri for item in params.workspace_folders or ()]
    if not desk.folders and params.root_uri:
        desk.folders = [params.root_uri]


def _begun(office: Office) -> None:
    """Load the workspaces that are open, and ask to be told of their files."""
    desk, pulse = office.desk, office.pulse
    can = office.server.client_capabilities
    watching = "workspace.did_change_watched_files.dynamic_registration"
    if get_capability(can, watching):
        options = types.DidChangeWatchedFilesRegistrationOptions(
            [types.FileSystemWatcher(pattern) for pattern in WATCHED]
        )
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration("watch", method, options)
        parameters = types.RegistrationParams([registration])
        office.server.client_register_capability(parameters, lambda _: pulse.be_told())
    # While a plan is read nothing of it is garbage; a collector that looks would double the time.
    gc.disable()
    desk.editor.set_folders(desk.folders)
    _publish(office.server, desk)
    gc.freeze()
    gc.enable()
    # The models take a while to load, and the first who needs them would be somebody who types.
    asyncio.get_running_loop().call_later(_IDLE, node_at, "tasks", ())
    pulse.start()


def _opening(office: Office, report: Report) -> Callable[[str], None]:
    """Return the command that shows a task's file."""

    def show(task_id: str) -> None:
        uri = office.desk.uri_of(task_id)
        if get_capability(office.server.client_capabilities, "window.show_document.support"):
            params = types.ShowDocumentParams(uri, take_focus=True)
            office.server.window_show_document(params)

    answer = answering(show, report)

    def open_task(task_id: str) -> None:
        answer(task_id)

    return open_task
