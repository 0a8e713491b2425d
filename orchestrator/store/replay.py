"""What became of each task day by day, out of git: no stamp in a file is believed."""

import os
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from orchestrator.model.places import SUFFIX
from orchestrator.store.chronicle import horizon
from orchestrator.store.git import Git, Oid
from orchestrator.store.index.past import Commit, Past
from orchestrator.store.log import FILE_MODES
from orchestrator.store.pair import in_two
from orchestrator.store.parse import document_of
from orchestrator.store.repository import Repository
from orchestrator.store.trees import read_blobs
from orchestrator.store.workspace import Workspace
from orchestrator.view.ledger import Entry, Ledger, State, in_order, with_renames


class _File(NamedTuple):
    """A task's file that a commit touched; without a blob, it is gone."""

    task: str
    project: str
    oid: Oid | None


class _Version(NamedTuple):
    """A task's file at one time: its project, and its blob."""

    project: str
    oid: Oid


class _Step(NamedTuple):
    """What one day made of one task's file."""

    day: date
    task: str
    before: _Version | None
    after: _Version | None


def replay(
    workspace: Workspace, today: date, since: date | None = None, *, has_opening: bool = True
) -> Ledger:
    """Return what the current branch says of its tasks from day to day.

    Of a merge counts what it brought to the branch, on the day on which it did. Days are those of
    the committers' own clocks, put in order where a clock went wrong.

    Args:
        workspace: Whose tasks.
        today: Commits of later days have wrong clocks.
        since: What is older is one entry a task, of the day before.
        has_opening: Whether those entries are wanted; most files need not be read without them.

    Raises:
        NoRepositoryError: The workspace is in no git repository.
    """
    repository = workspace.required_repository
    if not repository.has_commits:
        return Ledger()
    past = Past(workspace)
    known_from = horizon(repository)
    commits = [
        (
            _day(day),
            [_File(task, project, Oid(oid) if oid else None) for task, project, oid in files],
        )
        for day, files in past.commits(
            lambda revisions: list(_commits(repository, revisions)), "\n".join(sorted(known_from))
        )
    ]
    if not commits:
        return Ledger()
    days = in_order([day for day, _ in commits], today)
    earliest = days[0] if since is None else max(days[0], since - timedelta(days=1))
    steps = list(_steps([max(day, earliest) for day in days], [files for _, files in commits]))
    if since is not None and not has_opening:
        steps = [step for step in steps if step.day >= since]
    versions = [each for step in steps for each in (step.before, step.after) if each]
    oids = list(dict.fromkeys(version.oid for version in versions))
    read = partial(_read, repository.git)
    if workspace.processes > 1:
        read = partial(in_two, read)
    states = {
        oid: said and State(*said)
        for oid, said in past.versions(oids, lambda left: list(map(_plain, read(left)))).items()
    }
    unreadable = sum(state is None for state in states.values())
    return Ledger(tuple(_entries(steps, states)), days[0], unreadable, bool(known_from))


def _read(git: Git, oids: Sequence[Oid]) -> list[State | None]:
    return [_state(data) for data in read_blobs(git, list(oids))]


def _plain(state: State | None) -> tuple[Any, ...] | None:
    return None if state is None else tuple(state)


def _commits(repository: Repository, revisions: str) -> Iterator[Commit]:
    """Yield day and touched files of the commits of the branch itself, oldest first."""
    out = repository.git.run(
        "log", "-z", "--raw", "--no-abbrev", "--no-renames", "--root", "--reverse",
        "--first-parent", "--diff-merges=first-parent", "--no-ext-diff", "--no-follow",
        "--no-show-signature", "--format=%cs", revisions, "--", f"{repository.prefix}projects",
    )  # fmt: skip
    tokens = out.split(b"\0")
    at = 0
    while at < len(tokens) - 1:
        day = tokens[at].decode("ascii", "replace").strip()
        begin = at = at + 1
        while at < len(tokens) and tokens[at].lstrip(b"\n").startswith(b":"):
            at += 2
        yield day, list(_files(tokens[begin:at], os.fsencode(repository.prefix)))


def _files(tokens: Sequence[bytes], prefix: bytes) -> Iterator[tuple[str, str, str | None]]:
    suffix = SUFFIX.encode()
    for head, name in zip(tokens[::2], tokens[1::2], strict=False):
        parts = name[len(prefix) :].split(b"/")
        if len(parts) == 4 and parts[2] == b"tasks" and name.endswith(suffix):  # noqa: PLR2004
            _, mode, _, new, _ = head.split(b" ")
            task = os.fsdecode(parts[3][: -len(suffix)])
            oid = new.decode() if mode.decode() in FILE_MODES else None
            yield task, os.fsdecode(parts[1]), oid


def _steps(days: Sequence[date], commits: Sequence[Sequence[_File]]) -> Iterator[_Step]:
    """Yield what each day made of each task's file; what it changed twice is one step."""
    present: dict[str, _Version] = {}
    before: dict[str, _Version | None] = {}
    for at, (day, files) in enumerate(zip(days, commits, strict=True)):
        # What goes first: a file that goes here and comes there has moved.
        for task, project, oid in sorted(files, key=lambda file: file.oid is not None):
            had = present.get(task)
            before.setdefault(task, had)
            if oid is not None:
                present[task] = _Version(project, oid)
            elif had is not None and had.project == project:
                del present[task]
        if at + 1 == len(days) or days[at + 1] != day:
            for task, was in before.items():
                now = present.get(task)
                if was != now:
                    yield _Step(day, task, was, now)
            before.clear()


def _entries(steps: Sequence[_Step], states: dict[Oid, State | None]) -> Iterator[Entry]:
    of_day: list[Entry] = []
    for step in steps:
        if of_day and of_day[0].day != step.day:
            yield from with_renames(of_day)
            of_day = []
        before = _at(step.before, states)
        if step.after is not None and states[step.after.oid] is None:
            states[step.after.oid] = before  # a file that cannot be read says what it said before
        after = _at(step.after, states)
        if before != after:
            of_day.append(Entry(step.day, step.task, before, after))
    yield from with_renames(of_day)


def _at(version: _Version | None, states: dict[Oid, State | None]) -> State | None:
    state = states[version.oid] if version else None
    return state._replace(project=version.project) if version and state else None


def _state(data: bytes) -> State | None:
    document = document_of("", data)
    if not isinstance(document, dict):
        return None
    minutes: Any = document.get("estimated_minutes")
    due = document.get("due_date")
    return State(
        "",
        str(document.get("title") or ""),
        str(document.get("status") or "todo"),
        minutes if type(minutes) is int and minutes > 0 else 0,
        due if isinstance(due, str) and _is_day(due) else None,
        not document.get("deleted_at"),
    )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _day(text: str) -> date:
    return date.fromisoformat(text) if _is_day(text) else date.min
