"""Reading both sides and planning: everything of a run that changes nothing."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from orchestrator.store.git import StoreError
from orchestrator.sync.action import Plan, Side
from orchestrator.sync.base.ref import Written
from orchestrator.sync.item import Item, Kind, Listing
from orchestrator.sync.reconcile.plan import missing, reconcile
from orchestrator.sync.reconcile.settle import recovered
from orchestrator.sync.reconcile.sides import Local, There, Wish, local_side
from orchestrator.sync.record import Base, Meta
from orchestrator.sync.remote import Capabilities, Progress, Remote, Tie, World
from orchestrator.sync.run.ground import Ground
from orchestrator.sync.run.journal import Intent
from orchestrator.sync.run.origin import Origin, Sharing, origin
from orchestrator.sync.settings import digest_of

_STALE = timedelta(hours=24)
"""After which everything is listed, to find what was deleted."""


class SuspendedError(StoreError):
    """The integration is suspended.

    Attributes:
        name: Of the integration.
    """

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is suspended: nothing is synced.", f"orchestrator sync resume {name}"
        )
        self.name = name


class UnknownItemError(StoreError):
    """Neither side has an item of that name.

    Attributes:
        text: What was named.
    """

    def __init__(self, name: str, text: str) -> None:
        super().__init__(
            f"There is no item {text[:80]} here or in {name} .",
            "Name a task or project of ours, or the tracker's key or name of one.",
        )
        self.text = text


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run takes from outside.

    Attributes:
        tie: The integration.
        remote: Its tracker, open.
        world: Clock, waiting and progress.
        by: Who writes commits of the base.
        token: Makes a UUID of version 4.
    """

    tie: Tie
    remote: Remote
    world: World
    by: Written
    token: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one run is to do otherwise.

    Attributes:
        is_full: Whether everything is listed, whatever the last listing was.
        only: Ids that alone are looked at, or None.
        allow_deletions: Whether many may be deleted at once.
        choices: The side that somebody has chosen, by kind, id and field.
        sharing: How the base is dealt with.
    """

    is_full: bool = False
    only: frozenset[str] | None = None
    allow_deletions: bool = False
    choices: Mapping[tuple[Kind, str, str], Side] = field(default_factory=dict)
    sharing: Sharing = field(default_factory=Sharing)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Both sides as they were read, and the plan.

    Attributes:
        ground: Where the run stands.
        origin: What it starts from.
        local: The files.
        there: The tracker.
        wish: What the plan was made with.
        plan: What is going to be done.
        is_complete: Whether everything was listed.
        listed_at: When the tracker was listed.
        notes: What people should know.
        is_whole: Whether the plan deals with everything that was listed.
    """

    ground: Ground
    origin: Origin
    local: Local
    there: There
    wish: Wish
    plan: Plan
    is_complete: bool
    listed_at: str
    notes: tuple[str, ...] = ()
    is_whole: bool = True


def prepare(ground: Ground, setting: Setting, wishes: Wishes) -> Prepared:
    """Read both sides and plan; the tracker is only read, and so are the files.

    Raises:
        SuspendedError: Nothing is to be synced for now.
        RemoteError: The tracker cannot be read.
        UnknownItemError: An item is named that neither side has.
        DeletionGuardError: More would be deleted than a run may.
        StoreError: The base or the branch is not as it has to be.
    """
    read = survey(ground, setting, wishes)
    return planned(read, setting, read.wish)


def survey(ground: Ground, setting: Setting, wishes: Wishes) -> Prepared:
    """Read both sides, and return them with an empty plan; see `prepare`."""
    tie, remote = setting.tie, setting.remote
    start = origin(ground, tie.name, wishes.sharing, setting.by, setting.token())
    if start.base.meta.is_suspended:
        raise SuspendedError(tie.name)
    local = local_side(ground.snapshot, ground.head)
    can = remote.greet()
    notes = _look_for_lost(start, setting, can, is_kept=not wishes.sharing.is_read_only)
    wish = Wish(
        newest=_ages(ground),
        choices=wishes.choices,
        only=wishes.only,
        allow_deletions=wishes.allow_deletions,
    )
    at = setting.world.now().isoformat()
    listing = _listed(setting, start.base, can, is_full=wishes.is_full)
    _refuse_unknown(wishes, local, start.base, listing, tie.name)
    there = There(listing, can, remote.represent)
    empty = Plan(tie.name, ground.head, start.base.meta.lineage, start.base.meta.serial, ())
    return Prepared(
        ground, start, local, there, wish, empty, listing.is_complete, at,
        (*start.notes, *_unknown_projects(tie, local), *notes),
    )  # fmt: skip


