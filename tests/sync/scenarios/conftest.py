"""Every scenario is played with every tracker."""

import shutil
import ssl
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.sync.scenarios.desk import Desk, linked, running
from tests.sync.scenarios.pair import EMPTY, FAKES, PLAN, Pair, begun, copied, fake_of

_LINKED: dict[str, Pair] = {}
_DESKS: list[Desk] = []
_context = cache(ssl.create_default_context)


@pytest.fixture(autouse=True)
def certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the system's certificates once, not in every run: that takes most of its time."""
    monkeypatch.setattr(ssl, "create_default_context", _context)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play every scenario with every tracker: one of them always, and all in the slow set.

    Which one goes by the scenario's name, so that each tracker has its share.
    """
    if "kind" not in metafunc.fixturenames or "kind" in _given(metafunc):
        return
    quick = FAKES[zlib.crc32(metafunc.function.__name__.encode()) % len(FAKES)]
    metafunc.parametrize(
        "kind",
        [each if each == quick else pytest.param(each, marks=pytest.mark.slow) for each in FAKES],
    )


def _given(metafunc: pytest.Metafunc) -> set[str]:
    marks = metafunc.definition.iter_markers("parametrize")
    names = [mark.args[0] for mark in marks]
    return {
        each.strip()
        for name in names
        for each in (name.split(",") if isinstance(name, str) else name)
    }


@pytest.fixture
def fresh(kind: str, tmp_path: Path) -> Iterator[Pair]:
    """A plan that was never synced, and a tracker that holds nothing."""
    fake = fake_of(kind)
    with fake.running():
        yield begun(tmp_path / "plan", fake, PLAN)


@pytest.fixture
def blank(kind: str, tmp_path: Path) -> Iterator[Pair]:
    """A workspace without a task, and a tracker that holds nothing."""
    fake = fake_of(kind)
    with fake.running():
        yield begun(tmp_path / "plan", fake, EMPTY)


@pytest.fixture
def pair(kind: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A plan whose four tasks are linked with a tracker's, in step."""
    if kind not in _LINKED:
        fake = fake_of(kind)
        with fake.running():
            made = begun(tmp_path_factory.mktemp("linked") / kind, fake, PLAN)
            made.synced()
        _LINKED[kind] = made
    found = _LINKED[kind].copy(tmp_path / "plan")
    with found.fake.running():
        yield found


@pytest.fixture
def desk(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A plan that is in step with every tracker, and was then edited in two places."""
    if not _DESKS:
        _DESKS.append(linked(tmp_path_factory.mktemp("linked") / "all"))
    (template,) = _DESKS
    shutil.copytree(template.root, tmp_path / "all", symlinks=True)
    fakes = {kind: copied(fake) for kind, fake in template.fakes.items()}
    found = Desk(tmp_path / "all", fakes, dict(template.environment))
    with running(found):
        found.replace("PAY-1", "title: Capture", "title: Capture now")
        found.replace("PAY-4", "priority: low", "priority: high")
        for fake in fakes.values():
            fake.clock.pass_by(minutes=2)
            fake.server.seen.clear()
        yield found
