"""How an integration stands, told without its tracker: from the base, the journal and memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orchestrator.store.git import Git
from orchestrator.store.repository import Repository
from orchestrator.sync.base.form import id_in
from orchestrator.sync.base.ref import read_meta_at, ref_of, tip_of_base
from orchestrator.sync.record import Meta
from orchestrator.sync.remotes import STAYS_LOCAL
from orchestrator.sync.run.journal import journal_path, read_journal
from orchestrator.sync.run.turn import remembered


@dataclass(frozen=True, slots=True)
class Status:
    """How one integration stands in this clone.

    Attributes:
        name: Of the integration.
        meta: What holds for its base; None when it was never synced.
        tasks: How many tasks are linked.
        projects: How many projects.
        unfinished: Ids of items that a killed run may have made over there.
        is_open: Whether a run was killed whose findings the base does not hold yet.
        last: What the last run in this clone came to, as `turn.remember` kept it.
        notes: What stays local, and why.
    """

    name: str
    meta: Meta | None
    tasks: int
    projects: int
    unfinished: tuple[str, ...]
    is_open: bool
    last: Mapping[str, Any]
    notes: tuple[str, ...]


def status_of(repository: Repository, name: str, kind: str) -> Status:
    """Return how an integration stands.

    Args:
        repository: Where.
        name: Of the integration.
        kind: Of its tracker.
    """
    git = repository.git
    tip = tip_of_base(git, ref_of(name))
    meta = read_meta_at(git, tip) if tip else None
    ids = _linked(git, tip) if tip else []
    left = read_journal(journal_path(repository, name))
    last = remembered(repository, name)
    said = last.get("notes")
    notes = tuple(map(str, said)) if isinstance(said, list) and said else (STAYS_LOCAL[kind],)
    return Status(
        name, meta,
        sum(item.isupper() for item in ids), sum(not item.isupper() for item in ids),
        tuple(intent.wanted.id for intent in left.intents.values()) if left else (),
        bool(left and left.records), last, notes,
    )  # fmt: skip


def _linked(git: Git, tip: str) -> list[str]:
    out = git.run("ls-tree", "-z", "--name-only", "--full-tree", tip, "items/")
    names = out.decode("utf-8", "replace").split("\0")[:-1]
    return [found for name in names if (found := id_in(name)) is not None]
