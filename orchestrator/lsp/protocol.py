"""The protocol as this server speaks it: its own buffers, and sentences instead of tracebacks."""

from collections.abc import Callable, Iterator
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import JsonRPCNotification, LanguageServerProtocol, lsp_method

from orchestrator.errors import OrchestratorError

REFUSED = int(types.LSPErrorCodes.RequestFailed)
BUG = int(types.ErrorCodes.InternalError)

Report = Callable[[BaseException], None]
"""Tells a person of a bug."""


class Protocol(LanguageServerProtocol):
    """The protocol without pygls's own buffers, whose lines end at U+2028 and the like as well."""

    @property
    def is_over(self) -> bool:
        """Whether the client asked for an end before it left."""
        return bool(self._shutdown)

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: object) -> Any:
        """Stop reading; pygls would raise SystemExit from inside of a task."""
        self._server.shutdown()  # type: ignore[no-untyped-call]  # pygls has no type for it

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> Any:
        """Pass on that a file was opened."""
        yield from self._passed_on(types.TEXT_DOCUMENT_DID_OPEN, params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Any:
        """Pass on what was typed."""
        yield from self._passed_on(types.TEXT_DOCUMENT_DID_CHANGE, params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> Any:
        """Pass on that a file was closed."""
        yield from self._passed_on(types.TEXT_DOCUMENT_DID_CLOSE, params)

    def _passed_on(self, method: str, params: object) -> Iterator[Any]:
        if (handler := self.fm.features.get(method)) is not None:
            yield handler, (params,), None

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Return a message as a value; a request that is none is answered, which pygls does not."""
        try:
            return super().structure_message(data)
        except JsonRpcException:
            if "id" in data and "method" in data:
                error = types.ResponseError(
                    int(types.ErrorCodes.InvalidParams),
                    f"The parameters of {str(data['method'])[:80]} are not what it takes.",
                )
                self._send_response(data["id"], None, error)
            return JsonRPCNotification("$/unusable", self.VERSION, None)

    def _send_response(
        self, msg_id: Any, result: Any = None, error: types.ResponseError | None = None
    ) -> None:
        """Send an answer; of an error only its sentence, never the traceback that pygls adds."""
        if error is not None:
            error = types.ResponseError(error.code, error.message.partition("\n")[0])
        super()._send_response(msg_id, result, error)


def answering(function: Callable[[Any], Any], report: Report) -> Callable[[Any], Any]:
    """Return a function of which every failure is one sentence for the client."""

    def answer(params: Any) -> Any:
        try:
            return function(params)
        except OrchestratorError as error:
            said = error.message if error.hint is None else f"{error.message} {error.hint}"
            raise JsonRpcException(" ".join(said.split()), REFUSED) from error
        except OSError as error:
            raise JsonRpcException(f"{(error.strerror or str(error)).lower()}.", REFUSED) from error
        except Exception as error:  # a bug in one answer must not end the server
            report(error)
            raise JsonRpcException("This is a bug in orchestrator.", BUG) from error

    return answer
