"""One HTTP request and its answer: bounded in size and time, with failures in words."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import SplitResult, urlencode, urlsplit

from orchestrator.sync.answer import Answer, parsed
from orchestrator.sync.errors import AuthError, DriftError, RemoteError, UnreachableError

if TYPE_CHECKING:
    import httpx2

SECONDS = 30.0
"""Without a sign of life, until an answer is given up."""
ALTOGETHER = 180.0
"""Until an answer that goes on dripping is given up."""
LARGEST = 32 * 1024 * 1024

Query = Mapping[str, str] | Sequence[tuple[str, str]]

# What Python puts around the words of the system: `[Errno 111]`, `[SSL: …]`, `(_ssl.c:1006)`.
_AROUND = re.compile(r"^\[[^]]*\] *(?=\S)|(?<=\S) *\(_ssl\.c:\d+\)$")
_PORTS = {"http": 80, "https": 443}


class UntrustedError(UnreachableError):
    """The server's certificate does not hold: no second try mends that."""


class UnconnectedError(UnreachableError):
    """Nobody listens there, or there is no network: nothing was sent."""


@dataclass
class Wire:
    """A connection to one server; use it in a `with` block.

    Attributes:
        base: The API's root, without a slash at its end.
        headers: Sent with every request; the token is in one of them.
        secret: The token, blotted out wherever the server repeats it.
        now: Seconds of a steady clock.
    """

    base: str
    headers: Mapping[str, str]
    secret: str
    now: Callable[[], float]
    _client: "httpx2.Client | None" = field(default=None, repr=False)

    def __enter__(self) -> Self:
        """Open the connections."""
        import httpx2

        from orchestrator import __version__

        if not self.secret:
            raise AuthError("The token is empty.", "Set it again.")
        if not self.secret.isascii() or not self.secret.isprintable() or " " in self.secret:
            raise AuthError("The token holds characters that no token has.", "Set it again.")
        agent = {"User-Agent": f"orchestrator/{__version__}", "Accept": "application/json"}
        try:
            # A redirect would carry the token to wherever it leads.
            self._client = httpx2.Client(
                headers={**agent, **self.headers}, timeout=SECONDS, follow_redirects=False
            )
        except (OSError, ValueError) as error:
            raise UnreachableError(
                f"No connection can be set up: {self.clean(str(error))}.",
                "Check the environment variables SSL_CERT_FILE and HTTPS_PROXY.",
            ) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close them."""
        if self._client is not None:
            self._client.close()
            self._client = None

    @property
    def host(self) -> str:
        """The server's name, for sentences."""
        parts = _split(self.base)
        return (parts.hostname if parts else None) or self.base

    def url(self, path: str, query: Query) -> str:
        """Return the whole address of a path below the root.

        Raises:
            DriftError: It is a whole address already, on another server.
        """
        pairs = list(query.items()) if isinstance(query, Mapping) else list(query)
        tail = f"?{urlencode(pairs)}" if pairs else ""
        if not path.startswith(("http://", "https://")):
            return f"{self.base}{path}{tail}"
        there, here = _split(path), _split(self.base)
        if there is None or here is None or _place(there) != _place(here):
            name = there.hostname if there is not None else None
            raise DriftError(
                f"{self.host} points to another server, {self.clean(name or path)} .",
                "The token is not sent there.",
            )
        return f"{path}{tail}"

    def send(
        self,
        method: str,
        url: str,
        body: Any,
        headers: Mapping[str, str] | None,
        *,
        is_write: bool,
    ) -> Answer:
        """Send one request once, and return what comes back, whatever it is.

        Raises:
            RemoteError: Nothing came back, or something without an end.
        """
        import httpx2

        assert self._client is not None  # noqa: S101 - asked in the with block
        content = None if body is None else json.dumps(body, allow_nan=False).encode()
        kind = {} if content is None else {"Content-Type": "application/json"}
        sent = {**kind, **(headers or {})}
        try:
            with self._client.stream(method, url, content=content, headers=sent) as response:
                data = self._bounded(response, is_write=is_write)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise self._failure(error, is_write=is_write) from None
        lower = {name.lower(): value for name, value in response.headers.items()}
        try:
            return Answer(response.status_code, lower, parsed(data))
        except ValueError:
            text = self.clean(data[:200].decode("utf-8", "replace")) or "?"
            return Answer(response.status_code, lower, None, text)

    def clean(self, text: str) -> str:
        """Return text from outside on one line, short, without the token."""
        line = " ".join(text.split())
        printable = "".join(sign for sign in line if sign.isprintable())
        return self.hidden(printable)[:200].rstrip(". ")

    def hidden(self, text: str) -> str:
        """Return text without the token."""
        return text.replace(self.secret, "(the token)") if self.secret else text

    def _bounded(self, response: "httpx2.Response", *, is_write: bool) -> bytes:
        data = bytearray()
        end = self.now() + ALTOGETHER
        for chunk in response.iter_bytes():
            data += chunk
            if len(data) > LARGEST:
                raise DriftError(
                    f"{self.host} answered with more than {LARGEST:,} bytes.",
                    "Check the url of the integration in orchestrator.yaml.",
                )
            if self.now() > end:
                raise self._silent(ALTOGETHER, is_ambiguous=is_write)
        return bytes(data)

    def _failure(self, error: Exception, *, is_write: bool) -> RemoteError:
        import httpx2

        if isinstance(error, httpx2.ConnectTimeout):
            return UnconnectedError(
                f"{self.host} cannot be reached: no connection in {SECONDS:.0f} seconds.",
                "Check the network, and the url of the integration.",
            )
        if isinstance(error, httpx2.TimeoutException):
            return self._silent(SECONDS, is_ambiguous=is_write)
        reason = self.clean(str(error)) or type(error).__name__
        if "CERTIFICATE_VERIFY_FAILED" in reason:
            return UntrustedError(
                f"The certificate of {self.host} does not hold: {_plain(reason)}.",
                "For a certificate authority of your own, name its file in SSL_CERT_FILE.",
            )
        unsent = isinstance(error, (httpx2.ConnectError, httpx2.InvalidURL))
        kind = UnconnectedError if unsent else UnreachableError
        return kind(
            f"{self.host} cannot be reached: {_plain(reason)}.",
            "Check the network, and the url of the integration.",
            is_ambiguous=is_write and not unsent,
        )

    def _silent(self, seconds: float, *, is_ambiguous: bool) -> UnreachableError:
        return UnreachableError(
            f"{self.host} did not answer in {seconds:.0f} seconds.",
            "Try again later.",
            is_ambiguous=is_ambiguous,
        )


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _place(parts: SplitResult) -> tuple[str, str | None, int | None]:
    try:
        port = parts.port
    except ValueError:
        port = -1
    return parts.scheme, parts.hostname, _PORTS.get(parts.scheme) if port is None else port


def _plain(reason: str) -> str:
    """Return what the system says went wrong, in its words alone."""
    words = _AROUND.sub("", reason).rstrip(".")
    return f"{words[:1].lower()}{words[1:]}" if words[1:2].islower() else words
