"""Reading a Markdown outline: headings, lists, check boxes and tables become items."""

import re
from dataclasses import dataclass, field

from orchestrator.agent.clean import shortened, visible
from orchestrator.agent.offline.inline import folded, headed, plain
from orchestrator.agent.offline.lines import Line, read_lines
from orchestrator.agent.offline.marks import read_detail, read_marks
from orchestrator.agent.offline.outline import Item, Marks, Outline
from orchestrator.agent.offline.sections import Role, role_of
from orchestrator.agent.offline.table import Columns, cells_of, is_border

MOST_TEXT = 1_000_000
MOST_ITEMS = 500
_NOTES = 40_000
_TITLE = 300
_DETAIL = re.compile(r"(?:\*\*|__)?([A-Za-z][A-Za-z ]{1,24}?)(?:\*\*|__)?:(?:\*\*|__)?\s+(\S.*)$")
_WHOLE = -1


@dataclass(slots=True)
class _Growing:
    """An item while it is read."""

    line: int = 0
    title: str = ""
    parent: int | None = None
    number: str = ""
    status: str = "todo"
    marks: Marks = field(default_factory=Marks)
    notes: list[str] = field(default_factory=list)
    tests: dict[str, list[str]] = field(default_factory=dict)

    def description(self) -> str:
        return shortened("\n".join(self.notes).strip("\n"), _NOTES)


def read_outline(text: str) -> Outline:
    """Return what an outline says; what is not read is named in `left_out`.

    A single heading of the first level, at the top, names the whole. Other headings, list items
    and rows of tables with a column for tasks are items; paragraphs describe what they are
    below. The time it takes grows with the text and no faster.
    """
    left_out = []
    if len(text) > MOST_TEXT:
        left_out.append(
            f"The text has {len(text):,} characters, and only the first {MOST_TEXT:,} were read."
        )
    lines = read_lines(visible(text[:MOST_TEXT]))
    reading = _Reading(_title_line(lines))
    for line in lines:
        reading.take(line)
    if reading.too_many:
        left_out.append(
            f"There are {reading.too_many:,} more items than the {MOST_ITEMS} that were read."
        )
    whole = reading.whole
    items = tuple(
        Item(
            found.line, found.title, found.parent, found.number, found.status, found.marks,
            found.description(), {kind: tuple(names) for kind, names in found.tests.items()},
        )
        for found in reading.items
    )  # fmt: skip
    return Outline(whole.title or None, whole.description(), whole.marks, items, tuple(left_out))


def _title_line(lines: list[Line]) -> int:
    """Return the number of the line that names the whole, or 0."""
    first = next((line for line in lines if line.kind in ("heading", "item", "row")), None)
    top = [line for line in lines if line.kind == "heading" and line.level == 1]
    return first.number if first is not None and top == [first] else 0


