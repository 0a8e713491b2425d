"""Parents, projects and dependencies: between ids and keys, and where a plan allows less."""

from dataclasses import replace

import pytest

from tests.sync.memory import Memory, Quirks
from tests.sync.reconcile.desk import Desk, plan


def chain(remote: Memory, count: int, project: str | None = None) -> list[str]:
    """Make items there, each below the one before."""
    keys: list[str] = []
    for number in range(count):
        parent = keys[-1] if keys else None
        keys.append(remote.add(title=f"Level {number}", parent=parent, project=project))
    return keys


def tree(desk: Desk, keys: list[str]) -> list[str | None]:
    """Return the titles of what is above each task here."""
    tasks = desk.snapshot.tasks
    over = [tasks[desk.id(key)].get("parent") for key in keys]
    return [tasks[each]["title"] if each else None for each in over]


def test_a_hierarchy_deeper_than_allowed_is_hung_higher_and_said() -> None:
    desk = Desk(plan())
    keys = chain(desk.remote, 8)
    found = desk.sync()
    assert tree(desk, keys) == [
        None, "Level 0", "Level 1", "Level 2", "Level 3", "Level 4", "Level 4", "Level 4",
    ]  # fmt: skip
    assert len([each for each in found.warnings if "levels deep there" in each]) == 2
    assert not desk.problems()
    desk.is_quiet()
    assert desk.remote.shown(keys[7])["parent"] == keys[6]


def test_a_task_that_is_moved_with_what_is_below_it_stays_within_what_is_allowed() -> None:
    desk = Desk(plan(t1={}, t2={"parent": "PAY-1"}, t3={"parent": "PAY-2"}, t4={}))
    desk.settle()
    keys = chain(desk.remote, 5, desk.key("pay", "projects"))
    desk.settle()
    desk.remote.edit(desk.key("PAY-1"), parent=keys[-1])
    desk.settle()
    assert not desk.problems()
    assert desk.task("PAY-2")["parent"] == "PAY-1"
    assert desk.task("PAY-1")["parent"] == desk.id(keys[2])


def test_a_parent_in_another_project_is_dropped_here_and_kept_there() -> None:
    desk = Desk(plan())
    one, other = (desk.remote.add("projects", title=title) for title in ("One", "Other"))
    over = desk.remote.add(title="Over", project=one)
    below = desk.remote.add(title="Below", project=other, parent=over)
    desk.settle()
    assert tree(desk, [over, below]) == [None, None]
    assert desk.remote.shown(below)["parent"] == over
    assert not desk.problems()


def test_a_circle_of_parents_is_cut_here() -> None:
    desk = Desk(plan())
    keys = chain(desk.remote, 3)
    desk.remote.edit(keys[0], parent=keys[2])
    desk.settle()
    assert not desk.problems()
    assert tree(desk, keys).count(None) == 1


def test_a_parent_that_is_out_of_scope_says_nothing() -> None:
    desk = Desk(plan(t1={}, t2={"parent": "PAY-1"}))
    desk.settle()
    desk.remote.edit(desk.key("PAY-2"), parent="elsewhere")
    desk.settle()
    assert desk.task("PAY-2")["parent"] == "PAY-1"
    assert desk.row("PAY-2")["parent"] == "elsewhere"


def test_a_parent_that_comes_into_scope_later_is_taken_then() -> None:
    desk = Desk(plan(t1={}))
    desk.settle()
    desk.remote.edit(desk.key("PAY-1"), parent="t99")
    desk.settle()
    key = desk.remote.add(title="Over", project=desk.key("pay", "projects"))
    desk.remote.rows["t99"] = desk.remote.rows.pop(key)
    desk.remote.rows["t99"].key = "t99"
    desk.settle()
    assert desk.task("PAY-1")["parent"] == desk.id("t99")


def test_dependencies_on_what_is_out_of_scope_stay_there() -> None:
    desk = Desk(plan(t1={}, t2={"dependencies": ["PAY-1"]}, t3={}))
    desk.settle()
    one = desk.key("PAY-1")
    desk.remote.edit(desk.key("PAY-2"), dependencies=[one, "stranger"])
    desk.settle()
    assert desk.task("PAY-2")["dependencies"] == ["PAY-1"]
    desk.set("PAY-2", dependencies=["PAY-3"])
    desk.settle()
    assert desk.row("PAY-2")["dependencies"] == sorted([desk.key("PAY-3"), "stranger"])


