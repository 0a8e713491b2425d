"""Timelines as SVG, as Mermaid and in a terminal: all is there, and nothing is on anything else."""

import random
import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from orchestrator.cli.ink import cells
from orchestrator.cli.timeline_text import timeline_text
from orchestrator.model.snapshot import Snapshot
from orchestrator.view.pictures.timeline_mermaid import timeline_mermaid
from orchestrator.view.pictures.timeline_svg import timeline_svg
from orchestrator.view.schedule import schedule
from orchestrator.view.timeline import Timeline, timeline
from tests.view.pictures.drawing import HOSTILE, NAMESPACE, read, tips, touching, words

MONDAY = date(2026, 11, 23)


def plan(count: int, titles: list[str] | None = None, seed: int = 1) -> Snapshot:
    """Return a plan of every kind of task, in two projects."""
    chance = random.Random(seed)
    tasks: dict[str, dict[str, Any]] = {}
    for at in range(count):
        status = chance.choice(["todo", "todo", "in_progress", "in_review", "blocked", "completed"])
        task: dict[str, Any] = {
            "id": f"PAY-{at}", "project": "pay" if at < count * 0.6 else "web", "status": status,
            "title": titles[at % len(titles)] if titles else f"Task number {at} of the plan",
        }  # fmt: skip
        if at and chance.random() < 0.5:
            task["dependencies"] = [f"PAY-{chance.randrange(max(at - 9, 0), at)}"]
        if at and chance.random() < 0.4:
            task["parent"] = f"PAY-{chance.randrange(max(at - 9, 0), at)}"
        if chance.random() < 0.5:
            task["due_date"] = (MONDAY + timedelta(days=chance.randrange(-30, 60))).isoformat()
        if chance.random() < 0.6:
            task["estimated_minutes"] = chance.randrange(0, 4_000)
        if status != "todo":
            task["started_at"] = f"2026-11-{chance.randrange(1, 20):02}T09:00:00Z"
        if status == "completed":
            task["completed_at"] = "2026-11-21T09:00:00Z"
        tasks[task["id"]] = task
    projects = {"pay": {"title": "Payments", "status": "active"}, "web": {"status": "active"}}
    return Snapshot({"name": "Shop"}, projects=projects, tasks=tasks)


def drawn(snapshot: Snapshot, first: date | None = None, last: date | None = None) -> Timeline:
    plan = schedule(snapshot, MONDAY)
    return timeline(snapshot, snapshot.tasks, plan, MONDAY, first=first, last=last)


@pytest.mark.parametrize("count", [1, 5, 50, 500])
def test_every_task_is_there_and_no_words_touch(count: int) -> None:
    snapshot = plan(count)
    svg = timeline_svg(drawn(snapshot))
    shown = words(svg)
    texts = {word.text for word in shown}
    assert texts >= set(snapshot.tasks)
    assert touching(shown) == []
    root = read(svg)
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    assert all(word.left >= 0 and word.right <= width + 0.01 for word in shown)
    assert all(0 < word.base < height for word in shown)
    assert len(tips(svg)) == count


@pytest.mark.parametrize("seed", range(5))
def test_words_do_not_touch_whatever_the_titles(seed: int) -> None:
    assert touching(words(timeline_svg(drawn(plan(40, HOSTILE, seed))))) == []


def test_the_longest_id_there_can_be_stays_out_of_the_chart() -> None:
    name = "A" * 16 + "-BBBBBBBBBBBB" * 4
    task = {"id": name, "title": "Long", "project": "pay", "status": "todo"}
    deep = {f"T-{at}": {**task, "id": f"T-{at}", "parent": f"T-{at - 1}"} for at in range(1, 12)}
    deep["T-11"] = {**deep["T-11"], "id": name}
    deep[name] = deep.pop("T-11")
    deep["T-0"] = {**task, "id": "T-0"}
    svg = timeline_svg(drawn(Snapshot({}, projects={}, tasks=deep)))
    ids = [word for word in words(svg) if word.text.startswith(("AAAA", "T-"))]
    assert len(ids) == 12
    assert max(word.right for word in ids) < 470
    assert touching(words(svg)) == []


def test_the_same_plan_is_the_same_file() -> None:
    first = plan(60)
    again = Snapshot(
        first.settings, projects=first.projects, tasks=dict(reversed(list(first.tasks.items())))
    )
    assert timeline_svg(drawn(first)) == timeline_svg(drawn(again))


