"""The loop of `watch` where the system loses events, refuses, or is slow."""

import json
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestrator.cli.session import Session
from orchestrator.cli.watch.children import Lane
from orchestrator.cli.watch.feed import Feed
from orchestrator.cli.watch.follow import Followers
from orchestrator.cli.watch.loop import Watch
from orchestrator.cli.watch.options import Wishes
from orchestrator.store.watch.ears import Ears, Events, Stop

TASKS = "projects/pay/tasks"
Deed = Callable[[], object]


def deaf(_folders: list[str], stop: Stop) -> Events:
    """Hear nothing, ever."""
    while not stop.is_set():
        time.sleep(0.01)
        yield set()


def refusing(_folders: list[str], _stop: Stop) -> Events:
    raise OSError('OS file watch limit reached. about ["/plan"]')


def torn(folders: list[str], stop: Stop) -> Events:
    """Break at the first event, as when the system's queue is lost."""
    yield from [set(), {(2, f"{folders[0]}/orchestrator.yaml")}]
    yield from deaf(folders, stop) if (Path(folders[0]) / "mended").exists() else _broken(folders)


def _broken(folders: list[str]) -> Events:
    (Path(folders[0]) / "mended").touch()
    raise RuntimeError("the queue is lost")


def events_of(
    root: Path,
    capsys: pytest.CaptureFixture[str],
    deeds: list[Deed],
    wishes: Wishes,
    listens: Callable[[list[str], Stop], Events],
) -> list[dict[str, Any]]:
    """Watch while deeds are done, each once the one before was answered; return the events."""
    stop = Stop()
    session = Session(root, dict(os.environ), has_color=False, is_terminal=False)
    said: list[dict[str, Any]] = []

    class Listening(Feed):
        def _print(self, event: str, *rest: Any, **further: Any) -> None:
            super()._print(event, *rest, **further)
            said.append({"event": event})

    def act() -> None:
        for deed in [lambda: None, *deeds]:
            seen = _answers(said)
            deed()
            end = time.monotonic() + 20
            while _answers(said) == seen and time.monotonic() < end:
                time.sleep(0.01)
        stop.is_wished = True

    feed = Listening(session, as_json=True)
    followers = Followers(wishes, feed, Lane({}), Lane({}))
    acting = threading.Thread(target=act)
    acting.start()
    Watch(session, wishes, stop, Ears(root, stop, listens=listens), feed, followers).run()
    acting.join()
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _answers(said: list[dict[str, Any]]) -> int:
    return sum(event["event"] in ("started", "checked") for event in said)


def spoil(root: Path) -> Deed:
    task = root / TASKS / "PAY-2.yaml"
    return lambda: task.write_text(task.read_text().replace("PAY-1", "PAY-99"))


def test_events_that_are_lost_are_made_up_for_by_looking_regularly(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = events_of(plan, capsys, [spoil(plan)], Wishes(rescan=0.2, as_json=True), deaf)
    assert [event["event"] for event in found] == ["started", "checked", "stopped"]
    assert [problem["code"] for problem in found[1]["problems"]] == ["ORC202"]


def test_where_the_system_has_no_more_to_give_it_says_so_once_and_looks(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deeds = [spoil(plan), lambda: shutil.rmtree(plan / "users")]
    found = events_of(plan, capsys, deeds, Wishes(as_json=True), refusing)
    kinds = [event["event"] for event in found]
    assert kinds == ["failed", "started", "checked", "checked", "stopped"]
    assert "OS file watch limit reached" in found[0]["message"]


def test_after_an_error_it_looks_again_and_listens_again(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = events_of(plan, capsys, [spoil(plan)], Wishes(rescan=0.5, as_json=True), torn)
    assert [event["event"] for event in found][-2:] == ["checked", "stopped"]
    assert (plan / "mended").exists()
