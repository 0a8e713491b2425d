"""The file of running timers: survives, and is never lost."""

import json
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from orchestrator.store.git import StoreError
from orchestrator.store.timer import FILE, Timer, read_timers, timers_locked, write_timers

BEGAN = "2026-11-22T09:30:00+01:00"
TIMER = Timer("PAY-1", BEGAN)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    stopping = {"task": "PAY-1", "entry": {"at": BEGAN, "minutes": 5}}
    timers = {"plan/dana": TIMER, "sam@example.com": Timer("PAY-2", BEGAN, stopping)}
    write_timers(tmp_path, timers)
    assert read_timers(tmp_path).timers == timers
    write_timers(tmp_path, {})
    assert read_timers(tmp_path).timers == {}


def test_where_there_is_no_file_there_is_no_timer(tmp_path: Path) -> None:
    assert read_timers(tmp_path).timers == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", '{"timers": []}', '{"timers": {"a": null}}', "\ufffd", "[" * 9999,
        '{"timers": {"a": {"task": "PAY-1"}}}',
        '{"timers": {"a": {"task": 1, "started_at": "2026-11-22T09:30:00+01:00"}}}',
        '{"timers": {"a": {"task": "PAY-1", "started_at": "2026-11-22T09:30:00"}}}',
        '{"timers": {"a": {"task": "PAY-1", "started_at": "soon"}}}',
        '{"timers": {"a": {"task": "PAY-1", "started_at": 5}}}',
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_understood_is_kept_aside(tmp_path: Path, text: str) -> None:
    (tmp_path / "timers.spoiled-1.json").write_text("an older one")
    (tmp_path / FILE).write_text(text)
    kept = read_timers(tmp_path)
    assert kept.timers == {}
    assert kept.spoiled == tmp_path / "timers.spoiled-2.json"
    assert kept.spoiled.read_text() == text
    assert (tmp_path / "timers.spoiled-1.json").read_text() == "an older one"
    write_timers(tmp_path, {"dana": TIMER})
    assert read_timers(tmp_path).spoiled is None


def test_bytes_that_are_no_text_are_kept_aside_too(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    spoiled = read_timers(tmp_path).spoiled
    assert spoiled is not None
    assert spoiled.read_bytes() == b"\xff\xfe\x00"


def test_what_cannot_be_read_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StoreError, match="cannot be read: is a directory"):
        read_timers(tmp_path)


def test_the_file_is_whole_at_every_moment(tmp_path: Path) -> None:
    write_timers(tmp_path, {"dana": TIMER})
    assert json.loads((tmp_path / FILE).read_text())["version"] == 1
    assert [item.name for item in tmp_path.iterdir()] == [FILE]


def test_of_two_that_start_at_once_the_second_sees_the_first(tmp_path: Path) -> None:
    won = []

    def start(name: str) -> None:
        with timers_locked(tmp_path):
            if not read_timers(tmp_path).timers:
                write_timers(tmp_path, {"dana": Timer(name, BEGAN)})
                won.append(name)

    threads = [threading.Thread(target=start, args=(f"PAY-{at}",)) for at in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert read_timers(tmp_path).timers["dana"].task == won[0]


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [(0, 1), (1, 1), (60, 1), (61, 2), (3600, 60), (-1, 1), (-59, 1), (-60, -1), (-7200, -120)],
)
def test_begun_minutes_count_and_a_clock_that_went_back_shows(seconds: int, minutes: int) -> None:
    now = datetime.fromisoformat(BEGAN) + timedelta(seconds=seconds)
    assert TIMER.minutes(now) == minutes
