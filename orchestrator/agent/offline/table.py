"""Rows of a Markdown table: work, when one of the columns holds what to do."""

from collections.abc import Sequence

from orchestrator.agent.offline.inline import folded

MOST_COLUMNS = 50
_TITLES = (
    "task", "title", "item", "step", "what", "work", "activity", "deliverable", "story",
    "feature", "action", "name", "summary",
)  # fmt: skip
_DETAILS = {
    "estimate": "estimate", "effort": "estimate", "time": "estimate", "duration": "estimate",
    "size": "estimate", "owner": "owner", "assignee": "owner", "who": "owner",
    "responsible": "owner", "lead": "owner", "due": "due", "deadline": "due", "due date": "due",
    "start": "start", "start date": "start", "priority": "priority", "labels": "labels",
    "label": "labels", "tags": "labels", "after": "after", "depends on": "after",
    "dependencies": "after", "blocked by": "after", "needs": "after",
}  # fmt: skip
_NUMBERS = frozenset({"", "no", "nr", "id", "key", "number", "#"})


def cells_of(row: str) -> list[str]:
    r"""Return the cells of `| a | b |`; `\|` is no border."""
    bare = row.replace("\\|", "\0").strip().strip("|")
    return [
        cell.replace("\0", "|").strip() for cell in bare.split("|", MOST_COLUMNS)[:MOST_COLUMNS]
    ]


def is_border(cells: Sequence[str]) -> bool:
    """Return whether a row is the line of dashes below the headings."""
    return all(cell and not cell.strip("-: ") for cell in cells)


class Columns:
    """What the columns of a table mean.

    Attributes:
        title: Which one says what to do, or None.
    """

    def __init__(self, headings: Sequence[str]) -> None:
        names = [folded(name) for name in headings]
        self._names = names
        self._headings = list(headings)
        self.title = next((names.index(name) for name in _TITLES if name in names), None)

    def details(self, cells: Sequence[str]) -> list[tuple[str, str]]:
        """Return what a row says beside its title, by the name that details have."""
        return [
            (_DETAILS[name], cell)
            for name, cell in zip(self._names, cells, strict=False)
            if name in _DETAILS and cell and cell not in ("-", "–", "—")  # noqa: RUF001 - nothing, as people type it
        ]

    def number(self, cells: Sequence[str]) -> str:
        """Return what a row is called by, or `""`."""
        found = zip(self._names, cells, strict=False)
        return next((cell for name, cell in found if name in _NUMBERS and cell), "")

    def prose(self, cells: Sequence[str]) -> list[str]:
        """Return what a row says in columns that are neither title, number nor detail."""
        return [
            cell if name in ("notes", "description", "details") else f"{heading}: {cell}"
            for at, (name, heading, cell) in enumerate(
                zip(self._names, self._headings, cells, strict=False)
            )
            if at != self.title and name not in _DETAILS and name not in _NUMBERS and cell
        ]
