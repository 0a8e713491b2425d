"""A tracker's API over HTTP: paced, sent again where that is safe, bounded, and refused in words.

The only module of the remotes that sends anything. What a vendor does its own way - which answers
are errors, which headers tell what is left of a limit - comes in as functions.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode, urlsplit

from orchestrator.sync.errors import (
    AuthError,
    DriftError,
    LimitedError,
    RemoteError,
    ServerError,
    UnreachableError,
)
from orchestrator.sync.pace import Pace
from orchestrator.sync.remote import Progress, World

if TYPE_CHECKING:
    import httpx2

SECONDS = 30.0
LARGEST = 32 * 1024 * 1024
_TRIES = 5
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 60.0
_REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE"})
_READING = frozenset({"GET", "HEAD"})
_LIMITED = 429
_SERVER = 500
_RETRIED = frozenset({408, 500, 502, 503, 504, 529})

Query = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status: Of HTTP.
        headers: Their names in lower case.
        data: The JSON; None where the body is empty.
        text: The beginning of a body that is no JSON; "" otherwise.
    """

    status: int
    headers: Mapping[str, str]
    data: Any
    text: str = ""


@dataclass(frozen=True, slots=True)
class Vendor:
    """What one vendor does its own way.

    Attributes:
        name: For sentences: `Linear`.
        judge: Returns the error that an answer is, or None when it is fine; called for every
            status. A `LimitedError` from it is waited for and sent again.
        left: Returns the seconds until the limit resets when an answer says that nothing is left
            of it, or None.
        patience: Seconds that a request may wait for limits altogether.
    """

    name: str
    judge: Callable[[Answer], RemoteError | None]
    left: Callable[[Answer], float | None] = lambda _: None
    patience: float = 900.0


