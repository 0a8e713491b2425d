"""Text of files made safe to show: in a terminal, where characters can be commands, and as JSON."""

import sys

_NEVER_SHOWN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"  # hold emoji together, and shape Persian and Indic words


def printable(text: str, keep: str = "") -> str:
    """Return `text` with an escape for each character that could command a terminal or a parser.

    Control characters, direction marks, lone surrogates and line separators; a file in a plan
    may hold any of them, and output is read in terminals, logs and browsers.

    Args:
        text: From a file, or about one.
        keep: Characters to leave as they are: line ends, where the text has several lines.
    """
    if text.isprintable():
        return text
    odd = {char for char in set(text) if not char.isprintable()}.difference(keep)
    return text.translate({ord(char): printable_char(char) for char in odd})


def printable_char(char: str) -> str:
    """Return one character, or its escape."""
    if _is_shown(char):
        return char
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def json_text(value: object, indent: int | None = None) -> str:
    r"""Return JSON that is safe in a terminal: what `printable` would escape is spelled \u.

    Where stdout is not UTF-8 all of it is ASCII, because JSON in another encoding is not JSON.
    """
    import json

    text = json.dumps(value, ensure_ascii=not _takes_unicode(), indent=indent)
    if text.replace("\n", "").isprintable():
        return text
    odd = {char for char in set(text) if char != "\n" and not _is_shown(char)}
    return text.translate({ord(char): json_char(char) for char in odd}) if odd else text


def json_char(char: str) -> str:
    """Return one character as a JSON string spells it without using the character."""
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _is_shown(char: str) -> bool:
    if char.isprintable() or char in _JOINERS:
        return True
    import unicodedata  # only few plans hold a character for which its 1 MB is needed

    return unicodedata.category(char) not in _NEVER_SHOWN


def _takes_unicode() -> bool:
    encoding = sys.stdout.encoding or "utf-8"
    return encoding.lower().replace("-", "").replace("_", "") == "utf8"
