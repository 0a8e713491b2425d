"""What a run is about to make over there, and what it knows that the base does not hold yet."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestrator.model.shape import Document
from orchestrator.store.repository import Repository
from orchestrator.store.write import NotWritableError, sync_file
from orchestrator.sync.base.form import record_in, record_text
from orchestrator.sync.item import Kind, Wanted, value_json, value_of
from orchestrator.sync.reconcile.sides import Name
from orchestrator.sync.record import Record

FOLDER = "sync"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Intent:
    """An item that was about to be made over there.

    Attributes:
        wanted: What was asked for.
        document: Of ours, as it was then.
        at: When, with an offset.
    """

    wanted: Wanted
    document: Document
    at: str

    @property
    def name(self) -> Name:
        """Kind and id of ours."""
        return self.wanted.kind, self.wanted.id


@dataclass(slots=True)
class Left:
    """What a run that did not come to its end has left.

    Attributes:
        head: The commit that it was planned against.
        intents: Items that may have been made, by kind and id.
        records: What it knows of items, by kind and id; None of those that it deleted there.
        base: The commit of the base that it was about to take, or None.
    """

    head: str
    intents: dict[Name, Intent] = field(default_factory=dict)
    records: dict[Name, Record | None] = field(default_factory=dict)
    base: str | None = None


@dataclass
class Journal:
    """The journal of one integration; a file that is there only while something is open.

    Attributes:
        path: The file.
        left: What it held when it was opened, and what was added since.
    """

    path: Path
    left: Left

    def intend(self, intent: Intent) -> None:
        """Write down, and force to the disk, that an item is about to be made."""
        self.left.intents[intent.name] = intent
        self._add(_intent(intent), is_forced=True)

    def settle(self, name: Name, record: Record | None) -> None:
        """Write down what is known of an item after a write to it; None when it was deleted.

        It is not forced to the disk: what a power cut takes is looked for by its intent.
        """
        self.left.intents.pop(name, None)
        self.left.records[name] = record
        self._add(_settled(name, record), is_forced=False)

    def give_up(self, name: Name) -> None:
        """Write down that an item was not made, for certain."""
        self.left.intents.pop(name, None)
        self._add({"void": list(name)}, is_forced=False)

    def take(self, base: str) -> None:
        """Write down, and force to the disk, which commit of the base is about to be taken."""
        self.left.base = base
        if self.path.exists():
            self._add({"base": base}, is_forced=True)

    def close(self) -> None:
        """Forget all that the base holds by now; items that may have been made stay."""
        self.left.records.clear()
        self.left.base = None
        if self.left.intents:
            self._write()
        else:
            with suppress(OSError):
                self.path.unlink()

    def _add(self, line: Mapping[str, Any], *, is_forced: bool) -> None:
        if not self.path.exists():
            self._write()
            return
        try:
            with self.path.open("a", encoding="ascii") as file:
                file.write(_text(line))
                file.flush()
                if is_forced:
                    os.fsync(file.fileno())
        except OSError as error:
            raise NotWritableError(str(self.path), error) from error

    def _write(self) -> None:
        """Write the file anew, with all that is open."""
        left = self.left
        lines: list[Mapping[str, Any]] = [{"version": VERSION, "head": left.head}]
        lines += [_settled(name, record) for name, record in left.records.items()]
        lines += [_intent(intent) for intent in left.intents.values()]
        temporary = self.path.with_suffix(".tmp")
        try:
            temporary.write_text("".join(map(_text, lines)), "ascii")
            sync_file(str(temporary))
            temporary.replace(self.path)
            sync_file(str(self.path.parent))
        except OSError as error:
            raise NotWritableError(str(self.path), error) from error


def folder_of(repository: Repository) -> Path:
    """Return where the syncs of a repository keep what is theirs; made when it is missing."""
    folder = repository.state_folder / FOLDER
    folder.mkdir(exist_ok=True)
    return folder


def journal_path(repository: Repository, name: str) -> Path:
    """Return the journal of an integration, whose name is one."""
    return folder_of(repository) / f"{name}.jsonl"


def read_journal(path: Path) -> Left | None:
    """Return what a run has left, or None when the last one came to its end.

    A last line that was cut short was never acted upon: it is written before the request is sent.
    """
    try:
        lines = path.read_text("ascii", "replace").splitlines()
    except OSError:
        return None
    left: Left | None = None
    for text in lines:
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if not isinstance(line, dict):
            continue
        if left is None:
            left = Left(str(line.get("head", "")))
        else:
            with suppress(KeyError, TypeError, ValueError):
                _note(left, line)
    return left


def _note(left: Left, line: Mapping[str, Any]) -> None:
    match line:
        case {"intent": dict(said)}:
            wanted = Wanted(
                _kind(said["kind"]), str(said["id"]), str(said["token"]), _known(said["fields"])
            )
            intent = Intent(wanted, dict(said["document"]), str(said["at"]))
            left.intents[intent.name] = intent
        case {"settled": [kind, entity_id], "record": found}:
            name = _kind(kind), str(entity_id)
            left.intents.pop(name, None)
            left.records[name] = None if found is None else record_in(name[1], found)
        case {"void": [kind, entity_id]}:
            left.intents.pop((_kind(kind), str(entity_id)), None)
        case {"base": str(base)}:
            left.base = base
        case _:
            pass


def _kind(text: object) -> Kind:
    if text not in {"tasks", "projects"}:
        raise ValueError(text)
    return "tasks" if text == "tasks" else "projects"


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value_of(value) for name, value in fields.items()}


def _intent(intent: Intent) -> dict[str, Any]:
    wanted = intent.wanted
    said = {
        "kind": wanted.kind, "id": wanted.id, "token": wanted.token, "fields": dict(wanted.fields),
        "document": intent.document, "at": intent.at,
    }  # fmt: skip
    return {"intent": said}


def _settled(name: Name, record: Record | None) -> dict[str, Any]:
    return {
        "settled": list(name),
        "record": None if record is None else json.loads(record_text(record)),
    }


def _text(line: Mapping[str, Any]) -> str:
    return f"{json.dumps(line, default=value_json)}\n"
