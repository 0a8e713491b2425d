"""One forge's API over HTTP: bounded in time and size, and refused in a sentence."""

import json
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from orchestrator.sync.forges.place import Forge, ForgeError

if TYPE_CHECKING:
    import httpx2

_SECONDS = 20.0
_LARGEST = 4 * 1024 * 1024
_FINE = range(200, 300)
_MOVED = range(300, 400)


class RemoteAuthError(ForgeError):
    """The forge does not take the token, or its owner may not do that."""


class RateLimitedError(ForgeError):
    """The forge wants to be asked less often.

    Attributes:
        retry_after: Seconds to wait, or None when it does not say.
    """

    def __init__(self, host: str, retry_after: int | None) -> None:
        wait = f"in {retry_after:,} seconds" if retry_after is not None else "later"
        super().__init__(f"{host} has had too many requests.", f"Try again {wait}.")
        self.retry_after = retry_after


class RemoteRejectedError(ForgeError):
    """The forge refuses what it was asked for.

    Attributes:
        status: The HTTP status.
    """

    def __init__(self, message: str, hint: str | None, status: int) -> None:
        super().__init__(message, hint)
        self.status = status


class RemoteUnavailableError(ForgeError):
    """The forge cannot be reached, or fails."""


class Client:
    """Requests to one forge; use it in a `with` block."""

    def __init__(self, forge: Forge, headers: Mapping[str, str]) -> None:
        self.forge = forge
        self._headers = headers
        self._http: httpx2.Client | None = None

    def __enter__(self) -> Self:
        """Open the connection pool."""
        import httpx2

        from orchestrator import __version__

        token = "".join(self._headers.values())
        if not token.isascii() or not token.isprintable():
            raise RemoteAuthError("The token holds characters that no token has.", "Set it again.")

        agent = {"User-Agent": f"orchestrator/{__version__}", "Accept": "application/json"}
        # A redirect would carry the token to wherever it leads.
        self._http = httpx2.Client(
            headers={**agent, **self._headers}, timeout=_SECONDS, follow_redirects=False
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        if self._http is not None:
            self._http.close()

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Any:
        """Return the JSON that the forge answers with.

        Args:
            method: `GET`, `POST`, `PUT` or `PATCH`.
            path: Below the API's root, its parts quoted.
            body: Sent as JSON.
            query: Parameters.

        Raises:
            ForgeError: It cannot be reached, refuses, or answers with something else.
        """
        import httpx2

        assert self._http is not None  # noqa: S101 - ask() is called in the with block
        url = f"{self.forge.api}{path}{f'?{urlencode(query)}' if query else ''}"
        host = self.forge.host
        try:
            with self._http.stream(method, url, json=body) as response:
                data = _bounded(response, host)
                status, headers = response.status_code, response.headers
        except httpx2.TimeoutException:
            raise RemoteUnavailableError(
                f"{host} did not answer in {_SECONDS:.0f} seconds.", "Try again later."
            ) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            reason = str(error).strip().rstrip(".") or type(error).__name__
            raise RemoteUnavailableError(
                f"{host} cannot be reached: {reason[:200]}.", "Check the network and the URL."
            ) from None
        answer = _parsed(data)
        if status in _FINE:
            if answer is None:
                raise RemoteUnavailableError(
                    f"{host} answered with something that is not JSON.",
                    "Check the url of the integration in orchestrator.yaml.",
                )
            return answer
        raise _refusal(self.forge, status, headers, answer)


def _bounded(response: "httpx2.Response", host: str) -> bytes:
    data = b""
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > _LARGEST:
            raise RemoteUnavailableError(f"{host} answered with more than {_LARGEST:,} bytes.")
    return data


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _refusal(forge: Forge, status: int, headers: Mapping[str, str], answer: Any) -> ForgeError:
    """Return what an HTTP status means here, in words."""
    said = _said(answer)
    host, project = forge.host, forge.project
    why = f": {said}" if said else ""
    is_limited = headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers
    match status:
        case 401:
            return RemoteAuthError(
                f"{host} does not take the token{why}.", f"Put a valid one in {forge.token} ."
            )
        case 429 | 403 if status == 429 or is_limited:  # noqa: PLR2004
            return RateLimitedError(host, _seconds(headers))
        case 403:
            return RemoteAuthError(
                f"The token may not open requests in {project} on {host}{why}.",
                f"It needs to write pull or merge requests; see {forge.token} .",
            )
        case 404:
            return RemoteRejectedError(
                f"{host} has no project {project} for this token.",
                "Check the remote's URL, and what the token may see.",
                status,
            )
        case _ if status in _MOVED:
            return RemoteRejectedError(
                f"{project} is no longer there on {host} (HTTP {status}).",
                "git remote set-url names the new place.",
                status,
            )
        case _ if status >= 500:  # noqa: PLR2004 - the server's own errors begin here
            return RemoteUnavailableError(
                f"{host} failed (HTTP {status}){why}.", "Try again later."
            )
        case _:
            return RemoteRejectedError(
                f"{host} refuses the request (HTTP {status}){why}.",
                "Both branches must be there, and differ.",
                status,
            )


def _seconds(headers: Mapping[str, str]) -> int | None:
    text = headers.get("retry-after", "").strip()
    return int(text) if text.isdecimal() and len(text) < 7 else None  # noqa: PLR2004 - 11 days


def _said(answer: Any) -> str:
    """Return what a forge says in its error, on one line."""
    if not isinstance(answer, dict):
        return ""
    parts = [answer.get("message"), answer.get("error")]
    parts += [
        item.get("message") or item.get("code") if isinstance(item, dict) else item
        for item in _list(answer.get("errors"))
    ]
    texts: list[str] = []
    for part in parts:
        texts += [str(item) for item in _list(part) if item]
    line = "; ".join(dict.fromkeys(" ".join(text.split()) for text in texts))
    return line[:300].rstrip(". ")


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
