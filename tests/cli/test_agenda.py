"""The agenda as it is shown, and its JSON."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from orchestrator.cli.agenda import _lines
from orchestrator.cli.session import Session
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TaskFilter
from orchestrator.view.agenda import agenda, by_person, by_section
from tests.conftest import Cli, write

WEDNESDAY = date(2026, 11, 25)
PLAN = Snapshot(
    {"name": "Test"},
    users={"dana": {"id": "dana", "name": "Dana Ionescu"}},
    projects={
        "pay": {"id": "pay", "title": "Payments", "status": "active", "due_date": "2026-11-29"}
    },
    tasks={
        "PAY-1": {
            "id": "PAY-1", "title": "Capture", "status": "todo", "project": "pay",
            "due_date": "2026-11-23", "assignee": "dana", "priority": "urgent",
            "estimated_minutes": 90,
        },
        "PAY-2": {
            "id": "PAY-2", "title": "A title that is too long for a narrow screen",
            "status": "todo", "project": "pay", "start_date": "2026-11-27",
        },
    },
)  # fmt: skip


def session(*, is_terminal: bool = False, has_color: bool = False) -> Session:
    return Session(Path(), {}, has_color, is_terminal)


def drawn(session: Session, by: str = "day") -> str:
    found = agenda(PLAN, TaskFilter(), WEDNESDAY)
    groups = (by_person if by == "person" else by_section)(found.entries)
    return "".join(_lines(session, PLAN, found, groups, by, WEDNESDAY))


def test_each_section_has_its_day_and_count() -> None:
    assert drawn(session()).splitlines() == [
        "Overdue  1",
        "  2 days late  ○ PAY-1 !!  dana  1h30m  Capture",
        "",
        "This week  until Sun 29 Nov  2",
        "  starts Fri   ○ PAY-2                  A title that is too long for a narrow screen",
        "  Sun          ◆ pay                    the project Payments",
    ]


def test_people_have_their_own_headings() -> None:
    assert drawn(session(), "person").splitlines()[:4] == [
        "dana  Dana Ionescu  1",
        "  2 days late  ○ PAY-1 !!  1h30m  Capture",
        "",
        "nobody  2",
    ]


@pytest.mark.parametrize("width", ["30", "50", "80"])
def test_a_narrow_screen_leaves_out_what_matters_least(
    width: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    lines = drawn(session(is_terminal=True)).splitlines()
    assert max(map(len, lines)) <= int(width)
    assert ("1h30m" in lines[1]) == (width == "80")
    assert "PAY-1 !!" in lines[1]


def test_what_is_late_is_red() -> None:
    assert "\x1b[31m2 days late\x1b[0m" in drawn(session(has_color=True))


def test_json_has_sections_or_people(cli: Cli, repo: Path) -> None:
    today = datetime.now(UTC).astimezone().date()
    due = (today - timedelta(days=2)).isoformat()
    task = repo / "projects/pay/tasks/PAY-1.yaml"
    task.write_text(f"{task.read_text()}due_date: {due}\n")
    found = json.loads(cli("agenda", "--json").stdout)
    assert (found["total"], found["today"]) == (1, today.isoformat())
    [section] = found["sections"]
    assert (section["section"], section["total"], section["projects"]) == ("overdue", 1, [])
    derived = section["tasks"][0]["derived"]
    assert derived["agenda"] == {"section": "overdue", "day": due, "starts": False}
    assert derived["ready"] is False
    people = json.loads(cli("agenda", "--json", "--by", "person", "-a", "me").stdout)["people"]
    assert [(person["user"], person["total"]) for person in people] == [("dana", 1)]


def test_nothing_to_do_and_things_further_away_are_said(cli: Cli, repo: Path) -> None:
    assert cli("agenda").stderr == "Nothing is late, due or in progress.\n"
    task = "id: PAY-4\ntitle: x\nstatus: todo\ndue_date: 2099-01-01\n"
    write(repo, {"projects/pay/tasks/PAY-4.yaml": task})
    assert "1 later than " in cli("agenda").stderr
    far = cli("agenda", "--days", "36500")
    assert far.stdout.startswith("Later  until ")
    assert (far.stderr, "PAY-4" in far.stdout) == ("", True)
