"""`search`: words in the texts of the plan."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session
from orchestrator.model.shape import Document
from orchestrator.view.search import Hit, Snippet

if TYPE_CHECKING:
    from orchestrator.store.index.plan import Plan

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
    from orchestrator.cli.filters import filter_of
    from orchestrator.model.task_filter import TaskFilter
    from orchestrator.store.index.plan import ask
    from orchestrator.view.search import explain_hit, read_query, search

    words = read_query(" ".join(query))
    if not words:
        raise click.UsageError("There is no word to search for.")
    if limit is None and session.is_terminal:
        limit = _SCREENFUL

    def answer(plan: "Plan") -> Callable[[], None]:
        snapshot = plan.snapshot
        wanted = filter_of(session, snapshot, terms)
        ranked = plan.search(wanted, words, None if limit is None else offset + limit)
        chosen = list(ranked.scores)[offset : None if limit is None else offset + limit]
        hits = [
            explain_hit(snapshot.tasks[name], name, ranked.scores[name], words) for name in chosen
        ]
        live = [name for name, item in snapshot.projects.items() if not item.get("deleted_at")]
        projects = [
            explain_hit(snapshot.projects[name], name, score, words)
            for name, score in search(snapshot, "projects", live, words)
            if wanted == TaskFilter() and not offset
        ]
        found = _Found(plan, hits, projects, ranked.total)
        if ids_only:
            return found.ids
        return found.json() if as_json else found.text(session, offset)

    ask(session.workspace, answer, searches=True)()


class _Found(NamedTuple):
    """What was found; each method works an answer out, and returns what prints it."""

    plan: "Plan"
    hits: Sequence[Hit]
    projects: Sequence[Hit]
    total: int

    def ids(self) -> None:
        """Print the ids of the tasks."""
        from orchestrator.cli.entity import warn_unreadable
        from orchestrator.cli.talk import say

        warn_unreadable(self.plan.snapshot)
        for hit in self.hits:
            say(hit.id)

    def json(self) -> Callable[[], None]:
        """Work out rows."""
        from orchestrator.cli.entity import warn_unreadable
        from orchestrator.cli.talk import say_rows
        from orchestrator.view.rows import project_rows, task_rows

        snapshot = self.plan.snapshot
        tasks = task_rows(snapshot, [hit.id for hit in self.hits], self.plan.derived)
        names = [hit.id for hit in self.projects]
        found = project_rows(snapshot, names) if names else []
        for row, hit in zip([*tasks, *found], [*self.hits, *self.projects], strict=True):
            snippet = hit.snippet and hit.snippet._asdict()
            row["derived"] |= {"score": hit.score, "snippet": snippet}

        def show() -> None:
            warn_unreadable(snapshot)
            say_rows(self.total, {"tasks": tasks, "projects": found})

        return show

    def text(self, session: Session, offset: int) -> Callable[[], None]:
        """Work out lines."""
        from orchestrator.cli.entity import note_total, warn_unreadable
        from orchestrator.cli.pager import show_paged
        from orchestrator.cli.talk import note

        snapshot = self.plan.snapshot
        lines = [line for hit in self.hits for line in _lines(session, snapshot.tasks[hit.id], hit)]
        for hit in self.projects:
            lines += _lines(session, snapshot.projects[hit.id], hit, "project ")

        def show() -> None:
            warn_unreadable(snapshot)
            show_paged(session, "".join(lines))
            if self.total or not self.projects:
                note_total(session, "tasks", len(self.hits), self.total, offset)
            elif session.is_terminal:
                note("No tasks.")

        return show


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
