"""The built wheel, installed into a clean environment, is the whole tool."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, TOP],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module", params=["", "[agents]"], ids=["plain", "agents"])
def installed(
    request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run(
        [
            folder / "bin/python", "-m", "pip", "install", "--quiet",
            "--constraint", TOP / "constraints.txt", f"{wheel}{request.param}",
        ],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return folder


def run(environment: Path, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [environment / "bin/orchestrator", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": f"{environment / 'bin'}:{os.environ['PATH']}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_carries_schemas_examples_and_hooks(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "orchestrator/_data/schemas/task.json",
        "orchestrator/_data/examples/small/orchestrator.yaml",
        "orchestrator/_data/examples/roadmap/orchestrator.yaml",
        "orchestrator/_data/hooks/pre-commit",
        "orchestrator/check/pages/ORC205.md",
    ):
        assert wanted in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "docs/"))]


def test_the_installed_tool_tells_the_whole_story(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "--version").startswith("orchestrator ")
    said = run(installed, tmp_path, "demo", "plan")
    assert "ORC205" in said
    assert run(installed, tmp_path, "-C", "plan", "check") is not None
    assert "ORC205" in run(installed, tmp_path, "explain", "ORC205")


def test_both_names_of_the_command_are_installed(installed: Path) -> None:
    assert (installed / "bin/orchestrator").exists()
    assert (installed / "bin/orc").exists()


def test_what_is_installed_fits_together(installed: Path) -> None:
    subprocess.run([installed / "bin/python", "-m", "pip", "check"], check=True)
