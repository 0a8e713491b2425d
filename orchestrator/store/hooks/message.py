"""prepare-commit-msg and commit-msg: suggesting a message, and refusing a garbled one."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from orchestrator.patch.describe import fields, subject
from orchestrator.patch.diff import changes_between
from orchestrator.store.git import Git
from orchestrator.store.hooks.staged import File, sides, staged_files
from orchestrator.store.load import load
from orchestrator.store.repository import Repository

_MOST_LINES = 20
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_TRAILER = re.compile(r"(?im)^orchestrator-patch[ \t]*:[ \t]*(.*?)[ \t]*$")
_CONFLICT = re.compile(r"(?m)^(?:<<<<<<<|>>>>>>>)(?: |$)")
_SCISSORS = "------------------------ >8 ------------------------"
_KEPT = frozenset({"verbatim", "whitespace"})


class Suggestion(NamedTuple):
    """What is staged, in words.

    Attributes:
        subject: One line, or None when files outside of the plan are staged as well.
        lines: Field by field.
    """

    subject: str | None
    lines: tuple[str, ...]


def suggestion(repository: Repository) -> Suggestion | None:
    """Return what the staged changes of the plan say in words; None when there are none.

    Reads the files that changed and no others.
    """
    files = staged_files(repository)
    old, new = (load(side).snapshot for side in sides(repository, files))
    changes = list(changes_between(old, new))
    if not changes:
        return None
    lines = [line for change in changes for line in fields(change)]
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], f"… and {len(lines) - _MOST_LINES:,} more"]
    return Suggestion(subject(changes) if _is_all(repository, files) else None, tuple(lines))


def prepared(text: str, found: Suggestion, git: Git) -> str:
    """Return git's template of a message with the suggestion in it.

    The summary goes where git will drop it: into comments, or below the scissors line when the
    message ends at one.
    """
    first, newline, rest = text.partition("\n")
    head = found.subject or "" if not first.strip() else first
    keeps_comments = git.config("commit.cleanup") in _KEPT
    if keeps_comments:
        return f"{head}{newline}{rest}"
    mark = _comment_mark(text, git)
    about = ["In the plan:", *(f"  {line}" for line in found.lines), ""]
    comments = "".join(f"{mark} {line}".rstrip() + "\n" for line in about)
    if _SCISSORS in text:
        return f"{head}{newline}{rest}{comments}"
    return f"{head}\n\n{comments}{rest.lstrip(chr(10))}"


def message_fault(text: str, git: Git) -> str | None:
    """Return what is wrong with a commit message, or None."""
    mark = _comment_mark(text, git)
    body = text.partition(f"{mark} {_SCISSORS}")[0]
    lines = [line for line in body.splitlines() if not line.startswith(mark)]
    told = "\n".join(lines)
    for value in _TRAILER.findall(told):
        if not _DIGEST.fullmatch(value):
            return (
                f"The trailer Orchestrator-Patch holds {value[:80]!r}, which is no sha256 digest."
            )
    if _CONFLICT.search(told):
        return "The message holds conflict markers."
    return None


def _is_all(repository: Repository, files: Sequence[File]) -> bool:
    """Return whether nothing outside of the plan is staged."""
    base = "HEAD" if repository.has_commits else repository.git.empty_tree()
    options = ("--cached", "--name-only", "--no-renames", "-z", base)
    return repository.git.run("diff-index", *options).count(b"\0") == len(files)


def _comment_mark(text: str, git: Git) -> str:
    mark = git.config("core.commentString") or git.config("core.commentChar") or "#"
    if mark != "auto":
        return mark
    # Git has chosen a character that begins no line of the message; its own advice shows it.
    last = next((line for line in reversed(text.splitlines()) if line.strip()), "#")
    return last[0]
