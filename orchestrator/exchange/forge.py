"""What issues of GitHub and GitLab have in common: labels that say more, milestones, people."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from orchestrator.exchange import clean, dates, take, words
from orchestrator.exchange.assemble import assemble
from orchestrator.exchange.imported import Document, Imported, Item, Notebook
from orchestrator.exchange.keys import Keys, project_id
from orchestrator.exchange.people import People

# `status: in progress`, `Status/Blocked`, and GitLab's scoped `status::in-review`.
_SCOPED = re.compile(
    r"\s*(?P<scope>status|state|priority|prio)\s*(?:::|[:/=])\s*(?P<word>.+)", re.IGNORECASE
)
# Alone these words can only mean how the work stands, where others name what it is about.
_STANDS = {
    "in progress": "in_progress", "in-progress": "in_progress", "wip": "in_progress",
    "blocked": "blocked", "on hold": "blocked", "in review": "in_review", "in-review": "in_review",
}  # fmt: skip
_RANK = re.compile(r"p[0-4]|(?:critical|urgent|high|medium|low) priority", re.IGNORECASE)


def project_of(source: str, path: str, into: str, keys: Keys) -> Document:
    """Return what is known of the project that issues go into.

    Args:
        source: `github` or `gitlab`.
        path: `owner/name` over there, or `""`.
        into: The project that a person names, or `""`.
        keys: The keys of projects.
    """
    called = path.rpartition("/")[2]
    place = into or (project_id(called) if called else source)
    known = {"title": called, "metadata": {source: {"path": path}}} if path else {}
    return {"id": place, "key": keys(place), **known}


def plan_of(source: str, items: Mapping[str, Item], project: Document, notes: Notebook) -> Imported:
    """Return the plan that issues make; a reference is a path and a number, as their origin is."""
    folded = {origin.casefold(): item for origin, item in items.items()}

    def find(_: Item, reference: str) -> Item | None:
        return folded.get(reference.casefold())

    if items:
        what = "Issues whose API addresses, counts and reactions are left out"
        notes.count("value", what, len(items))
    return assemble(source, list(items.values()), find, notes, project, People())


def name(person: Any, item: Item, notes: Notebook) -> str:
    """Return the name by which a forge knows a person."""
    if isinstance(person, dict):
        found = (person.get(key) for key in ("login", "username", "name"))
        person = next((each for each in found if isinstance(each, str) and each), "")
    return clean.line(person, item.origin, notes)[:200] if isinstance(person, str) else ""


def assign(item: Item, people: Iterable[Any], notes: Notebook) -> None:
    """Set who works on it."""
    found = (name(each, item, notes) for each in people)
    item.assignees = list(dict.fromkeys(each for each in found if each))


def label(item: Item, written: Any, more: Iterable[str], notes: Notebook) -> None:
    """Set the labels, and the status and the priority that some of them say.

    Args:
        item: An open issue has the status todo so far; that of a closed one stays.
        written: Labels: texts, or objects with a name or a title.
        more: Labels that come from other fields.
        notes: Taken on the way.
    """
    found: list[str] = []
    for each in take.listed(written):
        given = each.get("name") or each.get("title") if isinstance(each, dict) else each
        word = clean.line(given, item.origin, notes)
        if word and not _says_more(item, word):
            found.append(word)
    item.fields["labels"] = clean.labels([*found, *more], item.origin, notes)


def _says_more(item: Item, word: str) -> bool:
    """Return whether a label is nothing but a status or a priority, which is set then."""
    is_open = item.fields["status"] == "todo"
    match = _SCOPED.fullmatch(word)
    if match and match["scope"].casefold().startswith("stat"):
        found = words.status(match["word"])
        if found is None or (is_open and found in ("completed", "cancelled")):
            return False
        if is_open or (item.fields["status"] == "completed" and found == "cancelled"):
            item.fields["status"] = found
        item.kept["status"] = word
        return True
    rank = match["word"] if match else word if _RANK.fullmatch(word) else ""
    if found := words.priority(rank.casefold().removesuffix(" priority")):
        item.fields["priority"] = found
        item.kept["priority"] = word
        return True
    if is_open and (stands := _STANDS.get(word.casefold())):
        item.fields["status"] = stands
    return False


def milestone(item: Item, written: Any, due_key: str, notes: Notebook) -> list[str]:
    """Keep the milestone, let it say when the issue is due, and return the label for it."""
    if not isinstance(written, dict):
        take.keep(item, "milestone", written, notes)
        return []
    title = clean.line(written.get("title"), item.origin, notes)
    kept: Document = {"title": title, "number": written.get("number") or written.get("iid")}
    due = written.get(due_key) or written.get("dueOn")
    if due and not item.fields.get("due_date"):
        item.fields["due_date"] = dates.day(due, item.origin, f"milestone.{due_key}", notes)
        notes.count("date", "Issues that are due when their milestone is")
    kept |= {due_key: due, "state": written.get("state")}
    take.keep(item, "milestone", _said(kept), notes)
    return [f"milestone:{title}"] if title else []


def finish(item: Item, row: Mapping[str, Any], closed: str, updated: Any, notes: Notebook) -> None:
    """Set when it was created, started and completed, once its status is known."""
    fields = item.fields
    ended = take.moment(item, closed, row.get(closed), notes)
    if fields["status"] == "completed":
        fields["completed_at"] = ended
    elif ended:
        take.keep(item, closed, row[closed], notes)
    if fields["status"] in ("in_progress", "in_review"):
        fields["started_at"] = take.moment(item, "updated", updated, notes)
        notes.count("date", "Issues that do not say when they were started: the last change counts")


def _said(values: Document) -> Document:
    return {key: value for key, value in values.items() if not clean.is_empty(value)}
