"""Rules on the tree of tasks: depth, cycles, dependencies along a branch (ORC204, 205, 208)."""

from collections.abc import Iterator, Mapping

from orchestrator.check.facts import Facts, found, way
from orchestrator.model.problem import Problem

# The deepest that settings allow is 20; a longer chain is cut, so that a hostile chain of
# 100,000 tasks does not print five billion ids.
_CHAIN = 24


def too_deep(facts: Facts) -> Iterator[Problem]:
    """Yield ORC204: a task deeper than the settings allow."""
    allowed = facts.snapshot.max_depth
    for depth, level in enumerate(facts.levels):
        if depth <= allowed:
            continue
        for task_id in level:
            if task_id in facts.deleted:
                continue
            yield found(
                facts, "ORC204", ("tasks", task_id),
                f"{task_id} is at depth {depth} and the deepest allowed is {allowed}: "
                f"{_chain(facts.parents, task_id)} .",
                "/parent",
                "Give it a parent further up, or raise max_depth in orchestrator.yaml.",
            )  # fmt: skip


def parent_cycle(facts: Facts) -> Iterator[Problem]:
    """Yield ORC205: tasks that are each other's ancestors, once a cycle."""
    parents = facts.parents
    if sum(map(len, facts.levels[1:])) == len(parents):
        return
    settled = {task_id for level in facts.levels for task_id in level}
    for start in parents:
        steps: dict[str, None] = {}
        node = start
        while node not in settled and node not in steps:
            steps[node] = None
            node = parents[node]
        settled.update(steps)
        if node in steps:
            walked = list(steps)
            yield _cycle(facts, walked[walked.index(node) :])


def dependency_on_kin(facts: Facts) -> Iterator[Problem]:
    """Yield ORC208: a task that waits for a task above or below it."""
    parents, tasks = facts.parents, facts.snapshot.tasks
    pairs = [
        (task_id, index, needed)
        for task_id, dependencies in facts.dependencies.items()
        for index, needed in enumerate(dependencies)
        if (task_id in parents or needed in parents)
        and needed in tasks
        and needed != task_id
        and task_id not in facts.deleted
    ]
    if not pairs:
        return
    spans = _spans(facts)
    for task_id, index, needed in pairs:
        if task_id not in spans or needed not in spans:
            continue
        (mine, my_end), (its, its_end) = spans[task_id], spans[needed]
        if its < mine < its_end:
            kin, why = "ancestor", "a task is completed after those below it, so both would wait"
        elif mine < its < my_end:
            kin, why = "descendant", "a task waits for those below it anyway"
        else:
            continue
        yield found(
            facts, "ORC208", ("tasks", task_id), f"{task_id} depends on its own {kin} {needed} .",
            f"/dependencies/{index}", f"Remove the entry: {why}.",
        )  # fmt: skip


def _chain(parents: Mapping[str, str], task_id: str) -> str:
    chain = [task_id]
    while (above := parents.get(chain[-1])) and len(chain) < _CHAIN:
        chain.append(above)
    if above:
        chain.append("…")
    return way(chain[::-1])


def _cycle(facts: Facts, members: list[str]) -> Problem:
    first = members.index(min(members))
    whole = [*members[first:], *members[:first], members[first]]
    return found(
        facts, "ORC205", ("tasks", whole[0]),
        f"{len(members)} tasks are each other's ancestors: {way(whole)} .", "/parent",
        "Remove parent from one of them.",
    )  # fmt: skip


def _spans(facts: Facts) -> dict[str, tuple[int, int]]:
    """Return the part of a walk through the trees that is each task and what is below it.

    One task is above another exactly when its span holds the other's start, which needs no walk
    up the tree for every dependency.
    """
    order: list[str] = []
    stack = list(facts.levels[0]) if facts.levels else []
    while stack:
        task_id = stack.pop()
        order.append(task_id)
        stack.extend(facts.children.get(task_id, ()))
    size = dict.fromkeys(order, 1)
    for task_id in reversed(order):
        if parent := facts.parents.get(task_id):
            size[parent] += size[task_id]
    return {task_id: (start, start + size[task_id]) for start, task_id in enumerate(order)}
