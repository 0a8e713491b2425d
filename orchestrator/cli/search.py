"""`search`: words in the texts of the plan."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.view.search import Hit, Snippet

_SCREENFUL = 20
_MARK = "1;33"


@click.command("search", cls=FilteredCommand)
@click.argument("query", metavar="TEXT...", nargs=-1, required=True)
@filter_options
@click.option(
    "--limit", type=click.IntRange(min=0), default=None, metavar="N", help="Show at most N tasks."
)
@click.option(
    "--offset",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Leave out the first N tasks.",
)
@click.option("--ids", "ids_only", is_flag=True, help="Only the ids of tasks, one a line.")
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    query: tuple[str, ...],
    limit: int | None,
    offset: int,
    ids_only: bool,
    as_json: bool,
    **terms: Any,
) -> None:
    """Find tasks and projects by words: those in which all occur, the best first.

    Searched are id, title, labels, description, tests, notes of time entries, people, external ids
    and metadata; case and accents do not matter. A phrase stands in quotes within the text:
    orchestrator search '"card network" retry' . A terminal gets the first 20.
    """
    from orchestrator.cli.entity import warn_unreadable
    from orchestrator.cli.filters import filter_of
    from orchestrator.cli.talk import say
    from orchestrator.model.task_filter import TaskFilter
    from orchestrator.view.rows import page
    from orchestrator.view.search import explain_hit, read_query, search
    from orchestrator.view.select import select

    words = read_query(" ".join(query))
    if not words:
        raise click.UsageError("There is no word to search for.")
    snapshot = session.workspace.snapshot()
    wanted = filter_of(session, snapshot, terms)
    scores = dict(search(snapshot, "tasks", select(snapshot, wanted), words))
    if limit is None and session.is_terminal:
        limit = _SCREENFUL
    shown = page(list(scores), limit, offset)
    hits = [explain_hit(snapshot.tasks[name], name, scores[name], words) for name in shown.ids]
    warn_unreadable(snapshot)
    if ids_only:
        for hit in hits:
            say(hit.id)
        return
    live = [name for name, project in snapshot.projects.items() if not project.get("deleted_at")]
    projects = [
        explain_hit(snapshot.projects[name], name, score, words)
        for name, score in search(snapshot, "projects", live, words)
        if wanted == TaskFilter() and not offset
    ]
    if as_json:
        _say_json(snapshot, hits, projects, shown.total)
    else:
        _show(session, snapshot, hits, projects, shown.total, offset)


def _say_json(snapshot: Snapshot, hits: Sequence[Hit], projects: Sequence[Hit], total: int) -> None:
    from orchestrator.cli.talk import say_rows
    from orchestrator.view.rows import project_rows, task_rows

    tasks = task_rows(snapshot, [hit.id for hit in hits])
    found = project_rows(snapshot, [hit.id for hit in projects])
    for row, hit in zip([*tasks, *found], [*hits, *projects], strict=True):
        snippet = hit.snippet and hit.snippet._asdict()
        row["derived"] |= {"score": hit.score, "snippet": snippet}
    say_rows(total, {"tasks": tasks, "projects": found})


def _show(
    session: Session,
    snapshot: Snapshot,
    hits: Sequence[Hit],
    projects: Sequence[Hit],
    total: int,
    offset: int,
) -> None:
    from orchestrator.cli.entity import note_total
    from orchestrator.cli.pager import show_paged
    from orchestrator.cli.talk import note

    lines = [line for hit in hits for line in _lines(session, snapshot.tasks[hit.id], hit)]
    for hit in projects:
        lines += _lines(session, snapshot.projects[hit.id], hit, "project ")
    show_paged(session, "".join(lines))
    if total or not projects:
        note_total(session, "tasks", len(hits), total, offset)
    elif session.is_terminal:
        note("No tasks.")


def _lines(session: Session, document: Document, hit: Hit, noun: str = "") -> Iterator[str]:
    """Yield an entity's line and, if it was found by what is not in it, that."""
    from orchestrator.cli.escape import printable
    from orchestrator.cli.ink import BOLD, DIM, mark_of, paint

    has_color = session.has_color
    title = Snippet("title", str(document.get("title") or ""), hit.title_marks)
    status = mark_of(document.get("status"), has_color=has_color)
    named = paint(printable(hit.id), BOLD, has_color=has_color)
    used = 4 + len(noun) + len(printable(hit.id))
    yield f"{status} {noun}{named}  {_marked(session, title, used, brackets='')}\n"
    if hit.snippet is not None:
        field = printable(hit.snippet.field)
        shown = _marked(session, hit.snippet, 6 + len(field))
        yield f"    {paint(field + ':', DIM, has_color=has_color)} {shown}\n"


def _marked(session: Session, snippet: Snippet, used: int, brackets: str = "[]") -> str:
    """Return a snippet with what was found in colour, or in brackets where there is none.

    Args:
        session: Whose terminal it is; the snippet is cut to its width.
        snippet: With its marks.
        used: How many cells of the line are taken.
        brackets: What to set marks in where there is no colour.
    """
    from orchestrator.cli.escape import printable
    from orchestrator.cli.ink import cells, fit, paint, screen

    room = max(screen()[0] - used, 20) if session.is_terminal else None
    has_color = session.has_color
    left, right = ("", "") if has_color else (brackets[:1], brackets[1:])
    parts: list[str] = []
    at = 0
    for start, end in (*snippet.marks, (len(snippet.text), len(snippet.text))):
        is_found = end > start
        pieces = [(snippet.text[at:start], "")]
        if is_found:
            pieces.append((f"{left}{snippet.text[start:end]}{right}", _MARK))
        for piece, code in pieces:
            safe = printable(piece)
            if room is not None:
                safe = fit(safe, room)
                room -= cells(safe)
            parts.append(paint(safe, code, has_color=has_color))
        at = end
    return "".join(parts)
