"""The CSV that Todoist exports a project as: tasks by their indents, sections, comments."""

from dataclasses import dataclass, field

from orchestrator.exchange import calendar_words, clean, dates, take, todoist_task
from orchestrator.exchange.assemble import assemble
from orchestrator.exchange.identity import digest
from orchestrator.exchange.imported import Document, Imported, Item, Notebook
from orchestrator.exchange.keys import Keys, hashed, project_id
from orchestrator.exchange.people import People
from orchestrator.exchange.rows import TableError, decode, delimiter_of, rows

_PRIORITIES: dict[str, str | None] = {"1": "urgent", "2": "high", "3": "medium", "4": "low"}
_TAKEN = frozenset({
    "type", "content", "description", "priority", "indent", "author", "responsible", "date",
    "date_lang", "timezone", "duration", "duration_unit", "deadline", "deadline_lang",
})  # fmt: skip
_LONGEST_PATH = 200
_DEEPEST = 50


@dataclass(slots=True)
class _Reading:
    """Where a reader of the rows stands."""

    notes: Notebook
    key: str
    items: list[Item] = field(default_factory=list)
    texts: list[tuple[str, list[str]]] = field(default_factory=list)
    about: Document = field(default_factory=dict)
    copies: dict[str, int] = field(default_factory=dict)
    section: str = ""
    above: list[tuple[int, int, str]] = field(default_factory=list)


def read(data: bytes, keys: Keys, into: str, name: str) -> Imported:
    """Read a project.

    Args:
        data: The file.
        keys: The keys of projects, the prefixes of the task ids.
        into: The project; without it the one that is called like `name`.
        name: What it is called.

    Raises:
        TableError: It is no table of Todoist's.
    """
    notes = Notebook()
    text = decode(data, None)
    table = rows(text, delimiter_of(text), notes)
    first = next(table, None)
    header = [cell.strip().casefold() for cell in first.cells] if first else []
    if not {"type", "content"} <= set(header):
        raise TableError(
            "The file is no CSV of Todoist: it has no columns TYPE and CONTENT.",
            "Export it in Todoist: Export as a CSV file in the menu of the project.",
        )
    place = into or project_id(name or todoist_task.SOURCE)
    reading = _Reading(notes, keys(place))
    for line, cells in table:
        row: Document = dict(zip(header, cells, strict=False))
        for at, cell in enumerate(cells[len(header) :], start=len(header) + 1):
            row[f"column {at}"] = cell
        _take(reading, f"line {line}", row)
    for item, (description, comments) in zip(reading.items, reading.texts, strict=True):
        todoist_task.describe(item, description, comments)

    def find(_: Item, reference: str) -> Item | None:
        return reading.items[int(reference)]

    project: Document = {"id": place, "key": reading.key, "title": name or place}
    if reading.about:
        project["metadata"] = {todoist_task.SOURCE: reading.about}
    return assemble(todoist_task.SOURCE, reading.items, find, notes, project, People())


def _take(reading: _Reading, where: str, row: Document) -> None:
    kind = row["type"].strip().casefold()
    content = clean.line(row.get("content"), where, reading.notes)
    if kind == "task":
        _task(reading, where, row)
    elif kind == "section":
        reading.section, reading.above = content, []
    elif kind == "note":
        said = take.text(Item(where), row.get("content"), reading.notes)
        author = todoist_task.person(row.get("author"), Item(where), reading.notes)
        comment = f"{author}: {said}" if author else said
        if reading.texts:
            reading.texts[-1][1].append(comment)
        else:
            reading.about.setdefault("comments", []).append(comment)
    elif kind == "meta":
        reading.about.setdefault("meta", []).append(content)
    elif any(cell.strip() for cell in row.values() if isinstance(cell, str)):
        sentence = f"Its TYPE {kind[:40]!r} is unknown; it is left out."
        reading.notes.add("line", where, sentence)


def _task(reading: _Reading, where: str, row: Document) -> None:
    notes = reading.notes
    title, labels = todoist_task.without_labels(clean.line(row.get("content"), where, notes))
    level = min(int(take.number(row.get("indent")) or 1), _DEEPEST)
    while reading.above and reading.above[-1][0] >= level:
        reading.above.pop()
    path = reading.above[-1][2] if reading.above else reading.section
    path = f"{path} / {title}" if path else title or where
    if len(path) > _LONGEST_PATH:
        path = f"{path[: _LONGEST_PATH - 20]}… {digest(path)}"
    copy = reading.copies[path] = reading.copies.get(path, 0) + 1
    item = Item(path, copy)
    item.wanted = hashed(reading.key, f"{path}#{copy}")
    if reading.above:
        item.parents = [str(reading.above[-1][1])]
    reading.above.append((level, len(reading.items), path))
    take.title(item, title, notes)
    item.fields["status"] = "todo"
    take.priority(item, row.get("priority"), _PRIORITIES, notes)
    section = [f"section:{reading.section}"] if reading.section else []
    item.fields["labels"] = clean.labels([*labels, *section], path, notes)
    todoist_task.duration(item, row.get("duration"), row.get("duration_unit"), notes)
    due, deadline = _day(item, "date", row), _day(item, "deadline", row)
    todoist_task.plan(item, due, deadline)
    if "date" in item.kept:
        notes.count("date", "Dates in words and repeated ones, which are kept in metadata")
        take.keep(item, "timezone", row.get("timezone"), notes)
    if author := todoist_task.person(row.get("author"), item, notes):
        item.kept["author"] = author
    responsible = todoist_task.person(row.get("responsible"), item, notes)
    item.assignees = [responsible] if responsible else []
    take.rest(item, row, _TAKEN, notes)
    reading.items.append(item)
    reading.texts.append((take.text(item, row.get("description"), notes), []))


def _day(item: Item, key: str, row: Document) -> str | None:
    """Return the day of a date; what has a time, recurs or is said in words is kept as well."""
    written = str(row.get(key) or "").strip()
    quiet = Notebook()
    spelled = calendar_words.spelled(written)
    is_sure = not calendar_words.is_ambiguous(written)
    found = dates.day(spelled, item.origin, key, quiet) if is_sure else None
    if written and (found is None or dates.has_time(spelled)):
        item.kept[key] = clean.line(written, item.origin, quiet)
    return found
