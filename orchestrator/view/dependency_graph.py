"""Who waits for whom, as a graph to be drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from orchestrator.model.snapshot import Snapshot

Kind = Literal["dependency", "parent"]


class Node(NamedTuple):
    """A task in the graph.

    Attributes:
        id: The task.
        title: What it is called.
        status: As its file has it.
        is_focus: Whether the graph was asked for around it.
    """

    id: str
    title: str
    status: str
    is_focus: bool = False


class Edge(NamedTuple):
    """What must come first, and what comes after.

    Attributes:
        source: What is waited for, or the parent; as an index into the nodes.
        target: Who waits, or the task below.
        kind: Which of the two.
    """

    source: int
    target: int
    kind: Kind = "dependency"


@dataclass(frozen=True, slots=True)
class Graph:
    """Tasks and what is between them.

    Attributes:
        title: The workspace's name.
        nodes: By id.
        edges: By source and target.
        alone: How many tasks are left out because nothing is between them and any other.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    alone: int = 0


def dependency_graph(
    snapshot: Snapshot,
    ids: Iterable[str],
    *,
    around: str | None = None,
    shows_all: bool = False,
    shows_parents: bool = False,
) -> Graph:
    """Return the graph of some tasks.

    Args:
        snapshot: The plan.
        ids: The tasks to choose from.
        around: Only this task, all that it waits for, and all that wait for it.
        shows_all: Tasks without a line too.
        shows_parents: A line from each parent to the tasks below it, too.
    """
    chosen = set(ids)
    if around is not None:
        chosen = _around(snapshot, chosen | {around}, around)
    pairs: list[tuple[str, str, Kind]] = [
        (name, task_id, "dependency")
        for task_id in chosen
        for name in set(snapshot.tasks[task_id].get("dependencies") or ())
        if name in chosen
    ]
    if shows_parents:
        parents = {task_id: str(snapshot.tasks[task_id].get("parent")) for task_id in chosen}
        pairs += [(name, task_id, "parent") for task_id, name in parents.items() if name in chosen]
    linked = {task_id for pair in pairs for task_id in pair[:2]}
    if around is not None:
        linked.add(around)
    shown = sorted(chosen if shows_all else linked)
    index = {task_id: at for at, task_id in enumerate(shown)}
    return Graph(
        str(snapshot.settings.get("name") or "Plan"),
        tuple(_node(snapshot, task_id, around) for task_id in shown),
        tuple(sorted(Edge(index[a], index[b], kind) for a, b, kind in pairs)),
        len(chosen) - len(shown),
    )


def _node(snapshot: Snapshot, task_id: str, around: str | None) -> Node:
    task = snapshot.tasks[task_id]
    title, status = str(task.get("title") or ""), str(task.get("status") or "todo")
    return Node(task_id, title, status, task_id == around)


def _around(snapshot: Snapshot, chosen: set[str], task_id: str) -> set[str]:
    """Return a task with everything before it and everything after it."""
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for name in chosen:
        for other in snapshot.tasks[name].get("dependencies") or ():
            if other in chosen:
                before.setdefault(name, []).append(other)
                after.setdefault(other, []).append(name)
    return _reached(before, task_id) | _reached(after, task_id)


def _reached(leads: Mapping[str, list[str]], start: str) -> set[str]:
    found = {start}
    stack = [start]
    while stack:
        for name in leads.get(stack.pop(), ()):
            if name not in found:
                found.add(name)
                stack.append(name)
    return found


class Step(NamedTuple):
    """A task in the graph as rows of text: below what it waits for.

    Attributes:
        node: The task, as an index into the nodes.
        is_last: Whether no sibling follows, from the first row down to this one.
        is_again: Whether what waits for it is shown where it stood before.
        kind: Of the line that leads to it.
    """

    node: int
    is_last: tuple[bool, ...]
    is_again: bool
    kind: Kind


def steps(graph: Graph) -> list[Step]:
    """Return the graph as a tree: what waits for nothing first, below each task who waits for it.

    A task that waits for several is below each of them; what waits for it in turn is shown once.
    Of a circle the first task by id begins it.
    """
    leads: list[list[Edge]] = [[] for _ in graph.nodes]
    is_led_to = [False] * len(graph.nodes)
    for edge in graph.edges:
        leads[edge.source].append(edge)
        is_led_to[edge.target] = True
    found: list[Step] = []
    seen: set[int] = set()
    # First those that nothing leads to; then whatever is in circles only.
    starts = sorted(range(len(graph.nodes)), key=lambda at: (is_led_to[at], at))
    for start in starts:
        if start in seen:
            continue
        stack = [Step(start, (), is_again=False, kind="dependency")]
        while stack:
            step = stack.pop()
            is_again = step.node in seen
            below = leads[step.node]
            found.append(step._replace(is_again=is_again and bool(below)))
            if is_again:
                continue
            seen.add(step.node)
            last = len(below) - 1
            stack += [
                Step(edge.target, (*step.is_last, at == last), is_again=False, kind=edge.kind)
                for at, edge in reversed(list(enumerate(below)))
            ]
    return found
