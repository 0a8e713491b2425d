"""A real editor: Neovim from Debian, without a screen."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Cli
from tests.lsp.seat import TASKS

NVIM = shutil.which("nvim")
SCRIPT = Path(__file__).with_name("neovim.lua")


@pytest.mark.skipif(NVIM is None, reason="nvim is not installed")
def test_neovim_shows_problems_completes_and_renames(repo: Path, tmp_path: Path, cli: Cli) -> None:
    assert NVIM is not None
    out = tmp_path / "seen.json"
    environment = {**os.environ, "ROOT": str(repo), "PYTHON": sys.executable, "OUT": str(out)}
    done = subprocess.run(
        [NVIM, "--headless", "-n", "-u", "NONE", "-c", f"luafile {SCRIPT}"],
        cwd=Path.cwd(), env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert out.exists(), done.stderr
    seen = json.loads(out.read_text())
    assert seen == {
        "problem": ["ORC103", 2, 8, 13, "orchestrator"],
        "offered": ["in_review"],
        "line": "status: in_review",
    }
    assert (repo / f"{TASKS}/PAY-3.yaml").read_text() == (
        "id: PAY-3\ntitle: Refund\nstatus: todo\ndependencies:\n  - PAY-22\n"
    )
    assert not (repo / f"{TASKS}/PAY-2.yaml").exists()
    assert (repo / f"{TASKS}/PAY-22.yaml").read_text().startswith("id: PAY-22\n")
    cli("check")
