"""The one runner of git: fixed argument lists, a clean environment, bytes in and out."""

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import IO, NewType

from orchestrator.errors import OrchestratorError

Oid = NewType("Oid", str)
"""A full object id; user-given revisions become one before they reach any other command."""

OLDEST = (2, 38)  # merge-tree --write-tree
_SECONDS = 600

# Settings of the user's that would change what plumbing prints, or start helpers of their own.
_FIXED = (
    "-c", "core.fsmonitor=false",
    "-c", "core.quotePath=false",
    "-c", "color.ui=false",
    "-c", "gc.auto=0",
    "-c", "core.filesRefLockTimeout=2000",
)  # fmt: skip

# What pre-commit keeps for repositories other than the hook's own, and why: transport and
# configuration given by variables are the user's wish; the location of a repository is not.
_KEPT = frozenset(
    {
        "GIT_EXEC_PATH", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "GIT_SSL_NO_VERIFY",
        "GIT_ASKPASS", "GIT_ALLOW_PROTOCOL", "GIT_HTTP_PROXY_AUTHMETHOD", "GIT_CONFIG_COUNT",
        "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_TRACE",
        "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE",
        "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE", "GIT_EDITOR",
    }
)  # fmt: skip
# What git tells a hook: where the repository is, and the settings of `git -c`.
_IN_HOOK = frozenset(
    {
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_PREFIX",
        "GIT_CONFIG_PARAMETERS",
    }
)  # fmt: skip


class StoreError(OrchestratorError):
    """Reading or writing the plan's files or git failed."""


class GitMissingError(StoreError):
    """There is no git program."""

    def __init__(self) -> None:
        super().__init__("git was not found.", "Install git 2.38 or newer and put it on PATH.")


class GitNotStartedError(StoreError):
    """The system does not start git: too many open files or processes, or too long a command."""

    def __init__(self, error: OSError) -> None:
        reason = (error.strerror or str(error)).lower()
        super().__init__(
            f"git cannot be started: {reason}.",
            "Close other programs, or raise the limit: ulimit -n 1024 .",
        )


class GitFailedError(StoreError):
    """A git command failed.

    Attributes:
        command: The subcommand and its arguments.
        output: What git said.
        code: Its exit code.
    """

    def __init__(self, command: tuple[str, ...], output: str, code: int) -> None:
        said = next((line for line in output.splitlines() if line.strip()), "")
        said = said.removeprefix("fatal: ").removeprefix("error: ").rstrip(".")
        hints = [line[6:] for line in output.splitlines() if line.startswith("hint: ")]
        super().__init__(
            f"git {command[0]} failed: {said or f'exit code {code}'}.",
            hints[0] if hints else "orchestrator doctor looks at the set-up.",
        )
        self.command = command
        self.output = output
        self.code = code


class UnknownRevisionError(StoreError):
    """The text names no commit."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"{revision[:100]!r} names no commit here.", "See git branch --all and git log."
        )
        self.revision = revision


@dataclass(frozen=True, slots=True)
class Git:
    """A repository to run git in.

    Attributes:
        program: Absolute path of git.
        folder: Where it runs.
        environment: Of the process that git is started with.
        has_magic: Whether `:(glob)` and the like mean something in a path; only where no path
            comes from outside.
    """

    program: str
    folder: str
    environment: Mapping[str, str]
    has_magic: bool = False

    def with_magic(self) -> "Git":
        """Return the same for commands whose paths are patterns."""
        return replace(self, has_magic=True)

    def run(self, *arguments: str, stdin: bytes | None = None, may_fail: bool = False) -> bytes:
        """Return what git prints to stdout.

        Raises:
            GitFailedError: The exit code is not 0 and `may_fail` is false.
        """
        return self.finish(*arguments, stdin=stdin, may_fail=may_fail)[1]

    def finish(
        self, *arguments: str, stdin: bytes | None = None, may_fail: bool = True
    ) -> tuple[int, bytes, str]:
        """Return exit code, stdout, and stderr as text."""
        try:
            done = subprocess.run(
                self._argv(arguments),
                cwd=self.folder,
                env=dict(self.environment),
                input=stdin,
                stdin=subprocess.DEVNULL if stdin is None else None,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except OSError as error:
            raise GitNotStartedError(error) from error
        said = done.stderr.decode("utf-8", "replace")
        if done.returncode and not may_fail:
            raise GitFailedError(arguments, said, done.returncode)
        return done.returncode, done.stdout, said

    @contextmanager
    def stream(
        self, *arguments: str, stdin: IO[bytes] | int = subprocess.DEVNULL
    ) -> Iterator["subprocess.Popen[bytes]"]:
        """Run git with its stdout as a pipe; on leaving, wait for it and ask whether it failed."""
        try:
            started = subprocess.Popen(
                self._argv(arguments),
                cwd=self.folder,
                env=dict(self.environment),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise GitNotStartedError(error) from error
        with started as process:
            try:
                yield process
            except BaseException:
                process.kill()
                raise
            said = process.stderr.read() if process.stderr else b""
        if process.returncode:
            raise GitFailedError(arguments, said.decode("utf-8", "replace"), process.returncode)

    def commit_of(self, revision: str) -> Oid:
        """Return the commit that a user's text names.

        Everything else takes only the ids that come out of here: a text that starts with `-` or
        names a file never reaches another command.

        Raises:
            UnknownRevisionError: There is none.
        """
        if "\n" in revision or "\0" in revision:
            raise UnknownRevisionError(revision)
        code, out, _ = self.finish(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
        if code:
            raise UnknownRevisionError(revision)
        return Oid(out.decode().strip())

    def empty_tree(self) -> Oid:
        """Return the id of the tree without files, in this repository's hash."""
        return Oid(self.run("hash-object", "-t", "tree", "--stdin", stdin=b"").decode().strip())

    def config(self, name: str) -> str | None:
        """Return a setting of git's, or None when it is not set."""
        code, out, _ = self.finish("config", "--get", name)
        return out.decode("utf-8", "replace").rstrip("\n") if code == 0 else None

    def version(self) -> tuple[int, ...]:
        """Return git's version, `(2, 39, 5)`."""
        words = self.run("version").decode().split()
        numbers = [part for part in words[2].split(".") if part.isdigit()]
        return tuple(int(part) for part in numbers)

    def _argv(self, arguments: Iterable[str]) -> list[str]:
        literal = () if self.has_magic else ("--literal-pathspecs",)
        return [self.program, *literal, *_FIXED, *arguments]


def open_git(folder: str, environment: Mapping[str, str], *, in_hook: bool = False) -> Git:
    """Return a runner for the repository that `folder` is in.

    Args:
        folder: Where git runs.
        environment: The process's own.
        in_hook: Keep the variables with which git tells a hook where its repository, index and
            quarantine are, and the settings of `git -c`. Everywhere else they would point at
            somebody else's repository.

    Raises:
        GitMissingError: There is no git on PATH.
    """
    program = shutil.which("git", path=environment.get("PATH"))
    if program is None:
        raise GitMissingError
    return Git(program, folder, clean_environment(environment, in_hook=in_hook))


def clean_environment(environment: Mapping[str, str], *, in_hook: bool) -> dict[str, str]:
    """Return the variables that git may see."""

    def is_kept(name: str) -> bool:
        if not name.startswith("GIT_") or name in _KEPT:
            return True
        if name.startswith(("GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_", "GIT_TRACE", "GIT_PUSH_")):
            return True
        return in_hook and name in _IN_HOOK

    kept = {name: value for name, value in environment.items() if is_kept(name)}
    kept |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    return kept
