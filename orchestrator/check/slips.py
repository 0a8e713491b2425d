"""Suggestions among very many ids: the one that is a single slip of the hand away."""

from collections.abc import Container, Iterator

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
_SMALL = "abcdefghijklmnopqrstuvwxyz0123456789-._"
_LONGEST = 80


def one_slip_hint(word: str, known: Container[str | None] | Container[str]) -> str | None:
    """Return a hint that names the id that `word` was probably meant to be, or None.

    Every word one slip away is made and looked up, so the cost does not grow with the plan:
    comparing with each of 100,000 ids would take a second for every id that is missing.
    """
    if len(word) > _LONGEST:
        return None
    for candidate in _slips(word, _LETTERS if word[:1].isupper() else _SMALL):
        if candidate in known:
            return f"Did you mean {candidate} ?"
    return None


def _slips(word: str, letters: str) -> Iterator[str]:
    for at in range(len(word) - 1):
        yield f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}"
    for at in range(len(word)):
        head, tail = word[:at], word[at + 1 :]
        for letter in letters:
            yield f"{head}{letter}{tail}"
        yield head + tail
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        for letter in letters:
            yield f"{head}{letter}{tail}"
