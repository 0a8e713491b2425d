"""A semantic diff as Markdown for a forge, out of which no text of the plan can break.

What comes from files stands in code spans and code blocks and nowhere else: there a forge sees
no mention, no reference, no link, no HTML, no quick action and no heading.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from orchestrator.model.problem import Problem
from orchestrator.patch.semantic import EntityDiff, FieldDiff

MOST_CHARACTERS = 65_000
"""GitHub takes 65,536 in a body or a comment."""

_SHOWN = 200
_MOST_LINES = 80
_MOST_PROBLEMS = 50
_LONGEST_LINE = 400
_TICKS = re.compile(r"`+")


def entities_markdown(entities: Iterable[EntityDiff]) -> Iterator[str]:
    """Yield a paragraph for each entity: what happens to it, and its fields below."""
    for entity in entities:
        title = f" {code(entity.title)}" if entity.title else ""
        origin = f", was {code(entity.origin)}" if entity.origin else ""
        head = f"**{entity.deed}** {code(entity.name)}{title}{origin}"
        points = "\n".join(_point(field) for field in entity.fields)
        blocks = [_block(field) for field in entity.fields if field.lines]
        yield "\n\n".join(part for part in (head, points, *blocks) if part)


def problems_markdown(problems: Sequence[Problem]) -> str:
    """Return problems as a list, 50 at most."""
    lines = [
        f"- {problem.severity} {problem.code} {code(_place(problem))}: {code(problem.message)}"
        for problem in problems[:_MOST_PROBLEMS]
    ]
    if len(problems) > _MOST_PROBLEMS:
        lines.append(f"- … and {len(problems) - _MOST_PROBLEMS:,} more")
    return "\n".join(lines)


def bounded(
    head: Sequence[str],
    blocks: Iterable[str],
    tail: Sequence[str] = (),
    most: int = MOST_CHARACTERS,
) -> str:
    """Return paragraphs as one text of at most `most` characters; whole blocks are left out.

    Args:
        head: Always there.
        blocks: As many as there is room for.
        tail: Always there.
        most: Characters.
    """
    wanted = list(blocks)
    note = "… and {:,} more, which are too much for one text."
    room = most - sum(len(part) + 2 for part in (*head, *tail)) - len(note) - 20
    kept: list[str] = []
    for block in wanted:
        room -= len(block) + 2
        if room < 0:
            break
        kept.append(block)
    if len(kept) < len(wanted):
        kept.append(note.format(len(wanted) - len(kept)))
    return "\n\n".join((*head, *kept, *tail)) + "\n"


def code(value: Any, most: int = _SHOWN) -> str:
    """Return a value as a code span on one line, which its text cannot leave."""
    text = plain(value, most)
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def plain(value: Any, most: int = _SHOWN) -> str:
    """Return a value on one line of at most `most` characters; what cannot be printed is �."""
    if value is None:
        return "-"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = _printable(" ".join(text.split()))
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _point(field: FieldDiff) -> str:
    name = code(field.field)
    if field.lines:
        count = sum(line[:1] in {"+", "-"} for line in field.lines)
        return f"- {name}: {count:,} line{'' if count == 1 else 's'}, below"
    if field.added or field.removed:
        parts = [f"+ {code(item)}" for item in field.added]
        parts += [f"− {code(item)}" for item in field.removed]  # noqa: RUF001 - a minus sign
        return f"- {name}: {', '.join(parts)}"
    if field.before is None:
        return f"- {name}: {code(field.after)}"
    return f"- {name}: {code(field.before)} → {code(field.after)}"


def _block(field: FieldDiff) -> str:
    shown = [_printable(line)[:_LONGEST_LINE] for line in field.lines[:_MOST_LINES]]
    if len(field.lines) > _MOST_LINES:
        shown.append(f"… and {len(field.lines) - _MOST_LINES:,} more")
    longest = max((len(run) for line in shown for run in _TICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join((f"{fence}diff", *shown, fence))


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else "�" for char in text)


def _place(problem: Problem) -> str:
    return problem.path if problem.line is None else f"{problem.path}:{problem.line}"
