"""Keeping a task's file within what a plan file may be."""

import json
from typing import Any

from orchestrator.exchange.imported import Document, Notebook

LARGEST = 240 * 1024
"""Bytes. A file may have 256 KiB; the rest is room for a person to write in."""

_MOST_NODES = 4_000
_WORST_ESCAPE = 3
_INDENT = 12
_SHORTEST = 2_000


def fits(task: Document) -> bool:
    """Return whether a file can hold the task."""
    written = json.dumps(task, ensure_ascii=False)
    lines = written.count("\\n") + written.count(",")
    size = len(written.encode("utf-8", "replace")) * _WORST_ESCAPE + lines * _INDENT
    if size <= LARGEST and written.count(",") <= _MOST_NODES:
        return True
    # Near the limits only the writer and the reader of plan files know.
    from orchestrator.text.read import read
    from orchestrator.text.render import render

    data = render(task).encode("utf-8", "replace")
    return len(data) <= LARGEST and isinstance(read("", data), dict)


def lighten(task: Document, source: str, notes: Notebook) -> Document:
    """Return the task with so much of its longest parts cut off that a file can hold it."""
    if fits(task):
        return task
    kept = dict(task["metadata"][source])
    name = str(kept["id"])
    lighter = {**task, "metadata": {source: kept}}
    for key in sorted(kept, key=lambda each: _length(kept[each]), reverse=True):
        if _length(kept[key]) < _SHORTEST or fits(lighter):
            break
        notes.add(
            "size",
            name,
            f"{key} , {_length(kept[key]):,} characters, is left out: no file holds it.",
        )
        del kept[key]
    for each in ("dependencies", "labels"):
        if len(task.get(each) or ()) > _SHORTEST and not fits(lighter):
            notes.add("size", name, f"Its {len(lighter.pop(each)):,} {each} are left out.")
    description = str(task.get("description") or "")
    room = len(description)
    while room > 0 and not fits(lighter):
        room = room * 3 // 4
        lighter["description"] = f"{description[:room].rstrip()}\n\n[…]\n"
    if room < len(description):
        cut = len(description) - room
        notes.add("size", name, f"The last {cut:,} characters of its description are left out.")
    return lighter


def _length(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False))
