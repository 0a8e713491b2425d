"""Hearing of changes on a real disk, and doing without where the system refuses."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orchestrator.store.watch.ears import Ears, Events, Stop


@pytest.fixture
def ears(plan: Path) -> Iterator[Ears]:
    found = Ears(plan, Stop())
    found.listen()
    yield found
    found.close()


def hears(ears: Ears, deed: Callable[[], object], seconds: float = 5.0) -> bool:
    """Return whether a deed is heard of; half a second is enough to be sure that it is not."""
    deed()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ears.wait().number:
            calm_down(ears)
            return True
    return False


def calm_down(ears: Ears) -> None:
    """Wait for what the same deed has still to tell, and listen to the folders as they are now."""
    while ears.wait().number:
        pass
    ears.listen()


def test_a_saved_task_is_heard(ears: Ears, plan: Path) -> None:
    assert hears(ears, lambda: (plan / "projects/pay/tasks/PAY-1.yaml").write_text("id: PAY-1\n"))


def test_a_save_by_rename_is_heard(ears: Ears, plan: Path) -> None:
    new = plan / "projects/pay/tasks/.PAY-1.yaml.new"
    assert not hears(ears, lambda: new.write_text("id: PAY-1\n"), 0.5)
    assert hears(ears, lambda: new.rename(plan / "projects/pay/tasks/PAY-1.yaml"))


def test_settings_are_heard_and_what_lies_beside_them_is_not(ears: Ears, plan: Path) -> None:
    assert not hears(ears, lambda: (plan / "README.md").write_text("Read me"), 0.5)
    assert hears(ears, lambda: (plan / "orchestrator.staging.yaml").write_text("version: 1\n"))


def test_files_in_a_new_project_are_heard(ears: Ears, plan: Path) -> None:
    assert hears(ears, lambda: (plan / "projects/ops/tasks").mkdir(parents=True))
    assert hears(ears, lambda: (plan / "projects/ops/tasks/OPS-1.yaml").write_text("id: OPS-1\n"))


@pytest.mark.parametrize("folder", ["projects", "projects/pay/tasks", "."])
def test_a_folder_that_is_made_again_is_listened_to_again(
    ears: Ears, plan: Path, tmp_path: Path, folder: str
) -> None:
    shutil.copytree(plan, tmp_path / "copy")
    assert hears(ears, lambda: shutil.rmtree(plan / folder))
    shutil.copytree(tmp_path / "copy" / folder, plan / folder)
    calm_down(ears)
    assert hears(ears, lambda: (plan / "projects/pay/tasks/PAY-1.yaml").write_text("id: PAY-1\n"))


def test_where_the_system_refuses_it_looks_regularly_and_says_why(plan: Path) -> None:
    def refuse(_folders: list[str], _stop: Stop) -> Events:
        raise OSError(
            'OS file watch limit reached. about ["/plan"] (Error { kind: MaxFilesWatch })'
        )

    ears = Ears(plan, Stop(), listens=refuse)
    ears.listen()
    assert hears(ears, lambda: None)
    assert ears.polls
    assert ears.refusal == "OS file watch limit reached"


def test_a_stop_ends_a_wait(ears: Ears) -> None:
    ears.stop.is_wished = True
    began = time.monotonic()
    assert ears.wait().number == 0
    assert time.monotonic() - began < 1
