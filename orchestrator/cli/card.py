"""Cards: one task, project or user with all there is to know, for a terminal and for a pipe."""

from collections.abc import Iterable, Sequence

from orchestrator.cli.escape import printable
from orchestrator.cli.ink import BOLD, DIM, RED, STATUS_MARKS, YELLOW, bar, cells, fit, paint
from orchestrator.cli.session import Session
from orchestrator.model.duration import format_duration
from orchestrator.model.problem import Problem
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.view.rollup import Rollup

Part = tuple[str, str]
"""A piece of a line: its text, safe to show, and its colour or `""`."""
Line = Sequence[Part]
Fact = tuple[str, Sequence[Line]]
"""A name, and what there is to say about it; nothing is shown of a fact without lines."""

MOST = 10
"""How many tasks a card lists before it says how many more there are."""
_BAR = 10
_LEAST_PART = 4
_WIDEST_TEXT = 100


def show_card(
    session: Session, heading: Sequence[Line], facts: Iterable[Fact], description: str | None
) -> None:
    """Print a card: name and value in lines, and the description below.

    On a terminal the heading stands above it and the description is shown as Markdown; lines are
    cut to the screen.
    """
    from orchestrator.cli.ink import screen
    from orchestrator.cli.pager import show_paged
    from orchestrator.cli.talk import clean

    shown = [(name, lines) for name, lines in facts if lines]
    width = max((len(name) for name, _ in shown), default=0)
    room = screen()[0] - width - 2 if session.is_terminal else None
    out = [f"{_drawn(line, session, None)}\n" for line in heading] if session.is_terminal else []
    for name, lines in shown:
        for label, line in zip((name, *[""] * len(lines)), lines, strict=False):
            named = paint(f"{label:<{width}}", DIM, has_color=session.has_color)
            out.append(f"{named}  {_drawn(line, session, room)}".rstrip() + "\n")
    if description and description.strip():
        out.append("\n")
        out.append(
            _markdown(session, description, screen()[0])
            if session.is_terminal
            else f"{clean(description.rstrip())}\n"
        )
    show_paged(session, "".join(out))


def text_line(text: object, note: str = "", code: str = "") -> list[Part]:
    """Return a line of a text from a file, and what is to be said about it."""
    return [(printable(str(text)), ""), *([(f"  {note}", code or DIM)] if note else [])]


def task_line(snapshot: Snapshot, task_id: str, note: str = "", code: str = "") -> list[Part]:
    """Return a line that names a task: mark, id, title, and what is to be said about it."""
    task = snapshot.tasks.get(task_id)
    if task is None:
        return [("? ", RED), (printable(task_id), ""), (f"  {note or 'is not there'}", RED)]
    mark, color = STATUS_MARKS.get(task.get("status") or "", ("?", ""))
    title = printable(str(task.get("title") or ""))
    said = [(f"  {note}", code or DIM)] if note else []
    return [(f"{mark} ", color), (printable(task_id), ""), (f"  {title}", ""), *said]


def task_lines(snapshot: Snapshot, found: Sequence[tuple[str, str, str]]) -> list[list[Part]]:
    """Return lines for (task, note, colour), and how many more there are."""
    lines = [task_line(snapshot, *each) for each in found[:MOST]]
    if len(found) > MOST:
        lines.append([(f"+{len(found) - MOST:,} more", DIM)])
    return lines


def progress_facts(amount: Rollup, hours_per_day: float) -> list[Fact]:
    """Return a bar with what is done, and what was spent and remains, as far as there is any."""

    def words(minutes: int) -> str:
        return format_duration(minutes, hours_per_day)

    share: list[Part] = [
        (bar(amount.progress, _BAR), "32"),
        (f" {int(amount.progress * 100)}%", BOLD),
        (f"  {amount.done:,}/{amount.total:,} done", ""),
    ]
    effort: list[Part] = []
    if amount.estimated:
        effort.append((f"{words(amount.spent)} of {words(amount.estimated)} spent", ""))
        effort.append((f"  {words(amount.remaining)} remaining", ""))
    elif amount.spent:
        effort.append((f"{words(amount.spent)} spent", ""))
    if amount.is_over:
        by = amount.spent - amount.estimated
        effort.append((f"  over by {words(by)}" if by > 0 else "  over its own estimate", RED))
    return [("progress", [share]), ("effort", [effort] if effort else [])]


def problem_lines(problems: Iterable[Problem]) -> list[list[Part]]:
    """Return a line for each problem."""
    return [
        [
            (f"{problem.severity} {problem.code}", RED if problem.severity == "error" else YELLOW),
            (f"  {printable(problem.message)}", ""),
        ]
        for problem in problems
    ]


def mapping_lines(value: Document | None) -> list[list[Part]]:
    """Return a line for each key of a mapping."""
    from orchestrator.cli.entity import cell

    return [text_line(f"{key}: {cell(item)}") for key, item in (value or {}).items()]


def _drawn(line: Line, session: Session, room: int | None) -> str:
    parts = list(line)
    while room is not None and (over := sum(cells(text) for text, _ in parts) - room) > 0:
        # The longest words give way first; what has no space is an id, a stamp or a path.
        elastic = [at for at, (text, _) in enumerate(parts) if " " in text]
        at = max(elastic, key=lambda at: cells(parts[at][0]), default=0)
        text, code = parts[at]
        if not elastic or cells(text) <= _LEAST_PART:
            break
        others = [cells(parts[other][0]) for other in elastic if other != at]
        width = max(cells(text) - over, min(max(others, default=0), cells(text) - 1), _LEAST_PART)
        parts[at] = (fit(text, width), code)
    return "".join(paint(text, code, has_color=session.has_color) for text, code in parts)


def _markdown(session: Session, text: str, width: int) -> str:
    import io

    from rich.color import ColorSystem
    from rich.console import Console
    from rich.markdown import Markdown

    from orchestrator.cli.talk import clean

    console = Console(
        file=io.StringIO(),
        width=min(width, _WIDEST_TEXT),
        force_terminal=True,
        legacy_windows=False,
    )
    shown = Markdown(clean(text), code_theme="ansi_dark", hyperlinks=False)
    out = []
    for segment in console.render(shown):
        # Markdown spells characters too: &#27; is one that commands a terminal.
        plain = printable(segment.text, keep="\n")
        if segment.style and session.has_color:
            plain = segment.style.render(plain, color_system=ColorSystem.STANDARD)
        out.append(plain)
    lines = "".join(out).split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"
