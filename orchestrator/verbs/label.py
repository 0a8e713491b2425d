"""Labels of several tasks at once."""

from collections.abc import Sequence

from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean
from orchestrator.patch.ops import Patch
from orchestrator.verbs.draft import leading_to, present
from orchestrator.verbs.refuse import ImpossibleError, refuse_faults, refuse_gone


def label(
    snapshot: Snapshot, task_ids: Sequence[str], add: Sequence[str], remove: Sequence[str]
) -> Patch:
    """Return the patch that adds and removes labels, each where it is missing or there.

    Raises:
        ImpossibleError: There is no such task, it is deleted, a label is not one, or none of the
            tasks has it.
    """
    refuse_gone(snapshot, task_ids)
    before = {task_id: present(snapshot, "tasks", task_id) for task_id in task_ids}
    worn = {name for task in before.values() for name in task.get("labels") or ()}
    for name in remove:
        if name not in worn:
            whose = f"{task_ids[0]} does not have" if len(before) == 1 else "None of them has"
            listed = ", ".join(sorted(worn)[:10])
            raise ImpossibleError(
                f"{whose} the label {name[:60]} .",
                did_you_mean(name, worn) or (f"There are {listed} ." if worn else None),
            )
    wanted = {}
    for task_id, task in before.items():
        names = [name for name in task.get("labels") or () if name not in remove]
        names += [name for name in dict.fromkeys(add) if name not in names]
        after = {key: value for key, value in task.items() if key != "labels"}
        wanted[task_id] = {**task, "labels": names} if names else after
        refuse_faults(snapshot, "tasks", task, wanted[task_id])
    return leading_to(snapshot, "tasks", wanted)
