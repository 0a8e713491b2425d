"""What starting the command line imports, and what it must not."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

HEAVY = (
    "git",
    "rich",
    "httpx",
    "httpx2",
    "pydantic",
    "anthropic",
    "openai",
    "pydantic_ai",
    "ruamel",
    "watchfiles",
)


def modules(folder: Path, *arguments: str) -> set[str]:
    """Return the packages that a command line has imported when it ends."""
    program = (
        "import sys\n"
        "from orchestrator.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit:\n    pass\n"
        "sys.stderr.write('\\n' + ' '.join({name.partition('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["completion", "bash"]])
def test_starting_imports_nothing_heavy(tmp_path: Path, arguments: list[str]) -> None:
    assert not modules(tmp_path, *arguments) & {*HEAVY, "yaml_rs", "jsonpatch"}


@pytest.mark.parametrize(
    "arguments", [["check"], ["task", "list"], ["ready"], ["tree"], ["check", "--staged"]]
)
def test_reading_a_right_plan_imports_nothing_heavy(repo: Path, arguments: list[str]) -> None:
    assert not modules(repo, *arguments) & set(HEAVY)


@pytest.mark.parametrize(
    "arguments",
    [
        ["agent", "--help"], ["agent", "providers"], ["agent", "runs"], ["agent", "cache", "stats"],
        ["agent", "chat", "--list"], ["agent", "run", "what is ready", "--provider", "offline"],
        ["task", "new", "pay", "New"], ["propose", "--help"],
    ],
)  # fmt: skip
def test_what_asks_no_language_model_imports_none(repo: Path, arguments: list[str]) -> None:
    found = modules(repo, *arguments)
    assert not found & {"pydantic_ai", "anthropic", "openai", "genai_prices", "tiktoken"}


def test_version_is_not_slower_than_a_tenth_of_a_second(tmp_path: Path) -> None:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "orchestrator", "--version"],
            cwd=tmp_path, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        times.append(time.perf_counter() - began)
    assert min(times) <= 0.1
