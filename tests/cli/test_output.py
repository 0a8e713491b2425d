"""What leaves the program: safe to show, valid as JSON, and written to whatever stdout is."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.cli.escape import json_text, printable
from tests.conftest import Program, write

TASK = "projects/pay/tasks/PAY-1.yaml"
PROGRAM = f"'{sys.executable}' -m orchestrator"
UNSAFE = "\x1b\x7f\x9b\u202e\u2066\u2028\ufeff\U000e0001"
NASTY_TASK = (
    "id: PAY-1\nstatus: todo\n"
    r'title: "a\e\x7f\x9b\u202e\u2066\u2028\ufeff\U000e0001é👍○"'
    "\n"
)
JSON_ANSWERS = (
    ["task", "list", "--json"], ["tree", "--json"], ["check", "--json"],
    ["check", "--format", "gitlab"], ["check", "--format", "sarif"],
)  # fmt: skip


def bash(folder: Path, script: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a line of bash, away from this process's terminal."""
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env={**os.environ, **environment},
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip


def many_problems(root: Path) -> None:
    """Make `check --json` larger than a pipe's buffer, which is 64 KiB."""
    for number in range(10, 400):
        write(root, {f"projects/pay/tasks/PAY-{number}.yaml": f"id: PAY-{number}\n"})


def nasty_plan(root: Path) -> None:
    """Put unsafe characters into a name of a file and of a folder, an id and a title."""
    write(
        root,
        {
            TASK: f'{NASTY_TASK}parent: "x\\x9b31m"\n',
            "projects/pay/tasks/PAY-\u009b31m\u202e.yaml": "title: x\nstatus: todo\n",
            "projects/o\u009bps/project.yaml": "title: Ops\nstatus: active\n",
            "projects/o\u009bps/tasks/OPS-1.yaml": "id: OPS-1\ntitle: x\nstatus: todo\n",
        },
    )


@pytest.mark.parametrize(
    "arguments",
    [["task", "list"], ["task", "show", "PAY-1"], ["project", "list"], ["tree"], ["check"],
     ["board"], ["agenda"], ["project", "show", "pay"], ["user", "list"],
     ["check", "--format", "github"], ["check", "--format", "junit"], *JSON_ANSWERS],
    ids=" ".join,
)  # fmt: skip
def test_no_character_of_a_plan_can_command_the_terminal(
    arguments: list[str], program: Program, repo: Path
) -> None:
    nasty_plan(repo)
    done = program(*arguments, code=None)
    assert done.returncode in (0, 1)
    said = (done.stdout + done.stderr).replace("\n", "")
    assert said
    assert [char for char in said if not char.isprintable()] == []


def test_the_tree_names_odd_ids_and_projects_with_escapes(program: Program, repo: Path) -> None:
    nasty_plan(repo)
    said = program("tree").stdout
    assert "PAY-\\x9b31m\\u202e  x\n" in said
    assert "o\\x9bps  Ops\n" in said


def test_a_mistake_on_the_command_line_is_shown_with_escapes(program: Program) -> None:
    assert "/\\x9b31m is not in the workspace" in program("check", "/\x9b31m", code=2).stderr


