"""The shell files in `hooks/`, and the section that is made from them."""

import subprocess
from pathlib import Path

import pytest

from orchestrator.store.git import StoreError
from orchestrator.store.hooks.section import (
    HOOKS,
    SERVER_HOOK,
    Section,
    quoted,
    section_in,
    with_section,
    without_section,
)

FOLDER = Path(__file__).parents[2] / "hooks"
FOLDERS = frozenset({".", "our plan", "it's $HOME", "a | orc_run b hook c", "für `x`"})


def test_there_is_a_file_for_each_hook_and_no_other() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*HOOKS, SERVER_HOOK}


@pytest.mark.parametrize("name", [*HOOKS, SERVER_HOOK])
def test_a_hook_is_a_short_portable_script(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    assert data.startswith(b"#!/bin/sh\n# BEGIN orchestrator v1\n")
    assert data.endswith(b"\n# END orchestrator\n")
    assert b"\r" not in data
    assert len(data.splitlines()) <= 25
    assert (FOLDER / name).stat().st_mode & 0o111 == 0o111
    assert subprocess.run(["/bin/sh", "-n", FOLDER / name], check=False).returncode == 0


@pytest.mark.parametrize("name", [*HOOKS, SERVER_HOOK])
def test_a_section_is_read_back_as_it_was_written(name: str) -> None:
    section = Section(name, FOLDERS, "/opt/it's a path/python")
    text = with_section("#!/bin/bash\necho others\n", section)
    assert section_in(text, name) == section
    assert with_section(text, section) == text
    assert without_section(text, name) == "#!/bin/bash\necho others\n"
    assert subprocess.run(["/bin/sh", "-n"], input=text.encode(), check=False).returncode == 0


def test_a_folder_with_a_line_break_cannot_be_written_into_a_hook() -> None:
    with pytest.raises(StoreError, match="line break"):
        quoted("two\nlines")
