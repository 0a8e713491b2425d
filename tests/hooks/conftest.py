"""Repositories with the hooks installed, away from the home folder and from this repository."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import pytest

TASK = "projects/pay/tasks/PAY-1.yaml"
OTHER = "projects/pay/tasks/PAY-2.yaml"
CREATED = "created_at: 2026-01-02T03:04:05+00:00\n"


@dataclass(frozen=True)
class Repo:
    """A work tree with a plan in it, and what its people do there."""

    top: Path
    environment: dict[str, str]
    folder: str = ""

    @property
    def root(self) -> Path:
        return self.top / self.folder

    def run(
        self,
        *command: str,
        may_fail: bool = False,
        cwd: Path | None = None,
        stdin: str = "",
        env: Mapping[str, str] = MappingProxyType({}),
    ) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            command, cwd=cwd or self.top, env={**self.environment, **env}, input=stdin, text=True,
            capture_output=True, check=False, encoding="utf-8",
        )  # fmt: skip
        assert may_fail or done.returncode == 0, (command, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def git(
        self,
        *arguments: str,
        may_fail: bool = False,
        cwd: Path | None = None,
        env: Mapping[str, str] = MappingProxyType({}),
    ) -> "subprocess.CompletedProcess[str]":
        return self.run("git", *arguments, may_fail=may_fail, cwd=cwd, env=env)

    def orc(
        self,
        *arguments: str,
        may_fail: bool = False,
        stdin: str = "",
        env: Mapping[str, str] = MappingProxyType({}),
    ) -> "subprocess.CompletedProcess[str]":
        return self.run(
            "orchestrator", *arguments, may_fail=may_fail, cwd=self.root, stdin=stdin, env=env
        )

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, newline="")

    def read(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    def edit(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text, text
        self.write(path, text.replace(old, new))

    def start(self, path: str = TASK) -> None:
        """Set a task in progress as somebody with an editor does: without the stamp."""
        self.edit(path, "status: todo", "status: in_progress")

    def stop(self, path: str = TASK) -> None:
        """Break a task so that no commit may hold it."""
        self.edit(path, "status: todo", "status: paused")

    def shown(self, path: str = TASK, revision: str = "HEAD") -> str:
        """A file as a commit, or with `revision=""` the index, has it."""
        where = f"{self.folder}/{path}" if self.folder else path
        return self.git("show", f"{revision}:{where}").stdout

    def worktree(self, name: str) -> "Repo":
        """Make a linked work tree, on a branch `linked`."""
        folder = self.top.parent / name
        self.git("worktree", "add", "--quiet", "-b", "linked", str(folder))
        return replace(self, top=folder)

    def editor(self, then: str = ":") -> dict[str, str]:
        """Variables for an editor that keeps what it was shown and runs a line of shell."""
        script = self.top.parent / "editor"
        script.write_text(f"#!/bin/sh\ncat \"$1\" > '{script}.seen'\n{then}\n")
        script.chmod(0o755)
        return {"GIT_EDITOR": f"'{script}'"}

    @property
    def seen(self) -> str:
        """What the editor was shown."""
        return (self.top.parent / "editor.seen").read_text()

    @property
    def status(self) -> str:
        return self.git("status", "--short").stdout

    @property
    def subject(self) -> str:
        return self.git("log", "-1", "--format=%s").stdout.strip()


def plan_files(root: Path) -> None:
    """Write a small plan that is right."""
    texts = {
        "orchestrator.yaml": "name: Test\n",
        "projects/pay/project.yaml": f"id: pay\nkey: PAY\ntitle: Pay\nstatus: planned\n{CREATED}",
        TASK: f"id: PAY-1\ntitle: One  # first\nstatus: todo\n{CREATED}",
        OTHER: f"id: PAY-2\ntitle: Two\nstatus: todo\n{CREATED}",
    }
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of a machine that knows nothing but git and orchestrator."""
    home = tmp_path_factory.mktemp("home")
    config = home / "gitconfig"
    config.write_text("")
    shim = home / "bin" / "orchestrator"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m orchestrator "$@"\n')
    shim.chmod(0o755)
    git = Path(shutil.which("git") or "/usr/bin/git").parent
    return {
        "HOME": str(home),
        "PATH": f"{shim.parent}:{git}:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_EDITOR": "true",
        **{f"GIT_{who}_NAME": "Dana" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "dana@example.com" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_DATE": "2026-02-03T04:05:06+00:00" for who in ("AUTHOR", "COMMITTER")},
    }


@pytest.fixture(scope="session")
def patterns(
    tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]
) -> Callable[[str, bool], Path]:
    """Repositories to copy: made once for each folder, with and without the first commit."""
    made: dict[tuple[str, bool], Path] = {}

    def pattern(folder: str, committed: bool) -> Path:
        if (folder, committed) not in made:
            top = tmp_path_factory.mktemp("pattern")
            repo = Repo(top, environment, folder)
            repo.git("init", "--quiet", "--initial-branch=main")
            plan_files(repo.root)
            (top / "code.txt").write_text("code\n")
            repo.orc("hooks", "install")
            if committed:
                repo.git("add", ".")
                repo.git("commit", "--quiet", "--no-verify", "-m", "Begin")
            made[folder, committed] = top
        return made[folder, committed]

    return pattern


@pytest.fixture
def make(
    tmp_path: Path, environment: dict[str, str], patterns: Callable[[str, bool], Path]
) -> Callable[..., Repo]:
    """A function that makes a repository with a plan, hooks and (unless told not) a commit."""

    def make_repo(name: str = "repo", folder: str = "", *, committed: bool = True) -> Repo:
        shutil.copytree(patterns(folder, committed), tmp_path / name, symlinks=True)
        return Repo(tmp_path / name, environment, folder)

    return make_repo


@pytest.fixture
def repo(make: Callable[..., Repo]) -> Iterator[Repo]:
    """A repository whose top is the workspace."""
    made = make()
    yield made
    assert made.git("fsck", "--no-dangling").stderr.strip() in (
        "",
        "notice: HEAD points to an unborn branch (main)",
    )
    assert not list(made.top.glob(".git/*.lock"))
