"""Records and what holds for a base as a whole, as files: one line a field, so that diffs read."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from orchestrator.model.ids import is_project_id, is_task_id
from orchestrator.sync.item import Kind, value_json, value_of
from orchestrator.sync.record import Agreed, Meta, Record

META = "meta.json"
ITEMS = "items/"
VERSION = 1
_SUFFIX = ".json"
_PLAIN = ("name", "url", "updated_at")
_OPTIONAL = ("watermark", "head", "listed_at", "tie")


def path_of(entity_id: str) -> str:
    """Return the file of a record; ids of tasks and projects differ in case."""
    return f"{ITEMS}{entity_id}{_SUFFIX}"


def id_in(path: str) -> str | None:
    """Return the id that a file's name gives, or None when no record is kept there."""
    name = path.removeprefix(ITEMS).removesuffix(_SUFFIX)
    if path != path_of(name):
        return None
    return name if is_task_id(name) or is_project_id(name) else None


def record_text(record: Record) -> bytes:
    """Return a record's file."""
    members = {
        "fields": _block({name: _pair(agreed) for name, agreed in record.fields.items()}),
        "id": _line(record.id),
        "kept": _block(record.kept),
        "key": _line(record.key),
        "kind": _line(record.kind),
        **{name: _line(getattr(record, name)) for name in _PLAIN if getattr(record, name)},
        **({"seen": _block(record.seen)} if record.seen else {}),
    }
    return _whole(members)


def read_record(entity_id: str, data: bytes) -> Record | None:
    """Return the record in a file, or None when the file holds none, be it markers of a merge."""
    try:
        return record_in(entity_id, json.loads(data))
    except (ValueError, RecursionError):
        return None


def record_in(entity_id: str, found: Any) -> Record | None:
    """Return the record that parsed JSON holds for an id, or None."""
    if not isinstance(found, dict) or found.get("id") != entity_id:
        return None
    key, pairs, kept = (found.get(name) for name in ("key", "fields", "kept"))
    kind: Kind = "tasks" if found.get("kind") == "tasks" else "projects"
    is_id = is_task_id if kind == "tasks" else is_project_id
    is_right = found.get("kind") == kind and is_id(entity_id) and isinstance(key, str) and key
    if not is_right or not isinstance(pairs, dict) or not isinstance(kept, dict):
        return None
    agreed: dict[str, Agreed] = {}
    for name, pair in pairs.items():
        if not isinstance(pair, list) or not 1 <= len(pair) <= 2:  # noqa: PLR2004 - here, there
            return None
        here, there = pair[0], pair[-1]
        if isinstance(here, dict) or isinstance(there, dict):
            here, there = value_of(here), value_of(there)
        agreed[name] = Agreed(here, there)
    texts, seen = [found.get(name, "") for name in _PLAIN], found.get("seen", {})
    if not all(isinstance(text, str) for text in texts) or not isinstance(seen, dict):
        return None
    seen = {name: value_of(value) for name, value in seen.items()} if seen else {}
    name, url, updated_at = texts
    return Record(kind, entity_id, str(key), agreed, kept, name, url, updated_at, seen)


def meta_text(meta: Meta) -> bytes:
    """Return what holds for a base as a whole, as a file."""
    members = {item.name: getattr(meta, item.name) for item in fields(meta)}
    return _whole({name: _line(value) for name, value in sorted(members.items())})


def read_meta(data: bytes) -> Meta | None:
    """Return what the file says, or None when it says nothing that can be understood."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("version"), int):
        return None
    lineage, serial, suspended = found.get("lineage"), found.get("serial"), found.get("suspended")
    if not isinstance(lineage, str) or not isinstance(serial, int):
        return None
    if not isinstance(suspended, list) or not all(isinstance(each, str) for each in suspended):
        return None
    optional = [found.get(name) for name in _OPTIONAL]
    if not all(value is None or isinstance(value, str) for value in optional):
        return None
    watermark, head, listed_at, tie = optional
    return Meta(
        lineage, serial, watermark, head, listed_at, found.get("is_suspended") is True,
        tuple(suspended), tie, found["version"],
    )  # fmt: skip


def _pair(agreed: Agreed) -> list[Any]:
    # Most fields hold the same on both sides: one value stands for both.
    here, there = agreed
    is_one = type(here) is type(there) and here == there
    return [here] if is_one else [here, there]


def _whole(members: Mapping[str, str]) -> bytes:
    inside = ",\n".join(f'"{name}": {text}' for name, text in members.items())
    return f"{{\n{inside}\n}}\n".encode("utf-8", "surrogatepass")


def _block(members: Mapping[str, Any]) -> str:
    inside = ",\n".join(f" {_line(name)}: {_line(members[name])}" for name in sorted(members))
    return f"{{\n{inside}\n}}" if inside else "{}"


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=value_json).encode


def _line(value: Any) -> str:
    return _encode(value)
