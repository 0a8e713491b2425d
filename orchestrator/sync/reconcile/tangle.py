"""Dependencies that the tracker holds and a plan may not: on itself, on its kin, in a circle."""

from collections.abc import Iterator, Mapping, Sequence

from orchestrator.sync.reconcile.hang import Places


def untangle(places: Places) -> None:
    """Take the dependencies that come from the tracker and may not be out again."""
    added = {
        task_id: [
            each for each in values["dependencies"] or () if each not in _had(places, task_id)
        ]
        for task_id, values in places.pulled.items()
        if "dependencies" in values
    }
    added = {task_id: names for task_id, names in added.items() if names}
    if not added:
        return
    refused: dict[str, dict[str, str]] = {}
    for task_id, names in added.items():
        over = frozenset(places.above(task_id))
        for name in names:
            if why := _fault(places, task_id, name, over):
                refused.setdefault(task_id, {})[name] = why
    graph = _graph(places, refused)
    ring = _rings(graph)
    for task_id, names in added.items():
        for name in names:
            if name in refused.get(task_id, ()) or ring.get(task_id) != ring.get(name):
                continue
            if _reaches(graph, name, task_id):
                refused.setdefault(task_id, {})[name] = "waits for it"
                graph[task_id] = [each for each in graph[task_id] if each != name]
    for task_id, faults in refused.items():
        kept = [each for each in places.value(task_id, "dependencies") if each not in faults]
        places.hung.put(task_id, "dependencies", kept or None)
        for name, why in faults.items():
            places.hung.notes.append((task_id, f"it cannot depend on {name} , which {why}"))


def _had(places: Places, task_id: str) -> Sequence[str]:
    document = places.local.document("tasks", task_id) or {}
    return document.get("dependencies") or ()


def _fault(places: Places, task_id: str, name: str, over: frozenset[str]) -> str | None:
    if name == task_id:
        return "is itself"
    if places.local.document("tasks", name) is None and name not in places.pulled:
        return "is not there"
    if name in over:
        return "is above it"
    return "is below it" if task_id in places.above(name) else None


def _graph(places: Places, refused: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    graph: dict[str, list[str]] = {}
    for task_id in dict.fromkeys((*places.local.documents["tasks"], *places.pulled)):
        names = places.value(task_id, "dependencies")
        if names:
            graph[task_id] = [each for each in names if each not in refused.get(task_id, ())]
    return graph


def _reaches(graph: Mapping[str, Sequence[str]], start: str, goal: str) -> bool:
    seen, stack = {start}, [start]
    while stack:
        node = stack.pop()
        if node == goal:
            return True
        fresh = [each for each in graph.get(node, ()) if each not in seen]
        seen.update(fresh)
        stack += fresh
    return False


def _rings(graph: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return a number for each task: two have the same one if each can be reached from the other.

    Tarjan's algorithm, without recursion.
    """
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    ring: dict[str, int] = {}
    open_nodes: list[str] = []
    for root in graph:
        if root in order:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(graph[root]))]
        order[root] = low[root] = len(order)
        open_nodes.append(root)
        while work:
            node, rest = work[-1]
            child = next(rest, None)
            if child is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    _close(node, open_nodes, ring)
            elif child not in order:
                order[child] = low[child] = len(order)
                open_nodes.append(child)
                work.append((child, iter(graph.get(child, ()))))
            elif child not in ring:
                low[node] = min(low[node], order[child])
    return ring


def _close(node: str, open_nodes: list[str], ring: dict[str, int]) -> None:
    number = len(ring)
    while True:
        member = open_nodes.pop()
        ring[member] = number
        if member == node:
            return
