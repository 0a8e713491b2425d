"""Backlog.md: a folder of Markdown files with front matter, one task a file."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from orchestrator.exchange import clean, front_matter
from orchestrator.exchange.assemble import assemble
from orchestrator.exchange.backlog_task import task_of
from orchestrator.exchange.identity import key_of
from orchestrator.exchange.imported import Document, Imported, Item, Notebook
from orchestrator.exchange.people import People

SOURCE = "backlog_md"

_FOLDERS = ("tasks", "drafts", "completed", "archive/tasks", "archive/drafts")
_LARGEST_FILE = 4 * 1024 * 1024
_MOST_FILES = 200_000
_REFERENCE = re.compile(r"(?:(?P<prefix>[A-Za-z][\w]*)-)?(?P<number>\d+(?:\.\d+)*)")


def read(files: Mapping[str, bytes]) -> Imported:
    """Read a Backlog.md folder.

    Args:
        files: Bytes by path relative to the folder, with `/`: `tasks/back-1 - Title.md`.
    """
    notes = Notebook()
    config = _config(files, notes)
    milestones = _milestones(files, notes)
    people = People()
    items: list[Item] = []
    copies: dict[str, int] = {}
    for folder, path in _task_files(files, notes):
        item = task_of(path, folder, files[path], config, milestones, notes)
        seen = item.origin.casefold()
        copies[seen] = item.copy = copies.get(seen, 0) + 1
        if item.copy > 1:
            notes.add("duplicate", item.origin, f"{path} has the id of another task.")
            item.kept["file"] = path
        people.meet(_texts(item.kept.get("reporter")))
        items.append(item)
    _note_the_rest(files, notes)
    find = _Finder(items, str(config.get("task_prefix") or "task"), notes)
    project = _project(config, milestones)
    return assemble(SOURCE, items, find, notes, project, people)


def _config(files: Mapping[str, bytes], notes: Notebook) -> Document:
    for path in ("config.yml", "config.yaml", "backlog.config.yml"):
        if path in files and len(files[path]) <= _LARGEST_FILE:
            content = front_matter.decode(files[path], path, notes)
            return front_matter.document(path, clean.text(content, path, notes), notes)
    notes.add("file", "config.yml", "There is no config.yml; statuses are taken by their names.")
    return {}


def _milestones(files: Mapping[str, bytes], notes: Notebook) -> dict[str, Document]:
    """Return the milestones by their ids and titles, case-folded; each is in there twice."""
    found: dict[str, Document] = {}
    for path in sorted(files):
        folder, _, name = path.rpartition("/")
        if folder not in ("milestones", "archive/milestones") or not _is_entry(name):
            continue
        front, body = front_matter.take_apart(path, files[path][:_LARGEST_FILE], notes)
        stem = name.removesuffix(".md")
        milestone: Document = {
            "id": clean.line(front.pop("id", ""), path, notes) or stem.partition(" - ")[0],
            "description": body.strip(),
        }
        for key, value in front.items():
            clean.keep(milestone, key, clean.data(value, path, notes))
        if folder.startswith("archive"):
            milestone["archived"] = True
        milestone = {key: value for key, value in milestone.items() if not clean.is_empty(value)}
        found[str(milestone["id"]).casefold()] = milestone
        if milestone.get("title"):
            found.setdefault(str(milestone["title"]).casefold(), milestone)
    return found


def _task_files(files: Mapping[str, bytes], notes: Notebook) -> Iterable[tuple[str, str]]:
    """Yield folder and path of each task, in the order in which they have a right to their id."""
    left = _MOST_FILES
    for folder in _FOLDERS:
        here = [path for path in files if path.rpartition("/")[0] == folder]
        for path in sorted(here):
            if not _is_entry(path.rpartition("/")[2]):
                continue
            if len(files[path]) > _LARGEST_FILE:
                notes.add("file", path, f"It has {len(files[path]):,} bytes; it is left out.")
            elif left > 0:
                left -= 1
                yield folder, path
            else:
                notes.count("file", f"Files after the first {_MOST_FILES:,} are left out")


def _is_entry(name: str) -> bool:
    return name.endswith(".md") and name.casefold() != "readme.md"


def _note_the_rest(files: Mapping[str, bytes], notes: Notebook) -> None:
    for path in sorted(files):
        folder, _, name = path.rpartition("/")
        if folder in ("docs", "decisions") or folder.startswith(("docs/", "decisions/")):
            if name.casefold() != "readme.md":
                notes.add("file", path, "It is no task; copy it beside the plan if you want it.")
        elif folder in (*_FOLDERS, "milestones", "archive/milestones"):
            if not _is_entry(name) and name.casefold() != "readme.md":
                notes.add("file", path, "It is no Markdown file; it is left out.")
        elif name.casefold() not in ("readme.md", "license", "config.yml", "config.yaml"):
            notes.add("file", path, "It is in no folder that holds tasks; it is left out.")


def _project(config: Document, milestones: Mapping[str, Document]) -> Document:
    notes = Notebook()  # the config was cleaned when it was read
    unique = {str(each["id"]): each for each in milestones.values()}
    kept = {
        key: clean.data(value, "config.yml", notes)
        for key, value in config.items()
        if key in ("statuses", "definition_of_done", "default_status", "types", "priorities")
        and not clean.is_empty(value)
    }
    if unique:
        kept["milestones"] = [unique[each] for each in sorted(unique)]
    name = clean.line(config.get("project_name"), "config.yml", notes)
    key = key_of(str(config.get("task_prefix") or ""), "")
    return {
        **({"title": name} if name else {}),
        **({"key": key} if key else {}),
        **({"metadata": {SOURCE: kept}} if kept else {}),
    }


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) and value else []


class _Finder:
    """What a reference means: the id as written, or the number under the plan's own prefix.

    Backlog.md lets the prefix be changed; files then still say `task-24.1` for `BACK-24.1`. Of
    two tasks with one id, an archived task means the archived one.
    """

    def __init__(self, items: Iterable[Item], prefix: str, notes: Notebook) -> None:
        self._by_id: dict[str, list[Item]] = {}
        self._by_number: dict[tuple[str, str], list[Item]] = {}
        self._prefix = prefix.casefold()
        self._notes = notes
        self._told: set[str] = set()
        for item in items:
            self._by_id.setdefault(item.origin.casefold(), []).append(item)
            if match := _REFERENCE.fullmatch(item.origin):
                key = (match["prefix"] or prefix).casefold(), _plain(match["number"])
                self._by_number.setdefault(key, []).append(item)

    def __call__(self, item: Item, reference: str) -> Item | None:
        if found := self._by_id.get(reference.strip().casefold()):
            return _nearest(item, found)
        match = _REFERENCE.fullmatch(reference.strip())
        if match is None:
            return None
        own = (match["prefix"] or self._prefix).casefold()
        number = _plain(match["number"])
        found = self._by_number.get((own, number))
        if found is None and own == "task":
            found = self._by_number.get((self._prefix, number))
        if found is None:
            return None
        if reference not in self._told:
            self._told.add(reference)
            self._notes.count("link", "References with another prefix were read by their number")
        return _nearest(item, found)


def _nearest(item: Item, found: Sequence[Item]) -> Item:
    """Return the task that shares the folder of `item`, or the first."""
    folder = item.kept.get("folder")
    return next((each for each in found if each.kept.get("folder") == folder), found[0])


def _plain(number: str) -> str:
    return ".".join(part.lstrip("0") or "0" for part in number.split("."))
