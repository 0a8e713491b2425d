"""The line above a task: how far it is, what it waits for, what waits for it."""

from collections.abc import Iterator

from lsprotocol.types import CodeLens, Command, Position, Range

from orchestrator.lsp.overlay import placed
from orchestrator.lsp.plan import LivePlan
from orchestrator.lsp.words import one_line
from orchestrator.model.vocabulary import DONE
from orchestrator.view.rollup import project_rollups

OPEN = "orchestrator.open"
"""The command of a lens: it opens the file of a task and changes nothing."""

_MOST = 3


def lenses(plan: LivePlan, path: str) -> Iterator[CodeLens]:
    """Yield what stands above the first line of a task's or a project's file."""
    place = placed(path)
    if place is None:
        return
    snapshot = plan.snapshot
    if place.kind == "projects" and place.id in snapshot.projects:
        amount = project_rollups(snapshot).get(place.id)
        if amount is not None and amount.total:
            yield _lens(f"{amount.done} of {amount.total} done, {int(amount.progress * 100)} %")
        return
    known = snapshot.tasks.get(place.id) if place.kind == "tasks" else None
    if known is None or snapshot.path_of("tasks", place.id) != path:
        return
    around = plan.around
    amount = around.progress(place.id)
    if amount is not None and around.children.get(place.id) and amount.total:
        yield _lens(f"{amount.done} of {amount.total} done, {int(amount.progress * 100)} %")
    held = around.derived.blocked_by(place.id) if known.get("status") not in DONE else []
    if held:
        yield _lens(f"waits for {_names(held)}", held)
    if blocks := around.blocks(place.id):
        yield _lens(f"blocks {_names(blocks)}", blocks)


def _names(ids: list[str]) -> str:
    more = f" · {len(ids) - _MOST} more" if len(ids) > _MOST else ""
    return one_line(" · ".join(ids[:_MOST])) + more


def _lens(title: str, ids: list[str] | None = None) -> CodeLens:
    command = Command(title, OPEN, None, [ids[0]]) if ids else Command(title, "")
    return CodeLens(Range(Position(0, 0), Position(0, 0)), command)
