"""How near a plan comes to the one made by hand: numbers from 0 to 1, None where there is none."""

from collections.abc import Iterable, Mapping
from typing import Any

from orchestrator.agent.evaluation.brief import Bounds, Brief
from orchestrator.agent.evaluation.matching import pairs
from orchestrator.agent.evaluation.similarity import likeness, words_of
from orchestrator.model.graph import hierarchy
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot

ALIKE = 1 / 3
"""Tasks count as the same from this likeness on: of equally many words, half are shared."""
READ = 200
"""How much of a description counts for coverage: a copy of the brief answers nothing."""

Scores = dict[str, float | None]
Links = Mapping[str, Iterable[str]]

NAMES = (
    "coverage", "step_precision", "step_recall", "step_f1", "edge_f1", "levels", "leaves", "sized",
    "unique", "untouched", "done",
)  # fmt: skip


def scores(brief: Brief, after: Snapshot) -> Scores:
    """Return what there is to say about a plan that a provider made.

    - coverage: requirements whose words a task has in its title and the first lines below it.
    - step_precision, step_recall, step_f1: tasks paired with those of the plan made by hand.
    - edge_f1: who waits for whom, directly or not, among the pairs.
    - levels, leaves: 1 when the depth of the tree, the number of leaves are within bounds.
    - sized: leaves whose estimate is within bounds.
    - unique: titles that no other new task has.
    - untouched: fields of the plan before that should have stayed, and did.
    - done: changes that were asked for, and were made.

    Args:
        brief: What was wanted.
        after: The plan with what the provider did.
    """
    new = {task_id: task for task_id, task in after.live_tasks() if task_id not in brief.plan.tasks}
    found: Scores = dict.fromkeys(NAMES)
    if brief.steps or not (brief.expect or brief.gone):
        found |= _shape(brief, after, new)
    found |= _steps(brief, new, after) if brief.steps else {}
    found["coverage"] = _coverage(brief, new)
    if brief.plan.tasks:
        found["untouched"] = _untouched(brief, after)
        found["done"] = _done(brief, after)
    return {name: None if value is None else round(value, 4) for name, value in found.items()}


def nothing(brief: Brief) -> Scores:
    """Return the scores of a provider that made no usable plan: 0 wherever there is a score."""
    usual = scores(brief, brief.plan)
    named = {name: 0.0 for name in ("step_precision", "step_recall", "step_f1") if brief.steps}
    edges = {"edge_f1": 0.0} if any(step.after for step in brief.steps.values()) else {}
    return {name: None if usual[name] is None else 0.0 for name in NAMES} | named | edges


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean of two shares."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def waits(links: Links, children: Links, parents: Mapping[str, str | None]) -> set[tuple[str, str]]:
    """Return all pairs (task, task that it waits for), directly or not.

    A task waits for what the tasks above it wait for, and what waits for a task waits for those
    below it.
    """
    found = set()
    for start in parents:
        stack = list(_own(start, links, parents))
        seen = set(stack)
        while stack:
            here = stack.pop()
            found.add((start, here))
            fresh = {*_own(here, links, parents), *children.get(here, ())} - seen
            seen |= fresh
            stack += fresh
    return {(one, other) for one, other in found if one != other}


def _own(task: str, links: Links, parents: Mapping[str, str | None]) -> Iterable[str]:
    here: str | None = task
    seen = set()
    while here is not None and here not in seen:
        seen.add(here)
        yield from links.get(here, ())
        here = parents.get(here)


def _shape(brief: Brief, after: Snapshot, new: Mapping[str, Document]) -> Scores:
    children = hierarchy(after).children
    leaves = [task for task_id, task in new.items() if not children.get(task_id)]
    titles = [words_of(str(task.get("title"))) for task in new.values()]
    depths = [_depth(after, task_id) for task_id in new]
    count = max(len(leaves), 1)
    sized = sum(_within(task.get("estimated_minutes"), brief.minutes) for task in leaves)
    return {
        "levels": float(bool(new) and _within(max(depths), brief.levels)),
        "leaves": float(_within(len(leaves), brief.leaves)),
        "sized": sized / count,
        "unique": len(set(titles)) / max(len(titles), 1),
    }


