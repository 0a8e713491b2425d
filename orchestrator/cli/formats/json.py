"""Problems as JSON: `{"problems": [...], "summary": {...}}`, one problem a line."""

from collections.abc import Sequence

from orchestrator.cli.escape import json_text
from orchestrator.cli.formats.report import Report
from orchestrator.model.problem import Problem


def render(problems: Sequence[Problem], report: Report) -> str:
    """Return the problems as JSON; paths are relative to the workspace."""
    rows = ",\n  ".join(json_text(row(problem)) for problem in problems)
    errors = sum(problem.severity == "error" for problem in problems)
    summary = {"errors": errors, "warnings": len(problems) - errors, "files": report.files}
    listed = f"[\n  {rows}\n]" if rows else "[]"
    return f'{{"problems": {listed}, "summary": {json_text(summary)}}}\n'


def row(problem: Problem) -> dict[str, object]:
    """Return one problem as JSON has it."""
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "pointer": problem.pointer,
        "id": problem.id,
        "hint": problem.hint,
        "fixable": bool(problem.fix),
    }
