"""Everything that a plan is decided from, put together once."""

from collections.abc import Iterable
from dataclasses import dataclass

from orchestrator.sync.item import Kind
from orchestrator.sync.reconcile.links import KINDS, Links, Pair, can_make, is_in_scope, link
from orchestrator.sync.reconcile.sides import Local, There, Wish
from orchestrator.sync.reconcile.values import SYNCED, Lens
from orchestrator.sync.record import Base
from orchestrator.sync.remote import Support, Tie


@dataclass(frozen=True, slots=True)
class Stage:
    """Both sides, what they agreed on, what is wished, and which item is which.

    Attributes:
        local: The files.
        there: The tracker.
        base: What both had agreed on.
        tie: The integration.
        wish: Of this run.
        links: Which item is which.
        lens: What the tracker can tell apart.
        home: The project of ours for tasks that are in none over there, or None when nothing says
            which.
        fields: By kind, what is synced, and how.
    """

    local: Local
    there: There
    base: Base
    tie: Tie
    wish: Wish
    links: Links
    lens: Lens
    home: str | None
    fields: dict[Kind, dict[str, Support]]

    @property
    def is_home_ours(self) -> bool:
        """Whether home is only ours: it stands for "no project", and is never made over there."""
        return self.home is not None and self.home == self.tie.name

    def is_wanted(self, entity_id: str, *names: str | None) -> bool:
        """Return whether a run that was asked for certain items only was asked for this one."""
        only = self.wish.only
        return only is None or not only.isdisjoint([entity_id, *names])

    def takes(self) -> bool:
        """Return whether anything may be written here."""
        return self.tie.direction != "push"

    def sends(self) -> bool:
        """Return whether anything may be written there."""
        return self.tie.direction != "pull"


def set_stage(local: Local, there: There, base: Base, tie: Tie, wish: Wish) -> Stage:
    """Return everything that a plan is decided from."""
    can = there.can.fields
    fields = {
        kind: {name: can[kind][name] for name in SYNCED[kind] if name in can[kind]}
        for kind in KINDS
        if kind in can
    }
    home = home_of(local, there, tie)
    links = link(local, there, base, tie)
    return Stage(local, there, base, tie, wish, links, Lens(there.represent), home, fields)


def home_of(local: Local, there: There, tie: Tie) -> str | None:
    """Return the project for tasks that are in none over there.

    The first of those that the settings name; for a tracker that knows no projects the only one
    that there is; else one that is named like the integration, and is made when it is needed.
    """
    if tie.projects is not None:
        return tie.projects[0] if tie.projects else None
    if "project" not in there.can.fields.get("tasks", {}):
        live = [name for name, found in local.documents["projects"].items()
                if not found.get("deleted_at")]  # fmt: skip
        if len(live) == 1:
            return live[0]
    return tie.name


def to_make(stage: Stage) -> Iterable[tuple[Kind, str]]:
    """Yield the items of ours that are to be made over there."""
    if not stage.sends():
        return
    suspended = stage.base.meta.suspended
    for kind, entity_id in stage.links.local:
        is_home = kind == "projects" and entity_id == stage.home and stage.is_home_ours
        if kind not in stage.fields or not can_make(stage.there.can, kind) or is_home:
            continue
        if entity_id not in suspended and stage.is_wanted(entity_id):
            yield kind, entity_id


def scope_fault(stage: Stage, pair: Pair) -> str | None:
    """Return why a linked item is not mirrored any more, or None."""
    document = stage.local.document(*pair.name)
    if document is None or is_in_scope(stage.tie, pair.kind, pair.id, document):
        return None
    where = pair.id if pair.kind == "projects" else document.get("project")
    return f"the project {where} is not mirrored"
