"""`export`: every format by the command line, to stdout, a file or a folder."""

import json
from pathlib import Path

import pytest

from tests.conftest import Cli


@pytest.mark.parametrize(
    ("command", "begins"),
    [
        (("json",), "{\n"),
        (("csv",), "id,project,title,"),
        (("tsv", "--columns", "id,title"), "id\ttitle\nPAY-1\tCapture"),
        (("markdown",), "# Test: "),
        (("mermaid",), "gantt\n"),
        (("mermaid", "--graph"), "flowchart"),
        (("ical",), "BEGIN:VCALENDAR"),
        (("beads",), '{"id": "pay-1"'),
    ],
)
def test_a_format_comes_to_stdout_or_into_a_file(
    cli: Cli, tmp_path: Path, command: tuple[str, ...], begins: str
) -> None:
    done = cli("export", *command)
    assert begins in done.stdout.replace("\n\n", "\n", 1)
    target = tmp_path / "out"
    cli("export", *command, "-o", str(target))
    if command[0] != "ical":  # which carries the moment
        assert target.read_bytes().decode().replace("\r\n", "\n") == done.stdout


def test_filters_choose_the_tasks(cli: Cli) -> None:
    assert list(json.loads(cli("export", "json", "--under", "PAY-1").stdout)["tasks"]) == ["PAY-2"]


def test_a_folder_of_backlog_md_is_new_and_can_be_imported(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "backlog"
    assert cli("export", "backlog-md", str(folder)).stdout == f"Wrote 3 tasks to {folder}\n"
    assert (folder / "tasks/pay-1 - Capture.md").exists()
    refused = cli("export", "backlog-md", str(folder), code=1).stderr
    assert f"error: {folder} is not empty." in refused
    assert "3 tasks added" in cli("import", "backlog-md", str(folder), "-p", "other").stdout


def test_what_cannot_be_is_said_in_a_sentence(cli: Cli, tmp_path: Path) -> None:
    assert "There is no column titel" in cli("export", "csv", "--columns", "titel", code=2).stderr
    assert "no folder" in cli("export", "csv", "-o", str(tmp_path / "a/b"), code=1).stderr
    assert "'soon' is no day." in cli("export", "markdown", "--since", "soon", code=2).stderr


def test_a_dash_is_stdout_and_days_stand_in_order(cli: Cli, repo: Path) -> None:
    assert cli("export", "csv", "-o", "-").stdout == cli("export", "csv").stdout
    assert cli("burndown", "-o", "-").stdout == cli("burndown").stdout
    assert not (repo / "-").exists()
    wrong = cli("export", "markdown", "--since", "tomorrow", "--until", "yesterday", code=2)
    assert "is after --until" in wrong.stderr
