"""The pages say what the tool does: what is generated is fresh, and what is named exists."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from orchestrator.check.explain import page
from orchestrator.cli import COMMANDS
from orchestrator.cli.group import group
from orchestrator.model.rules import RULES

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [path.relative_to(ROOT).as_posix() for path in PAGES]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# What the reader of the README is shown to go wrong, in this order.
REFUSALS = ["ORC101", "ORC207"]

_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)#]+)(?:#[^)]*)?\)")
_FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`(?P<code>[^`\n]+)`(?!`)")


def blocks(path: Path, language: str) -> Iterator[str]:
    for found in _FENCE.finditer(path.read_text(encoding="utf-8")):
        if found["info"].split(" ")[0] == language:
            yield found["body"]


def all_commands() -> Iterator[tuple[list[str], click.Command]]:
    """Every command that --help leads to, with the words that call it."""
    context = group.make_context("orchestrator", [], resilient_parsing=True)
    waiting: list[tuple[list[str], click.Command]] = [([], group)]
    while waiting:
        words, command = waiting.pop()
        yield words, command
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                assert found is not None, name
                waiting.append(([*words, name], found))


def test_everything_that_is_made_from_the_code_is_fresh() -> None:
    # Runs the commands of the pages as well, and compares what they print.
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"run: python docs/generate.py\n{done.stdout}{done.stderr}"


def test_the_command_reference_is_what_help_prints(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    reference = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for words, command in all_commands():
        if command.hidden:
            continue
        group.main([*words, "--help"], prog_name="orchestrator", standalone_mode=False)
        title = " ".join(["orchestrator", *words])
        printed = capsys.readouterr().out.rstrip()
        assert f"## {title}\n\n```text\n{printed}\n```\n" in reference, title


def test_every_command_has_help_and_is_in_the_readme() -> None:
    for words, command in all_commands():
        if command.hidden:
            continue
        title = " ".join(["orchestrator", *words])
        assert command.get_short_help_str(), title
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, (title, parameter.name)
        if not isinstance(command, click.Group):
            assert f"| `{title}" in README, title


def test_every_rule_is_in_the_readme_and_has_a_page() -> None:
    for code, rule in RULES.items():
        assert f"| {code} | {rule.title} |" in README
        assert (page(code) or "").startswith(f"# {code}")


def test_the_story_in_the_readme_goes_wrong_only_where_it_means_to() -> None:
    shown = "".join(blocks(ROOT / "README.md", "console"))
    assert re.findall(r"error\[(\w+)\]", shown) == REFUSALS
    assert not re.search(r"^(error|fatal|bash|Traceback|Usage)\b", shown, re.MULTILINE)
    assert shown.count("The commit is refused.") == 1


def test_the_readme_names_the_two_commands_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for path in PAGES:
        for code in _code(path):
            if code.startswith("make "):
                assert f"\n{code.split()[1]}:" in makefile, (path.name, code)
    assert "make demo" in README
    assert "make test" in README


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_links_lead_somewhere(path: Path) -> None:
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    for found in _LINK.finditer(text):
        target = found["target"]
        if not target.startswith(("https:", "mailto:")):
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_commands_that_a_page_names_exist(path: Path) -> None:
    context = group.make_context("orchestrator", [], resilient_parsing=True)
    for code in _code(path):
        if not code.startswith(("orchestrator ", "orc ")):
            continue
        words = shlex.split(code.replace("…", ""), comments=True)[1:]
        while words and words[0].startswith("-"):
            words = words[2:] if words[0] == "-C" else words[1:]
        if not words or words[0].isupper():
            continue
        assert words[0] in COMMANDS, code
        command = group.get_command(context, words[0])
        if isinstance(command, click.Group) and len(words) > 1:
            # `sync NAME` is short for `sync run NAME`, which the group itself sees to.
            named = command.make_context(words[0], words[1:], resilient_parsing=True)
            assert command.get_command(context, named._protected_args[0]), code


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_json_in_a_page_is_json(path: Path) -> None:
    for body in blocks(path, "json"):
        json.loads(body)


@pytest.mark.parametrize("path", [*PAGES, ROOT / "docs" / "picture.svg"])
def test_no_page_names_a_path_of_one_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for private in (str(ROOT), "/root/", "/tmp/", str(Path(sys.prefix))):
        assert private not in text


def test_the_picture_needs_nothing_from_outside() -> None:
    text = (ROOT / "docs" / "picture.svg").read_text(encoding="utf-8")
    assert text.count("http") == text.count("http://www.w3.org/2000/svg") == 1
    assert not re.search(r"@font-face|@import|<image|<script|href=", text)
    assert "ORC205" in text


def test_the_changelog_has_an_unreleased_section() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "\n## Unreleased\n" in text


def test_the_licence_is_the_one_that_the_package_names() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text.splitlines()[1]
    assert "END OF TERMS AND CONDITIONS" in text
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def _code(path: Path) -> Iterator[str]:
    """Every piece of code in a page: inline, and the lines of its blocks that are commands."""
    text = path.read_text(encoding="utf-8")
    for body in _FENCE.finditer(text):
        for line in body["body"].splitlines():
            yield line.removeprefix("$ ").strip()
    for found in _INLINE.finditer(_FENCE.sub("", text)):
        yield found["code"].replace("\\|", "|")
