"""Giving a task another id, and following it in everything that names it."""

from collections.abc import Iterator

from orchestrator.model.ids import is_task_id
from orchestrator.model.places import name_fault
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.ops import Patch
from orchestrator.verbs.draft import leading_to, present
from orchestrator.verbs.refuse import ImpossibleError, refuse_unknown


def rename_task(snapshot: Snapshot, old: str, new: str) -> Patch:
    """Return the patch that renames a task: its file, and each reference to it.

    Raises:
        ImpossibleError: There is no such task, or the new id is taken or malformed.
    """
    refuse_unknown(snapshot, [old])
    if new == old:
        return Patch(())
    if not is_task_id(new) or name_fault(new):
        wish = new.upper()
        hint = f"Did you mean {wish} ?" if is_task_id(wish) else "An id looks like PAY-7K3F ."
        raise ImpossibleError(f"{new[:60]!r} is not an id.", hint)
    taken = {*snapshot.tasks, *(name for kind, name in snapshot.unreadable if kind == "tasks")}
    if other := next((name for name in taken if name.upper() == new), None):
        raise ImpossibleError(f"The id {other} is taken.", "Choose another.")
    followers = dict(_followers(snapshot, old, new))
    own = ({"op": "move", "from": f"/tasks/{old}", "path": f"/tasks/{new}"},)
    return Patch(own + leading_to(snapshot, "tasks", followers).ops)


def _followers(snapshot: Snapshot, old: str, new: str) -> Iterator[tuple[str, Document]]:
    """Yield the tasks that name the old id, naming the new one."""
    for task_id, task in snapshot.tasks.items():
        is_named = task.get("parent") == old or task.get("deleted_with") == old
        if task_id == old or not (is_named or old in (task.get("dependencies") or ())):
            continue
        after = dict(present(snapshot, "tasks", task_id))
        for field in ("parent", "deleted_with"):
            if after.get(field) == old:
                after[field] = new
        if names := after.get("dependencies"):
            after["dependencies"] = [new if name == old else name for name in names]
        yield task_id, after
