"""What an editor offers to do about a problem: stamps, references that lead nowhere, circles."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from lsprotocol.types import CodeAction, CodeActionKind, Diagnostic, Range

from orchestrator.errors import OrchestratorError
from orchestrator.lsp.diagnostics import SOURCE, span
from orchestrator.lsp.edits import NewText, Powers, after_patch, workspace_edit
from orchestrator.lsp.plan import LivePlan
from orchestrator.lsp.words import one_line
from orchestrator.model.places import Kind
from orchestrator.model.pointer import split
from orchestrator.model.problem import Problem
from orchestrator.patch.ops import Operation, Patch
from orchestrator.store.parse import document_of

FIX_ALL = f"{CodeActionKind.SourceFixAll.value}.{SOURCE}"

_SLIP = re.compile(r"Did you mean (\S+) \?\Z").match
_REMOVABLE = {
    "ORC101": "Remove {name}",
    "ORC202": "Remove the parent",
    "ORC203": "Remove the parent",
    "ORC205": "Break the circle here: remove the parent",
    "ORC206": "Remove the dependency on {value}",
    "ORC207": "Break the circle here: remove the dependency on {value}",
    "ORC208": "Remove the dependency on {value}",
    "ORC210": "Remove {value}",
    "ORC211": "Remove the parent",
}
"""Rules whose problems go away with what they point at, and what an editor calls that."""


class Wish(NamedTuple):
    """What an editor asks actions for.

    Attributes:
        start: The offset at which the selection begins.
        end: Where it ends.
        kinds: Kinds of actions that are wanted, or None for all.
        shown: The problems that the editor shows there.
    """

    start: int
    end: int
    kinds: Sequence[str] | None
    shown: Sequence[Diagnostic]


def actions(
    plan: LivePlan, path: str, wish: Wish, powers: Powers, now: datetime
) -> Iterator[CodeAction]:
    """Yield what can be done about the problems of a file that a selection touches."""
    lines = plan.lines(path)
    located = plan.problems_of(path, now)
    if _is_wanted(wish, CodeActionKind.QuickFix.value):
        for problem in located:
            start, end = span(lines, problem)
            if start <= wish.end and wish.start <= end:
                shown = [
                    item for item in wish.shown if _is_of(item, problem, lines.range(start, end))
                ]
                yield from _quick_fixes(plan, problem, shown, powers)
    if _is_wanted(wish, FIX_ALL) and (ops := _all_fixes(located)):
        title = "Mend what can be mended in this file"
        yield from _action(plan, title, FIX_ALL, Patch(ops), powers)


def _quick_fixes(
    plan: LivePlan, problem: Problem, shown: Sequence[Diagnostic], powers: Powers
) -> Iterator[CodeAction]:
    kind = CodeActionKind.QuickFix.value
    found: list[CodeAction] = []
    if problem.fix:
        found += _action(plan, _fix_title(problem), kind, Patch(problem.fix), powers)
    if (slip := _SLIP(problem.hint or "")) is not None:
        found += _replaced(plan, problem, slip[1], powers)
    if problem.code in _REMOVABLE and problem.id and problem.pointer and not problem.fix:
        found += _removed(plan, problem, powers)
    for number, action in enumerate(found):
        action.diagnostics = list(shown)
        action.is_preferred = number == 0
        yield action


def _replaced(plan: LivePlan, problem: Problem, word: str, powers: Powers) -> Iterator[CodeAction]:
    """Yield the action that writes what was probably meant."""
    lines = plan.lines(problem.path)
    start, end = span(lines, problem)
    old = lines.text[start:end]
    quote = old[:1] if old[:1] in ("'", '"') and old[-1:] == old[:1] else ""
    text = f"{lines.text[:start]}{quote}{word}{quote}{lines.text[end:]}"
    edit = workspace_edit(plan, [NewText(problem.path, text)], powers)
    title = f"Change {one_line(old, 60)} to {word}"
    yield CodeAction(title, CodeActionKind.QuickFix, edit=edit)


def _removed(plan: LivePlan, problem: Problem, powers: Powers) -> Iterator[CodeAction]:
    """Yield the action that takes out what a problem points at."""
    place = _entity(plan, problem)
    document = document_of(problem.path, plan.source.read(problem.path) or b"")
    if place is None or isinstance(document, list):
        return
    pointer, steps = problem.pointer, split(problem.pointer)
    value: Any = document
    for step in steps:
        value = value[int(step)] if isinstance(value, list) else value[step]
    if len(steps) == 2 and document.get(steps[0]) == [value]:  # noqa: PLR2004 - a list's only one
        pointer = f"/{steps[0]}"
    op: Operation = {"op": "remove", "path": f"{place}{pointer}"}
    title = _REMOVABLE[problem.code].format(name=steps[-1], value=one_line(value, 60))
    yield from _action(plan, title, CodeActionKind.QuickFix.value, Patch((op,)), powers)


def _action(
    plan: LivePlan, title: str, kind: str, patch: Patch, powers: Powers
) -> Iterator[CodeAction]:
    try:
        edit = workspace_edit(plan, after_patch(plan, patch), powers)
    except OrchestratorError:
        return  # what cannot be done, for instance in a file that cannot be read, is not offered
    yield CodeAction(title, kind, edit=edit)


def _entity(plan: LivePlan, problem: Problem) -> str | None:
    """Return the pointer of the entity that a problem's file holds, in the virtual document."""
    kinds: tuple[Kind, ...] = ("tasks", "projects", "users")
    snapshot, name = plan.snapshot, problem.id or ""
    for kind in kinds:
        if name in snapshot.entities(kind) and snapshot.path_of(kind, name) == problem.path:
            return f"/{kind}/{name}"
    return None


def _all_fixes(problems: Sequence[Problem]) -> tuple[Operation, ...]:
    """Return the fixes of problems; of two for one place the first, as `check --fix` does it."""
    chosen: dict[str, Operation] = {}
    for problem in problems:
        if problem.fix and not any(str(op["path"]) in chosen for op in problem.fix):
            chosen |= {str(op["path"]): op for op in problem.fix}
    return tuple(chosen.values())


def _fix_title(problem: Problem) -> str:
    parts = []
    for op in problem.fix:
        name, *inner = split(str(op["path"]))[2:]
        if op["op"] == "remove":
            parts.append(f"remove {'this one of ' if inner else ''}{name}")
        else:
            parts.append(f"set {name} to {one_line(op['value'], 60)}")
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}"


def _is_wanted(wish: Wish, kind: str) -> bool:
    wanted = wish.kinds
    return wanted is None or any(kind == item or kind.startswith(f"{item}.") for item in wanted)


def _is_of(shown: Diagnostic, problem: Problem, where: Range) -> bool:
    return shown.code == problem.code and shown.range == where
