"""The snapshot after a patch, without reading the other files again."""

from collections.abc import Iterable, Iterator

from orchestrator.model.places import Kind, Place, layer_path, path_for, place_of
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import KINDS, Read, Snapshot, build
from orchestrator.patch.apply import Change


def after(snapshot: Snapshot, changes: Iterable[Change]) -> Snapshot:
    """Return `snapshot` with `changes` made, the changed documents judged anew."""
    changed = list(changes)
    members: dict[Kind, dict[str, Document]] = {
        kind: dict(snapshot.entities(kind)) for kind in KINDS
    }
    raw = dict(snapshot.raw)
    misplaced = dict(snapshot.misplaced)
    paths: set[str] = set()
    reads = []
    for kind, entity_id, before, now, *_ in changed:
        if before is not None:
            paths.add(snapshot.path_of(kind, entity_id))
        members[kind].pop(entity_id, None)
        raw.pop((kind, entity_id), None)
        if now is None:
            misplaced.pop((kind, entity_id), None)
            continue
        path, project = target(snapshot, kind, entity_id, before, now)
        if path == path_for(kind, entity_id, project):
            misplaced.pop((kind, entity_id), None)
        document = dict(now)
        if kind == "tasks":
            del document["project"]  # the folder's name says it; no file does
        reads.append((path, place_of(path) or Place(kind, entity_id, project), document))
    fresh = build([*_layers(snapshot, changed), *reads], environment=snapshot.environment)
    for kind in KINDS:
        if kind != "settings" or fresh.settings:
            members[kind].update(fresh.entities(kind))
    problems = [problem for problem in snapshot.problems if problem.path not in paths]
    return Snapshot(
        settings=members["settings"].get("", {}),
        users=members["users"],
        projects=members["projects"],
        tasks=members["tasks"],
        unreadable=snapshot.unreadable,
        misplaced=misplaced,
        raw={**raw, **fresh.raw},
        problems=(*problems, *fresh.problems),
        layers=snapshot.layers,
        environment=snapshot.environment,
    )


def _layers(snapshot: Snapshot, changed: Iterable[Change]) -> Iterator[Read]:
    """Yield the environments' settings, which lie over those that a patch changes."""
    if any(change.kind == "settings" for change in changed):
        for name, document in snapshot.layers.items():
            yield layer_path(name), Place("settings", name), document


def target(
    snapshot: Snapshot, kind: Kind, entity_id: str, before: Document | None, now: Document
) -> tuple[str, str]:
    """Return the path and project at which a changed entity belongs.

    An entity whose file is oddly named stays where it is until it moves to another project.
    """
    project = str(now.get("project", "")) if kind == "tasks" else ""
    stays = before is not None and (kind != "tasks" or before.get("project") == project)
    path = snapshot.path_of(kind, entity_id) if stays else path_for(kind, entity_id, project)
    return path, project
