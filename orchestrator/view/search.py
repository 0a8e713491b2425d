"""Search: tasks and projects in which all words occur, the best first, with what was found."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from orchestrator.model.places import Kind
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE
from orchestrator.view.ready import urgency

_WORDS = re.compile(r'"(?P<phrase>[^"]+)"?|(?P<word>[^\s"]+)')
# What a word adds where it is found: as a word of its own, at the start of one, inside one.
_WEIGHTS: dict[str, tuple[float, float, float]] = {
    "id": (100.0, 45.0, 40.0), "title": (30.0, 20.0, 15.0), "labels": (12.0, 10.0, 8.0),
    "tags": (12.0, 10.0, 8.0), "description": (6.0, 5.0, 4.0), "tests": (4.0, 3.0, 2.5),
    "time_entries": (4.0, 3.0, 2.5), "other": (2.0, 1.5, 1.0),
}  # fmt: skip
AT_START, ALL_TOGETHER = 5.0, 10.0
"""What it adds that a title begins with the first word, and that all words stand together in it."""

OPEN = 1.0
"""What it adds that a task or project is not closed."""

_BEFORE, _SNIPPET = 30, 120  # characters


class Snippet(NamedTuple):
    """Where words were found.

    Attributes:
        field: Of the entity: `description`, `labels`, `time_entries`, `metadata.team`.
        text: A part of it, on one line.
        marks: Where in `text` the words are: starts and ends, in order, not overlapping.
    """

    field: str
    text: str
    marks: tuple[tuple[int, int], ...]


class Hit(NamedTuple):
    """An entity in which all words occur.

    Attributes:
        id: Its id.
        score: How well it fits; comparable within one search.
        snippet: What was found outside of id and title, or None.
        title_marks: Where in the title words are.
    """

    id: str
    score: float
    snippet: Snippet | None
    title_marks: tuple[tuple[int, int], ...]


class Ranked(NamedTuple):
    """What a search found.

    Attributes:
        total: How many tasks hold all words.
        scores: By id, the best first; as many as were asked for.
    """

    total: int
    scores: dict[str, float]


def read_query(text: str) -> tuple[str, ...]:
    """Return the words and "quoted phrases" of a query, folded; empty when there are none."""
    found = (match["phrase"] or match["word"] for match in _WORDS.finditer(text))
    return tuple(
        dict.fromkeys(folded for part in found if (folded := " ".join(fold(part).split())))
    )


def fold(text: str) -> str:
    """Return text without what searching overlooks: case, accents, forms of one character."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_char, text))


def search(
    snapshot: Snapshot, kind: Kind, ids: Iterable[str], words: tuple[str, ...]
) -> list[tuple[str, float]]:
    """Return the entities in which all words occur, with their scores, the best first.

    Of equals, open tasks come before others, and the most urgent first.

    Args:
        snapshot: The plan.
        kind: Tasks or projects.
        ids: Which of them.
        words: As `read_query` returns them; at least one.
    """
    documents = snapshot.entities(kind)
    found = []
    for entity_id in ids:
        document = documents[entity_id]
        texts = [("id", entity_id), *fields_of(document)]
        score, missing = score_of([(name, fold(text)) for name, text in texts], words)
        if not missing:
            found.append((entity_id, score + OPEN * (document.get("status") not in DONE)))

    def place(item: tuple[str, float]) -> tuple[float, tuple[int, str, str, str]]:
        return -item[1], urgency(item[0], documents[item[0]])

    return sorted(found, key=place)


def explain_hit(document: Document, entity_id: str, score: float, words: tuple[str, ...]) -> Hit:
    """Return a hit with the places where its words are."""
    title = str(document.get("title") or "")
    seen = f"{fold(entity_id)}\n{fold(title)}"
    hidden = [word for word in words if word not in seen]
    best: tuple[int, Snippet] | None = None
    for field, text in fields_of(document):
        if hidden and field != "title":
            folded = fold(text)
            count = sum(word in folded for word in hidden)
            if count and (best is None or count > best[0]):
                best = count, _snippet(field, text, words)
    return Hit(entity_id, score, best and best[1], _marks(title, words))


