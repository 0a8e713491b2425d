"""`init --agents`: a coding agent reads AGENTS.md, and what it reads there is true."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestrator.cli.agents_page import SECTION, DamagedSectionError, with_section
from orchestrator.cli.group import group
from tests.conftest import Cli

_FENCES = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(orchestrator [^`]+)`")


def commands() -> list[str]:
    """Every command that the section names, once."""
    fenced = [line for block in _FENCES.findall(SECTION) for line in block.splitlines()]
    inline = _INLINE.findall(SECTION.replace("```", ""))
    return list(dict.fromkeys(line.split("  #")[0].strip() for line in (*fenced, *inline)))


def test_a_new_workspace_gets_it_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    assert "AGENTS.md" in cli("init", "--agents").stdout
    assert (tmp_path / "AGENTS.md").read_text() == SECTION
    assert "has the section already" in cli("init", "--agents").stderr
    assert (tmp_path / "AGENTS.md").read_text() == SECTION
    cli("check")


def test_without_the_option_there_is_a_hint_and_no_file(tmp_path: Path) -> None:
    assert "init --agents" in Cli(tmp_path)("init").stderr
    assert not (tmp_path / "AGENTS.md").exists()


def test_what_a_team_wrote_stays_byte_for_byte() -> None:
    mine = "# Ours\r\n\r\nUse tabs.\r\n"
    made = with_section(mine)
    assert made.startswith(mine)
    assert "\n" not in made.replace("\r\n", "")
    older = made.replace("Look things up", "Guess")
    assert with_section(older + "More of ours.\r\n") == made + "More of ours.\r\n"
    assert with_section(made) == made


@pytest.mark.parametrize("mark", ["<!-- BEGIN orchestrator -->", "<!-- END orchestrator -->"])
def test_half_a_section_is_not_guessed_at(mark: str) -> None:
    with pytest.raises(DamagedSectionError, match="without its line"):
        with_section(f"Ours\n{mark}\nOurs as well\n")


def test_a_file_that_is_no_text_and_a_link_are_left_alone(repo: Path, cli: Cli) -> None:
    (repo / "AGENTS.md").write_bytes(b"\xff\xfe")
    assert "cannot be read" in cli("init", "--agents", code=1).stderr
    assert (repo / "AGENTS.md").read_bytes() == b"\xff\xfe"
    (repo / "AGENTS.md").unlink()
    (repo / "AGENTS.md").symlink_to(repo / "README.md")
    assert cli("init", "--agents", code=1).returncode == 1
    (repo / "README.md").write_text("Ours\n")
    assert "symbolic link" in cli("init", "--agents", code=1).stderr
    assert (repo / "README.md").read_text() == "Ours\n"


def test_every_command_that_it_names_runs(repo: Path) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(group, ["-C", str(repo), *words])
        assert done.exit_code == 0, (words, done.output, done.exception)
        return done.stdout

    patch = re.search(r"^```json\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
    assert patch is not None
    text = patch[1].replace("ID", "PAY-2")
    json.loads(text)
    (repo / "patch.json").write_text(text)
    named, lookups = commands(), _FENCES.findall(SECTION)[0]
    assert len(named) > 12
    for line in named:
        first, *words = [word.replace("ID", "PAY-1") for word in shlex.split(line)]
        assert first == "orchestrator"
        if words[0] == "mcp":  # which takes over stdin and stdout
            Cli(repo)(*words)
            continue
        run(*words)
        if line in lookups:
            json.loads(run(*words, "--json"))
    assert "coder/start-pay-2" in run("proposal", "list")
