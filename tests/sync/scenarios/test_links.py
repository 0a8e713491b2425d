"""Which item is which: links are found again, never guessed, and never doubled."""

from typing import Literal

import pytest

from orchestrator.sync.base.ref import Written
from orchestrator.sync.reconcile.adopt import adopt
from orchestrator.sync.run.adjust import adjust, resume, suspend, unlink
from orchestrator.sync.run.ground import stand
from orchestrator.sync.run.origin import Sharing
from orchestrator.sync.run.prepare import Prepared, Setting
from tests.sync.fakes.server import Fault, Reply, Seen
from tests.sync.scenarios.pair import NAME, Pair, action_of, is_write, told


def titles(pair: Pair) -> list[str]:
    return sorted(task["title"] for task in pair.live().values())


def titles_there(pair: Pair) -> list[str]:
    return sorted(row["title"] for row in pair.fake.items("tasks").values())


def linked(pair: Pair, match: Literal["title", "external"]) -> None:
    """Do what `orchestrator sync link NAME --match` does."""

    def replan(read: Prepared, setting: Setting) -> Prepared:
        from dataclasses import replace

        plan = adopt(read.local, read.there, read.origin.base, setting.tie, match)
        return replace(read, plan=plan, is_whole=False)

    result = pair.resync(replan)
    assert result.is_fine, told(result)


def test_items_with_one_title_stay_as_many_as_they_are(pair: Pair) -> None:
    pair.make("PAY-8", title="Twin")
    pair.make("PAY-9", title="Twin")
    pair.add(title="Twin")
    pair.add(title="Twin")
    pair.synced()
    assert titles(pair).count("Twin") == 4
    assert titles_there(pair).count("Twin") == 4
    pair.is_quiet()


def test_what_both_sides_have_already_is_linked_by_title_without_a_second_one(
    fresh: Pair,
) -> None:
    fresh.plan()
    for title in ("Capture", "  retry ", "Refund", "Refund"):
        fresh.fake.add("tasks", fresh.fitting({"title": title, "status": "todo"}))
    linked(fresh, "title")
    assert not any(is_write(seen) for seen in fresh.fake.server.seen)
    assert NAME in fresh.ours("PAY-1")["external_ids"]
    assert NAME in fresh.ours("PAY-2")["external_ids"]
    # Two there fit the third: nobody guesses.
    assert "external_ids" not in fresh.ours("PAY-3")
    before = len(fresh.fake.items("tasks"))
    fresh.sync()
    # Report and one Refund of ours are new there, two Refunds of theirs are new here.
    assert len(fresh.fake.items("tasks")) == before + 2
    assert titles(fresh) == ["Capture", "Refund", "Refund", "Refund", "Report", "Retry"]


def test_a_clone_that_lost_its_base_finds_its_links_in_the_files(pair: Pair) -> None:
    pair.git("update-ref", "-d", f"refs/orchestrator/sync/{NAME}")
    before = pair.writes()
    pair.sync()
    assert len(pair.fake.items("tasks")) == len(pair.live()) == 4
    assert pair.writes() == before
    pair.change("PAY-4", title="Theirs")
    pair.sync()
    assert pair.ours("PAY-4")["title"] == "Theirs"


def test_a_mark_that_an_item_carries_links_it_again(pair: Pair) -> None:
    if not any(item.external for item in pair.plan().there.listing.items):
        pair.plan()
        listing = pair.plan().there.listing.items
        assert all(item.external is None for item in listing)
    pair.git("update-ref", "-d", f"refs/orchestrator/sync/{NAME}")
    for task_id in ("PAY-1", "PAY-2", "PAY-3", "PAY-4", "pay"):
        pair.edit(task_id, external_ids=None)
    items = pair.plan().there.listing.items
    marked = {item.external for item in items if item.external}
    linked(pair, "external")
    for task_id in marked & {"PAY-1", "PAY-2", "PAY-3", "PAY-4"}:
        assert NAME in pair.ours(task_id)["external_ids"]
    linked(pair, "title")
    pair.sync()
    assert len(pair.fake.items("tasks")) == len(pair.live()) == 4
    assert len(pair.fake.items("projects")) == 1


def test_two_files_that_claim_one_item_are_both_left_alone(pair: Pair) -> None:
    claim = pair.ours("PAY-4")["external_ids"]
    pair.make("PAY-9", title="Claims it too", external_ids=claim)
    pair.change("PAY-4", title="Theirs")
    before = pair.writes()
    result = pair.synced()
    reasons = {each.id: each.reason for each in result.prepared.plan.actions}
    assert "linked to the same item" in reasons["PAY-4"]
    assert "linked to the same item" in reasons["PAY-9"]
    assert pair.writes() == before
    assert pair.ours("PAY-4")["title"] == "Report"
    assert len(pair.fake.items("tasks")) == 4
    pair.remove("PAY-9")
    pair.synced()
    assert pair.ours("PAY-4")["title"] == "Theirs"
    pair.is_quiet()


