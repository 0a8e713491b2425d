"""stdout and stderr that cannot fail in the middle of a command: full, closed, or not Unicode."""

import codecs
import io
import os
import sys

from orchestrator.errors import OrchestratorError

TYPE_CHECKING = False  # typing's own would cost --version a third of its time
if TYPE_CHECKING:
    from typing import Any, TextIO

_ERRORS = "orchestrator.spelled"
# What the commands draw with, for terminals that have no such characters.
_PLAIN = {
    "○": "o", "◐": "~", "◑": "%", "●": "*", "✖": "x", "⊘": "-", "│": "|", "├": "|", "└": "`",
    "─": "-", "→": "->", "…": "...", "◆": "*", "█": "#", "░": ".", "·": ".",
    "▒": "-", "▓": "%", "━": "=", "◇": "<", "┊": ":", "▼": "v", "╌": "-", "↑": "^",
}  # fmt: skip


class OutputError(OrchestratorError):
    """The answer cannot be written."""

    def __init__(self, error: OSError) -> None:
        reason = (error.strerror or str(error)).lower()
        super().__init__(f"The output cannot be written: {reason}.")


class ReaderGoneError(Exception):
    """Whoever read the answer has seen enough, as `head` does.

    Not an OSError: click makes exit code 1 of those, and git's pipes break with the same one.
    """


class _Answer(io.FileIO):
    """stdout. After it failed once it takes everything, or the interpreter complains at exit."""

    _has_failed = False

    def write(self, data: "Any", /) -> "Any":
        if self._has_failed:
            return memoryview(data).nbytes
        try:
            return super().write(data)
        except BrokenPipeError:
            self._has_failed = True
            raise ReaderGoneError from None
        except OSError as error:
            self._has_failed = True
            raise OutputError(error) from error


class _Talk(io.FileIO):
    """stderr. That nobody can hear changes neither what a command does nor its exit code."""

    def write(self, data: "Any", /) -> "Any":
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def guard_streams() -> None:
    """Put the guarded streams in place of the process's own."""
    codecs.register_error(_ERRORS, _spelled)
    sys.stdout = _guarded(sys.stdout, _Answer)
    sys.stderr = _guarded(sys.stderr, _Talk)


def settle() -> None:
    """Write what stdout still holds; too late to tell anybody if that fails."""
    try:
        sys.stdout.flush()
    except (OutputError, ReaderGoneError):
        return


def _guarded(stream: "TextIO | None", kind: type[io.FileIO]) -> "TextIO":
    if stream is None:  # closed by the caller, as in `>&-`
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - for the whole run
    binary = getattr(stream, "buffer", None)
    # With python -u there is no buffer between text and file.
    if not isinstance(binary, io.FileIO) and not isinstance(
        getattr(binary, "raw", None), io.FileIO
    ):
        return stream  # put there by a program that calls main
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(kind(stream.fileno(), "w", closefd=False)),
        encoding=stream.encoding,
        errors=_ERRORS,
        line_buffering=getattr(stream, "line_buffering", False) or isinstance(binary, io.FileIO),
    )


def _spelled(error: UnicodeError) -> tuple[str, int]:
    r"""Spell what an encoding lacks: plainly if we drew it, as \u otherwise."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    from orchestrator.cli.escape import json_char

    lacking = error.object[error.start : error.end]
    return "".join(_PLAIN.get(char) or json_char(char) for char in lacking), error.end
