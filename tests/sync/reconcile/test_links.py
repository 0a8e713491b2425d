"""Which item is which, and what is left alone when nobody can tell."""

from dataclasses import replace

import pytest

from orchestrator.sync.reconcile.adopt import AdoptionError, adopt, join
from orchestrator.sync.reconcile.sides import There, local_side
from orchestrator.sync.remote import Tie
from tests.sync.memory import Memory, Quirks, lost
from tests.sync.reconcile.desk import Desk, plan


def there(desk: Desk) -> There:
    return There(desk.remote.fetch(None, {}), desk.remote.greet(), desk.remote.represent)


def reasons(desk: Desk) -> dict[str, str]:
    return {each.id: each.reason for each in desk.sync().actions if each.verb == "skip"}


def test_items_of_both_sides_get_a_counterpart_once() -> None:
    desk = Desk(plan(t1={"parent": None}, t2={}))
    desk.set("PAY-1", parent="PAY-2")
    key = desk.remote.add(title="Theirs", labels=["x"])
    desk.settle()
    assert desk.row("PAY-1")["parent"] == desk.key("PAY-2")
    new = desk.id(key)
    assert desk.task(new)["title"] == "Theirs"
    assert desk.task(new)["external_ids"] == {"trk": "#1"}
    assert len(desk.remote.live()) == 3


def test_two_clones_that_import_one_item_give_it_one_id() -> None:
    remote = Memory()
    key = remote.add(title="Theirs")
    one, other = Desk(plan(), remote), Desk(plan(t1={}), remote)
    one.sync(), other.sync()
    assert one.id(key) == other.id(key)


def test_a_file_that_states_the_key_is_linked_when_the_base_is_lost() -> None:
    desk = Desk(plan(t1={}, t2={"dependencies": ["PAY-1"]}))
    desk.settle()
    fresh = Desk(desk.snapshot, desk.remote)
    found = fresh.sync()
    assert set(found.totals) == {"link"}
    fresh.is_quiet()
    assert len(desk.remote.live()) == 2


def test_a_link_without_a_base_takes_what_one_side_lacks_and_clashes_where_both_differ() -> None:
    desk = Desk(plan(t1={"title": "Here", "priority": "high", "labels": ["a"]}))
    key = desk.remote.add(title="There", due_date="2026-12-01", labels=["b"])
    desk.set("PAY-1", external_ids={"trk": key})
    found = desk.sync()
    action = next(each for each in found.actions if each.kind == "tasks")
    assert [clash.name for clash in action.clashes] == ["title"]
    assert desk.row("PAY-1")["priority"] == "high"
    assert desk.task("PAY-1")["due_date"] == "2026-12-01"
    assert sorted(desk.task("PAY-1")["labels"]) == desk.row("PAY-1")["labels"] == ["a", "b"]


def test_two_of_ours_that_claim_one_item_are_both_left_alone() -> None:
    desk = Desk(plan(t1={}))
    desk.settle()
    desk.add("PAY-2", title="Copy", external_ids=desk.task("PAY-1")["external_ids"])
    desk.remote.edit(desk.key("PAY-1"), title="there")
    assert reasons(desk) == {
        "PAY-1": "PAY-2 is linked to the same item", "PAY-2": "PAY-1 is linked to the same item",
    }  # fmt: skip
    assert desk.task("PAY-1")["title"] == "t1"
    assert len(desk.remote.live()) == 1


def test_two_files_without_a_base_that_state_one_key_are_both_left_alone() -> None:
    desk = Desk(plan(t1={"external_ids": {"trk": "#1"}}, t2={"external_ids": {"trk": "#1"}}))
    desk.remote.add(title="Theirs")
    found = reasons(desk)
    assert set(found) == {"PAY-1", "PAY-2"}
    assert len(desk.live()) == 2


def test_a_task_that_was_renamed_keeps_its_item() -> None:
    desk = Desk(plan(t1={}))
    desk.settle()
    key = desk.key("PAY-1")
    desk.add("PAY-NEW", **{**desk.task("PAY-1"), "id": "PAY-NEW", "title": "t1"})
    desk.purge("PAY-1")
    found = desk.sync()
    assert [(each.verb, each.reason) for each in found.actions] == [("link", "it was PAY-1 here")]
    assert desk.key("PAY-NEW") == key
    assert ("tasks", "PAY-1") not in desk.base.records
    desk.is_quiet()


def test_a_key_that_is_not_there_is_said_and_no_second_item_is_made() -> None:
    desk = Desk(plan(t1={"external_ids": {"trk": "#99"}}))
    found = reasons(desk)
    assert found == {
        "PAY-1": "it says that it is #99 there, which is not among what was listed: "
        "orchestrator sync unlink trk PAY-1 takes that back"
    }
    assert not desk.remote.live()


def test_an_item_that_carries_our_mark_is_not_imported_beside_it() -> None:
    desk = Desk(plan(t1={}))
    key = desk.remote.add(title="t1")
    desk.remote.rows[key].external = "PAY-1"
    found = reasons(desk)
    assert "--match external joins them" in found["PAY-1"]
    assert (len(desk.live()), len(desk.remote.live())) == (1, 1)


