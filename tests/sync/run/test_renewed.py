"""What changes around the items: the settings, names over there, keys that files state."""

from datetime import timedelta

import pytest

from orchestrator.sync.base.ref import Written
from orchestrator.sync.run.adjust import UnlinkedError, unlink
from orchestrator.sync.run.ground import stand
from orchestrator.sync.run.origin import Sharing
from tests.sync.memory import Quirks
from tests.sync.run.clone import NAME, START, Clone

DANA = Written("Dana", "dana@example.com", START, "unlink")
INCREMENTAL = Quirks(incremental=True)


def listings(clone: Clone) -> list[str]:
    """Return from where the tracker was asked, "" for everything, since this was asked last."""
    found = [key for name, key in clone.memory.calls if name == "fetch"]
    clone.memory.calls.clear()
    return found


def test_other_settings_have_everything_listed_once(clone: Clone) -> None:
    clone.memory.quirks = INCREMENTAL
    clone.sync()
    clone.sync()
    assert listings(clone)[0] == ""
    clone.settings = {"priorities": {"high": "P1"}}
    clone.sync()
    clone.sync()
    assert [since == "" for since in listings(clone)] == [True, False]


def test_who_wins_is_no_reason_to_list_everything(clone: Clone) -> None:
    clone.memory.quirks = INCREMENTAL
    clone.sync()
    listings(clone)
    clone.settings = {"on_conflict": "remote", "prune": True, "owner": {"title": "remote"}}
    clone.sync()
    assert "" not in listings(clone)


def test_an_item_that_has_another_name_there_has_it_in_its_file_too(clone: Clone) -> None:
    clone.sync()
    assert clone.snapshot.tasks["PAY-1"]["external_ids"] == {NAME: stated(clone, "Capture", "#")}
    clone.memory.prefix = "OPS-"
    result = clone.sync()
    assert result.is_fine
    assert result.prepared.plan.actions == ()
    assert clone.snapshot.tasks["PAY-1"]["external_ids"] == {NAME: stated(clone, "Capture", "OPS-")}
    head = clone.git("rev-parse", "HEAD")
    clone.sync()
    assert clone.git("rev-parse", "HEAD") == head
    assert clone.memory.writes == [call for call in clone.memory.writes if call[0] == "create"]


def test_a_name_that_an_edit_holds_up_is_brought_by_a_later_run(clone: Clone) -> None:
    clone.sync()
    path = clone.root / clone.path_of("PAY-1")
    text = path.read_text()
    path.write_text(text.replace("#", "MINE-"))
    clone.memory.prefix = "OPS-"
    clone.sync()
    assert "MINE-" in path.read_text()
    path.write_text(text)
    clone.sync()
    assert clone.snapshot.tasks["PAY-1"]["external_ids"] == {NAME: stated(clone, "Capture", "OPS-")}


def test_a_key_of_another_item_that_somebody_wrote_into_a_file_stays(clone: Clone) -> None:
    clone.sync()
    other = stated(clone, "Retry", "#")
    clone.edit("PAY-1", stated(clone, "Capture", "#"), other)
    clone.sync()
    assert clone.snapshot.tasks["PAY-1"]["external_ids"] == {NAME: other}


def test_a_key_that_leads_nowhere_is_told_and_can_be_taken_back(clone: Clone) -> None:
    clone.edit("PAY-2", "title: Retry", f"title: Retry\nexternal_ids: {{{NAME}: '#99', old: A1}}")
    skipped = [each for each in clone.sync().prepared.plan.actions if each.verb == "skip"]
    assert [each.id for each in skipped] == ["PAY-2"]
    assert skipped[0].reason.endswith(f"orchestrator sync unlink {NAME} PAY-2 takes that back")
    assert "Retry" not in titles_there(clone)
    record, notes = unlink(stand(clone.workspace), NAME, "PAY-2", Sharing(), DANA, "token")
    assert (record.id, record.key, notes) == ("PAY-2", "#99", ())
    assert clone.snapshot.tasks["PAY-2"]["external_ids"] == {"old": "A1"}
    assert clone.sync().is_fine
    assert "Retry" in titles_there(clone)


def test_in_an_incremental_listing_a_key_may_be_one_that_was_not_listed(clone: Clone) -> None:
    clone.memory.quirks = INCREMENTAL
    clone.sync()
    text = f"id: PAY-9\ntitle: X\nstatus: todo\nexternal_ids: {{{NAME}: '#99'}}\n"
    clone.write("projects/pay/tasks/PAY-9.yaml", text)
    (skipped,) = clone.sync().prepared.plan.actions
    assert skipped.reason.endswith("--full lists everything")


def test_what_neither_the_base_nor_a_file_links_cannot_be_parted(clone: Clone) -> None:
    with pytest.raises(UnlinkedError):
        unlink(stand(clone.workspace), NAME, "PAY-2", Sharing(), DANA, "token")


def test_a_branch_for_review_gets_no_commit_that_only_stamps_another_moment(clone: Clone) -> None:
    clone.sync()
    (key,) = (key for key, row in clone.memory.live().items() if row["title"] == "Capture")
    clone.memory.edit(key, status="in_progress")
    branch = f"sync/{NAME}"
    clone.sync(branch=branch)
    first = clone.git("rev-parse", branch)
    assert "started_at: 2026-11-23T09" in clone.git("show", f"{branch}:{clone.path_of('PAY-1')}")
    clone.moment += timedelta(hours=3)
    clone.sync(branch=branch)
    assert clone.git("rev-parse", branch) == first
    clone.memory.edit(key, title="Other")
    clone.sync(branch=branch)
    assert "started_at: 2026-11-23T12" in clone.git("show", f"{branch}:{clone.path_of('PAY-1')}")


def stated(clone: Clone, title: str, prefix: str) -> str:
    """Return the name by which people over there call an item."""
    (key,) = (key for key, row in clone.memory.live().items() if row["title"] == title)
    return f"{prefix}{key[1:]}"


def titles_there(clone: Clone) -> set[str]:
    return {row["title"] for row in clone.memory.live().values()}
