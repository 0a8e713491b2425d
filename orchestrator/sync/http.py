"""JSON over HTTP: paced, sent again where that is safe, bounded, and refused in words.

The only way out of the remotes. What a vendor does its own way - which answers are errors, which
headers tell what is left of a limit - comes in as functions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from orchestrator.sync.answer import Answer, said_in, seconds_in
from orchestrator.sync.errors import (
    DriftError,
    LimitedError,
    RemoteError,
    ServerError,
    UnreachableError,
)
from orchestrator.sync.pace import Pace
from orchestrator.sync.remote import Progress, World
from orchestrator.sync.wire import Query, UnconnectedError, UntrustedError, Wire

__all__ = ["Answer", "Http", "Query", "Vendor", "said_in", "seconds_in"]

_TRIES = 5
_TRIES_TO_CONNECT = 3
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 60.0
_REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE"})
_READING = frozenset({"GET", "HEAD"})
_ELSEWHERE = range(300, 400)
_LIMITED = 429
_SERVER = 500
_RETRIED = frozenset({408, 500, 502, 503, 504, 529})


@dataclass(frozen=True, slots=True)
class Vendor:
    """What one vendor does its own way.

    Attributes:
        name: For sentences: `Linear`.
        judge: Returns the error that an answer is, or None when it is fine; called for every
            status, also where there is no JSON. A `LimitedError` from it is waited for and sent
            again. Redirects, 429 and 5xx that it lets pass are errors all the same.
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
    headers: Mapping[str, str] = field(repr=False)
    secret: str = field(repr=False)
    vendor: Vendor
    pace: Pace
    world: World
    sent: int = 0
    _wire: Wire = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare the connection; nothing is opened."""
        self._wire = Wire(self.base, self.headers, self.secret, self._steady)

    def __enter__(self) -> Self:
        """Open the connections."""
        self._wire.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close them."""
        self._wire.__exit__(kind, error, trace)

    @property
    def host(self) -> str:
        """The server's name, for sentences."""
        return self._wire.host

    def ask(  # noqa: PLR0913 - by name: what a request of HTTP is made of
        self,
        method: str,
        path: str,
        *,
        query: Query = (),
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        is_repeatable: bool | None = None,
        is_write: bool | None = None,
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
                when nothing is said, and true for what only reads.
            is_write: Whether it may change something there; by the method when nothing is said.

        Raises:
            RemoteError: What the tracker refuses, or what keeps it from answering.
        """
        writes = method not in _READING if is_write is None else is_write
        default = method in _REPEATABLE or not writes
        repeatable = default if is_repeatable is None else is_repeatable
        url = self._wire.url(path, query)
        waited = 0.0
        for attempt in range(_TRIES):
            is_last = attempt == _TRIES - 1
            waited += self._wait(waited, is_write=writes)
            try:
                return self._once(method, url, body, headers, is_write=writes)
            except LimitedError as error:
                # It was not looked at, so that even a write can be sent again.
                seconds = error.retry_after
                seconds = self._backoff(attempt) if seconds is None else seconds
                if is_last or waited + seconds > self.vendor.patience:
                    raise
                self.pace.block(self._steady() + seconds)
            except UntrustedError:
                raise
            except UnconnectedError:
                if attempt >= _TRIES_TO_CONNECT - 1:
                    raise
                self._pause(self._backoff(attempt))
            except (ServerError, UnreachableError):
                if is_last or not repeatable:
                    raise
                self._pause(self._backoff(attempt))
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _wait(self, waited: float, *, is_write: bool) -> float:
        seconds = self.pace.wait(self._steady(), is_write=is_write)
        if waited + seconds > self.vendor.patience:
            raise LimitedError(
                f"{self.vendor.name} takes no more requests for {seconds:,.0f} seconds.",
                "Try again later: what was done so far is kept.",
                retry_after=seconds,
            )
        self._pause(seconds)
        return seconds

    def _once(
        self,
        method: str,
        url: str,
        body: Any,
        headers: Mapping[str, str] | None,
        *,
        is_write: bool,
    ) -> Answer:
        self.pace.note(self._steady(), is_write=is_write)
        self.sent += 1
        answer = self._wire.send(method, url, body, headers, is_write=is_write)
        seconds = self.vendor.left(answer)
        if seconds is not None:
            self.pace.block(self._steady() + seconds)
        error = self.vendor.judge(answer) or self._judged(answer, is_write=is_write)
        if error is None:
            return answer
        if isinstance(error, ServerError) or answer.status in _RETRIED:
            error.is_ambiguous = is_write
            pause = seconds_in(answer.headers.get("retry-after")) or 0.0
            self.pace.block(self._steady() + min(pause, _LONGEST_WAIT))
        error.message = self._wire.hidden(error.message)
        error.args = (error.message,)
        raise error

    def _judged(self, answer: Answer, *, is_write: bool) -> RemoteError | None:
        check = "Check the url of the integration in orchestrator.yaml."
        if answer.status >= _SERVER:
            # A page of a proxy's says nothing that helps.
            text = "" if answer.text.startswith("<") else answer.text or said_in(answer.data)
            said = f": {text}" if text else ""
            return ServerError(
                f"{self.vendor.name} failed (HTTP {answer.status}){said}.", "Try again later."
            )
        if answer.status == _LIMITED:
            return LimitedError(
                f"{self.vendor.name} has had too many requests.",
                "Try again later.",
                retry_after=seconds_in(answer.headers.get("retry-after")),
            )
        if answer.status in _ELSEWHERE:
            return DriftError(f"{self.host} sends to another address.", check)
        if answer.text:
            return DriftError(
                f"{self.host} answered with something that is not JSON.",
                check,
                is_ambiguous=is_write,
            )
        return None

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
