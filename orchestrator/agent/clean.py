"""Text on its way from a model into the plan, and from the plan to a model: without what hides."""

import re
import unicodedata

from orchestrator.errors import OrchestratorError

_KEPT = frozenset("\n\t")
_JOINERS = frozenset("\u200c\u200d")  # hold emoji together, and shape Persian and Indic words
_STRAY_JOINERS = re.compile("(?<![^\\x00-\\x7f])[\u200c\u200d]+|(?<=[\u200c\u200d])[\u200c\u200d]+")
"""Joiners that join nothing, in a row or behind ASCII: they could spell what nobody sees."""
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SELECTORS = frozenset({*range(0xFE00, 0xFE0F), *range(0xE0100, 0xE01F0)})
"""Variation selectors but the one that makes emoji colourful; others can carry hidden bytes."""


class TooLongError(OrchestratorError):
    """A text is longer than its place takes.

    Attributes:
        most: How many characters it may have.
    """

    def __init__(self, what: str, length: int, most: int) -> None:
        super().__init__(
            f"{what} has {length:,} characters, and at most {most:,} are taken.", "Shorten it."
        )
        self.most = most


def visible(text: str) -> str:
    r"""Return text without control characters, direction marks, and whatever nobody sees.

    Line ends become `\n`; a tab stays.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if plain.isascii() and plain.replace("\n", "").isprintable():
        return plain
    odd = {char for char in set(plain) if _is_hidden(char)}
    shown = plain.translate({ord(char): None for char in odd}) if odd else plain
    return _STRAY_JOINERS.sub("", shown)


def one_line(text: str) -> str:
    """Return visible text on one line, runs of white space as one blank."""
    return " ".join(visible(text).split())


def bounded(what: str, text: str, most: int) -> str:
    """Return visible text that is not too long.

    Raises:
        TooLongError: It is; nothing is cut off in silence.
    """
    if len(text) > most:
        raise TooLongError(what, len(text), most)
    return visible(text)


def shortened(text: str, most: int) -> str:
    """Return text of at most `most` characters, and say how many are left out."""
    if len(text) <= most:
        return text
    return f"{text[:most]}… [{len(text) - most:,} more characters]"


def _is_hidden(char: str) -> bool:
    if char in _KEPT or char in _JOINERS:
        return False
    return unicodedata.category(char) in _HIDDEN or ord(char) in _SELECTORS
