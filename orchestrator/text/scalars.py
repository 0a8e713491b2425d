"""Scalars: what a plain one means, and how escapes, folding and blocks are undone."""

import math
import re

_TYPED_FIRST = frozenset("~nNtTfF+-.0123456789")
_WORDS: dict[str, bool | None] = {
    "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INT = re.compile(r"[-+]?[0-9]+\Z").match
_PREFIXED = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)\Z").match
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z").match
MAX_DIGITS = 18
"""An integer with more digits stays text, and the schema will say so: few readers can hold it."""
INT_LIMIT = 10**MAX_DIGITS

_BREAK = r"(?:\r\n?|\n)"
_FOLD = re.compile(rf"[ \t]*{_BREAK}(?:[ \t]*{_BREAK})*[ \t]*")
_ANY_BREAK = re.compile(_BREAK)
_ESCAPE = re.compile(
    rf"\\(?:{_BREAK}(?P<blank>(?:[ \t]*{_BREAK})*)[ \t]*"
    r"|x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|(?P<letter>[^xuU]))"
    rf"|(?P<fold>[ \t]*{_BREAK}(?:[ \t]*{_BREAK})*[ \t]*)"
)
BAD_ESCAPE = re.compile(
    r"\\(?:x(?![0-9a-fA-F]{2})|u(?![0-9a-fA-F]{4})|U(?!(?:000[0-9a-fA-F]|0010)[0-9a-fA-F]{4})"
    r"|[^0abt\tnvfre \"/\\N_LPxuU\r\n])"
)
_LETTERS = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f",
    "r": "\r", "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0",
    "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_SURROGATE = re.compile("[\ud800-\udfff]")


def resolve(text: str) -> str | int | float | bool | None:
    """What a plain scalar means: the YAML 1.2 core schema, cut down to what JSON can hold."""
    if not text or text[0] not in _TYPED_FIRST:
        return text or None
    if text in _WORDS:
        return _WORDS[text]
    if _INT(text):
        digits = text.lstrip("+-0") or "0"
        if len(digits) > MAX_DIGITS:
            return text
        return -int(digits) if text[0] == "-" else int(digits)
    if _PREFIXED(text):
        # Far fewer digits pass the limit; a bound keeps int() cheap on a megabyte of them.
        number = int(text, 0) if len(text) <= 2 + 3 * MAX_DIGITS else INT_LIMIT
        return number if number < INT_LIMIT else text
    if _FLOAT(text):
        value = float(text)
        return value if math.isfinite(value) else text
    return text


def fold(raw: str) -> str:
    """Undo line folding in a plain or quoted scalar."""
    if "\n" not in raw and "\r" not in raw:
        return raw
    return _FOLD.sub(lambda match: _folded(match[0]), raw)


def _folded(gap: str) -> str:
    count = len(_ANY_BREAK.findall(gap))
    return "\n" * (count - 1) or " "


def unescape(raw: str) -> str:
    """Undo escapes and folding of the inside of a double-quoted scalar.

    An escaped pair of surrogates is one character, as in JSON; a lone one is left to be refused.
    """
    if "\\" not in raw:
        return fold(raw)
    text = _ESCAPE.sub(_unescaped, raw)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text


def _unescaped(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "letter":
        return _LETTERS.get(match["letter"], match[0])
    if kind == "fold":
        return _folded(match[0])
    if kind == "blank" or kind is None:
        return "\n" * len(_ANY_BREAK.findall(match["blank"] or ""))
    return chr(min(int(match[kind], 16), 0x10FFFF))


def has_lone_surrogate(text: str) -> bool:
    """Whether the text holds half a surrogate pair, which no UTF-8 file can."""
    return _SURROGATE.search(text) is not None


def block_text(lines: list[str], indent: int, chomp: str, *, folded: bool) -> str:
    """The text of a block scalar, from its lines without breaks and its indentation."""
    rows = [line[indent:] for line in lines]
    last = len(rows)
    while last and not rows[last - 1]:
        last -= 1
    body = _join_folded(rows[:last]) if folded else "\n".join(rows[:last])
    if chomp == "-":
        return body
    if chomp == "+":
        return body + "\n" * (len(rows) - last + bool(last))
    return body + "\n" if last else ""


def _join_folded(rows: list[str]) -> str:
    """Join by the folding rule: one break between flush lines is a space, n + 1 breaks are n."""
    out: list[str] = []
    breaks = 0
    flush_before = False
    for row in rows:
        if not row:
            breaks += 1
            continue
        flush = row[0] not in " \t"
        if not out:
            out.append("\n" * breaks)
        elif flush and flush_before:
            out.append("\n" * breaks or " ")
        else:
            out.append("\n" * (breaks + 1))
        out.append(row)
        breaks = 0
        flush_before = flush
    return "".join(out)
