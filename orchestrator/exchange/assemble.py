"""From the items that a reader found to documents: ids, references, people, size."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from orchestrator.exchange import clean
from orchestrator.exchange.identity import common_key, digest, free_task_id, task_id
from orchestrator.exchange.imported import Document, Imported, Item, Notebook
from orchestrator.exchange.people import People
from orchestrator.exchange.weigh import lighten
from orchestrator.model.fields import FIELDS

Find = Callable[[Item, str], Item | None]
"""The item that a reference means, by the item that holds it and its text."""


def assemble(
    source: str,
    items: Sequence[Item],
    find: Find,
    notes: Notebook,
    project: Mapping[str, Any],
    people: People,
) -> Imported:
    """Return the plan that the items make.

    Args:
        source: `backlog_md`, `beads`, ...
        items: Each with another pair of origin and copy.
        find: What a reference means.
        notes: Taken so far; more are added.
        project: What the source says of itself.
        people: Whom the source names beside assignees.
    """
    key = str(project.get("key") or "IMPORT")
    ids = _ids(items, key, notes)
    for item in items:
        people.meet(item.assignees)
        people.meet([item.deleter] if item.deleter else [])
    users, user_ids = people.users(notes)
    tasks = []
    for item in items:
        _link(item, find, notes)
        _assign(item, user_ids, notes)
        parent = find(item, item.parents[0]) if item.parents else None
        targets = [target for each in item.dependencies if (target := find(item, each)) is not None]
        if parent is not None:
            item.fields["parent"] = ids[parent.origin, parent.copy]
        if targets:
            linked = {ids[target.origin, target.copy] for target in targets}
            item.fields["dependencies"] = sorted(linked)
        tasks.append(lighten(_document(source, item, ids[item.origin, item.copy]), source, notes))
    tasks.sort(key=lambda task: str(task["id"]))
    named = {"key": common_key(ids.values()), **project}
    return Imported(source, tuple(tasks), users, notes.all(), named)


def _ids(items: Iterable[Item], key: str, notes: Notebook) -> dict[tuple[str, int], str]:
    ids: dict[tuple[str, int], str] = {}
    taken: set[str] = set()
    # First copies first: a reference means them, so they keep the id that people know.
    for item in sorted(items, key=lambda each: (each.copy, each.origin)):
        wanted = item.wanted or task_id(item.origin, key)
        found = free_task_id(wanted, f"{item.origin}#{item.copy}", taken)
        if found != wanted:
            notes.add("id", item.name, f"{wanted} is another task already; imported as {found} .")
        elif item.wanted is None and digest(item.origin) in wanted:
            notes.add("id", item.name, f"Its id has no place in ours; imported as {found} .")
        ids[item.origin, item.copy] = found
        taken.add(found)
    return ids


def _link(item: Item, find: Find, notes: Notebook) -> None:
    """Leave in the item only the references that lead somewhere."""
    parents = list(dict.fromkeys(item.parents))
    known = [each for each in parents if find(item, each) is not None]
    for each in parents:
        if find(item, each) is None:
            notes.add("parent", item.name, f"Its parent {each} is not in the plan.")
            _keep(item, "dropped_parents", each)
    chosen = {id(find(item, each)) for each in known[:1]}
    for each in known[1:]:
        if id(find(item, each)) not in chosen:
            notes.add("parent", item.name, f"It has a second parent, {each} ; only one is kept.")
            _keep(item, "dropped_parents", each)
    item.parents = known[:1]
    dependencies = []
    for each in dict.fromkeys(item.dependencies):
        if find(item, each) is None:
            notes.add("dependency", item.name, f"It depends on {each} , which is not in the plan.")
            _keep(item, "dropped_dependencies", each)
        else:
            dependencies.append(each)
    item.dependencies = dependencies


def _keep(item: Item, key: str, value: str) -> None:
    found = item.kept.setdefault(key, [])
    if value not in found:
        found.append(value)


def _assign(item: Item, user_ids: Mapping[str, str], notes: Notebook) -> None:
    known = [each for each in item.assignees if each in user_ids]
    if known:
        item.fields["assignee"] = user_ids[known[0]]
    if len(known) > 1:
        notes.add("people", item.name, f"Of {len(known)} assignees the first is kept as assignee.")
        item.kept["assignees"] = known
    if item.deleter is not None and item.deleter in user_ids:
        item.fields["deleted_by"] = user_ids[item.deleter]


def _document(source: str, item: Item, entity_id: str) -> Document:
    kept = {"id": item.origin, **({"copy": item.copy} if item.copy > 1 else {}), **item.kept}
    fields = {**item.fields, "id": entity_id, "metadata": {source: kept}}
    document = {
        key: fields[key]
        for key in FIELDS["tasks"]
        if key in fields and not clean.is_empty(fields[key])
    }
    return document | {"project": item.project} if item.project else document
