"""One file of Backlog.md as a task."""

import re
from collections.abc import Mapping
from typing import Any

from orchestrator.exchange import clean, dates, front_matter, words
from orchestrator.exchange.imported import Document, Item, Notebook

# Sections are bracketed by lines that Backlog.md's own commands look for; headings remain.
_MARKER = re.compile(r"<!-- (?:AC|DOD|COMMENTS|SECTION:[A-Z_]+):(?:BEGIN|END) -->[ \t]*", re.ASCII)
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})")
_NAME = re.compile(r"(?P<id>[A-Za-z][\w]*-\d+(?:\.\d+)*)(?:[ _-]+(?P<title>.*))?")
_TAKEN = frozenset({
    "id", "title", "status", "assignee", "labels", "dependencies", "parent_task_id", "priority",
    "created_date", "due_date", "planned_start",
})  # fmt: skip


def task_of(
    path: str,
    folder: str,
    data: bytes,
    config: Document,
    milestones: Mapping[str, Document],
    notes: Notebook,
) -> Item:
    """Return the task in a file, as far as it can be read."""
    front, body = front_matter.take_apart(path, data, notes)
    stem = path.rpartition("/")[2].removesuffix(".md")
    named = _NAME.fullmatch(stem)
    origin = clean.line(front.get("id"), path, notes) or (named["id"] if named else stem)
    item = Item(origin[:200])
    name = item.origin
    fallback = ((named and named["title"]) or stem).replace("-", " ").strip()
    item.fields["title"], whole = clean.title(front.get("title"), fallback, name, notes)
    if whole:
        item.kept["title"] = whole
    for key, value in front.items():
        if key not in _TAKEN and not clean.is_empty(value):
            clean.keep(item.kept, key, clean.data(value, name, notes))
    if folder != "tasks":
        item.kept["folder"] = folder
    _status(item, front, folder, config, notes)
    _priority(item, front, notes)
    _stamps(item, front, notes)
    item.fields["labels"] = _labels(front, folder, milestones, name, notes)
    item.fields["description"] = _description(body, notes)
    item.assignees = _listed(front.get("assignee"), name, notes)
    item.dependencies = _listed(front.get("dependencies"), name, notes)
    item.parents = _listed(front.get("parent_task_id"), name, notes)
    if not item.parents and "." in origin:
        item.parents = [origin.rpartition(".")[0]]
    return item


def _status(item: Item, front: Document, folder: str, config: Document, notes: Notebook) -> None:
    written = clean.line(front.get("status"), item.name, notes)
    configured = config.get("statuses")
    known = [str(each) for each in configured] if isinstance(configured, list) else []
    found = words.status(written, known) if written else "todo"
    if found is None:
        notes.add("status", item.name, f"The status {written[:60]} is unknown; it is todo now.")
        found = "todo"
    elif folder == "completed" and found not in ("completed", "cancelled"):
        notes.add("status", item.name, f"It is {written or 'without status'} among the completed.")
        found = "completed"
    elif folder.startswith("archive") and found not in ("completed", "cancelled"):
        notes.count("status", "Archived tasks that were not done are cancelled now")
        found = "cancelled"
    item.fields["status"] = found
    if words.status(written) != found or written.casefold() not in _PLAIN:
        item.kept["status"] = written
    if not written:
        item.kept.pop("status", None)
        notes.add("status", item.name, f"It has no status; it is {found} now.")


_PLAIN = ("to do", "in progress", "done")


def _priority(item: Item, front: Document, notes: Notebook) -> None:
    written = clean.line(front.get("priority"), item.name, notes)
    if not written:
        return
    found = words.priority(written)
    if found is None:
        notes.add("priority", item.name, f"The priority {written[:60]} is unknown; left out.")
    else:
        item.fields["priority"] = found
    if found != written.casefold():
        item.kept["priority"] = written


def _stamps(item: Item, front: Document, notes: Notebook) -> None:
    name, fields = item.name, item.fields

    def read(key: str) -> str | None:
        found = dates.moment(front.get(key), name, key, notes)
        if found is None and not clean.is_empty(front.get(key)):
            item.kept[key] = clean.data(front[key], name, notes)
        return found

    fields["created_at"] = read("created_date")
    updated = read("updated_date")
    started, ended = read("actual_start"), read("actual_end")
    if fields["status"] == "completed":
        known = read("completed_date") or ended
        fields["completed_at"] = known or updated or fields["created_at"]
        fields["started_at"] = started
        if known is None and fields["completed_at"]:
            notes.count(
                "date", "Tasks that do not say when they were completed: updated_date is taken"
            )
    elif fields["status"] == "in_progress":
        fields["started_at"] = started or updated or fields["created_at"]
        if started is None and fields["started_at"]:
            notes.count(
                "date", "Tasks that do not say when they were started: updated_date is taken"
            )
    for key, ours in (("due_date", "due_date"), ("planned_start", "start_date")):
        fields[ours] = dates.day(front.get(key), name, key, notes)
        if not clean.is_empty(front.get(key)) and (
            fields[ours] is None or dates.has_time(front[key])
        ):
            item.kept[key] = clean.data(front[key], name, notes)


def _labels(
    front: Document, folder: str, milestones: Mapping[str, Document], name: str, notes: Notebook
) -> list[str]:
    found: list[Any] = list(_listed(front.get("labels"), name, notes))
    kind = clean.line(front.get("type"), name, notes)
    if kind and kind.casefold() != "task":
        found.append(kind)
    if front.get("milestone"):
        written = clean.line(front["milestone"], name, notes)
        milestone = milestones.get(written.casefold(), {})
        found.append(f"milestone:{milestone.get('title') or written}")
    if folder.endswith("drafts"):
        found.append("draft")
    return clean.labels(found, name, notes)


def _listed(value: Any, name: str, notes: Notebook) -> list[str]:
    """Return a list of texts, whether it was written as one, as one text or with commas."""
    if isinstance(value, str):
        value = value.split(",")
    elif not isinstance(value, list):
        value = [value]
    found = [clean.line(each, name, notes) for each in value if not clean.is_empty(each)]
    return list(dict.fromkeys(each for each in found if each))


def _description(body: str, notes: Notebook) -> str:
    """Return the body without the marks of Backlog.md and without the heading that opens it."""
    kept = []
    fence = ""
    marks = 0
    for line in body.strip("\n").split("\n"):
        if match := _FENCE.match(line):
            if not fence:
                fence = match["fence"]
            elif match["fence"].startswith(fence):
                fence = ""
        if not fence and _MARKER.fullmatch(line):
            marks += 1
        else:
            kept.append(line.rstrip())
    if marks:
        notes.count("text", "Lines that mark sections for Backlog.md were left out", marks)
    text = "\n".join(kept).strip("\n")
    heading, _, rest = text.partition("\n")
    if heading == "## Description":
        text = rest.strip("\n")
    text = re.sub(r"\n{3,}", "\n\n", text) if marks else text
    return f"{text}\n" if text.strip() else ""
