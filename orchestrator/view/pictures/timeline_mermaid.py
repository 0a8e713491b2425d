"""A timeline as a Mermaid Gantt chart, which forges and wikis draw."""

from collections.abc import Iterator
from datetime import date, timedelta

from orchestrator.view.pictures.mermaid import MARKS, mermaid_text
from orchestrator.view.timeline import Row, Timeline

_TAGS = {"completed": "done", "cancelled": "done", "in_progress": "active", "in_review": "active"}
_MONTHS_FROM = 120  # days; with more, the axis has months


def timeline_mermaid(made: Timeline) -> str:
    """Return the chart; tasks without a day are left out, because Mermaid cannot show them."""
    return "".join(f"{line}\n" for line in _lines(made))


def _lines(made: Timeline) -> Iterator[str]:
    yield "gantt"
    yield f"    title {mermaid_text(made.title)}"
    yield "    dateFormat YYYY-MM-DD"
    is_long = (made.last - made.first).days > _MONTHS_FROM
    yield f"    axisFormat {'%b %Y' if is_long else '%d %b'}"
    for row in made.rows:
        if row.kind == "heading":
            # A mark in front, or a title such as "gantt" would be read as a word of the language.
            yield f"    section · {mermaid_text(row.title)}"
        elif row.start and row.finish and made.first <= row.finish and row.start <= made.last:
            yield f"    {_task(row)}"


def _task(row: Row) -> str:
    tags = []
    if row.is_critical or row.days_late:
        tags.append("crit")
    if row.status in _TAGS:
        tags.append(_TAGS[row.status])
    if row.kind == "milestone":
        tags.append("milestone")
    start, finish = row.start or date.min, row.finish or date.max
    # Mermaid's end is the moment at which the day begins.
    end = finish + timedelta(days=finish < date.max)
    span = f"{start.isoformat()}, {'0d' if row.kind == 'milestone' else end.isoformat()}"
    name = f"{MARKS.get(row.status, '○')} {row.id} {mermaid_text(row.title)}"
    late = f" (late by {row.days_late}d)" if row.days_late else ""
    return f"{name}{late} :{', '.join([*tags, span])}"