def test_a_file_that_was_renamed_keeps_its_link(pair: Pair) -> None:
    key = pair.key("PAY-4")
    text = (pair.root / "projects/pay/tasks/PAY-4.yaml").read_text()
    (pair.root / "projects/pay/tasks/PAY-4.yaml").unlink()
    renamed = text.replace("PAY-4", "PAY-44").replace("Report", "Report 44")
    pair.write({"projects/pay/tasks/PAY-44.yaml": renamed})
    pair.synced()
    assert pair.key("PAY-44") == key
    assert pair.theirs("PAY-44")["title"] == "Report 44"
    assert len(pair.fake.items("tasks")) == 4
    pair.is_quiet()


def test_a_child_is_not_made_when_what_it_belongs_under_could_not_be(pair: Pair) -> None:
    pair.make("PAY-8", title="Above")
    pair.make("PAY-9", title="Below", parent="PAY-8")
    pair.make("PAY-10", title="Beside")
    deny = Reply(403, {"message": "Not allowed", "errors": [{"message": "Not allowed"}]})

    def makes_above(seen: Seen) -> bool:
        return is_write(seen) and b"Above" in seen.body

    pair.fake.server.faults.append(Fault("reply", 9, makes_above, deny))
    result = pair.sync()
    pair.fake.server.faults.clear()
    failed = {failure.action.id: failure.message for failure in result.outcome.failures}
    there = titles_there(pair)
    assert "PAY-8" in failed
    assert "Beside" in there
    if pair.holds("parent"):
        assert "PAY-8 , which it belongs under, was not made" in failed["PAY-9"]
        assert "Below" not in there
    pair.synced()
    assert titles_there(pair) == [
        "Above",
        "Below",
        "Beside",
        *["Capture", "Refund", "Report", "Retry"],
    ]
    if pair.holds("parent"):
        assert pair.theirs("PAY-9")["parent"] == pair.key("PAY-8")
    pair.is_quiet()


def test_what_is_suspended_is_left_alone_until_it_is_resumed(pair: Pair) -> None:
    by = Written("Dana", "dana@example.com", pair.fake.clock.now(), "suspend")
    pair.make("PAY-9", title="Not yet")
    ids = ["PAY-1", "PAY-9"]
    ground = stand(pair.workspace)
    adjust(ground, NAME, lambda base: suspend(base, ids, ground.snapshot), Sharing(), by, "x")
    pair.edit("PAY-1", title="Ours")
    pair.change("PAY-1", status="in_progress")
    pair.change("PAY-4", title="Theirs")
    pair.synced()
    assert (pair.theirs("PAY-1")["title"], pair.ours("PAY-1")["status"]) == ("Capture", "todo")
    assert "Not yet" not in pair.there()
    assert pair.ours("PAY-4")["title"] == "Theirs"
    adjust(stand(pair.workspace), NAME, lambda base: resume(base, ids), Sharing(), by, "x")
    pair.synced()
    assert (pair.theirs("PAY-1")["title"], pair.ours("PAY-1")["status"]) == ("Ours", "in_progress")
    assert "Not yet" in pair.there()
    pair.is_quiet()


def test_what_was_parted_is_two_items_unless_it_is_linked_again(pair: Pair) -> None:
    by = Written("Dana", "dana@example.com", pair.fake.clock.now(), "unlink")
    unlink(stand(pair.workspace), NAME, "PAY-4", Sharing(), by, "x")
    assert "external_ids" not in pair.ours("PAY-4")
    before = pair.writes()
    if any(item.external == "PAY-4" for item in pair.plan().there.listing.items):
        skipped = action_of(pair.plan(), "PAY-4")
        assert "carries its mark" in skipped.reason
    linked(pair, "title")
    assert pair.writes() == before
    pair.synced()
    assert len(pair.fake.items("tasks")) == len(pair.live()) == 4
    pair.is_quiet()


@pytest.mark.parametrize("where", ["here", "there"])
def test_a_task_that_moves_to_another_project_moves_on_the_other_side(
    pair: Pair, where: str
) -> None:
    if not pair.holds("project"):
        assert "project" not in pair.fake.items("tasks")[pair.key("PAY-4")]
        return
    pair.write({"projects/ops/project.yaml": "id: ops\nkey: OPS\ntitle: Ops\nstatus: active\n"})
    pair.synced()
    assert set(pair.there("projects")) == {"Payments", "Ops"}
    if where == "here":
        text = (pair.root / "projects/pay/tasks/PAY-4.yaml").read_text()
        (pair.root / "projects/pay/tasks/PAY-4.yaml").unlink()
        pair.write({"projects/ops/tasks/PAY-4.yaml": text})
    else:
        pair.change("PAY-4", project=pair.key("ops"))
    pair.synced()
    assert pair.theirs("PAY-4")["project"] == pair.key("ops")
    assert pair.ours("PAY-4")["project"] == "ops"
    assert len(pair.live()) == 4
    pair.is_quiet()
