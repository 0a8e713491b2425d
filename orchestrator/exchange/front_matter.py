"""A Markdown file with YAML in front of it: read strictly, or else what can be had."""

import re
from typing import NamedTuple

from orchestrator.exchange import clean
from orchestrator.exchange.imported import Document, Notebook

_FENCE = re.compile(r"---[ \t]*\n(?P<front>.*?)(?:(?<=\n)|\A)---[ \t]*(?:\n|\Z)", re.DOTALL)
# YAML reserves @ and `, yet hand-written files name people `@dana`; Backlog.md takes them too.
_AT_VALUE = re.compile(r"(?m)^(?P<key>[ \t]*[\w-]+:[ \t]+|[ \t]*-[ \t]+)(?P<value>[@`][^\n#]*)$")
_AT_IN_LIST = re.compile(r"(?<=[\[,])(?P<space>[ ]*)(?P<value>[@`][^\s,\]]*)")
_LINE = re.compile(r"(?P<key>[A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(?P<value>.*))?")
_ENTRY = re.compile(r"[ \t]*-[ \t]+(?P<value>.*)")
_MOST_LINES = 5_000


class Parts(NamedTuple):
    """A file taken apart.

    Attributes:
        front: What the front matter says; empty when there is none.
        body: What comes after it.
    """

    front: Document
    body: str


def take_apart(path: str, data: bytes, notes: Notebook) -> Parts:
    """Return the front matter and the body of a file, whatever state they are in."""
    content = clean.text(decode(data, path, notes), path, notes)
    match = _FENCE.match(content)
    if match is None:
        return Parts({}, content)
    return Parts(document(path, match["front"], notes), content[match.end() :])


def decode(data: bytes, source: str, notes: Notebook) -> str:
    """Return the text of `data`; what is no UTF-8 is replaced and noted."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        notes.add("text", source, "It is not UTF-8; what could not be read became U+FFFD.")
        return data.decode(encoding, "replace")


def document(path: str, front: str, notes: Notebook) -> Document:
    """Return what a piece of YAML says, read line by line where the strict reader refuses it."""
    # The reader brings the native parser with it, which nothing else here needs.
    from orchestrator.text.read import read

    if not front.strip():
        return {}
    found = read(path, front.encode())
    if isinstance(found, dict):
        return found
    mended = read(path, _quoted(front).encode())
    if isinstance(mended, dict):
        notes.count(
            "front-matter", "Values that begin with @ are no YAML and were read as text; files"
        )
        return mended
    reason = found[0].message.rstrip(".")
    notes.add("front-matter", path, f"Its front matter was read line by line: {reason}.")
    return _line_by_line(path, front, notes)


def _quoted(front: str) -> str:
    def quote(value: str) -> str:
        return "'" + value.strip().replace("'", "''") + "'"

    with_values = _AT_VALUE.sub(lambda m: m["key"] + quote(m["value"]), front)
    return _AT_IN_LIST.sub(lambda m: m["space"] + quote(m["value"]), with_values)


def _line_by_line(path: str, front: str, notes: Notebook) -> Document:
    """Return the keys at the margin with their scalars and simple lists; the first of two wins."""
    found: Document = {}
    key = ""
    lines = front.split("\n")
    for number, line in enumerate(lines[:_MOST_LINES], start=2):
        entry, pair = _ENTRY.fullmatch(line), _LINE.fullmatch(line)
        before = found.get(key)
        if pair and pair["key"] not in found:
            key = pair["key"]
            found[key] = _value(pair["value"] or "")
        elif entry and key and (not before or isinstance(before, list)):
            found[key] = [*(before or []), _value(entry["value"])]
        elif line.strip() and not line.lstrip().startswith("#"):
            shown = line.strip()[:80]
            notes.add("front-matter", path, f"Line {number} was not understood: {shown!r}")
    if len(lines) > _MOST_LINES:
        notes.add("front-matter", path, f"Lines after {_MOST_LINES:,} were not read.")
    return found


def _value(written: str) -> str | list[str]:
    bare = written.strip()
    if bare.startswith("[") and bare.endswith("]"):
        return [_unquoted(each) for each in bare[1:-1].split(",") if each.strip()]
    return _unquoted(bare)


def _unquoted(written: str) -> str:
    bare = written.strip()
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "'\"":
        return bare[1:-1]
    return bare
