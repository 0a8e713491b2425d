"""Giving a task another id, in its file, in the file's name and in all files that name it."""

from lsprotocol.types import Range, WorkspaceEdit

from orchestrator.lsp.edits import Powers, after_patch, workspace_edit
from orchestrator.lsp.names import named_at
from orchestrator.lsp.plan import LivePlan
from orchestrator.verbs.refuse import ImpossibleError
from orchestrator.verbs.rename import rename_task


def renamable(plan: LivePlan, path: str, offset: int) -> Range | None:
    """Return the range of the task's id at an offset, or None where nothing can be renamed."""
    lines = plan.lines(path)
    named = named_at(path, lines, offset)
    if named is None or named.kind != "tasks" or named.id not in plan.snapshot.tasks:
        return None
    return lines.range(named.start, named.end)


def renamed(plan: LivePlan, path: str, offset: int, new: str, powers: Powers) -> WorkspaceEdit:
    """Return the edits that rename the task whose id is at an offset.

    Raises:
        ImpossibleError: There is no such task, or the new id is taken or malformed.
        PatchError: A file that names it cannot be changed.
    """
    named = named_at(path, plan.lines(path), offset)
    if named is None or named.kind != "tasks":
        raise ImpossibleError("No task's id is here.", "Only the ids of tasks can be renamed.")
    patch = rename_task(plan.snapshot, named.id, new.strip())
    return workspace_edit(plan, after_patch(plan, patch), powers)