def _depth(snapshot: Snapshot, task_id: str) -> int:
    depth, here = 0, task_id
    seen: set[str] = set()
    while here and here in snapshot.tasks and here not in seen:
        seen.add(here)
        depth += 1
        here = str(snapshot.tasks[here].get("parent") or "")
    return depth


def _within(value: int | None, bounds: Bounds) -> bool:
    return value is not None and bounds.least <= value <= bounds.most


def _coverage(brief: Brief, new: Mapping[str, Document]) -> float | None:
    if not brief.requirements:
        return None
    texts = [
        words_of(f"{task.get('title')} {str(task.get('description', ''))[:READ]}")
        for task in new.values()
    ]
    hit = sum(
        any(words_of(wanted) <= text for wanted in ways for text in texts)
        for ways in brief.requirements.values()
    )
    return hit / len(brief.requirements)


def _steps(brief: Brief, new: Mapping[str, Document], after: Snapshot) -> Scores:
    made = {task_id: words_of(str(task.get("title", ""))) for task_id, task in new.items()}
    wanted = {key: [words_of(title) for title in step.titles] for key, step in brief.steps.items()}
    table = [
        [max(likeness(words, one) for one in ways) for words in made.values()]
        for ways in wanted.values()
    ]
    keys, ids = list(wanted), list(made)
    same = {ids[column]: keys[row] for row, column in pairs(table) if table[row][column] >= ALIKE}
    precision = len(same) / len(made) if made else 0.0
    recall = len(same) / len(wanted)
    return {
        "step_precision": precision,
        "step_recall": recall,
        "step_f1": f1(precision, recall),
        "edge_f1": _edges(brief, after, same),
    }


def _edges(brief: Brief, after: Snapshot, same: Mapping[str, str]) -> float | None:
    """Return how well order agrees: precision among the pairs, recall of all that is wanted."""
    below: dict[str, list[str]] = {}
    for key, step in brief.steps.items():
        if step.under:
            below.setdefault(step.under, []).append(key)
    parents = {key: step.under for key, step in brief.steps.items()}
    wanted = waits({key: step.after for key, step in brief.steps.items()}, below, parents)
    tasks = dict(after.live_tasks())
    made = waits(
        {task_id: task.get("dependencies") or () for task_id, task in tasks.items()},
        hierarchy(after).children,
        {task_id: task.get("parent") for task_id, task in tasks.items()},
    )
    found = {(same[one], same[other]) for one, other in made if one in same and other in same}
    if not wanted:
        return None if not found else 0.0
    hit = len(found & wanted)
    return f1(hit / len(found) if found else 0.0, hit / len(wanted))


def _untouched(brief: Brief, after: Snapshot) -> float:
    kept = total = 0
    for kind in ("projects", "tasks"):
        for entity_id, before in brief.plan.entities(kind).items():
            if entity_id in brief.gone:
                continue
            now = after.entities(kind).get(entity_id, {})
            wanted = brief.expect.get(entity_id, {})
            names = {*before, *now} - {*wanted, "started_at", "completed_at"}
            total += len(names)
            kept += sum(_same(before, now, name) for name in names)
    return kept / total if total else 1.0


def _same(before: Document, now: Document, name: str) -> bool:
    return bool(before.get(name) == now.get(name))


def _done(brief: Brief, after: Snapshot) -> float | None:
    checks: list[bool] = []
    for task_id, fields in brief.expect.items():
        now: Mapping[str, Any] = after.tasks.get(task_id, {})
        checks += [now.get(name) == value for name, value in fields.items()]
    for task_id in brief.gone:
        task = after.tasks.get(task_id)
        checks.append(task is None or bool(task.get("deleted_at")))
    return sum(checks) / len(checks) if checks else None
