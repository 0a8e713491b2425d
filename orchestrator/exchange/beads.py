"""Beads: JSON Lines, one issue a line, as `bd export` and .beads/issues.jsonl have it."""

import json
from collections.abc import Iterator
from typing import Any

from orchestrator.exchange import clean, front_matter
from orchestrator.exchange.assemble import assemble
from orchestrator.exchange.beads_issue import issue_of
from orchestrator.exchange.imported import Document, Imported, Item, Notebook
from orchestrator.exchange.people import People

SOURCE = "beads"

_LONGEST_LINE = 4 * 1024 * 1024
_MOST_LINES = 500_000
_SAID_BY = ("created_by", "owner", "closed_by", "sender")


def read(data: bytes) -> Imported:
    """Read a file of beads issues; a line that cannot be read is noted and hides no other."""
    notes = Notebook()
    people = People()
    newest: dict[str, Document] = {}
    for number, row in _rows(data, notes):
        origin = clean.line(row.get("id"), f"line {number}", notes)[:200]
        if not origin:
            notes.add("line", f"line {number}", "The issue has no id; it is left out.")
            continue
        other = newest.get(origin)
        if other is not None and other != row:
            notes.add("duplicate", origin, f"Line {number} has its id too; the newer one is kept.")
        elif other is not None:
            notes.count("duplicate", "Lines that repeat an issue word by word")
        if other is None or str(row.get("updated_at", "")) >= str(other.get("updated_at", "")):
            newest[origin] = row
    items = {origin: issue_of(origin, row, notes) for origin, row in newest.items()}
    for item in items.values():
        people.meet(each for key in _SAID_BY if isinstance(each := item.kept.get(key), str))
    _turn_alien_links(items, notes)
    folded = {origin.casefold(): item for origin, item in reversed(items.items())}

    def find(_: Item, reference: str) -> Item | None:
        return items.get(reference) or folded.get(reference.casefold())

    _add_dotted_parents(items)
    return assemble(SOURCE, list(items.values()), find, notes, {}, people)


def _rows(data: bytes, notes: Notebook) -> Iterator[tuple[int, Document]]:
    """Yield the lines that hold an object, with their numbers."""
    # bytes.splitlines, unlike str.splitlines, knows LF, CR and CRLF only.

    def read_object(pairs: list[tuple[str, Any]]) -> Document:
        found = dict(pairs)
        if len(found) != len(pairs):
            notes.add("line", where, "A key is there twice; the last one counts.")
        return found

    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        where = f"line {number}"
        if not raw.strip():
            continue
        if number > _MOST_LINES:
            notes.count("line", f"Lines after the first {_MOST_LINES:,} are left out")
            continue
        if len(raw) > _LONGEST_LINE:
            notes.add("line", where, f"It has {len(raw):,} bytes; it is left out.")
            continue
        try:
            row = json.loads(
                front_matter.decode(raw, where, notes),
                parse_constant=_refuse,
                object_pairs_hook=read_object,
            )
        except (ValueError, RecursionError) as error:
            reason = "it is nested too deep" if isinstance(error, RecursionError) else f"{error}"
            notes.add("line", where, f"It is no JSON and is left out: {reason[:200]}.")
            continue
        if isinstance(row, dict):
            yield number, row
        else:
            notes.add("line", where, "It holds no issue; it is left out.")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def _turn_alien_links(items: dict[str, Item], notes: Notebook) -> None:
    """Give a link that stands with another issue than its own to its own."""
    for item in list(items.values()):
        for link in item.elsewhere:
            owner = items.get(link["issue_id"])
            if owner is None:
                item.kept.setdefault("links", []).append(link)
                notes.add("link", item.name, f"A link of {link['issue_id']} is kept in metadata.")
            elif link["type"] == "parent-child":
                owner.parents.append(link["depends_on_id"])
            else:
                owner.dependencies.append(link["depends_on_id"])


def _add_dotted_parents(items: dict[str, Item]) -> None:
    """`bd-kwro.3` is a child of `bd-kwro`, when nothing else is said and that issue is there."""
    for origin, item in items.items():
        above = origin.rpartition(".")[0]
        if not item.parents and above in items:
            item.parents = [above]
