"""What a tracker answers: status, headers, JSON, and the few words in it that all vendors share."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_HOUR = 3600.0
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status: Of HTTP.
        headers: Their names in lower case.
        data: The JSON; None where the body is empty or is no JSON.
        text: The beginning of a body that is no JSON; "" otherwise.
    """

    status: int
    headers: Mapping[str, str]
    data: Any
    text: str = ""


def parsed(data: bytes) -> Any:
    """Return the JSON of a body, None for an empty one.

    Half of a surrogate pair, which JSON can hold and UTF-8 cannot, becomes U+FFFD.

    Raises:
        ValueError: It is no JSON, or nested too deeply.
    """
    if not data.strip():
        return None
    try:
        value = json.loads(data, parse_constant=_refused)
        if rb"\ud" in data.lower():
            text = json.dumps(value, ensure_ascii=False)
            value = json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def seconds_in(text: str | None) -> float | None:
    """Return the seconds of a `Retry-After` header, at most an hour; None for anything else."""
    if text is None or not text.strip().isdecimal() or len(text.strip()) > _DIGITS:
        return None
    return min(_HOUR, float(text))


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
    joined = "; ".join(dict.fromkeys(texts))
    return "".join(sign for sign in joined if sign.isprintable())[:300].rstrip(". ")


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _refused(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
