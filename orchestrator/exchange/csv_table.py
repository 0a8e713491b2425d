"""CSV and TSV: a table of tasks, whose columns are mapped to fields."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.exchange import clean, csv_row, take
from orchestrator.exchange.assemble import assemble
from orchestrator.exchange.calendar_words import Order, order_in
from orchestrator.exchange.csv_columns import Columns, columns_of
from orchestrator.exchange.csv_row import Cells, Reading
from orchestrator.exchange.identity import digest, task_id
from orchestrator.exchange.imported import Document, Imported, Item, Notebook
from orchestrator.exchange.keys import Keys, hashed, keys_of, numbered, project_id
from orchestrator.exchange.people import People
from orchestrator.exchange.rows import DELIMITERS, Row, TableError, decode, delimiter_of, rows

SOURCE = "csv"

_LONGEST_ORIGIN = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Options:
    """How a table is to be read.

    Attributes:
        wishes: Fields, each with the column that is to be it; an empty one means none.
        delimiter: What stands between cells; without it, what fits the first rows.
        encoding: Of the file; without it UTF-8, or UTF-16 with its mark.
        order: What the first two numbers of `5/10/2026` are, where no date of its column shows it.
        into: A project for all tasks; without it the column of projects decides.
        name: The project of a task that names none.
        hours_per_day: What a day is worth in an estimate.
    """

    wishes: Sequence[tuple[str, str]] = ()
    delimiter: str | None = None
    encoding: str | None = None
    order: Order | None = None
    into: str = ""
    name: str = ""
    hours_per_day: float = 8


@dataclass(frozen=True, slots=True)
class Table:
    """What was read.

    Attributes:
        imported: The plan.
        columns: Which column was taken for which field.
    """

    imported: Imported
    columns: Columns


def read(data: bytes, keys: Keys | None = None, options: Options | None = None) -> Table:
    """Read a table whose first row names its columns.

    Args:
        data: The file.
        keys: The keys of projects, the prefixes of the task ids.
        options: How to read it.

    Raises:
        TableError: It cannot be decoded, no column is the title, a column that was named is not
            there, or a date could be one of two days and nothing says which.
    """
    chosen, notes = options or Options(), Notebook()
    table = _rows(data, chosen, notes)
    columns = columns_of(table[0].cells if table else [], chosen.wishes)
    del table[:1]
    reading = Reading(columns, _orders(table, columns, chosen.order), chosen.hours_per_day, notes)
    find_key = keys or keys_of({})
    everyone = _Everyone()
    projects: dict[str, Document] = {}
    fallback = chosen.into or project_id(chosen.name or SOURCE)
    for row in table:
        cells = _cells(row, reading, everyone)
        item = cells.item
        place = _place(cells, chosen.into, fallback, projects, notes)
        projects[place].setdefault("key", find_key(place))
        item.project = place
        item.wanted = _wanted(find_key(place), item, is_named=bool(cells.text("id").strip()))
        csv_row.fill(cells, reading)
        everyone.add(cells)
    for cells in everyone.cells:
        everyone.link(cells, notes)
    items = [cells.item for cells in everyone.cells]
    found = assemble(SOURCE, items, everyone.find, notes, {}, People())
    first = projects.get(fallback) or {"id": fallback, "key": find_key(fallback)}
    return Table(Imported(SOURCE, found.tasks, found.users, found.notes, first, projects), columns)


def _rows(data: bytes, chosen: Options, notes: Notebook) -> list[Row]:
    text = decode(data, chosen.encoding)
    delimiter = chosen.delimiter
    head, _, rest = text.partition("\n")
    if head.startswith("sep=") and len(head.strip()) == len("sep=,"):  # a line of Excel's
        text, delimiter = rest, delimiter or head[4]
    if delimiter is not None and delimiter not in DELIMITERS:
        raise TableError(
            f"{delimiter[:20]!r} is no delimiter.", "One of: comma, semicolon, tab, pipe."
        )
    found = rows(text, delimiter or delimiter_of(text), notes)
    return [Row(line, [_unescaped(cell) for cell in cells]) for line, cells in found]


def _unescaped(cell: str) -> str:
    """Return a cell without the quote by which exports keep spreadsheets from counting with it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell


def _orders(table: list[Row], columns: Columns, order: Order | None) -> dict[int, Order | None]:
    """Return the order of day and month in each column of dates.

    Raises:
        TableError: No date of a column shows it, a date needs it, and nobody said it.
    """
    found: dict[int, Order | None] = {}
    for at, field in columns.fields.items():
        if field not in (*csv_row.DATES, *csv_row.MOMENTS):
            continue
        shown = order_in(row.cells[at] for row in table if at < len(row.cells))
        found[at] = order or shown
        if found[at] is None and (row := csv_row.ambiguous(table, at)) is not None:
            raise TableError(
                f"Line {row.line} has {row.cells[at].strip()[:40]!r} under {columns.names[at]!r}: "
                "day and month, or month and day?",
                "Say --dates dmy or --dates mdy .",
            )
    return found


def _cells(row: Row, reading: Reading, everyone: "_Everyone") -> Cells:
    """Return the cells of a row with an item that has the row's id, or its title for one."""
    named = _first(row, reading.columns, "id") or _first(row, reading.columns, "title")
    origin = clean.line(named, f"line {row.line}", reading.notes) or f"line {row.line}"
    if len(origin) > _LONGEST_ORIGIN:
        origin = f"{origin[: _LONGEST_ORIGIN - 20]}… {digest(origin)}"
    copy = everyone.copies[origin] = everyone.copies.get(origin, 0) + 1
    if copy > 1:
        reading.notes.add("duplicate", origin, f"Line {row.line} is called that too.")
    return csv_row.cells_of(row, Item(origin, copy), reading)


def _first(row: Row, columns: Columns, field: str) -> str:
    places = (at for at, each in columns.fields.items() if each == field and at < len(row.cells))
    return next((row.cells[at] for at in places if row.cells[at].strip()), "")


def _place(
    cells: Cells, into: str, fallback: str, projects: dict[str, Document], notes: Notebook
) -> str:
    """Return the project of a row, and remember what it is called."""
    name = clean.line(cells.text("project"), cells.item.name, notes)
    if into:
        take.keep(cells.item, "project", name, notes)
        name = ""
    place = project_id(name) if name else fallback
    projects.setdefault(place, {"id": place, **({"title": name} if name else {})})
    return place


def _wanted(key: str, item: Item, *, is_named: bool) -> str | None:
    """Return the id for a row, or None where its own will do."""
    if not is_named:
        return hashed(key, f"{item.origin}#{item.copy}")
    if number := take.number(item.origin):
        return numbered(key, number)
    own = task_id(item.origin, key)
    return hashed(key, item.origin) if digest(item.origin) in own else None


class _Everyone:
    """All rows, found by id, by another id, or by a title that only one of a project has."""

    def __init__(self) -> None:
        self.cells: list[Cells] = []
        self.copies: dict[str, int] = {}
        self._by_id: dict[str, Item] = {}
        self._by_title: dict[tuple[str, str], Item | None] = {}

    def add(self, cells: Cells) -> None:
        self.cells.append(cells)
        item = cells.item
        if cells.text("id").strip():
            self._by_id.setdefault(item.origin.casefold(), item)
        if other := cells.text("other_id").strip().casefold():
            self._by_id.setdefault(other, item)
            item.kept.setdefault("other_id", cells.text("other_id").strip()[:_LONGEST_ORIGIN])
        title = str(item.project), str(item.fields["title"]).casefold()
        self._by_title[title] = None if title in self._by_title else item

    def find(self, item: Item, reference: str) -> Item | None:
        wanted = " ".join(reference.split()).casefold()
        titled = self._by_title.get((str(item.project), wanted))
        return self._by_id.get(wanted) or self._by_id.get(wanted.removeprefix("#")) or titled

    def link(self, cells: Cells, notes: Notebook) -> None:
        """Take parent and dependencies; a title may hold what divides them otherwise."""
        item = cells.item
        parent = clean.line(cells.text("parent"), item.name, notes)[:_LONGEST_ORIGIN]
        item.parents = [parent] if parent else []
        for cell in cells.texts("dependencies"):
            whole = clean.line(cell, item.name, notes)
            parts = [whole] if self.find(item, whole) else csv_row.split(cell)
            item.dependencies += [
                clean.line(each, item.name, notes)[:_LONGEST_ORIGIN] for each in parts
            ]