def test_dependencies_on_what_is_not_mirrored_stay_here() -> None:
    desk = Desk(plan(t1={}, t2={"dependencies": ["OPS-1"]}))
    ops = {"id": "ops", "key": "OPS", "title": "Ops", "status": "active"}
    desk.snapshot = replace(desk.snapshot, projects={**desk.snapshot.projects, "ops": ops})
    desk.add("OPS-1", project="ops")
    desk.settings(projects=("pay",))
    desk.settle()
    assert desk.row("PAY-2")["dependencies"] == []
    desk.remote.edit(desk.key("PAY-2"), dependencies=[desk.key("PAY-1")])
    desk.settle()
    assert desk.task("PAY-2")["dependencies"] == ["OPS-1", "PAY-1"]
    desk.settings(projects=("pay", "ops"))
    desk.settle()
    assert set(desk.row("PAY-2")["dependencies"]) == {desk.key("PAY-1"), desk.key("OPS-1")}


def test_a_dependency_is_made_though_the_item_itself_did_not_change() -> None:
    desk = Desk(plan(t1={}, t2={}))
    desk.settle()
    desk.add("PAY-3")
    desk.set("PAY-2", dependencies=["PAY-3"])
    desk.settle()
    assert desk.row("PAY-2")["dependencies"] == [desk.key("PAY-3")]


@pytest.mark.parametrize(
    "there",
    [
        {"PAY-1": ["PAY-1"]},
        {"PAY-1": ["PAY-2"], "PAY-2": ["PAY-3"], "PAY-3": ["PAY-1"]},
        {"PAY-4": ["PAY-1"]},
        {"PAY-1": ["PAY-4"]},
    ],
    ids=["itself", "circle", "its parent", "its child"],
)
def test_dependencies_that_no_plan_may_hold_stay_there(there: dict[str, list[str]]) -> None:
    desk = Desk(plan(t1={}, t2={}, t3={}, t4={"parent": "PAY-1"}))
    desk.settle()
    for task_id, names in there.items():
        keys = [desk.key(each) for each in names]
        desk.remote.edit(desk.key(task_id), dependencies=keys)
    found = desk.sync()
    assert any("it cannot depend on" in each for each in found.warnings)
    assert not desk.problems()
    desk.is_quiet()
    held = {each: desk.row(each)["dependencies"] for each in there}
    assert held == {each: [desk.key(name) for name in names] for each, names in there.items()}


def test_a_dependency_and_a_parent_that_exclude_each_other_do_not_both_come_here() -> None:
    desk = Desk(plan(t1={}, t2={}))
    desk.settle()
    desk.set("PAY-2", dependencies=["PAY-1"])
    desk.remote.edit(desk.key("PAY-1"), parent=desk.key("PAY-2"))
    desk.sync()
    assert not desk.problems()
    desk.is_quiet()


def test_a_task_that_is_moved_to_another_project_there_takes_its_children_along() -> None:
    desk = Desk(plan(t1={}, t2={"parent": "PAY-1"}, t3={"parent": "PAY-2"}))
    desk.settle()
    shop = desk.remote.add("projects", title="Web Shop")
    desk.remote.edit(desk.key("PAY-1"), project=shop)
    desk.sync()
    assert {task["project"] for task in desk.live().values()} == {"web-shop"}
    assert desk.task("PAY-3")["parent"] == "PAY-2"
    assert not desk.problems()
    desk.is_quiet()
    desk.remote.edit(desk.key("PAY-2"), project=shop)
    desk.settle()
    assert desk.task("PAY-2")["parent"] == "PAY-1"


def test_a_task_that_is_moved_to_another_project_here_is_moved_there() -> None:
    desk = Desk(plan(t1={}))
    shop = {"id": "shop", "key": "SHOP", "title": "Shop", "status": "active"}
    desk.snapshot = replace(desk.snapshot, projects={**desk.snapshot.projects, "shop": shop})
    desk.settle()
    desk.set("PAY-1", project="shop")
    desk.settle()
    assert desk.row("PAY-1")["project"] == desk.key("shop", "projects")


