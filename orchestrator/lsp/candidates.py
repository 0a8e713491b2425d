"""Which tasks make sense as a parent or a dependency of another, the likeliest first."""

from collections.abc import Callable, Container
from heapq import nsmallest

from orchestrator.lsp.around import Around
from orchestrator.model.places import Place
from orchestrator.model.vocabulary import DONE
from orchestrator.view.ready import urgency
from orchestrator.view.search import fold


def task_ids(
    around: Around, place: Place, field: str, typed: str, but: Container[str], most: int
) -> list[str]:
    """Return the tasks that the task at a place may name in a field, the likeliest first.

    Never itself, one of `but`, or one that is deleted; as a parent, none of another project, below
    it or at the deepest level; as a dependency, none that is above it, below it or waits for it.

    Args:
        around: Of the plan.
        place: Of the task that names others.
        field: parent or dependencies.
        typed: Words that must be in the id or the title.
        but: Tasks that are named already.
        most: How many at most.
    """
    tasks = around.snapshot.tasks
    is_fit = (_as_parent if field == "parent" else _as_dependency)(around, place)
    words = fold(typed).split()

    def rank(name: str) -> tuple[bool, bool, bool, tuple[int, str, str, str]]:
        task = tasks[name]
        is_late = not fold(name).startswith(words[0]) if words else False
        is_foreign = task["project"] != place.project
        return is_late, is_foreign, task.get("status") in DONE, urgency(name, task)

    found = (
        name
        for name, folded, title in around.names
        if all(word in folded or word in title for word in words)
        and name != place.id
        and name not in but
        and not tasks[name].get("deleted_at")
        and is_fit(name)
    )
    return nsmallest(most, found, key=rank)


def _as_parent(around: Around, place: Place) -> Callable[[str], bool]:
    tasks, deepest = around.snapshot.tasks, around.snapshot.max_depth
    below = around.below(place.id)

    def is_fit(name: str) -> bool:
        is_kin = name in below or tasks[name]["project"] != place.project
        return not is_kin and len(around.above(name)) < deepest

    return is_fit


def _as_dependency(around: Around, place: Place) -> Callable[[str], bool]:
    kin = {*around.above(place.id), *around.below(place.id)}
    unfit = kin.union(around.after(place.id))
    return lambda name: name not in unfit
