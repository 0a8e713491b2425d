"""`orchestrator hook` as a program: what it imports, and what it says to nonsense."""

import errno
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestrator.cli import hook
from orchestrator.cli.hook import _limited
from orchestrator.cli.session import Session
from orchestrator.errors import OrchestratorError
from orchestrator.store.hooks.section import HOOKS

if TYPE_CHECKING:
    from tests.hooks.conftest import Repo

TASK = "projects/pay/tasks/PAY-1.yaml"
HEAVY = {
    "git",
    "rich",
    "httpx2",
    "pydantic",
    "anthropic",
    "openai",
    "ruamel",
    "asyncio",
    "watchfiles",
}
ARGUMENTS = {
    "prepare-commit-msg": (".git/message",),
    "commit-msg": (".git/message",),
    "pre-push": ("origin", "url"),
    "post-merge": ("0",),
    "post-checkout": ("HEAD~1", "HEAD", "1"),
    "post-rewrite": ("rebase",),
}
SCRIPT = """
import sys
from orchestrator.cli import main
try:
    main(sys.argv[1:])
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}), file=open("modules", "w"))
"""


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_imports_nothing_heavy(name: str, repo: "Repo") -> None:
    repo.start()
    repo.git("commit", "-a", "-m", "Start")
    tip = repo.git("rev-parse", "HEAD").stdout.strip()
    repo.edit(TASK, "status: in_progress", "status: completed")
    repo.git("add", ".")
    (repo.top / ".git/message").write_text("\nOrchestrator-Patch: sha256:" + "a" * 64)
    line = f"refs/heads/main {tip} refs/heads/main {'0' * 40}\n"
    arguments = (name, *ARGUMENTS.get(name, ()))
    repo.run(sys.executable, "-P", "-c", SCRIPT, "hook", *arguments, stdin=line, may_fail=True)
    loaded = set((repo.top / "modules").read_text().split())
    assert "orchestrator" in loaded
    assert loaded & HEAVY == set()


def test_a_hook_that_is_unknown_is_a_mistake_of_usage(repo: "Repo") -> None:
    done = repo.orc("hook", "pre-comit", may_fail=True)
    assert done.returncode == 2
    assert "There is no hook 'pre-comit'" in done.stderr
    assert repo.orc("hook", "commit-msg", may_fail=True).returncode == 2


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EIO, "I/O error", "a.yaml"), " hook gave up at a.yaml: i/o error."),
        (OSError(errno.ENOMEM, "No memory"), " hook gave up: no memory."),
        (OrchestratorError("It is late."), "It is late."),
    ],
    ids=str,
)
def test_a_hook_that_informs_never_fails(
    error: Exception,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr("gc.disable", lambda: None)
    for name in hook._INFORMING:
        monkeypatch.setitem(hook._INFORMING, name, failing)
        session = Session(Path(), {}, has_color=False, is_terminal=False)
        assert hook.command.main([name], obj=session, standalone_mode=False) == 0
        heard = capsys.readouterr().err
        assert heard.startswith("orchestrator: ")
        assert heard.endswith(f"{said}\n")
        assert heard.count("\n") == 1


def test_a_hook_that_informs_accepts_even_wrong_usage(repo: "Repo") -> None:
    assert "the file of the message" in repo.orc("hook", "prepare-commit-msg").stderr


def test_a_refusal_that_nobody_hears_still_refuses(repo: "Repo") -> None:
    repo.stop()
    repo.git("add", ".")
    for where in ("2>/dev/full", "2>&-", "2> >(exec true)"):
        done = repo.run("bash", "-c", f"orchestrator hook pre-commit {where}", may_fail=True)
        assert done.returncode == 1


def test_outside_of_a_workspace_checks_refuse_and_the_rest_says_so(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    for name, code in (("pre-commit", 1), ("pre-push", 1), ("post-merge", 0)):
        done = subprocess.run(
            ["orchestrator", "hook", name], cwd=tmp_path, env=environment, text=True, input="",
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == code
        assert "is in no workspace" in done.stderr


def test_warnings_are_shown_and_refuse_nothing(repo: "Repo") -> None:
    repo.edit(TASK, "status: todo", "dependencies: [PAY-2]\nstatus: in_progress")
    repo.git("add", ".")
    done = repo.orc("hook", "pre-commit")
    assert "warning[ORC306]" in done.stderr
    assert "refused" not in done.stderr
    assert done.stdout == ""


def test_hooks_look_at_their_own_repository_only(repo: "Repo") -> None:
    """Another repository's variables, as a hook of it would leave them, must not be believed."""
    other = repo.top.parent / "other"
    repo.git("clone", "--quiet", str(repo.top), str(other))
    repo.stop()
    repo.git("add", ".")
    env = {"GIT_DIR": str(other / ".git"), "GIT_INDEX_FILE": str(other / ".git/index")}
    done = repo.orc("check", "--staged", may_fail=True, env=env)
    assert done.returncode == 1


def test_a_hook_that_informs_gives_up_after_its_time() -> None:
    with pytest.raises(OrchestratorError, match="was not checked in time"), _limited(0.02):
        time.sleep(5)
    with _limited(0.02):
        pass
    time.sleep(0.05)
