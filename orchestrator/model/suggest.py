"""Suggestions: the nearest of the words that would have been right."""

from collections.abc import Iterable

_SIMILAR = 0.7


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the word that `word` was probably meant to be, or None."""
    from difflib import get_close_matches

    folded = {candidate.casefold(): candidate for candidate in words}
    key = word.casefold().replace("-", "_").replace(" ", "_")
    if found := folded.get(word.casefold()) or folded.get(key):
        return found
    close = get_close_matches(word.casefold()[:100], folded, n=1, cutoff=_SIMILAR)
    return folded[close[0]] if close else None


def did_you_mean(word: str, words: Iterable[str]) -> str | None:
    """Return a hint that names the nearest word, or None."""
    found = nearest(word, words)
    return f"Did you mean {found} ?" if found else None
