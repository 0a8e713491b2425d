"""A tracker that is full, and a workspace that is empty."""

import shutil
from pathlib import Path

from tests.sync.scenarios.pair import NAME, Pair


def test_a_first_sync_brings_everything_and_a_second_one_nothing(blank: Pair) -> None:
    blank.plan()
    fake = blank.fake
    has_projects = "projects" in blank.can.fields
    project = fake.add("projects", {"title": "Web Shop"}) if has_projects else None
    common = {"status": "todo", "project": project}
    top = fake.add("tasks", blank.fitting({**common, "title": "Basket", "priority": "high",
                                           "labels": ["web"], "assignee": "kim"}))  # fmt: skip
    under = fake.add("tasks", blank.fitting({**common, "title": "Total", "parent": top}))
    fake.clock.pass_by(hours=1)
    fake.add("tasks", blank.fitting({**common, "title": "Pay", "dependencies": [under],
                                     "due_date": "2026-12-24"}))  # fmt: skip
    fake.add("tasks", blank.fitting({"title": "Loose", "status": "completed"}))
    before = blank.writes()
    blank.synced()
    assert blank.writes() == before
    tasks = {task["title"]: task for task in blank.live().values()}
    assert set(tasks) == {"Basket", "Total", "Pay", "Loose"}
    wanted = {
        "Basket": {"priority": "high", "labels": ["web"], "assignee": "kim"},
        "Total": {"parent": tasks["Basket"]["id"]},
        "Pay": {"dependencies": [tasks["Total"]["id"]], "due_date": "2026-12-24"},
        "Loose": {"status": "completed"},
    }
    for title, fields in wanted.items():
        for name, value in blank.fitting(fields).items():
            assert tasks[title][name] == value, (title, name)
    if project is not None:
        (shop,) = (each for each in blank.snapshot.projects.values() if each["title"] == "Web Shop")
        assert tasks["Basket"]["project"] == shop["id"]
    for title, task in tasks.items():
        assert task["external_ids"][NAME], title
        assert task["created_at"] < fake.clock.now().isoformat(), title
    assert blank.git("status", "--porcelain") == ""
    assert blank.git("rev-list", "--count", "HEAD").strip() == "2"
    assert f"Source: {NAME}" in blank.git("log", "-1", "--format=%B")
    blank.is_quiet()


def test_two_clones_that_import_apart_make_the_same_files(blank: Pair, tmp_path: Path) -> None:
    blank.plan()
    top = blank.fake.add("tasks", {"title": "Basket", "status": "todo"})
    blank.fake.add("tasks", blank.fitting({"title": "Total", "status": "todo", "parent": top}))
    other = Pair(tmp_path / "other", blank.fake)
    shutil.copytree(blank.root, other.root)
    blank.synced()
    other.synced()
    # The project for what is in none was made in either clone, at its own moment.
    one, two = (each.git("ls-tree", "-r", "HEAD").splitlines() for each in (blank, other))
    tasks = [line for line in one if "/tasks/" in line]
    assert len(tasks) == 2
    assert tasks == [line for line in two if "/tasks/" in line]


def test_what_lies_deeper_than_a_plan_may_be_is_hung_elsewhere_and_told(blank: Pair) -> None:
    blank.plan()
    if not blank.holds("parent"):
        blank.fake.add("tasks", {"title": "Level 0", "status": "todo"})
        blank.synced()
        assert all("parent" not in task for task in blank.live().values())
        return
    parent, levels = None, 8
    for level in range(levels):
        fields = {"title": f"Level {level}", "status": "todo", "parent": parent}
        parent = blank.fake.add("tasks", fields)
    result = blank.synced()
    tasks = {task["title"]: task for task in blank.live().values()}
    assert len(tasks) == levels
    over: dict[str, int] = {}
    for level in range(levels):
        task = tasks[f"Level {level}"]
        over[task["id"]] = over[task["parent"]] + 1 if "parent" in task else 1
    deepest = max(over.values())
    if deepest < levels:
        assert any("Level" in text or "deep" in text for text in result.prepared.plan.warnings)
    # Over there nothing is hung otherwise.
    assert not any(name == "parent" for action in result.prepared.plan.actions
                   for name, side, *_ in action.fields if side == "remote")  # fmt: skip
    blank.is_quiet()


def test_a_tracker_in_which_something_is_odd_is_brought_in_all_the_same(blank: Pair) -> None:
    blank.plan()
    add = blank.fake.add
    add("tasks", blank.fitting({"title": "T" * 240, "status": "todo", "assignee": "stranger"}))
    text = "---\nid: x\n...\n\ttab\n\n\n`code`\n"
    title = "  ../../etc: {x}  # no"
    add("tasks", blank.fitting({"title": title, "status": "todo", "description": text}))
    add("tasks", {"title": "Twin", "status": "todo"})
    add("tasks", {"title": "Twin", "status": "cancelled"})
    blank.synced()
    assert len(blank.live()) == 4
    paths = blank.git("ls-files").splitlines()
    assert all(path.startswith(("projects/", "users/", "orchestrator.yaml")) for path in paths)
    blank.is_quiet()
