"""What is gone on one side: it crosses on evidence, when asked, and never over an edit."""

import pytest

from orchestrator.sync.reconcile.guard import BulkDeletionError, EmptyListingError
from orchestrator.sync.run.prepare import Wishes
from tests.sync.fakes.server import Fault, Reply
from tests.sync.scenarios.pair import Pair, is_write

FULL = Wishes(is_full=True)


def test_without_prune_nothing_crosses_and_nothing_is_made_again(pair: Pair) -> None:
    key = pair.key("PAY-4")
    pair.fake.remove("tasks", key)
    pair.remove("PAY-3")
    for _ in range(2):
        result = pair.synced(FULL)
        skipped = {each.id: each.reason for each in result.prepared.plan.actions}
        assert any(why in skipped["PAY-4"] for why in ("prune is off", "not among what is listed"))
        assert "prune is off" in skipped["PAY-3"]
        assert set(pair.live()) == {"PAY-1", "PAY-2", "PAY-4"}
        assert set(pair.there()) == {"Capture", "Retry", "Refund"}


def test_with_prune_a_deletion_crosses_both_ways(pair: Pair) -> None:
    pair.changes["prune"] = True
    pair.fake.remove("tasks", pair.key("PAY-4"))
    pair.remove("PAY-3")
    pair.synced(FULL)
    assert set(pair.live()) == {"PAY-1", "PAY-2"}
    assert pair.snapshot.tasks["PAY-4"]["deleted_at"]
    assert set(pair.there()) == {"Capture", "Retry"}
    pair.is_quiet()


@pytest.mark.parametrize("prune", [True, False])
def test_an_edit_beats_a_deletion_both_ways(pair: Pair, prune: bool) -> None:
    pair.changes["prune"] = prune
    old = pair.key("PAY-4")
    pair.fake.remove("tasks", old)
    pair.edit("PAY-4", title="Report still")
    pair.change("PAY-3", title="Refund still")
    pair.remove("PAY-3")
    pair.synced(FULL)
    assert {task["title"] for task in pair.live().values()} == {
        "Capture", "Retry", "Refund still", "Report still",
    }  # fmt: skip
    assert set(pair.there()) == {"Capture", "Retry", "Refund still", "Report still"}
    # What was deleted there is not brought back to life: it is made anew.
    assert pair.key("PAY-4") != old
    assert pair.ours("PAY-4")["external_ids"]["tracker"]
    pair.is_quiet()


def test_what_is_deleted_on_both_sides_is_forgotten(pair: Pair) -> None:
    pair.fake.remove("tasks", pair.key("PAY-4"))
    pair.remove("PAY-4")
    pair.synced(FULL)
    assert ("tasks", "PAY-4") not in pair.base.base.records
    pair.is_quiet()


def crowded(pair: Pair) -> list[str]:
    """Link eight more tasks, and return their keys."""
    keys = [pair.add(title=f"More {number}") for number in range(8)]
    pair.synced()
    assert len(pair.live()) == 12
    pair.changes["prune"] = True
    return keys


def test_many_deletions_at_once_stop_the_run_before_anything_is_written(pair: Pair) -> None:
    keys = crowded(pair)
    for key in keys[:6]:
        pair.fake.remove("tasks", key)
    pair.edit("PAY-1", title="Ours")
    before = pair.branches(), pair.base.oid, pair.writes()
    with pytest.raises(BulkDeletionError, match="6 of 13 linked items are gone there"):
        pair.sync(FULL)
    assert (pair.branches(), pair.base.oid, pair.writes()) == before
    pair.synced(Wishes(is_full=True, allow_deletions=True))
    assert len(pair.live()) == 6
    assert pair.theirs("PAY-1")["title"] == "Ours"
    pair.is_quiet()


def test_many_files_that_are_gone_stop_the_run_as_well(pair: Pair) -> None:
    crowded(pair)
    pair.remove(*[name for name, task in pair.live().items() if "More" in task["title"]][:6])
    before = pair.branches(), pair.base.oid, pair.writes()
    with pytest.raises(BulkDeletionError, match="6 of 13 linked items are gone here"):
        pair.sync()
    assert (pair.branches(), pair.base.oid, pair.writes()) == before
    pair.synced(Wishes(allow_deletions=True))
    assert len(pair.there()) == 6
    pair.is_quiet()


def test_a_tracker_that_is_suddenly_empty_stops_the_run(pair: Pair) -> None:
    pair.changes["prune"] = True
    for kind in ("tasks", "projects"):
        for key in list(pair.fake.items(kind)):
            pair.fake.remove(kind, key)
    before = pair.branches(), pair.base.oid, pair.writes()
    with pytest.raises((EmptyListingError, BulkDeletionError)):
        pair.sync(FULL)
    assert (pair.branches(), pair.base.oid, pair.writes()) == before
    assert len(pair.live()) == 4


def test_what_is_only_missing_from_a_listing_is_not_deleted(pair: Pair) -> None:
    pair.changes["prune"] = True
    key = pair.key("PAY-4")
    items = pair.fake.items

    class Hiding:
        """A remote whose listing leaves an item out, though it is there when asked for."""

        def __init__(self, remote: object) -> None:
            self._remote = remote

        def __getattr__(self, name: str) -> object:
            return getattr(self._remote, name)

        def fetch(self, since: object, known: object) -> object:
            from dataclasses import replace

            listing = self._remote.fetch(since, known)  # type: ignore[attr-defined]
            kept = tuple(item for item in listing.items if item.key != key or item.kind != "tasks")
            return replace(listing, items=kept)

    pair.around = Hiding
    pair.synced(FULL)
    assert "PAY-4" in pair.live()
    assert key in items("tasks")
    pair.is_quiet()


def test_a_deletion_that_fails_is_tried_again(pair: Pair) -> None:
    pair.changes["prune"] = True
    pair.remove("PAY-4")
    deny = Reply(403, {"message": "Not allowed", "errors": [{"message": "Not allowed"}]})
    pair.fake.server.faults.append(Fault("reply", 9, is_write, deny))
    result = pair.sync()
    pair.fake.server.faults.clear()
    assert not result.is_fine
    assert [failure.action.id for failure in result.outcome.failures] == ["PAY-4"]
    assert "Report" in pair.there()
    pair.synced()
    assert "Report" not in pair.there()
    pair.is_quiet()


def test_a_task_that_waits_for_a_deleted_one_keeps_its_other_fields(pair: Pair) -> None:
    pair.changes["prune"] = True
    if not pair.holds("dependencies"):
        # What the tracker cannot hold is never planned.
        pair.edit("PAY-3", dependencies=["PAY-1"])
        assert not pair.plan().plan.actions
        return
    pair.fake.remove("tasks", pair.key("PAY-2"))
    pair.synced(FULL)
    assert "PAY-2" not in pair.live()
    assert pair.theirs("PAY-3")["title"] == "Refund"
    assert not set(pair.theirs("PAY-3")["dependencies"]) & set(pair.fake.items("tasks"))
    pair.is_quiet()