def test_a_first_sync_without_tasks_brings_in_everything() -> None:
    desk = Desk(plan())
    desk.snapshot = replace(desk.snapshot, projects={}, tasks={}, users={})
    shop = desk.remote.add("projects", title="Web Shop", tags=["b2c"])
    over = desk.remote.add(
        title="Checkout", project=shop, status="completed", labels=["a"], assignee="acc-1"
    )
    desk.remote.rows[over].stamps = {
        "created_at": "2026-10-01T09:00:00Z", "completed_at": "2026-10-03T09:00:00Z",
        "started_at": "2031-01-01T00:00:00Z",
    }  # fmt: skip
    below = desk.remote.add(title="Pay", project=shop, parent=over)
    loose = desk.remote.add(title="Loose", dependencies=[below])
    found = desk.sync()
    assert found.totals == {"create local": 5}
    assert set(desk.snapshot.projects) == {"web-shop", "trk"}
    project = desk.snapshot.projects["web-shop"]
    assert (project["key"], project["tags"]) == ("WS", ["b2c"])
    task = desk.task(desk.id(over))
    assert task["id"].startswith("WS-")
    assert (task["status"], task["labels"], task["assignee"]) == ("completed", ["a"], "dana")
    assert task["created_at"].startswith("2026-10-01")
    assert task["completed_at"].startswith("2026-10-03")
    assert desk.task(desk.id(below))["parent"] == desk.id(over)
    assert desk.task(desk.id(loose))["project"] == "trk"
    assert desk.task(desk.id(loose))["dependencies"] == [desk.id(below)]
    assert not desk.remote.writes
    assert not desk.problems()
    desk.is_quiet()


def test_a_task_of_the_project_for_loose_ones_is_made_in_no_project_there() -> None:
    desk = Desk(plan())
    desk.remote.add(title="Loose")
    desk.settle()
    desk.add("TRK-1", project="trk")
    desk.settle()
    assert desk.row("TRK-1")["project"] is None
    shop = desk.remote.add("projects", title="Shop")
    desk.remote.edit(desk.key("TRK-1"), project=shop)
    desk.settle()
    assert desk.task("TRK-1")["project"] == "shop"
    desk.remote.edit(desk.key("TRK-1"), project=None)
    desk.settle()
    assert desk.task("TRK-1")["project"] == "trk"


def test_a_tracker_without_projects_fills_the_only_one_there_is() -> None:
    desk = Desk(plan(t1={}), Memory(Quirks(without=frozenset({"projects", "tasks.project"}))))
    key = desk.remote.add(title="Theirs")
    desk.settle()
    assert desk.task(desk.id(key))["project"] == "pay"
    assert desk.id(key).startswith("PAY-")


def test_projects_of_one_name_get_ids_and_keys_of_their_own() -> None:
    desk = Desk(plan())
    for _ in range(3):
        desk.remote.add("projects", title="Payments")
    desk.remote.add("projects", title="№ ✓")
    desk.sync()
    projects = desk.snapshot.projects
    assert len(projects) == 5
    assert len({project["key"] for project in projects.values()}) == 5
    assert len(desk.remote.live("projects")) == 5
    desk.is_quiet()


def test_actions_stand_in_the_order_in_which_they_can_be_done() -> None:
    desk = Desk(plan(t1={"parent": "PAY-3", "dependencies": ["PAY-4"]}, t2={}, t3={}, t4={}))
    names = [action.id for action in desk.plan().actions]
    assert names[0] == "pay"
    assert names.index("PAY-3") < names.index("PAY-1")
    assert names.index("PAY-4") < names.index("PAY-1")


def test_two_moves_that_would_make_a_circle_together_end_in_peace() -> None:
    desk = Desk(plan(t1={}, t2={}, t3={}), Memory(Quirks(incremental=True)))
    desk.settle()
    desk.remote.edit(desk.key("PAY-2"), parent=desk.key("PAY-1"))
    desk.set("PAY-1", parent="PAY-2")
    desk.sync()
    desk.sync()
    assert not desk.problems()
    desk.is_quiet()


def test_what_is_new_from_there_comes_in_the_order_in_which_it_is_counted_there() -> None:
    desk = Desk(plan())
    titles = [f"Item {number}" for number in range(1, 13)]
    for title in titles:
        desk.remote.add(title=title)
    found = [each.title for each in desk.sync().actions if each.side == "local"]
    assert [title for title in found if title in titles] == titles
