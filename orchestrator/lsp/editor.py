"""What one editor has open: buffers, the workspaces around them, and what it was told of them."""

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from lsprotocol.types import (
    Diagnostic,
    TextDocumentContentChangeEvent,
    TextDocumentContentChangePartial,
)
from pygls.uris import to_fs_path

from orchestrator.lsp.diagnostics import Taste, diagnostics
from orchestrator.lsp.overlay import is_watched
from orchestrator.lsp.plan import Buffer, LivePlan
from orchestrator.lsp.positions import Encoding, Lines
from orchestrator.model.places import SETTINGS_FILE
from orchestrator.model.problem import Problem

_MOST_FOLDERS = 500
"""Folders inside one that is open, in which a workspace is looked for."""


class Spot(NamedTuple):
    """A file of a workspace.

    Attributes:
        plan: The workspace.
        path: The file, relative to it.
    """

    plan: LivePlan
    path: str


class Publication(NamedTuple):
    """What an editor is to show of a file's problems from now on.

    Attributes:
        uri: The file.
        version: The version of its buffer that was looked at, or None.
        diagnostics: All of them; empty when nothing is wrong any more.
    """

    uri: str
    version: int | None
    diagnostics: list[Diagnostic]


class _Told(NamedTuple):
    uri: str
    version: int
    problems: tuple[Problem, ...]
    diagnostics: list[Diagnostic]