def test_a_lost_answer_to_a_create_makes_no_second_item() -> None:
    desk = Desk(plan(t1={}))
    desk.remote.after = lost("create", times=2)
    desk.settle()
    assert len(desk.remote.live()) == 1
    assert len(desk.remote.live("projects")) == 1


def test_a_child_is_not_made_when_its_parent_was_not() -> None:
    desk = Desk(plan(t1={}, t2={"parent": "PAY-1"}, t3={"dependencies": ["PAY-1"]}))
    desk.sync(is_sent=lambda each: each != "PAY-1")
    assert desk.failed["PAY-2"] == "PAY-1 , which it belongs under, was not made"
    assert [row["title"] for row in desk.remote.live().values()] == ["t3"]
    desk.settle()
    assert desk.row("PAY-2")["parent"] == desk.key("PAY-1")
    assert desk.row("PAY-3")["dependencies"] == [desk.key("PAY-1")]


def test_what_a_create_leaves_out_is_sent_after_it_or_by_the_next_run() -> None:
    late = Quirks(late=frozenset({"parent", "dependencies"}))
    desk = Desk(plan(t1={}, t2={"parent": "PAY-1", "dependencies": ["PAY-3"]}, t3={}), Memory(late))
    desk.remote.after = lost("update")
    desk.sync()
    assert "PAY-2" in desk.failed
    desk.settle()
    assert desk.row("PAY-2")["parent"] == desk.key("PAY-1")
    assert desk.row("PAY-2")["dependencies"] == [desk.key("PAY-3")]


def test_only_what_is_asked_for_is_looked_at() -> None:
    desk = Desk(plan(t1={}, t2={}))
    desk.settle()
    desk.set("PAY-1", title="One")
    desk.set("PAY-2", title="Two")
    found = desk.sync(only=frozenset({"PAY-1"}))
    assert [action.id for action in found.actions] == ["PAY-1"]
    assert desk.row("PAY-2")["title"] == "t2"


def test_only_named_projects_are_mirrored() -> None:
    desk = Desk(plan(t1={}), tie=Tie("trk", "memory", "env:T", projects=("pay",)))
    desk.snapshot = replace(
        desk.snapshot,
        projects={
            **desk.snapshot.projects,
            "ops": {"id": "ops", "key": "OPS", "title": "Ops", "status": "active"},
        },
    )
    desk.add("OPS-1", project="ops")
    other = desk.remote.add("projects", title="Elsewhere")
    desk.remote.add(title="Not ours", project=other)
    found = desk.sync()
    assert "2 items there belong to projects that are not mirrored." in found.warnings
    assert ("tasks", "OPS-1") not in desk.base.records
    assert set(desk.live()) == {"PAY-1", "OPS-1"}
    desk.set("PAY-1", project="ops")
    assert reasons(desk) == {"PAY-1": "the project ops is not mirrored"}


def test_items_with_equal_titles_are_adopted() -> None:
    desk = Desk(plan(t1={"title": "Retry  Captures"}, t2={"title": "Twice"}, t3={"title": "twice"}))
    key = desk.remote.add(title="retry captures")
    desk.remote.add(title="Twice")
    desk.remote.add("projects", title="payments")
    found = adopt(local_side(desk.snapshot), there(desk), desk.base, desk.tie, "title")
    assert [(each.verb, each.id, each.key) for each in found.actions if each.verb == "link"] == [
        ("link", "pay", "p3"), ("link", "PAY-1", key),
    ]  # fmt: skip
    assert {each.id for each in found.actions if each.verb == "skip"} == set()


def test_equal_titles_that_cannot_be_told_apart_are_not_adopted() -> None:
    desk = Desk(plan(t2={"title": "Twice"}, t3={"title": "twice"}))
    desk.remote.add(title="Twice")
    found = adopt(local_side(desk.snapshot), there(desk), desk.base, desk.tie, "title")
    assert {each.id: each.reason for each in found.actions} == {
        "PAY-2": "#1 fits PAY-3 as well", "PAY-3": "#1 fits PAY-2 as well",
    }  # fmt: skip


def test_items_that_carry_an_id_of_ours_are_adopted() -> None:
    desk = Desk(plan(t1={}, t2={}))
    key = desk.remote.add(title="Other title")
    desk.remote.rows[key].external = "PAY-2"
    found = adopt(local_side(desk.snapshot), there(desk), desk.base, desk.tie, "external")
    assert [(each.verb, each.id, each.key) for each in found.actions] == [("link", "PAY-2", key)]


def test_one_item_is_joined_with_one_of_ours_by_name() -> None:
    desk = Desk(plan(t1={}))
    key = desk.remote.add(title="Theirs")
    local = local_side(desk.snapshot)
    found = join(local, there(desk), desk.base, desk.tie, ("PAY-1", "#1"))
    assert [(each.verb, each.id, each.key) for each in found.actions] == [("link", "PAY-1", key)]
    for pair, words in (
        (("PAY-9", "#1"), "There is no task or project PAY-9 ."),
        (("PAY-1", "#9"), "there is no such item"),
    ):
        with pytest.raises(AdoptionError, match=words):
            join(local, there(desk), desk.base, desk.tie, pair)
    desk.sync()
    with pytest.raises(AdoptionError, match="PAY-1 is linked to #3 already"):
        join(local, there(desk), desk.base, desk.tie, ("PAY-1", "#1"))
