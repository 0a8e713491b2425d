"""The demo tells the whole story with real commands, and leaves a clean workspace behind."""

import subprocess
from pathlib import Path

from tests.conftest import Program


def test_the_demo_shows_a_refusal_a_review_an_agent_without_a_key_and_a_sync(
    tmp_path: Path,
) -> None:
    told = Program(tmp_path)("demo", "played").stdout
    assert "ORC205" in told  # an edit was refused
    assert "accept planner/start-next" in told
    assert "offline: no language model took part" in told
    assert "Send it back" in told
    assert "tracker: 5 to create there" in told
    assert "1 here, 1 on both sides" in told  # both directions in one run
    assert "tracker: 5 items are in step" in told
    root = tmp_path / "played"
    git = ["git", "-C", str(root)]
    assert subprocess.check_output([*git, "status", "--short"], text=True) == ""
    subjects = subprocess.check_output([*git, "log", "--format=%s"], text=True)
    assert "Plan Card refunds" in subjects
    assert "Undo: Accept planner/start-next" in subjects


def test_the_demo_keeps_out_of_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me", "utf-8")
    done = Program(tmp_path)("demo", "mine", code=1)
    assert "not empty" in done.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]