class Editor:
    """The state of one client.

    Attributes:
        plans: Workspaces by folder.
        encoding: What the client counts columns in.
        taste: What it can show of a problem.
    """

    def __init__(self, layer: str = "") -> None:
        self.plans: dict[Path, LivePlan] = {}
        self.encoding: Encoding = "utf-16"
        self.taste = Taste()
        self._layer = layer
        self._folders: list[Path] = []
        self._buffers: dict[str, Buffer] = {}
        self._homes: dict[str, Spot] = {}
        self._told: dict[Path, dict[str, _Told]] = {}
        self._seen: dict[Path, int] = {}

    def set_folders(self, added: Iterable[str], removed: Iterable[str] = ()) -> None:
        """Take over which folders are open, by URI, and load the workspaces in them."""
        gone = {path for uri in removed if (path := path_of(uri))}
        here = [path for uri in added if (path := path_of(uri)) and path not in self._folders]
        self._folders = [path for path in self._folders if path not in gone] + here
        self.look()

    def look(self) -> None:
        """Find the workspaces that are there now, and let go of those that no longer are."""
        self._let_go()
        here = [self._plan(root) for folder in self._folders for root in _roots(folder)]
        for uri, buffer in self._buffers.items():
            self._settle(uri, buffer)
        for root, plan in list(self.plans.items()):
            if plan not in here and not plan.buffers:
                del self.plans[root]

    def find(self, uri: str) -> Spot | None:
        """Return the file of a workspace that a URI names, or None."""
        home = self._homes.get(uri)
        if home is not None and home.plan in self.plans.values():
            return home
        file = path_of(uri)
        root = None if file is None else next(_above(file.parent), None)
        if file is None or root is None:
            return None
        return Spot(self._plan(root), file.relative_to(root).as_posix())

    def open(self, uri: str, version: int | None, text: str) -> None:
        """Take over a file that was opened."""
        buffer = self._buffers[uri] = Buffer(uri, version, text)
        self._settle(uri, buffer)

    def change(
        self, uri: str, version: int | None, changes: Sequence[TextDocumentContentChangeEvent]
    ) -> None:
        """Take over what was typed."""
        known = self._buffers.get(uri)
        text = "" if known is None else known.text
        for change in changes:
            if isinstance(change, TextDocumentContentChangePartial):
                text = Lines(text, self.encoding).changed(change.range, change.text)
            else:
                text = change.text
        self.open(uri, version, text)

    def close(self, uri: str) -> None:
        """Forget a buffer: what is on the disk counts again."""
        self._buffers.pop(uri, None)
        home = self._homes.pop(uri, None)
        if home is None:
            return
        home.plan.drop(home.path)
        for other, spot in self._homes.items():
            if spot == home:  # it is open a second time, by a URI that is spelled otherwise
                self._settle(other, self._buffers[other])

    def lines(self, uri: str) -> Lines | None:
        """Return the lines of an open file."""
        buffer = self._buffers.get(uri)
        return None if buffer is None else Lines(buffer.text, self.encoding)

    def watched(self, uris: Iterable[str]) -> None:
        """Look again at files that are said to have changed on the disk."""
        by_plan: dict[int, tuple[LivePlan, list[str]]] = {}
        is_new = False
        for uri in uris:
            if uri.endswith(SETTINGS_FILE):
                is_new = True
            elif (spot := self.find(uri)) is not None and is_watched(spot.path):
                by_plan.setdefault(id(spot.plan), (spot.plan, []))[1].append(spot.path)
        if is_new:
            self.rescan()
            return
        for plan, paths in by_plan.values():
            plan.touch(paths)

    def rescan(self) -> bool:
        """Look over all files on the disk; return whether there is something to tell of."""
        self.look()
        for plan in self.plans.values():
            plan.rescan()
        return self._seen != {root: plan.revision for root, plan in self.plans.items()}

    def publications(self, now: datetime) -> Iterator[Publication]:
        """Yield what the editor must be told: of each file of which it shows something else."""
        self._let_go()
        for root in [root for root in self._told if root not in self.plans]:
            for told in self._told.pop(root).values():
                yield Publication(told.uri, None, [])
        self._seen = {root: plan.revision for root, plan in self.plans.items()}
        for root, plan in self.plans.items():
            yield from self._changes(plan, self._told.setdefault(root, {}), now)

    def _changes(
        self, plan: LivePlan, told: dict[str, _Told], now: datetime
    ) -> Iterator[Publication]:
        found = plan.problems(now)
        for path in [path for path in told if path not in found]:
            yield Publication(told.pop(path).uri, _version(plan, path), [])
        for path, problems in found.items():
            uri, known = plan.uri_of(path), told.get(path)
            version = plan.version(path)
            if known and known[:3] == (uri, version, problems):
                continue
            shown = list(diagnostics(plan, path, problems, self.taste))
            if known and known.uri != uri:
                yield Publication(known.uri, None, [])
            if known is None or (known.uri, known.diagnostics) != (uri, shown):
                yield Publication(uri, _version(plan, path), shown)
            told[path] = _Told(uri, version, problems, shown)

    def _let_go(self) -> None:
        for root in [root for root, plan in self.plans.items() if not plan.is_there]:
            del self.plans[root]

    def _settle(self, uri: str, buffer: Buffer) -> None:
        """Lay a buffer over the file of a workspace, where it is one."""
        home = self.find(uri)
        if home is None:
            self._homes.pop(uri, None)
            return
        self._homes[uri] = home
        if home.plan.buffers.get(home.path) != buffer:
            home.plan.put(home.path, buffer)

    def _plan(self, root: Path) -> LivePlan:
        key = _real(root)
        if key not in self.plans:
            self.plans[key] = LivePlan(root, self._layer, self.encoding)
        return self.plans[key]


def path_of(uri: str) -> Path | None:
    """Return the path that a URI of a file names; None for any other."""
    if not uri.startswith("file://"):
        return None
    try:
        found = to_fs_path(uri)
    except ValueError:
        return None
    if not found or "\0" in found or not Path(found).is_absolute():
        return None
    return Path(os.path.normpath(found))


def _version(plan: LivePlan, path: str) -> int | None:
    buffer = plan.buffers.get(path)
    return None if buffer is None else buffer.version


def _real(root: Path) -> Path:
    return Path(os.path.realpath(root))


def _above(folder: Path) -> Iterator[Path]:
    """Yield the workspaces that a folder is in, the nearest first."""
    for item in (folder, *folder.parents):
        try:
            if (item / SETTINGS_FILE).is_file():
                yield item
        except OSError:
            continue


def _roots(folder: Path) -> Iterator[Path]:
    """Yield the workspace that a folder is in, or else those that are in it."""
    if (above := next(_above(folder), None)) is not None:
        yield above
        return
    try:
        with os.scandir(folder) as items:
            inner = sorted(item.path for item, _ in zip(items, range(_MOST_FOLDERS), strict=False))
    except OSError:
        return
    for path in inner:
        if (Path(path) / SETTINGS_FILE).is_file():
            yield Path(path)