def _fold_char(char: str) -> str:
    parts = unicodedata.normalize("NFKD", char).casefold()
    return "".join(part for part in parts if not unicodedata.combining(part))


def fields_of(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the texts of an entity by field, those that say the most about it first."""
    for field in ("title", "labels", "tags", "description", "key", "owner", "assignee"):
        value = document.get(field)
        if isinstance(value, list):
            yield from ((field, str(item)) for item in value)
        elif value:
            yield field, str(value)
    for kind, texts in (document.get("tests") or {}).items():
        yield from ((f"tests.{kind}", str(text)) for text in texts)
    for entry in document.get("time_entries") or ():
        if entry.get("note"):
            yield "time_entries", str(entry["note"])
    for name in ("external_ids", "metadata"):
        if document.get(name):
            yield from _leaves(name, document[name])


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for key, item in value.items():
                yield from _leaves(f"{name}.{key}", item)
        case list():
            for item in value:
                yield from _leaves(name, item)
        case str():
            yield name, value
        case _:
            return


def score_of(texts: list[tuple[str, str]], words: tuple[str, ...]) -> tuple[float, int]:
    """Return how well folded texts of an entity fit, and how many words are in none of them.

    Args:
        texts: By field, as `fields_of` yields them, and the id.
        words: As `read_query` returns them.
    """
    total, missing = 0.0, 0
    for word in words:
        best = 0.0
        for name, text in texts:
            # Most words are in several texts; what cannot add more need not be looked into.
            if _weights(name)[0] > best and word in text:
                best = max(best, _weight(name, text, word))
        missing += not best
        total += best
    title = next((text for name, text in texts if name == "title"), "")
    if title.startswith(words[0]):
        total += AT_START
    if len(words) > 1 and " ".join(words) in title:
        total += ALL_TOGETHER
    return total, missing


def highest(name: str) -> float:
    """Return what a word adds at most that is in a field."""
    return _weights(name)[0]


def _weight(name: str, text: str, word: str) -> float:
    """Return what a word adds that is somewhere in a text."""
    whole, start, inside = _weights(name)
    if name == "id":
        return whole if word == text else start if text.startswith(word) else inside
    best = inside
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if at == 0 or not text[at - 1].isalnum():
            if end == len(text) or not text[end].isalnum():
                return whole
            best = start
        at = text.find(word, at + 1)
    return best


def _weights(name: str) -> tuple[float, float, float]:
    return _WEIGHTS.get(name) or _WEIGHTS["tests" if name.startswith("tests.") else "other"]


def _marks(text: str, words: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Return where words are in text as it is written, overlapping ones as one."""
    if text.isascii():
        folded, places = text.lower(), None
    else:
        parts = [fold(char) for char in text]
        folded = "".join(parts)
        places = [at for at, part in enumerate(parts) for _ in part]
    spans: list[tuple[int, int]] = []
    for word in words:
        at = folded.find(word)
        while at >= 0:
            last = at + len(word) - 1
            spans.append((places[at], places[last] + 1) if places else (at, last + 1))
            at = folded.find(word, last + 1)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def _snippet(field: str, text: str, words: tuple[str, ...]) -> Snippet:
    """Return the part of a text around the first word that is in it."""
    line = " ".join(text.split())
    marks = _marks(line, words)
    first = marks[0][0] if marks else 0
    start = 0 if first <= _BEFORE else _word_start(line, first - _BEFORE, first)
    end = len(line) if len(line) - start <= _SNIPPET else start + _SNIPPET
    head, tail = "…" * (start > 0), "…" * (end < len(line))
    shift = len(head) - start
    kept = tuple((a + shift, min(b, end) + shift) for a, b in marks if start <= a < end)
    return Snippet(field, f"{head}{line[start:end]}{tail}", kept)


def _word_start(line: str, least: int, most: int) -> int:
    """Return where the first word after `least` begins, if that is before `most`."""
    at = line.find(" ", least, most)
    return least if at < 0 else at + 1
