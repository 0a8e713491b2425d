"""From a JSON pointer to the line and column that a person must look at."""

import re
from collections.abc import Iterable, Iterator

from orchestrator.text.nodes import Mapping, Node, Scalar, Scan, Sequence
from orchestrator.text.scan import scan

_BEHIND_COLON = re.compile(
    r"[ \t]*(?:(?<=[ \t])#[^\n]*)?(?:(\n)(?:[ \t]*(?:#[^\n]*)?\n)*([ \t]*))?"
).match
_PLAIN_TOKEN = re.compile(r"/[A-Za-z_][A-Za-z0-9_-]*\Z").match


def locate(text: str, pointer: str, *, at_key: bool = False) -> tuple[int, int] | None:
    """1-based line and column of what an RFC 6901 pointer names.

    Where the pointer leads nowhere this is the place of the nearest ancestor that exists. It works
    on broken text as far as the text can be understood, and never raises; None means that this is
    no pointer.

    Args:
        text: The text of one file.
        pointer: Where to go from the root; `""` is the root itself.
        at_key: Go to the key (or the dash of an item) instead of the value. An empty value is
            always at its key.
    """
    [place] = locate_all(text, [(pointer, at_key)])
    return place


def locate_all(text: str, wanted: Iterable[tuple[str, bool]]) -> Iterator[tuple[int, int] | None]:
    """Yield the place of each (pointer, at_key), as `locate` does, from at most one scan."""
    scanned: Scan | None = None
    for pointer, at_key in wanted:
        if _PLAIN_TOKEN(pointer) and "\r" not in text:
            offset = _top_level(text, pointer[1:], at_key=at_key)
            if offset is not None:
                yield text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
                continue
        if not pointer:
            yield 1, 1
        elif not pointer.startswith("/"):
            yield None
        else:
            scanned = scanned or scan(text)
            yield _find(scanned, pointer, at_key=at_key)


def _top_level(text: str, key: str, *, at_key: bool) -> int | None:
    """Offset for a key of a block mapping in column 0: nothing but a key can begin a line there."""
    if text.startswith(f"{key}:"):
        start = 0
    else:
        start = text.find(f"\n{key}:") + 1
        if not start:
            return None
    colon = start + len(key)
    if text[colon + 1 : colon + 2] not in ("", " ", "\n", "\t"):
        return None
    if at_key:
        return start
    match = _BEHIND_COLON(text, colon + 1)
    if match is None:
        return None
    stop = match.end()
    if match[1] is None:
        return stop if stop < len(text) else start
    indented = bool(match[2]) or text.startswith("- ", stop)
    return stop if indented and stop < len(text) else start


def _find(scanned: Scan, pointer: str, *, at_key: bool) -> tuple[int, int]:
    offset = 0
    node: Node | None = scanned.root
    for raw in pointer.split("/")[1:]:
        step = _step(node, raw.replace("~1", "/").replace("~0", "~"))
        if step is None:
            break
        at, node = step
        empty = isinstance(node, Scalar) and node.style == "empty"
        offset = at if at_key or empty else node.start
    return scanned.position(offset)


def _step(node: Node | None, token: str) -> tuple[int, Node] | None:
    """The offset of the key or dash that `token` names in `node`, and the value there."""
    if isinstance(node, Mapping):
        for key, _, value in node.entries:
            if key.text == token:
                return key.start, value
    elif isinstance(node, Sequence) and token.isascii() and token.isdigit():
        # A pointer from outside may hold a number of any length.
        index = int(token) if len(token) <= len(str(len(node.items))) else -1
        if 0 <= index < len(node.items):
            return node.items[index].dash, node.items[index].value
    return None
