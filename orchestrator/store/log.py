"""`git log` of a plan's files as values: commits, and the files that each of them touched."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from orchestrator.model.places import SUFFIX, Kind, path_for
from orchestrator.store.git import Git, Oid
from orchestrator.view.moments import Committed

FILE_MODES = frozenset({"100644", "100755"})
_FORMAT = (
    "%H%x00%P%x00%aN%x00%aE%x00%aI%x00%s"
    "%x00%(trailers:key=Orchestrator-Agent,valueonly,unfold)"
    "%x00%(trailers:key=Reason,valueonly,unfold)"
)
_FIELDS = 8
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Touched(NamedTuple):
    """A file that a commit touched.

    Attributes:
        path: Relative to the workspace.
        old: Its blob before, or None when it was not there.
        new: Its blob afterwards, or None when it is gone; a symbolic link is no file.
    """

    path: str
    old: Oid | None
    new: Oid | None


@dataclass(frozen=True, slots=True)
class Step:
    """A commit that touched the files that were asked for.

    Attributes:
        commit: What git knows of it.
        parents: Their ids.
        files: What it did to the files; of a merge, nothing is said.
    """

    commit: Committed
    parents: tuple[str, ...]
    files: tuple[Touched, ...]

    @property
    def is_merge(self) -> bool:
        """Whether it has more than one parent."""
        return len(self.parents) > 1


def steps_of(
    git: Git,
    prefix: str,
    start: Oid,
    kind: Kind,
    entity_id: str,
    *options: str,
    homes: Sequence[str] | None = None,
) -> list[Step]:
    """Return the commits that touched an entity's file in whatever project, newest first.

    Args:
        git: Of the repository.
        prefix: The workspace inside it.
        start: The newest commit.
        kind: Of the entity.
        entity_id: What its file is called.
        options: For git log.
        homes: The only projects in which a task ever was; None where nobody knows.
    """
    specs = [f":(glob){_escaped(prefix)}{_pattern(kind, _escaped(entity_id))}"]
    if homes is not None and kind == "tasks":
        specs = [f":(literal){prefix}{path_for(kind, entity_id, home)}" for home in homes]
        if not specs:
            return []
    out = git.with_magic().run(
        "log", "-z", "--raw", "--no-abbrev", "--no-renames", "--root",
        "--no-ext-diff", "--no-follow", "--no-show-signature", "--diff-merges=off", "--topo-order",
        "--encoding=UTF-8", f"--format={_FORMAT}", *options, start, "--",
        *specs,
    )  # fmt: skip
    tokens = out.split(b"\0")
    steps = []
    at = 0
    while at + _FIELDS <= len(tokens):
        head = [token.decode("utf-8", "replace") for token in tokens[at : at + _FIELDS]]
        end = at = at + _FIELDS
        while end < len(tokens) and tokens[end].lstrip(b"\n").startswith(b":"):
            end += 2
        files = tuple(touched_files(tokens[at:end], prefix))
        steps.append(Step(_committed(head), tuple(head[1].split()), files))
        at = end
    return steps


def touched_files(tokens: Sequence[bytes], prefix: str) -> Iterator[Touched]:
    """Yield the files of git's raw format: a head and a path in turn."""
    for head, name in zip(tokens[::2], tokens[1::2], strict=False):
        path = os.fsdecode(name)
        if not path.startswith(prefix):
            continue
        was, now, old, new, _ = head.decode().lstrip("\n:").split(" ")
        yield Touched(
            path[len(prefix) :],
            Oid(old) if was in FILE_MODES else None,
            Oid(new) if now in FILE_MODES else None,
        )


def _committed(head: Sequence[str]) -> Committed:
    oid, _, author, email, at, subject, agent, reason = head
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        when = _LONG_AGO  # git keeps whatever a broken tool wrote there
    words = [" ".join(text.split()) or None for text in (agent, reason)]
    return Committed(oid.strip(), author, email, when, subject, *words)


def _pattern(kind: Kind, entity_id: str) -> str:
    match kind:
        case "users":
            return f"users/{entity_id}{SUFFIX}"
        case "projects":
            return f"projects/{entity_id}/project.yaml"
        case _:
            return f"projects/*/tasks/{entity_id}{SUFFIX}"


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "*?[]\\" else char for char in text)
