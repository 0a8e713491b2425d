"""The server over streamable HTTP: who may knock, and on which door."""

import hmac
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings

from orchestrator.errors import OrchestratorError
from orchestrator.mcp.desk import Desk
from orchestrator.mcp.server import make_server

PATH = "/mcp"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_ANY = frozenset({"0.0.0.0", "::"})  # noqa: S104 - it is looked for, not listened on
_MOST_BYTES = 2 * 1024 * 1024
_MOST_SESSIONS = 100
_SECONDS_TO_END = 2
_SHORTEST_TOKEN = 16

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class AddressError(OrchestratorError):
    """The server cannot listen there."""


class Address(NamedTuple):
    """Where to listen.

    Attributes:
        host: A name or an address.
        port: 0 takes a free one.
    """

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return self.host in _LOOPBACK


class Guard:
    """Lets requests through that name this host, come from no foreign page, and know the token."""

    def __init__(self, app: App, address: Address, token: str) -> None:
        self._app = app
        self._token = token.encode()
        self._hosts = _LOOPBACK | {address.host.lower()}
        # Whoever listens everywhere has as many names; then the token alone decides.
        self._is_any_host = address.host in _ANY

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] == "http" and (refusal := self._refusal(scope)):
            await _refuse(send, *refusal)
            return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Message) -> tuple[int, str] | None:
        found: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            found.setdefault(name.lower(), []).append(value)
        hosts, origins = found.get(b"host", []), found.get(b"origin", [])
        if len(hosts) != 1 or not (
            self._is_any_host or _name(f"//{_text(hosts[0])}") in self._hosts
        ):
            return 421, "This server does not go by that host."
        if any(_name(_text(origin)) not in self._hosts for origin in origins):
            return 403, "Pages of other origins may not ask here."
        wanted = b"Bearer " + self._token
        given = found.get(b"authorization", [b""])
        if self._token and not (len(given) == 1 and hmac.compare_digest(given[0], wanted)):
            return 401, "The bearer token is missing or wrong."
        return None


def listening(address: Address) -> socket.socket:
    """Return a socket that listens.

    Raises:
        AddressError: It cannot.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        return socket.create_server((address.host, address.port), family=family)
    except (OSError, UnicodeError) as error:
        reason = (getattr(error, "strerror", None) or "there is no such address").lower()
        raise AddressError(
            f"The server cannot listen on {address.host} port {address.port} : {reason}.",
            "Choose another port; 0 takes a free one.",
        ) from error


def refuse_open(address: Address, token: str) -> None:
    """Do nothing when nobody else can reach an address, or a token keeps others out.

    Raises:
        AddressError: Others could, and there is none.
    """
    if not address.is_loopback and len(token) < _SHORTEST_TOKEN:
        raise AddressError(
            f"Others can reach {address.host} , and there is no token to keep them out.",
            f"Set ORCHESTRATOR_MCP_TOKEN to {_SHORTEST_TOKEN} characters or more.",
        )


async def serve_http(desk: Desk, address: Address, listener: socket.socket, token: str) -> None:
    """Serve clients over streamable HTTP until a signal ends it.

    Args:
        desk: What answers.
        address: By which the server goes.
        listener: As `listening` returns it.
        token: What clients must send; `""` when only this machine reaches it.
    """
    app = make_server(desk).streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        max_request_body_size=_MOST_BYTES,
        max_sessions=_MOST_SESSIONS,
        # The guard looks at hosts and origins, and knows more of them.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    config = uvicorn.Config(
        Guard(app, address, token),
        log_level="error", access_log=False, ws="none", server_header=False,
        timeout_graceful_shutdown=_SECONDS_TO_END,
    )  # fmt: skip
    await uvicorn.Server(config).serve(sockets=[listener])


async def _refuse(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if status == 401:  # noqa: PLR2004
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{text}\n".encode()})


def _text(value: bytes) -> str:
    return value.decode("latin-1")


def _name(url: str) -> str | None:
    """Return the host that a URL names, or None."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