def test_whole_titles_are_in_the_file_where_there_is_no_room_for_them() -> None:
    long = "A title that goes on " * 20
    svg = timeline_svg(drawn(plan(3, [long])))
    assert sum(long.strip() in said for said in tips(svg)) == 3
    assert any(word.text.endswith("…") for word in words(svg))


def test_the_axis_is_repeated_so_that_one_is_always_near() -> None:
    shown = words(timeline_svg(drawn(plan(200))))
    _, *axes = [word.base for word in shown if word.text == "today"]  # the first is the legend's
    assert len(axes) == 6
    assert max(b - a for a, b in pairwise(axes)) < 1_100


def test_what_matters_is_marked_and_explained() -> None:
    late = {"status": "todo", "project": "pay", "due_date": "2026-11-02", "estimated_minutes": 480}
    tasks = {name: {"id": name, "title": name, **late} for name in ("PAY-1", "PAY-2")}
    snapshot = Snapshot({}, projects={"pay": {"status": "active"}}, tasks=tasks)
    svg = timeline_svg(drawn(snapshot))
    texts = {word.text for word in words(svg)}
    assert texts >= {"todo", "done", "still to do", "critical", "due", "today", "21 days late"}
    assert "blocked" not in texts
    assert any("critical, 21 days late" in said for said in tips(svg))


def test_lines_of_dependencies_are_drawn_while_they_can_be_followed() -> None:
    few = [element.get("d") or "" for element in read(timeline_svg(drawn(plan(30)))).iter()]
    many = [element.get("d") or "" for element in read(timeline_svg(drawn(plan(120)))).iter()]
    assert any("H" in commands and "V" in commands for commands in few)
    assert not any("H" in commands and "V" in commands for commands in many)


def test_what_lies_beyond_the_days_shown_is_pointed_to() -> None:
    snapshot = plan(20)
    later = drawn(snapshot, first=date(2028, 1, 1), last=date(2028, 2, 1))
    svg = timeline_svg(later)
    assert len(tips(svg)) == 20
    assert not [word for word in words(svg) if word.text == "today"]
    assert read(svg).findall(f".//{NAMESPACE}path")


@pytest.mark.parametrize("width", [20, 60, 100, 200])
@pytest.mark.parametrize("titles", [None, HOSTILE])
def test_lines_fit_the_terminal_and_cannot_drive_it(width: int, titles: list[str] | None) -> None:
    shown = timeline_text(drawn(plan(60, titles)), width, has_color=False)
    lines = shown.splitlines()
    assert max(map(cells, lines)) <= max(width, 30)
    assert all(line.isprintable() for line in lines if "\u200d" not in line)


def test_a_terminal_shows_bars_today_and_what_is_late() -> None:
    shown = timeline_text(drawn(plan(40)), 120, has_color=False)
    for sign in ("█", "▒", "▓", "━", "◆", "◇", "┊", "▼", "!", "Nov 2026"):
        assert sign in shown
    painted = timeline_text(drawn(plan(40)), 120, has_color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted).split() == shown.split()


def test_mermaid_has_a_line_for_each_task_with_a_day() -> None:
    snapshot = plan(30)
    lines = timeline_mermaid(drawn(snapshot)).splitlines()
    assert lines[0] == "gantt"
    tasks = [line for line in lines if " :" in line]
    assert len(tasks) == sum(row.start is not None for row in drawn(snapshot).tasks)
    line = r"    [○◐✖◑●⊘] PAY-\d+ [^:]+ :([a-z]+, )*\d{4}-\d\d-\d\d, (\d{4}-\d\d-\d\d|0d)"
    assert all(re.fullmatch(line, found) for found in tasks)


def test_no_title_can_break_a_mermaid_chart() -> None:
    # The codes were tried with mermaid 11.17: it draws each of these titles as it is.
    shown = timeline_mermaid(drawn(plan(60, HOSTILE)))
    assert re.sub(r"[\n\u200b\u200d]", "", shown).isprintable()
    for line in shown.splitlines()[4:]:
        name = line.partition(" :")[0] if not line.startswith("    section") else line
        bare = re.sub(r"#\d+;", "", name)
        assert not re.search(r"[:;#%<>&`\\{}\[\]|\"$]|--", bare), line