@pytest.mark.parametrize("text", ["plain", "größe 日本 👍🏽 👩\u200d👧 क्\u200cष", "a\xa0b"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert printable(text) == text
    assert json_text(text) == f'"{text}"'


def test_line_ends_stay_where_they_are_wanted() -> None:
    assert printable("a\tb\nc\r") == "a\\tb\\nc\\r"
    assert printable("a\tb\nc\r", keep="\n\t") == "a\tb\nc\\r"


@given(st.text())
def test_printable_is_printable(text: str) -> None:
    shown = printable(text)
    assert all(char.isprintable() or char in "\u200c\u200d" or char.isspace() for char in shown)
    assert shown.splitlines() in ([], [shown])


@given(st.text() | st.text(st.sampled_from(f'{UNSAFE}a"\\\n\ud83d\udc4d')))
def test_json_with_escapes_is_the_same_data(text: str) -> None:
    value = {"key": [text, 1, None], text: True}
    for indent in (None, 2):
        shown = json_text(value, indent)
        # Halves of a pair that stand side by side are one character to every reader of JSON.
        assert json.loads(shown) == json.loads(json.dumps(value))
        assert printable(shown, keep="\n") == shown


@pytest.mark.parametrize(
    "arguments", ["explain ORC205", "task list", "tree --json", "--version", "--help", "check"]
)
def test_a_reader_that_is_gone_ends_a_command_quietly(arguments: str, repo: Path) -> None:
    # The reader has closed the pipe before there is anything to read.
    script = f"(sleep 0.1; {PROGRAM} {arguments}) | exec true; echo ${{PIPESTATUS[0]}}"
    done = bash(repo, script)
    assert (done.stdout, done.stderr) == (b"0\n", b"")


def test_a_reader_that_leaves_in_the_middle_ends_a_command_quietly(repo: Path) -> None:
    many_problems(repo)
    assert len(Program(repo)("check", "--json", code=1).stdout) > 2 * 65_536
    script = f"{PROGRAM} check --json | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = bash(repo, script)
    assert done.stdout.splitlines() == [b'{"problems": [', b"0"]
    assert done.stderr == b""


def test_a_reader_of_everything_gets_the_commands_own_code(repo: Path) -> None:
    many_problems(repo)
    done = bash(repo, f"{PROGRAM} check --json | cat >/dev/null; echo ${{PIPESTATUS[0]}}")
    assert done.stdout == b"1\n"


@pytest.mark.parametrize("arguments", ["task list", "tree --json", "--version", "--help", "check"])
def test_a_full_disk_is_one_sentence(arguments: str, repo: Path) -> None:
    done = bash(repo, f"{PROGRAM} {arguments} >/dev/full")
    assert done.stderr == b"error: The output cannot be written: no space left on device.\n"
    assert done.returncode == 1


def test_a_full_disk_in_the_middle_of_a_large_answer_is_one_sentence(repo: Path) -> None:
    many_problems(repo)
    done = bash(repo, f"{PROGRAM} check --json >/dev/full")
    assert done.stderr.splitlines() == [
        b"error: The output cannot be written: no space left on device."
    ]
    assert done.returncode == 1


@pytest.mark.parametrize("where", ["2>/dev/full", "2>&-", "2> >(exec true)"])
def test_talk_that_nobody_hears_changes_no_exit_code(where: str, repo: Path) -> None:
    assert bash(repo, f"{PROGRAM} task show PAY-99 {where}").returncode == 1
    done = bash(repo, f"{PROGRAM} task set PAY-1 title=New {where}")
    assert done.returncode == 0
    assert "title: New" in (repo / TASK).read_text()


def test_a_closed_stdout_is_no_bug(repo: Path) -> None:
    done = bash(repo, f"{PROGRAM} task list >&-")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "ascii", "PYTHONUNBUFFERED": "1"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
    ids=lambda environment: environment.get("PYTHONIOENCODING", "C"),
)
def test_a_terminal_without_unicode_is_no_hindrance(
    environment: dict[str, str], repo: Path
) -> None:
    write(repo, {TASK: NASTY_TASK})
    tree = bash(repo, f"{PROGRAM} tree", **environment)
    assert (tree.returncode, tree.stderr) == (0, b"")
    assert b"  o PAY-3  Refund\n" in tree.stdout
    assert b"  `- o PAY-2  Retry\n" in tree.stdout
    change = bash(repo, f"{PROGRAM} task set PAY-3 title=x", **environment)
    assert b"title: Refund -> x" in change.stderr
    for arguments in JSON_ANSWERS:
        script = f"{PROGRAM} {' '.join(arguments)}"
        found = json.loads(bash(repo, script, **environment).stdout)  # JSON is UTF-8
        assert found == json.loads(bash(repo, script, PYTHONIOENCODING="utf-8").stdout)
    ET.fromstring(bash(repo, f"{PROGRAM} check --format junit", **environment).stdout)


def test_unicode_is_not_spelled_where_the_terminal_has_it(repo: Path) -> None:
    write(repo, {TASK: "id: PAY-1\ntitle: Größe 👍\nstatus: todo\n"})
    assert "○ PAY-1  Größe 👍" in Program(repo)("tree").stdout
    assert '"title": "Größe 👍"' in Program(repo)("task", "list", "--json").stdout


def test_a_program_that_calls_main_keeps_its_own_streams(repo: Path) -> None:
    script = (
        "import contextlib, io\nfrom orchestrator.cli import main\nheard = io.StringIO()\n"
        "with contextlib.redirect_stdout(heard), contextlib.suppress(SystemExit):\n"
        "    main(['explain', 'ORC205', '--json'])\nprint(len(heard.getvalue()) > 100)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=repo, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("True\n", "")
