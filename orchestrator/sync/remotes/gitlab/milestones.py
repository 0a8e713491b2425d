"""Milestones of GitLab as projects, and changes of projects as what GitLab takes; pure."""

from collections.abc import Mapping
from typing import Any

from orchestrator.sync.item import Foreign, Item
from orchestrator.sync.remotes.gitlab import marks, rows

_DAYS = ("start_date", "due_date")
_DONE = frozenset({"completed", "cancelled"})


def item(row: Any) -> Item:
    """Return a milestone as an item.

    Raises:
        DriftError: When it is none.
    """
    row = rows.row(row, "milestone", "id", "title", "state")
    text, mark = marks.read(rows.text(row, "description"))
    fields = {
        "title": row["title"].strip(),
        "description": text,
        "status": "completed" if row["state"] == "closed" else "active",
        **{name: rows.day(row.get(name)) for name in _DAYS},
    }
    created = rows.text(row, "created_at")
    return Item(
        "projects",
        str(row["id"]),
        fields,
        {"mark": str(mark) if mark else None, "state": row["state"]},
        name=f"%{row.get('iid', row['id'])}",
        url=rows.text(row, "web_url"),
        updated_at=rows.text(row, "updated_at"),
        stamps={"created_at": created} if created else {},
        external=mark.id if mark and not mark.is_deleted else None,
    )


def body(current: Item | None, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to send for changes of a project; a new one is always active."""
    sent: dict[str, Any] = {}
    if "title" in changes:
        sent["title"] = rows.title(changes["title"])
    if "description" in changes:
        sent["description"] = marks.written(changes["description"] or "", rows.mark_of(current))
    if "status" in changes and current is not None:
        wanted = "closed" if changes["status"] in _DONE else "active"
        if wanted != current.kept.get("state"):
            sent["state_event"] = "close" if wanted == "closed" else "activate"
    for name in _DAYS:
        if name in changes and (changes[name] or current is not None):
            sent[name] = changes[name] or ""
    return sent


def represent(name: str, value: Any) -> Any:
    """Return what reading a project's field would give after writing `value`."""
    if isinstance(value, Foreign):
        return value
    match name:
        case "title":
            return rows.title(value)
        case "description":
            return marks.read(value)[0]
        case "status" if value is not None:
            return "completed" if value in _DONE else "active"
        case _:
            return value