@dataclass
class Http:
    """Requests to one tracker; use it in a `with` block.

    Attributes:
        base: The API's root, without a slash at its end.
        headers: Sent with every request; the token is in one of them.
        secret: The token, blotted out wherever the tracker repeats it.
        vendor: What it does its own way.
        pace: How often it may be asked.
        world: Clock, waiting, chance and progress.
        sent: Requests so far.
    """

    base: str
    headers: Mapping[str, str]
    secret: str
    vendor: Vendor
    pace: Pace
    world: World
    sent: int = 0
    _client: "httpx2.Client | None" = field(default=None, repr=False)

    def __enter__(self) -> Self:
        """Open the connections."""
        import httpx2

        from orchestrator import __version__

        if not self.secret.isascii() or not self.secret.isprintable() or " " in self.secret:
            raise AuthError("The token holds characters that no token has.", "Set it again.")
        agent = {"User-Agent": f"orchestrator/{__version__}", "Accept": "application/json"}
        # A redirect would carry the token to wherever it leads.
        self._client = httpx2.Client(
            headers={**agent, **self.headers}, timeout=SECONDS, follow_redirects=False
        )
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
        return urlsplit(self.base).hostname or self.base

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Query = (),
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        is_repeatable: bool | None = None,
    ) -> Answer:
        """Send a request, again where that is safe, and return the answer when it is fine.

        Args:
            method: Of HTTP.
            path: Below the root, its parts quoted; or a whole URL on the same server, as in a
                `Link` header.
            query: Parameters.
            body: Sent as JSON; None sends none.
            headers: Further ones.
            is_repeatable: Whether sending it twice does what sending it once does; by the method
                when nothing is said.

        Raises:
            RemoteError: What the tracker refuses, or what keeps it from answering.
        """
        repeatable = method in _REPEATABLE if is_repeatable is None else is_repeatable
        url = self._url(path, query)
        waited = 0.0
        for attempt in range(_TRIES):
            is_last = attempt == _TRIES - 1
            try:
                return self._once(method, url, body, headers, is_repeatable=repeatable)
            except LimitedError as error:
                # It was not looked at, so that even a write can be sent again.
                seconds = error.retry_after
                seconds = self._backoff(attempt) if seconds is None else seconds
                waited += seconds
                if is_last or waited > self.vendor.patience:
                    raise
                self.pace.block(self._steady() + seconds)
            except (ServerError, UnreachableError):
                if is_last or not repeatable:
                    raise
                self._pause(self._backoff(attempt))
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _once(
        self,
        method: str,
        url: str,
        body: Any,
        headers: Mapping[str, str] | None,
        *,
        is_repeatable: bool,
    ) -> Answer:
        is_write = method not in _READING
        self._pause(self.pace.wait(self._steady(), is_write=is_write))
        self.pace.note(self._steady(), is_write=is_write)
        self.sent += 1
        answer = self._sent(method, url, body, headers, is_ambiguous=is_write)
        seconds = self.vendor.left(answer)
        if seconds is not None:
            self.pace.block(self._steady() + seconds)
        error = self.vendor.judge(answer)
        if error is None and answer.status >= _SERVER:
            said = f": {answer.text}" if answer.text else ""
            error = ServerError(
                f"{self.vendor.name} failed (HTTP {answer.status}){said}.", "Try again later."
            )
        if error is None and answer.status == _LIMITED:
            error = LimitedError(
                f"{self.vendor.name} has had too many requests.",
                "Try again later.",
                retry_after=seconds_in(answer.headers.get("retry-after")),
            )
        if error is None and answer.text:
            error = DriftError(
                f"{self.host} answered with something that is not JSON.",
                "Check the url of the integration in orchestrator.yaml.",
                is_ambiguous=is_write,
            )
        if error is None:
            return answer
        if isinstance(error, ServerError) or answer.status in _RETRIED:
            error.is_ambiguous = is_write and not is_repeatable
        raise self._blotted(error)

    def _sent(
        self,
        method: str,
        url: str,
        body: Any,
        headers: Mapping[str, str] | None,
        *,
        is_ambiguous: bool,
    ) -> Answer:
        import httpx2

        assert self._client is not None  # noqa: S101 - asked in the with block
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        kind = {} if content is None else {"Content-Type": "application/json"}
        try:
            with self._client.stream(
                method, url, content=content, headers={**kind, **(headers or {})}
            ) as response:
                data = self._bounded(response)
        except httpx2.TimeoutException:
            raise UnreachableError(
                f"{self.host} did not answer in {SECONDS:.0f} seconds.",
                "Try again later.",
                is_ambiguous=is_ambiguous,
            ) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            reason = self._clean(str(error)) or type(error).__name__
            # Nothing was sent where there was no connection.
            lost = is_ambiguous and not isinstance(error, httpx2.ConnectError)
            raise UnreachableError(
                f"{self.host} cannot be reached: {reason}.",
                "Check the network, and the url of the integration.",
                is_ambiguous=lost,
            ) from None
        lower = {name.lower(): value for name, value in response.headers.items()}
        value, text = self._parsed(data)
        return Answer(response.status_code, lower, value, text)

    def _bounded(self, response: "httpx2.Response") -> bytes:
        data = bytearray()
        for chunk in response.iter_bytes():
            data += chunk
            if len(data) > LARGEST:
                raise DriftError(f"{self.host} answered with more than {LARGEST:,} bytes.")
        return bytes(data)

    def _parsed(self, data: bytes) -> tuple[Any, str]:
        if not data.strip():
            return None, ""
        try:
            return json.loads(data), ""
        except (ValueError, RecursionError):
            return None, self._clean(data[:200].decode("utf-8", "replace")) or "?"

    def _url(self, path: str, query: Query) -> str:
        if path.startswith(("http://", "https://")):
            there, here = urlsplit(path), urlsplit(self.base)
            if (there.scheme, there.netloc) != (here.scheme, here.netloc):
                raise DriftError(
                    f"{self.host} points to another server, {there.hostname} .",
                    "The token is not sent there.",
                )
            return path
        pairs = list(query.items()) if isinstance(query, Mapping) else list(query)
        return f"{self.base}{path}{f'?{urlencode(pairs)}' if pairs else ''}"

    def _blotted(self, error: RemoteError) -> RemoteError:
        error.message = self._hidden(error.message)
        error.args = (error.message,)
        return error

    def _clean(self, text: str) -> str:
        line = " ".join(text.split())
        printable = "".join(sign for sign in line if sign.isprintable())
        return self._hidden(printable)[:200].rstrip(". ")

    def _hidden(self, text: str) -> str:
        return text.replace(self.secret, "(the token)") if self.secret else text

    def _backoff(self, attempt: int) -> float:
        longest: float = min(_LONGEST_WAIT, _FIRST_WAIT * 2**attempt)
        return longest * (0.5 + self.world.chance() / 2)

    def _steady(self) -> float:
        return self.world.now().timestamp()

    def _pause(self, seconds: float) -> None:
        if seconds <= 0:
            return
        self.world.progress(Progress(f"waiting for {self.vendor.name}", seconds=seconds))
        self.world.sleep(seconds)


def seconds_in(text: str | None) -> float | None:
    """Return the seconds of a `Retry-After` header, at most an hour; None for anything else."""
    if text is None or not text.strip().isdecimal() or len(text.strip()) > 9:  # noqa: PLR2004
        return None
    return min(3600.0, float(text))


def said_in(data: Any) -> str:
    """Return what an error's body says, on one line: the shapes that the vendors have in common."""
    if not isinstance(data, dict):
        return ""
    parts: list[Any] = [data.get("message"), data.get("error"), data.get("error_description")]
    parts += [
        item.get("message") or item.get("code") if isinstance(item, dict) else item
        for item in _list(data.get("errors"))
    ]
    texts = [" ".join(str(part).split()) for whole in parts for part in _list(whole) if part]
    return "; ".join(dict.fromkeys(texts))[:300].rstrip(". ")


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