class _Reading:
    """The state of reading: what is open, and what it all comes to."""

    def __init__(self, title_line: int) -> None:
        self.items: list[_Growing] = []
        self.whole = _Growing()
        self.too_many = 0
        self._title_line = title_line
        self._headings: list[tuple[int, int]] = []  # level and item
        self._list: list[tuple[int, int, Role]] = []  # column, item and what is below
        self._role: Role = "work"
        self._role_level = 0
        self._columns: Columns | None = None
        self._was_blank = True

    def take(self, line: Line) -> None:
        """Read one line."""
        if line.kind != "row":
            self._columns = None
        match line.kind:
            case "heading":
                self._heading(line)
            case "item":
                self._item(line)
            case "row":
                self._row(line)
            case "blank":
                if (notes := self._at(self._owner(None)).notes) and notes[-1]:
                    notes.append("")
            case "text":
                self._text(line)
            case "verbatim":
                self._at(self._owner(None)).notes.append(line.text)
        self._was_blank = line.kind == "blank"

    def _heading(self, line: Line) -> None:
        self._list = []
        if line.number == self._title_line:
            marked = read_marks(line.text)
            self.whole.title = plain(marked.text)[:_TITLE]
            self.whole.marks |= marked.marks
            return
        if self._role != "work" and line.level > self._role_level:
            self._at(self._owner(None)).notes += ["", f"**{plain(line.text)}**", ""]
            return
        while self._headings and self._headings[-1][0] >= line.level:
            self._headings.pop()
        self._role, self._role_level = role_of(headed(read_marks(line.text).text).title), line.level
        if self._role == "work":
            parent = self._headings[-1][1] if self._headings else None
            self._headings.append((line.level, self._add(line, parent)))
        elif self._role == "prose":
            self._at(self._owner(None)).notes += ["", f"**{plain(line.text)}**", ""]

    def _item(self, line: Line) -> None:
        while self._list and self._list[-1][0] >= line.level:
            self._list.pop()
        role = self._list[-1][2] if self._list else self._role
        owner = self._owner(None)
        if role == "prose":
            indent = " " * (2 * sum(entry[2] == "prose" for entry in self._list))
            self._at(owner).notes.append(f"{indent}- {line.text}")
            self._list.append((line.level, owner, role))
        elif role != "work":
            self._at(owner).tests.setdefault(role, []).append(plain(line.text)[:_TITLE])
            self._list.append((line.level, owner, role))
        elif self._is_detail(line.text, owner):
            self._list.append((line.level, owner, "prose"))
        elif (below := role_of(headed(line.text).title)) != "work" and not line.status:
            if below == "prose":
                self._at(owner).notes += ["", f"**{headed(line.text).title}**", ""]
            self._list.append((line.level, owner, below))
        else:
            parent = None if owner == _WHOLE else owner
            self._list.append((line.level, self._add(line, parent), "work"))

    def _row(self, line: Line) -> None:
        cells = cells_of(line.text)
        if self._columns is None:
            self._columns = Columns([plain(cell) for cell in cells])
        elif is_border(cells):
            pass
        elif self._role == "work" and (at := self._columns.title) is not None:
            if at < len(cells) and plain(cells[at]):
                self._task_row(line, cells, at, self._columns)
            return
        if self._columns.title is None or self._role != "work":
            self._at(self._owner(None)).notes.append(line.text)

    def _task_row(self, line: Line, cells: list[str], at: int, columns: Columns) -> None:
        owner = self._owner(0)
        added = self._add(line._replace(text=cells[at]), None if owner == _WHOLE else owner)
        if added == _WHOLE:
            return
        found = self.items[added]
        found.number = columns.number(cells) or found.number
        for name, value in columns.details(cells):
            marks = read_detail(name, value)
            if marks is None:
                found.notes.append(f"{name}: {value}")
            else:
                found.marks |= marks
        found.notes += columns.prose(cells)

    def _text(self, line: Line) -> None:
        # A line right below an item goes on with it, wherever it begins.
        owner = self._owner(line.level if self._was_blank else None)
        if self._role in ("work", "prose") and self._is_detail(line.text, owner):
            return
        self._at(owner).notes.append(line.text)

    def _is_detail(self, text: str, owner: int) -> bool:
        """Take `Estimate: 2h` and the like as what it says of the item that it is below."""
        found = _DETAIL.match(text[:_TITLE]) if len(text) <= _TITLE else None
        if found is None:
            return False
        name, value = found[1].strip(), found[2].strip()
        if owner != _WHOLE and (role := role_of(name)) not in ("work", "prose"):
            named = [plain(part) for part in value.split(";") if plain(part)]
            self._at(owner).tests.setdefault(role, []).extend(named)
            return True
        marks = read_detail(name, plain(value))
        if marks is None:
            return False
        self._at(owner).marks |= marks
        return True

    def _add(self, line: Line, parent: int | None) -> int:
        if len(self.items) >= MOST_ITEMS:
            self.too_many += 1
            return _WHOLE if parent is None else parent
        marked = read_marks(line.text)
        title, number, more = headed(marked.text)
        bullet = line.bullet.rstrip(".)")
        found = _Growing(
            line.number,
            title[:_TITLE] or plain(line.text)[:_TITLE] or "Untitled",
            parent,
            number or (bullet if bullet.isalnum() else ""),
            line.status or "todo",
        )
        found.marks = marked.marks
        if more and folded(more) != folded(title):
            found.notes.append(more)
        self.items.append(found)
        return len(self.items) - 1

    def _owner(self, column: int | None) -> int:
        """Return what is open where a text begins: an item, or the whole.

        Args:
            column: Where it begins; None for what is open last.
        """
        entries = self._list
        if column is not None:
            entries = [entry for entry in entries if entry[0] < column]
        if entries:
            return entries[-1][1]
        return self._headings[-1][1] if self._headings else _WHOLE

    def _at(self, owner: int) -> _Growing:
        return self.whole if owner == _WHOLE else self.items[owner]
