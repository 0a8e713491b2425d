"""What the actions of a plan do to one another: where tasks hang, what keeps others alive."""

from collections.abc import Iterator
from typing import Any

from orchestrator.sync.reconcile.compare import sent_value
from orchestrator.sync.reconcile.draft import Draft
from orchestrator.sync.reconcile.hang import Places, hang
from orchestrator.sync.reconcile.sides import Name
from orchestrator.sync.reconcile.stage import Stage
from orchestrator.sync.reconcile.tangle import untangle

_PLACE = frozenset({"parent", "project", "dependencies"})

Drafts = dict[Name, Draft]


def place(stage: Stage, drafts: Drafts, notes: list[str]) -> None:
    """Let every task that the tracker moves or brings hang where it may here."""
    pulled: dict[str, dict[str, Any]] = {}
    for (kind, entity_id), draft in drafts.items():
        if kind == "tasks" and draft.changes:
            written = draft.written("local")
            found = {each: value for each, value in written.items() if each in _PLACE}
            if "deleted_at" in written:  # what was above it may have stayed deleted
                found.setdefault("parent", stage.local.documents[kind][entity_id].get("parent"))
            if found:
                pulled[entity_id] = found
    dead = _going(drafts, "local")
    orphans = list(_orphans(stage, drafts, dead)) if dead else []
    if not pulled and not orphans:
        return
    live = frozenset(
        entity_id
        for (kind, entity_id), draft in drafts.items()
        if kind == "tasks" and draft.verb == "update" and "deleted_at" in draft.written("local")
    )
    projects = _projects(stage, drafts)
    places = Places(stage.local, pulled, live, frozenset(name for _, name in dead), projects)
    for task_id, parent in orphans:
        places.hung.put(task_id, "parent", None, f"{parent} above it was deleted there")
    hang(places)
    untangle(places)
    for task_id, values in places.hung.values.items():
        for name, value in values.items():
            _override(stage, drafts, task_id, name, value)
    notes += [f"{task_id} {why}" for task_id, why in places.hung.notes]


def _going(drafts: Drafts, side: str) -> set[Name]:
    return {name for name, draft in drafts.items() if draft.verb == "delete" and draft.side == side}


def _projects(stage: Stage, drafts: Drafts) -> frozenset[str]:
    live = {name for name, found in stage.local.documents["projects"].items()
            if not found.get("deleted_at")}  # fmt: skip
    live |= {
        entity_id
        for (kind, entity_id), draft in drafts.items()
        if kind == "projects"
        and (
            (draft.verb, draft.side) == ("create", "local")
            or "deleted_at" in draft.written("local")
        )
    }
    return frozenset(live)


def _orphans(stage: Stage, drafts: Drafts, dead: set[Name]) -> Iterator[tuple[str, str]]:
    """Yield linked tasks that live on over there while what is above them here was deleted."""
    for pair in stage.links.pairs.values():
        name, document = pair.name, stage.local.document(*pair.name)
        if pair.kind != "tasks" or document is None or document.get("deleted_at"):
            continue
        parent = document.get("parent")
        if ("tasks", parent) not in dead or name in dead or pair.item is None:
            continue
        draft = drafts.get(name)
        is_free = draft is None or (draft.verb != "skip" and "parent" not in draft.written("local"))
        if is_free and "parent" in pair.item.fields and not pair.is_missing:
            yield name[1], str(parent)


def _override(stage: Stage, drafts: Drafts, task_id: str, name: str, value: Any) -> None:
    document = stage.local.document("tasks", task_id)
    before = (document or {}).get(name)
    draft = drafts.get(("tasks", task_id))
    if draft is None:
        pair = stage.links.pairs.get(("tasks", task_id))
        draft = Draft("update", "tasks", task_id, pair.key if pair else None,
                      str((document or {}).get("title") or ""), item=pair.item if pair else None,
                      pair=pair)  # fmt: skip
        drafts["tasks", task_id] = draft
    if draft.verb in {"skip", "delete", "unlink"}:
        return
    is_made = (draft.verb, draft.side) == ("create", "remote")
    draft.put(name, before, value, sent_value(stage, name, value) if is_made else None)


def remain(stage: Stage, drafts: Drafts) -> None:
    """Keep what would be deleted while something that stays is below it or in it."""
    for side, below in (("local", _below_here), ("remote", _below_there)):
        going = _going(drafts, side)
        if not going:
            continue
        kept: dict[Name, str] = {}
        pairs = list(below(stage, drafts))
        stays = [each for each in pairs if each[0] not in going]
        while stays:
            for child, over in stays:
                if over in going:
                    going.discard(over)
                    kept[over] = child[1]
            stays = [each for each in pairs if each[0] in kept and each[1] in going]
        for spared, lives in kept.items():
            where = "there" if side == "local" else "here"
            drafts[spared].skip(f"it is deleted {where}, and {lives} below it is not")


def _below_here(stage: Stage, drafts: Drafts) -> Iterator[tuple[Name, Name]]:
    """Yield each task that lives here after the run with what is above it, and its project."""
    documents = stage.local.documents["tasks"]
    for entity_id in {**documents, **{name: None for kind, name in drafts if kind == "tasks"}}:
        name: Name = ("tasks", entity_id)
        document = documents.get(entity_id) or {}
        draft = drafts.get(name)
        written = draft.written("local") if draft is not None else {}
        is_new = draft is not None and (draft.verb, draft.side) == ("create", "local")
        if not is_new and (
            not document or (document.get("deleted_at") and "deleted_at" not in written)
        ):
            continue
        values = {**document, **written}
        yield name, ("projects", str(values.get("project")))
        if values.get("parent"):
            yield name, ("tasks", str(values["parent"]))


def _below_there(stage: Stage, drafts: Drafts) -> Iterator[tuple[Name, Name]]:
    """Yield each item that lives there after the run with what is above it, and its project."""
    ids = stage.links.ids
    items = [(pair.name, pair.item) for pair in stage.links.pairs.values() if pair.item is not None]
    items += [(("tasks", item.key), item) for item in stage.links.remote]
    for name, item in items:
        if item.kind != "tasks":
            continue
        draft = drafts.get(name)
        written = draft.written("remote") if draft is not None else {}
        for each, kind in (("parent", "tasks"), ("project", "projects")):
            key = item.fields.get(each)
            over = written[each] if each in written else ids.get((kind, str(key)))  # type: ignore[arg-type]
            if over is not None:
                yield name, (kind, str(over))  # type: ignore[misc]


def above(stage: Stage, drafts: Drafts) -> dict[Name, list[Name]]:
    """Return by item what has to be there before it: its project, its parent, what it waits for."""
    found: dict[Name, list[Name]] = {}
    for name in drafts:
        kind, entity_id = name
        if kind != "tasks":
            continue
        document = stage.local.document(kind, entity_id) or {}
        values = {**document, **drafts[name].written("local")}
        over: list[Name] = [("projects", str(values.get("project")))]
        if values.get("parent"):
            over.append(("tasks", str(values["parent"])))
        over += [("tasks", str(each)) for each in values.get("dependencies") or ()]
        found[name] = over
    return found
