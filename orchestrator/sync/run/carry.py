"""Carrying a plan out: the tracker first, then the files, then the base."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from orchestrator.patch.ops import Patch
from orchestrator.store.git import Oid, StoreError
from orchestrator.store.lock import locked
from orchestrator.sync.action import Action
from orchestrator.sync.base.ref import Written, commit_base, move_base
from orchestrator.sync.base.share import ShareError, push_base
from orchestrator.sync.reconcile.done import Done
from orchestrator.sync.reconcile.links import newest_items, remembered
from orchestrator.sync.reconcile.pull import local_patch
from orchestrator.sync.reconcile.settle import next_watermark, renewed
from orchestrator.sync.reconcile.sides import Name
from orchestrator.sync.record import Base, Meta, Record
from orchestrator.sync.remote import Progress, Tie
from orchestrator.sync.run.execute import Execution, Failure, Writing
from orchestrator.sync.run.ground import Ground
from orchestrator.sync.run.land import Landed, Landing, land
from orchestrator.sync.run.origin import Origin
from orchestrator.sync.run.prepare import Prepared, Setting, is_stale
from orchestrator.sync.settings import digest_of

_MANY = 50
"""Items that a listing may bring again and again before it is worth a commit of the base."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run has done.

    Attributes:
        prepared: What it was planned from, and the plan.
        outcome: What became of it over there.
        landed: What became of it here; None when the files could not be written at all.
        refusal: Why they could not.
        base: The commit of the base afterwards; None when there is none.
        notes: What people should know.
        requests: How many the tracker was sent.
    """

    prepared: Prepared
    outcome: Execution
    landed: Landed | None
    refusal: StoreError | None
    base: Oid | None
    notes: tuple[str, ...]
    requests: int

    @property
    def serial(self) -> int:
        """Of the base afterwards."""
        start = self.prepared.origin.stored
        before = start.base.meta.serial if start else 0
        return before + (self.base != (start.oid if start else None))

    @property
    def clashes(self) -> int:
        """How many fields nobody has chosen."""
        return sum(len(action.clashes) for action in self.prepared.plan.actions)

    @property
    def is_fine(self) -> bool:
        """Whether nothing failed and nothing waits for a person."""
        refused = self.landed is None or self.landed.refused
        return not (self.outcome.failures or self.outcome.stopped or refused or self.clashes)


def carry_out(
    prepared: Prepared,
    setting: Setting,
    *,
    branch: str | None = None,
    told: Callable[[Done | Failure], None] = lambda _: None,
) -> Result:
    """Do what a plan says.

    Killed at any point, what was done over there is known from the journal, and what was done
    here from the files: the next run finds no difference there.

    Args:
        prepared: The plan, and what it was made from.
        setting: What the run takes from outside.
        branch: Where the files' half is committed for review; None for the checked-out branch.
        told: Called with each action that was carried out over there, or failed.
    """
    start, plan = prepared.origin, prepared.plan
    writing = Writing(
        setting.remote, setting.world, start.journal, prepared.local, start.base, plan,
        setting.token, told,
    )  # fmt: skip
    outcome = writing.carry_out()
    is_sent_only = setting.tie.direction == "push"
    done = [*outcome.done, *(() if is_sent_only else _unnoted(prepared))]
    if done:
        setting.world.progress(Progress("writing files"))
    landed, refusal = _landed(prepared, setting, done, branch)
    is_written = landed is not None and branch is None
    records = _records(prepared, outcome.done, landed, is_written=is_written)
    stored = start.stored
    oid = stored.oid if stored else None
    notes: list[str] = []
    new = _base(prepared, setting.tie, records, landed, is_written=is_written)
    if new is not None:
        oid = take(prepared.ground, start, new, setting.by)
    else:
        start.journal.close()
    if start.remote is not None and oid is not None and oid != start.there:
        try:
            push_base(prepared.ground.repository.git, start.name, start.remote, oid, start.there)
        except ShareError as error:
            notes.append(f"{error.message} {error.hint or ''}".strip())
    return Result(prepared, outcome, landed, refusal, oid, tuple(notes), setting.remote.requests)


def take(ground: Ground, start: Origin, new: Base, by: Written) -> Oid:
    """Write a base, let its ref lead there, and forget what the journal held; return its commit.

    Raises:
        BaseMovedError: Somebody else has written one meanwhile; the journal stays.
    """
    repository, stored = ground.repository, start.stored
    parents = (stored.oid,) if stored else ()
    new = Base(replace(new.meta, lineage=new.meta.lineage or start.lineage), new.records)
    oid = commit_base(repository.git, stored, new, parents, by)
    start.journal.take(oid)
    with locked(ground.workspace.lock, "sync"):
        move_base(repository, start.name, oid, stored.oid if stored else None, by.why)
    start.journal.close()
    return oid


def _landed(
    prepared: Prepared, setting: Setting, done: Sequence[Done], branch: str | None
) -> tuple[Landed | None, StoreError | None]:
    ground, now = prepared.ground, setting.world.now()

    def build(some: Sequence[Done]) -> Patch:
        return local_patch(ground.snapshot, some, setting.tie, now)

    try:
        return land(ground, done, Landing(setting.tie.name, build, now, branch)), None
    except StoreError as error:
        return None, error


def _unnoted(prepared: Prepared) -> list[Done]:
    """Return links that no file has noted, or only by a name that the item has no more.

    Of a killed run, or on a branch nobody has merged; a team over there that was renamed, or an
    item that moved to another, has changed names.
    """
    if not prepared.is_whole or prepared.wish.only is not None:
        return []
    start = prepared.origin
    planned = {(action.kind, action.id) for action in prepared.plan.actions}
    listed = newest_items(prepared.there)
    words = {word for record in start.base.records.values() for word in (record.key, record.name)}
    found = []
    for key, record in start.base.records.items():
        document = prepared.local.document(*key)
        is_live = document is not None and not document.get("deleted_at")
        if not is_live or key in planned or record.id in start.base.meta.suspended:
            continue
        item = listed.get((record.kind, record.key)) or remembered(record)
        stated = str(((document or {}).get("external_ids") or {}).get(start.name))
        is_told = stated in {item.key, item.name}
        # A name that another item has was put there by somebody, and is left to them.
        is_anothers = stated in words and stated not in {record.key, record.name}
        if not is_told and not is_anothers:
            found.append(Done(Action("link", *key, record.key, title=item.name, item=item)))
    return found


def _records(
    prepared: Prepared, done: Sequence[Done], landed: Landed | None, *, is_written: bool
) -> dict[Name, Record | None]:
    """Return the records that change, those of items that the files did not take among them."""
    local, base, plan = prepared.local, prepared.origin.base, prepared.plan
    planned = {_name(item) for item in done}
    taken = [item for item in landed.taken if _name(item) in planned] if landed else []
    changed = renewed(local, base, plan, taken, is_written=is_written)
    names = {_name(item) for item in taken}
    open_ones = [item for item in done if _name(item) not in names]
    if open_ones:
        alone = replace(plan, actions=tuple(item.action for item in open_ones), records=())
        changed |= renewed(local, base, alone, open_ones, is_written=False)
    return changed


def _base(
    prepared: Prepared,
    tie: Tie,
    changed: dict[Name, Record | None],
    landed: Landed | None,
    *,
    is_written: bool,
) -> Base | None:
    """Return the base after a run, or None when it says what it said before."""
    start = prepared.origin
    records = {**start.base.records, **changed}
    kept = {name: record for name, record in records.items() if record is not None}
    before = start.stored.base if start.stored else Base(start.base.meta)
    meta = before.meta
    if prepared.is_whole and prepared.wish.only is None:
        meta = _listed(prepared, tie, landed, is_written=is_written)
    if kept == before.records and not start.is_behind and not _is_worth(prepared, meta):
        return None
    if kept != before.records or start.is_behind:
        head = landed.head if landed else prepared.ground.head
        meta = replace(meta, head=head)
    return Base(replace(meta, serial=meta.serial + 1), kept)


def _is_worth(prepared: Prepared, meta: Meta) -> bool:
    """Return whether what was listed is to be noted though no record changes.

    It is when it spares the next run something: a second run in which nothing happens leaves
    everything as it is, though the tracker shows what the first one wrote.
    """
    stored = prepared.origin.stored
    if stored is None or meta == stored.base.meta:
        return stored is None and meta.watermark is not None
    if prepared.is_complete:
        is_other = meta.tie != stored.base.meta.tie
        return is_other or is_stale(stored.base.meta, datetime.fromisoformat(prepared.listed_at))
    return len(prepared.there.listing.items) > _MANY


def _listed(prepared: Prepared, tie: Tie, landed: Landed | None, *, is_written: bool) -> Meta:
    """Return what holds for the base with what was listed noted in it."""
    listing, base = prepared.there.listing, prepared.origin.base
    stored = prepared.origin.stored
    meta = stored.base.meta if stored else base.meta
    watermark = next_watermark(
        base, listing, prepared.plan, landed.taken if landed else (), is_written=is_written
    )
    # A tracker that always lists everything needs no note that it did.
    is_noted = prepared.is_complete and prepared.there.can.is_incremental
    return replace(
        meta,
        watermark=watermark,
        listed_at=prepared.listed_at if is_noted else meta.listed_at,
        tie=digest_of(tie) if is_noted else meta.tie,
    )


def _name(done: Done) -> Name:
    return done.action.kind, done.action.id
