"""CSV and TSV: one task a line, for spreadsheets and for `import csv`."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from orchestrator.errors import OrchestratorError
from orchestrator.model.fields import FIELDS
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean
from orchestrator.view.rollup import actual_minutes

COLUMNS = (
    "id", "project", "title", "status", "priority", "assignee", "labels", "parent", "dependencies",
    "start_date", "due_date", "estimated_minutes", "spent_minutes", "created_at", "started_at",
    "completed_at", "description",
)  # fmt: skip

_DERIVED: dict[str, Callable[[Document], Any]] = {
    "spent_minutes": actual_minutes,
    "project": lambda task: task["project"],
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class UnknownColumnError(OrchestratorError):
    """There is no such column."""


def as_table(
    snapshot: Snapshot,
    ids: Iterable[str],
    columns: Sequence[str] = COLUMNS,
    delimiter: str = ",",
) -> str:
    """Return tasks as lines of a table, the first of which names the columns.

    A text that a spreadsheet would take for a formula gets a `'` before it, which `import csv`
    takes away again.

    Raises:
        UnknownColumnError: There is no such column.
    """
    known = (*FIELDS["tasks"], *_DERIVED)
    for column in columns:
        if column not in known:
            raise UnknownColumnError(
                f"There is no column {column[:60]} .", did_you_mean(column, known)
            )
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    for task_id in ids:
        task = snapshot.tasks[task_id]
        writer.writerow([cell(_value(task, column)) for column in columns])
    return out.getvalue()


def _value(task: Document, column: str) -> Any:
    derived = _DERIVED.get(column)
    return derived(task) if derived else task.get(column)


def cell(value: Any) -> str:
    """Return a value as a spreadsheet may have it: lists with commas, and no formulas."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case list() if all(isinstance(item, str) for item in value):
            return defused(", ".join(value))
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        case _:
            return defused(str(value))


def defused(text: str) -> str:
    """Return a text that no spreadsheet computes: OWASP's advice on CSV injection."""
    return f"'{text}" if text.startswith((*_FORMULA, *(f"'{sign}" for sign in _FORMULA))) else text
