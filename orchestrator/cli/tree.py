"""`tree`: the hierarchy of tasks, with what it amounts to."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.escape import printable
from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.ink import BOLD, DIM, RED, cells, fit, mark_of, paint, screen
from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session
from orchestrator.model.duration import format_duration
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.view.rollup import Rollup
from orchestrator.view.tree import Branch

if TYPE_CHECKING:
    from orchestrator.model.task_filter import TaskFilter
    from orchestrator.store.index.plan import Plan


@click.command("tree", cls=FilteredCommand)
@click.argument("root", metavar="[ID]", required=False)
@filter_options
@json_option
@click.pass_obj
def command(session: Session, /, root: str | None, as_json: bool, **terms: Any) -> None:
    """Show the hierarchy of tasks, or the part below the task ID; --depth counts from there.

    Behind a task: 2/5, of the five below it two are completed or cancelled; 40%, how much of the
    estimated work is completed; 3h of 1d, what was spent of what was estimated.
    """
    from orchestrator.store.index.plan import Plan, ask
    from orchestrator.view.derived import Derived

    def answer(plan: Plan) -> Callable[[], None]:
        return _shown(session, plan, root, terms, as_json=as_json)

    if root is not None:
        ask(session.workspace, answer)()
    else:
        snapshot = session.snapshot()
        answer(Plan(snapshot, Derived(snapshot)))()


def _shown(
    session: Session, plan: "Plan", root: str | None, terms: Mapping[str, Any], *, as_json: bool
) -> Callable[[], None]:
    """Return what prints the answer; all is worked out before."""
    from orchestrator.cli.entity import warn_unreadable
    from orchestrator.cli.pager import show_paged
    from orchestrator.cli.talk import MANY, note, say_json
    from orchestrator.view.rollup import rollups
    from orchestrator.view.rows import task_rows

    snapshot = plan.snapshot
    wanted = _wanted(session, snapshot, root, terms)
    # What is deleted shows with all that is above it, live or not: then nothing is left out.
    part = snapshot if root is None or wanted.is_deleted else plan.below(root)
    branches = _branches(plan, part, root, wanted)
    amounts = rollups(part)
    if as_json:
        rows = task_rows(snapshot, [branch.id for branch in branches], plan.derived)
        total = sum(branch.is_wanted for branch in branches)
        found = {"total": total, "tasks": _nested(rows, branches, amounts)}
        text = ""
    else:
        text = "".join(_lines(session, part, branches, amounts, rooted=bool(root)))

    def show() -> None:
        warn_unreadable(snapshot)
        if as_json:
            say_json(found, is_large=len(branches) > MANY)
            return
        if not branches:
            note("No tasks.")
        show_paged(session, text)

    return show


def _wanted(
    session: Session, snapshot: Snapshot, root: str | None, terms: Mapping[str, Any]
) -> "TaskFilter":
    from dataclasses import replace

    from orchestrator.cli.filters import filter_of
    from orchestrator.verbs.refuse import unknown
    from orchestrator.view.tree import depth

    wanted = filter_of(session, snapshot, terms)
    if root is None:
        return wanted
    task = snapshot.tasks.get(root)
    if task is None or (task.get("deleted_at") and not wanted.is_deleted):
        raise unknown(snapshot, "tasks", root)
    if wanted.depth is None:
        return wanted
    return replace(wanted, depth=wanted.depth + depth(snapshot, root))


def _branches(plan: "Plan", part: Snapshot, root: str | None, wanted: "TaskFilter") -> list[Branch]:
    from orchestrator.model.task_filter import TaskFilter
    from orchestrator.view.tree import tree

    if wanted == TaskFilter():
        return tree(part, root=root)
    return tree(
        part, root=root, wanted=[name for name in plan.select(wanted) if name in part.tasks]
    )


def _nested(
    rows: list[Document], branches: list[Branch], amounts: Mapping[str, Rollup]
) -> list[Document]:
    roots: list[Document] = []
    path: list[Document] = []
    for row, branch in zip(rows, branches, strict=True):
        amount = amounts.get(branch.id)
        derived = {
            **row["derived"],
            "rollup": amount._asdict() if amount else None,
            "wanted": branch.is_wanted,
        }
        node = {**row, "derived": derived, "children": []}
        del path[branch.depth :]
        (path[-1]["children"] if path else roots).append(node)
        path.append(node)
    return roots


def _lines(
    session: Session,
    snapshot: Snapshot,
    branches: list[Branch],
    amounts: Mapping[str, Rollup],
    *,
    rooted: bool,
) -> list[str]:
    has_color = session.has_color
    width = screen()[0] if session.is_terminal else None
    words = cache(lambda minutes: format_duration(minutes, snapshot.hours_per_day))
    lines = []
    project = ""
    for branch in branches:
        task = snapshot.tasks[branch.id]
        if task["project"] != project and not rooted:
            project = task["project"]
            title = (snapshot.projects.get(project) or {}).get("title", "")
            heading = f"{printable(project)}  {printable(str(title))}"
            heading = heading if width is None else fit(heading, width)
            lines.append(f"{paint(heading, BOLD, has_color=has_color)}\n")
        rails = "".join("   " if last else "│  " for last in branch.is_last[1:-1])
        corner = ("└─ " if branch.is_last[-1] else "├─ ") if branch.depth else ""
        before = f"{'' if rooted else '  '}{rails}{corner}"
        shown_id, title = printable(branch.id), printable(str(task.get("title") or ""))
        plain, after = _amount(branch, amounts.get(branch.id), words, has_color=has_color)
        if width is not None:
            room = width - cells(before) - 2 - cells(shown_id) - 2 - len(plain)
            if room < _LEAST_TITLE:
                room, after = room + len(plain), ""
            title = fit(title, max(room, _LEAST_TITLE))
        mark = mark_of(task.get("status"), has_color=has_color)
        named = f"{shown_id}  {title}"
        if not branch.is_wanted:
            mark, named = "·", paint(named, DIM, has_color=has_color)
        lines.append(f"{before}{mark} {named}{after}\n")
    return lines


_LEAST_TITLE = 8


def _amount(
    branch: Branch, amount: Rollup | None, words: Callable[[int], str], *, has_color: bool
) -> tuple[str, str]:
    """Return what stands behind a title, plain and in colours."""
    parts = [(f"{branch.done}/{branch.total}", "")] if branch.total else []
    if amount is not None and (amount.estimated or amount.spent):
        spent, estimated = words(amount.spent), words(amount.estimated)
        if branch.total and amount.estimated:
            parts.append((f"{int(amount.progress * 100)}%", DIM))
        if not amount.estimated:
            parts.append((f"{spent} spent", DIM))
        else:
            parts.append((f"{spent} of {estimated}" if amount.spent else estimated, DIM))
        if amount.is_over:
            parts.append(("over", RED))
    plain = "".join(f"  {text}" for text, _ in parts)
    if not has_color:
        return plain, plain
    return plain, "".join(f"  {paint(text, code, has_color=has_color)}" for text, code in parts)