def planned(read: Prepared, setting: Setting, wish: Wish) -> Prepared:
    """Return what was read with a plan made of it, missing items having been asked about."""
    base, tie = read.origin.base, setting.tie
    looked: dict[tuple[Kind, str], Item | None] = dict(read.there.looked)
    suspects = missing(read.local, read.there, base, tie, wish)
    for count, record in enumerate(suspects):
        if (record.kind, record.key) not in looked:
            setting.world.progress(Progress("looking for what is missing", count, len(suspects)))
            looked[record.kind, record.key] = setting.remote.look(
                record.kind, record.key, record.kept
            )
    there = replace(read.there, looked=looked)
    plan = reconcile(read.local, there, base, tie, wish)
    return replace(read, there=there, plan=plan, wish=wish)


def _unknown_projects(tie: Tie, local: Local) -> list[str]:
    """Return what to say of projects that the settings name, and that are not in the plan."""
    known = local.documents["projects"]
    unreadable = {name for kind, name in local.unreadable if kind == "projects"}
    return [
        f"The settings mirror the project {name} , which the plan does not have."
        for name in tie.projects or ()
        if name not in known and name not in unreadable
    ]


def _refuse_unknown(wishes: Wishes, local: Local, base: Base, listing: Listing, name: str) -> None:
    for text in sorted(wishes.only or ()):
        is_ours = any(text in documents for documents in local.documents.values())
        is_linked = (text in {item.id, item.key, item.name} for item in base.records.values())
        is_theirs = (text in {item.key, item.name} for item in listing.items)
        if not (is_ours or any(is_linked) or any(is_theirs)):
            raise UnknownItemError(name, text)


def _listed(setting: Setting, base: Base, can: Capabilities, *, is_full: bool) -> Listing:
    known = {(record.kind, record.key): record.kept for record in base.records.values()}
    since = base.meta.watermark
    is_due = is_full or not can.is_incremental or is_stale(base.meta, setting.world.now())
    is_due = is_due or base.meta.tie != digest_of(setting.tie)
    return setting.remote.fetch(None if is_due else since, known)


def is_stale(meta: Meta, now: datetime) -> bool:
    """Return whether everything was last listed so long ago that deletions must be looked for."""
    if meta.listed_at is None:
        return True
    with suppress(ValueError, TypeError):
        return now - datetime.fromisoformat(meta.listed_at) > _STALE
    return True


def _look_for_lost(
    start: Origin, setting: Setting, can: Capabilities, *, is_kept: bool
) -> list[str]:
    """Look for items that a killed run may have made, and note those that are there."""
    notes = []
    lost = list(start.journal.left.intents.values())
    records = dict(start.base.records)
    for count, intent in enumerate(lost):
        setting.world.progress(Progress("looking for what a killed run made", count, len(lost)))
        if intent.name in records:
            start.journal.left.intents.pop(intent.name)
            continue
        item = _found(setting, intent, can.settle)
        if item is None:
            continue
        record = recovered(intent.wanted, intent.document, item, setting.remote.represent)
        records[intent.name] = record
        notes.append(f"{intent.wanted.id} had been made as {item.name or item.key} already")
        if is_kept:
            start.journal.settle(intent.name, record)
    start.base = Base(start.base.meta, records)
    return notes


def _found(setting: Setting, intent: Intent, settle: float) -> Item | None:
    item = setting.remote.find(intent.wanted)
    if item is None and settle:
        gone = (setting.world.now() - datetime.fromisoformat(intent.at)).total_seconds()
        if 0 <= gone < settle:
            setting.world.sleep(settle - gone)
            item = setting.remote.find(intent.wanted)
    return item


def _ages(ground: Ground) -> Callable[[Kind, str], datetime | None]:
    """Return what tells when the file of an item was last committed."""
    git, prefix = ground.repository.git, ground.repository.prefix
    found: dict[tuple[Kind, str], datetime | None] = {}

    def age(kind: Kind, entity_id: str) -> datetime | None:
        if (kind, entity_id) not in found:
            path = f"{prefix}{ground.snapshot.path_of(kind, entity_id)}"
            out = git.run("log", "-1", "--format=%cI", ground.head, "--", path).decode().strip()
            found[kind, entity_id] = datetime.fromisoformat(out) if out else None
        return found[kind, entity_id]

    return age
