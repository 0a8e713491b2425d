"""Three-way merge of lines, for descriptions."""

from collections.abc import Sequence
from difflib import SequenceMatcher

_MOST_WORK = 4_000_000
"""Lines of one side times lines of the other; beyond it, matching would take seconds."""


def merge_lines(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
) -> list[str] | None:
    """Return the lines with both sides' changes, or None where they changed the same place.

    Swapping the sides gives the same result.
    """
    if ours in (base, theirs):
        return list(theirs)
    if base == theirs:
        return list(ours)
    if len(base) * max(len(ours), len(theirs)) > _MOST_WORK:
        return None
    in_ours, in_theirs = _matches(base, ours), _matches(base, theirs)
    kept = [at for at in range(len(base)) if at in in_ours and at in in_theirs]
    merged: list[str] = []
    last = last_ours = last_theirs = 0
    for at in [*kept, len(base)]:
        end_ours = in_ours.get(at, len(ours))
        end_theirs = in_theirs.get(at, len(theirs))
        hunk = _settled(base[last:at], ours[last_ours:end_ours], theirs[last_theirs:end_theirs])
        if hunk is None:
            return None
        merged += hunk
        if at < len(base):
            merged.append(base[at])
        last, last_ours, last_theirs = at + 1, end_ours + 1, end_theirs + 1
    return merged


def _settled(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
) -> Sequence[str] | None:
    if ours in (base, theirs):
        return theirs
    return ours if theirs == base else None


def _matches(base: Sequence[str], side: Sequence[str]) -> dict[int, int]:
    matcher = SequenceMatcher(None, base, side, autojunk=False)
    return {
        at + step: there + step
        for at, there, size in matcher.get_matching_blocks()
        for step in range(size)
    }
