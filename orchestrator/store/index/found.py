"""Files of tasks after reading: what they say, what is wrong with them, and as rows."""

from collections.abc import Iterable, Sequence
from hashlib import sha1
from typing import Any, NamedTuple

from orchestrator.model.places import Place, place_of
from orchestrator.model.problem import Problem
from orchestrator.model.shape import Document, judge
from orchestrator.model.snapshot import Read
from orchestrator.model.vocabulary import DEFAULT_PRIORITY, DONE, PRIORITIES
from orchestrator.store.files import Entry, Listed, read_listed
from orchestrator.store.index.packing import plain, problem_of
from orchestrator.store.pair import in_two
from orchestrator.store.parse import parse_entries

RANKS = {priority: -rank for rank, priority in enumerate(PRIORITIES)}
"""Priorities as numbers that sort the most urgent first."""

SEPARATOR = "\x1f"
"""Between labels in a row; no text of a plan holds it."""


class Found(NamedTuple):
    """A file of a task.

    Attributes:
        path: Relative to the workspace.
        place: What its path promises.
        oid: The id that git gives its bytes, or None where nothing could be read.
        mode: As git has it; `""` in a work tree.
        outcome: Its document, or what is wrong with its text; None where nothing could be read.
        problems: What is wrong with the path, and with bytes that could be read all the same.
        is_doubtful: Whether the models have to judge the document.
        is_pathless: Whether the path is one that is not looked at for a file of a task.
    """

    path: str
    place: Place
    oid: str | None
    mode: str
    outcome: Document | list[Problem] | None
    problems: tuple[Problem, ...] = ()
    is_doubtful: bool = False
    is_pathless: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it is a document and nothing is wrong with it."""
        return isinstance(self.outcome, dict) and not self.problems and not self.is_doubtful


class Parts(NamedTuple):
    """What `build` makes a snapshot of.

    Attributes:
        reads: Each file's document, or what is wrong with it.
        problems: What is wrong with paths and bytes.
        doubtful: Paths of documents that the models have to judge.
    """

    reads: list[Read]
    problems: list[Problem]
    doubtful: list[str]


def read_files(root: str, listing: Sequence[Listed], processes: int) -> list[Found | None]:
    """Return what is in files of a work tree; None for one that is gone.

    Args:
        root: The workspace's folder.
        listing: The files.
        processes: With 2, a forked child reads the second half of many.
    """

    def work(part: Sequence[Listed]) -> list[Found | None]:
        return [_read(root, item) for item in part]

    return in_two(work, listing) if processes > 1 else work(listing)


def found_in(path: str, place: Place, data: bytes, oid: str, mode: str = "") -> Found:
    """Return what the bytes of a file say."""
    reads, problems, doubtful = parse_entries([Entry(path, place, data)])
    outcome = reads[0][2]
    return Found(path, place, oid, mode, outcome, tuple(problems), bool(doubtful))


def odd_path(problem: Problem) -> Found:
    """Return a path that holds no file of a task, which the problem says."""
    return Found(
        problem.path, promised_by(problem.path), None, "", None, (problem,), is_pathless=True
    )


def promised_by(path: str) -> Place:
    """Return what a path in a folder of tasks promises, right or wrong."""
    return place_of(path) or Place("tasks", path.rpartition("/")[2], path.split("/")[1])


def blob_id(data: bytes) -> str:
    """Return the id that git gives a blob, where it uses SHA-1."""
    return sha1(b"blob %d\0%b" % (len(data), data)).hexdigest()  # noqa: S324 - git's own id


def parts_of(files: Iterable[Found]) -> Parts:
    """Return what `build` makes a snapshot of."""
    parts = Parts([], [], [])
    for file in files:
        if file.problems:
            parts.problems.extend(file.problems)
        if file.outcome is not None:
            parts.reads.append((file.path, file.place, file.outcome))
            if file.is_doubtful:
                parts.doubtful.append(file.path)
    return parts


def odd_values(file: Found) -> tuple[Any, ...]:
    """Return what a row keeps of a file that is not plain: as read, and as far as it is right."""
    outcome: Any = file.outcome
    clean = clean_document(file)
    if isinstance(outcome, list):
        outcome = [plain(problem) for problem in outcome]
    return outcome, [plain(problem) for problem in file.problems], file.is_doubtful, clean


def odd_found(path: str, oid: str | None, mode: str, values: tuple[Any, ...]) -> Found:
    """Return the file that `odd_values` took apart."""
    outcome, problems, is_doubtful, _ = values
    if isinstance(outcome, list):
        outcome = [problem_of(item) for item in outcome]
    return Found(
        path, promised_by(path), oid, mode, outcome, tuple(map(problem_of, problems)), is_doubtful
    )


def clean_document(file: Found) -> Document | None:
    """Return what of a file's document is right, or None when it holds none."""
    if not isinstance(file.outcome, dict):
        return None
    if not file.is_doubtful:
        return file.outcome
    return judge(file.place.kind, file.path, file.outcome, file.place.id or None).clean


def columns(document: Document) -> tuple[Any, ...]:
    """Return what filters and sorting need of a task, in the order of the table."""
    get = document.get
    status = get("status")
    deleted = get("deleted_at") is not None
    labels = get("labels")
    return (
        status,
        RANKS[get("priority") or DEFAULT_PRIORITY],
        get("priority"),
        get("assignee"),
        get("parent"),
        get("due_date"),
        get("start_date"),
        get("created_at"),
        get("started_at"),
        get("completed_at"),
        get("estimated_minutes"),
        deleted,
        status not in DONE and not deleted,
        f"{SEPARATOR}{SEPARATOR.join(labels)}{SEPARATOR}" if labels else None,
        len(get("dependencies") or ()),
    )


NO_COLUMNS = (None, 0, None, None, None, None, None, None, None, None, None, False, False, None, 0)
"""The same of a file that holds no task."""


def _read(root: str, item: Listed) -> Found | None:
    entry = next(read_listed(root, [item]), None)
    if entry is None:
        return None
    path, place = item
    if isinstance(entry, Problem):
        return Found(path, place, None, "", None, (entry,))
    return found_in(path, place, entry.data, blob_id(entry.data))
