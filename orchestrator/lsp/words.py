"""Text from files made safe to show in an editor, plainly or as Markdown."""

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-!|~>&<.])")
_LONGEST = 300


def plain(text: str) -> str:
    """Return text in which no character is invisible or moves others; line breaks stay."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\n" else _code(char) for char in text)


def one_line(text: object, most: int = _LONGEST) -> str:
    """Return text on one line, cut where it is very long."""
    line = plain(" ".join(str(text).split()))
    return line if len(line) <= most else f"{line[: most - 1]}…"


def escaped(text: object) -> str:
    """Return text on one line that Markdown shows as it is: no link, no HTML, no heading."""
    return _MARKS.sub(r"\\\1", one_line(text))


def _code(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")
