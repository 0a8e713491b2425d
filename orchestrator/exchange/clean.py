"""Text and data from outside, fit for a plan file: no control characters, bounded, JSON-like."""

import json
import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from orchestrator.exchange.imported import Notebook
from orchestrator.model.entities.values import LABEL_LENGTH, TITLE_LENGTH

_LINE_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_SUSPECT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
# A file may be 12 deep; metadata, the source's key and lists of ours take some of them.
_DEPTH = 6
_KEY = re.compile(r"[\w.:/@+-][\w .:/@+-]{0,126}")
_ODD_IN_KEY = re.compile(r"[^\w.:/@+-]+")
_LONGEST_KEY = 120
OURS = frozenset({
    "id", "copy", "file", "folder", "links", "stamps", "assignees", "dropped_parents",
    "dropped_dependencies",
})  # fmt: skip
"""Keys that the importers themselves write under metadata."""

_EXACT = 2**53
_LONGEST = 4_000_000


def text(value: Any, source: str, notes: Notebook) -> str:
    """Return `value` as text without anything that a plan file may not hold."""
    raw = value if isinstance(value, str) else scalar(value)
    if len(raw) > _LONGEST:
        notes.add("size", source, f"A text of {len(raw):,} characters was cut to {_LONGEST:,}.")
        raw = raw[:_LONGEST]
    if _SUSPECT.search(raw) is None:
        return raw
    unified = _LINE_BREAKS.sub("\n", raw)
    if unified != raw:
        notes.count("text", "Texts with line ends other than LF, changed to LF")
    cleaned = _UNWRITABLE.sub("\ufffd", _FORBIDDEN.sub("", unified))
    if cleaned != unified:
        changed = len(_FORBIDDEN.findall(unified)) + len(_UNWRITABLE.findall(unified))
        notes.add("text", source, f"{changed:,} control or invalid characters were taken out.")
    return cleaned


def scalar(value: Any) -> str:
    """Return a scalar of JSON or YAML as people write it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float():
            return _number(value)
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)


def line(value: Any, source: str, notes: Notebook) -> str:
    """Return `value` as one line of text."""
    return " ".join(text(value, source, notes).split())


def title(value: Any, fallback: str, source: str, notes: Notebook) -> tuple[str, str | None]:
    """Return a title that the model takes, and the whole of it when it had to be cut."""
    found = line(value, source, notes)
    if not found:
        notes.add("text", source, f"It has no title; it is called {fallback} .")
        found = line(fallback, source, notes) or "untitled"
    if len(found) <= TITLE_LENGTH:
        return found, None
    notes.add(
        "text", source, f"Its title has {len(found):,} characters and was cut to {TITLE_LENGTH}."
    )
    return found[: TITLE_LENGTH - 1] + "…", found


def labels(values: Iterable[Any], source: str, notes: Notebook) -> list[str]:
    """Return the labels that the model takes, each once."""
    found: dict[str, None] = {}
    for value in values:
        label = line(value, source, notes)
        if len(label) > LABEL_LENGTH:
            notes.add("value", source, f"The label {label[:40]}… was cut to {LABEL_LENGTH}.")
            label = label[: LABEL_LENGTH - 1] + "…"
        if label:
            found[label] = None
    return list(found)


def data(value: Any, source: str, notes: Notebook, depth: int = 0) -> Any:
    """Return `value` as JSON-like data that a plan file can hold under metadata."""
    match value:
        case None | bool():
            return value
        case str():
            return text(value, source, notes)
        case int() | float():
            return value if _is_exact(value) else _number(value)
        case list() | tuple() if depth < _DEPTH:
            return [data(item, source, notes, depth + 1) for item in value]
        case dict() if depth < _DEPTH and all(_is_key(key) for key in value):
            return {key: data(item, source, notes, depth + 1) for key, item in value.items()}
        case _:
            notes.add("value", source, "A value too deep, or with odd keys, is kept as JSON text.")
            return text(_as_json(value), source, notes)


def keep(kept: dict[str, Any], key: Any, value: Any) -> None:
    """Put a field of the source under metadata, by its own key as far as a file can hold that."""
    found = _ODD_IN_KEY.sub("_", scalar(key))[:_LONGEST_KEY] or "_"
    while found in OURS or found in kept:
        found += "_"
    kept[found] = value


def is_empty(value: Any) -> bool:
    """Return whether a field of the source says nothing."""
    return value is None or value in ("", [], {}, ())


def ascii_slug(value: str, allowed: str) -> str:
    """Return `value` in ASCII small letters, with `-` for whatever is not in `allowed`."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode().casefold()
    return re.sub(f"[^{allowed}]+", "-", plain)


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        return "…"


def _is_key(key: Any) -> bool:
    return isinstance(key, str) and _KEY.fullmatch(key) is not None and key.isprintable()


def _is_exact(value: float) -> bool:
    if isinstance(value, int):
        return abs(value) <= _EXACT
    return math.isfinite(value)


def _number(value: float) -> str:
    try:
        return str(value)
    except ValueError:  # more digits than Python turns into text
        return hex(int(value))
