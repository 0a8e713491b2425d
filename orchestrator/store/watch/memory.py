"""A plan kept in memory: at each look only the files are read that are not as they were."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from orchestrator.model.places import Place, layer_of, place_of
from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Read, Snapshot, build
from orchestrator.store.files import Entry, WorkTree, read_listed
from orchestrator.store.index.outline import Beside, is_of_task
from orchestrator.store.index.scan import Outline, compare, moment
from orchestrator.store.load import case_collisions, located
from orchestrator.store.parse import parse_entries


class Look(NamedTuple):
    """What a look at the files found.

    Attributes:
        changed: Paths of files whose bytes changed, or that came or went.
        meant: Those of them that say something else now.
    """

    changed: tuple[str, ...]
    meant: tuple[str, ...]


@dataclass
class Memory:
    """The files of a plan as they were at the last look.

    Attributes:
        source: Where the files are; the last look's.
    """

    source: WorkTree
    _folders: dict[str, bytes] = field(default_factory=dict)
    _order: tuple[str, ...] = ()
    _reads: dict[str, dict[str, Read]] = field(default_factory=dict)
    _faults: dict[str, list[Problem]] = field(default_factory=dict)
    _doubtful: set[str] = field(default_factory=set)
    _odd: list[Problem] = field(default_factory=list)
    _marks: dict[str, int] = field(default_factory=dict)
    _beside: list[Entry | Problem] = field(default_factory=list)
    _located: dict[str, tuple[list[Problem], list[Problem]]] = field(default_factory=dict)

    def look(self, source: WorkTree) -> Look:
        """Read what is not as it was, and return what that is."""
        began = moment()
        self.source = source
        outline = Outline(source.root, source.layer)
        root = str(source.root)
        beside = list(read_listed(root, outline.listing()))
        # One process: a fork beside the threads that listen to the system could hang.
        difference = compare(outline, self._folders, began, 1)
        changed, meant = self._take_beside(beside)
        marks: dict[str, int] = {}
        parsed = parse_entries(_marked(read_listed(root, difference.read), marks))
        before = {path: self._forget(path) for path in difference.gone}
        before |= {path: self._forget(path) for path, _ in difference.read}
        self._take_tasks(parsed.reads)
        self._doubtful.update(parsed.doubtful)
        for path, found in groupby(parsed.problems, key=lambda problem: problem.path):
            self._faults.setdefault(path, []).extend(found)
        self._odd = difference.odd
        self._take_folders(outline, difference.folders)
        for path, (read, mark) in before.items():
            now = marks.get(path)
            if now is not None:
                self._marks[path] = now
            if now != mark:
                changed.append(path)
                if _meaning(read) != _meaning(self._read(path)):
                    meant.append(path)
        return Look(tuple(sorted(changed)), tuple(sorted(meant)))

    def is_as_it_was(self, path: str) -> bool:
        """Return whether a file of the plan has the bytes of the last look, or is gone as then."""
        data = self.source.read(path)
        if is_of_task(path):
            return (None if data is None else hash(data)) == self._marks.get(path)
        known = next((item for item in self._beside if item.path == path), None)
        return (known.data if isinstance(known, Entry) else None) == data

    def snapshot(self, over: Mapping[str, bytes | None] | None = None) -> Snapshot:
        """Return the plan of the last look.

        Args:
            over: Files that are to be otherwise than they are, by path: their bytes, or None for
                one that is not to be there.
        """
        over = over or {}
        entries = [
            Entry(path, place, data)
            for path, data in over.items()
            if data is not None and (place := promised(path)) is not None
        ]
        own = [item for item in self._beside if item.path not in over]
        beside = Beside(self.source, [*own, *(e for e in entries if not is_of_task(e.path))])
        other = parse_entries(entry for entry in entries if is_of_task(entry.path))
        reads = [
            read
            for folder in self._order
            for read in self._reads.get(folder, {}).values()
            if read[0] not in over
        ]
        reads += other.reads
        faults = [
            item for path, found in self._faults.items() if path not in over for item in found
        ]
        return build(
            [*beside.parts.reads, *reads],
            [*beside.parts.problems, *faults, *self._odd, *other.problems, *case_collisions(reads)],
            frozenset((*beside.parts.doubtful, *(self._doubtful - over.keys()), *other.doubtful)),
            self.source.layer,
        )

    @property
    def files(self) -> int:
        """How many files hold entities."""
        tasks = sum(map(len, self._reads.values()))
        return tasks + sum(isinstance(item, Entry) for item in self._beside)

    def located(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Return problems of the last look with line and column, by path and line."""
        kept: dict[str, tuple[list[Problem], list[Problem]]] = {}
        lost: dict[str, list[Problem]] = {}
        for path, group in groupby(problems, key=lambda problem: problem.path):
            found = list(group)
            known = self._located.get(path)
            if known is not None and known[0] == found and is_of_task(path):
                kept[path] = known
            else:
                lost[path] = found
        fresh = located(self.source, [problem for found in lost.values() for problem in found])
        for path, group in groupby(fresh, key=lambda problem: problem.path):
            kept[path] = lost[path], list(group)
        self._located = kept
        return tuple(problem for path in sorted(kept) for problem in kept[path][1])

    def _take_beside(self, items: list[Entry | Problem]) -> tuple[list[str], list[str]]:
        """Keep what is beside the tasks; return the paths that changed, and of those that mean."""
        earlier, now = _by_path(self._beside), _by_path(items)
        changed = [path for path in {**earlier, **now} if earlier.get(path) != now.get(path)]
        meant = [path for path in changed if _said(earlier.get(path)) != _said(now.get(path))]
        self._beside = items
        return changed, meant

    def _take_tasks(self, reads: Iterable[Read]) -> None:
        for read in reads:
            self._reads.setdefault(read[0].rpartition("/")[0], {})[read[0]] = read

    def _take_folders(self, outline: Outline, changed: Mapping[str, bytes | None]) -> None:
        self._order = tuple(folder.path for folder in outline.folders)
        for path, entries in changed.items():
            if entries is None:
                self._folders.pop(path, None)
                self._reads.pop(path, None)
            else:
                self._folders[path] = entries
                # Of two files with one id the first counts, so the order is that of the folder.
                self._reads[path] = dict(sorted(self._reads.get(path, {}).items()))

    def _forget(self, path: str) -> tuple[Read | None, int | None]:
        """Drop what is known of a task's file, and return what it was."""
        self._faults.pop(path, None)
        self._located.pop(path, None)
        self._doubtful.discard(path)
        read = self._reads.get(path.rpartition("/")[0], {}).pop(path, None)
        return read, self._marks.pop(path, None)

    def _read(self, path: str) -> Read | None:
        return self._reads.get(path.rpartition("/")[0], {}).get(path)


def promised(path: str) -> Place | None:
    """Return what the path of a plan's file promises; None for a path that no entity has."""
    if (layer := layer_of(path)) is not None:
        return Place("settings", layer)
    return place_of(path)


def _marked(items: Iterable[Entry | Problem], marks: dict[str, int]) -> Iterator[Entry | Problem]:
    """Yield items as they are, and note a fingerprint of each file's bytes on the way."""
    for item in items:
        marks[item.path] = hash(item.data) if isinstance(item, Entry) else hash(item.message)
        yield item


def _meaning(read: Read | None) -> object:
    """Return what a file of a task says; the key that building a plan adds is not of the file."""
    if read is None:
        return None
    outcome = read[2]
    if isinstance(outcome, list):
        return [(item.code, item.message) for item in outcome]
    return {key: value for key, value in outcome.items() if key != "project"}


def _by_path(items: Iterable[Entry | Problem]) -> dict[str, Entry | Problem]:
    return {item.path: item for item in items}


def _said(item: Entry | Problem | None) -> object:
    if not isinstance(item, Entry):
        return item
    read = parse_entries([item]).reads[0]
    return _meaning(read)
