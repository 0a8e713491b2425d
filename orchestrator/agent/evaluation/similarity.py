"""How alike two short texts are: the same every time, without a model.

Words are folded, words that say nothing are left out, endings are cut
(`payments` and `payment` are one word, `paying` and `paid` are two), and two texts are as alike
as their sets of words: shared words by all words (Jaccard).
"""

import re

_WORD = re.compile(r"[^\W_]+")
_EMPTY = frozenset({
    "a", "an", "and", "any", "are", "as", "at", "be", "by", "can", "do", "each", "every", "for",
    "from", "get", "has", "have", "how", "if", "in", "into", "is", "it", "its", "make", "new",
    "of", "on", "one", "onto", "or", "our", "own", "per", "so", "than", "that", "the", "their",
    "them", "then", "there", "these", "they", "this", "to", "up", "us", "use", "via", "was",
    "we", "what", "when", "where", "which", "who", "will", "with", "you", "your",
})  # fmt: skip
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ers", "ed", "er", "es", "s")
_STEM = 4
"""A stem has at least so many letters."""


def words_of(text: str) -> frozenset[str]:
    """Return the stems of a text's words."""
    found = (word for word in _WORD.findall(text.casefold()) if word not in _EMPTY)
    return frozenset(stem(word) for word in found)


def stem(word: str) -> str:
    """Return a word without its ending, where enough is left."""
    if word.isascii():
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _STEM:
                bare = word[: -len(ending)]
                return f"{bare}y" if ending == "ies" else bare.rstrip("e")
    return word.rstrip("e") if len(word) > _STEM else word


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how alike two sets of words are, from 0 to 1."""
    if not one or not other:
        return 0.0
    return len(one & other) / len(one | other)
