"""Problems as a GitLab code quality report, which merge requests show."""

from collections.abc import Sequence

from orchestrator.cli.escape import json_text, printable
from orchestrator.cli.formats.report import Report, fingerprints, with_hint
from orchestrator.model.problem import Problem

_SECRET = "ORC501"  # noqa: S105 - a rule's code


def render(problems: Sequence[Problem], report: Report) -> str:
    """Return a JSON array, one problem a line."""
    marks = fingerprints(problems, report.prefix)
    rows = ",\n  ".join(
        json_text(_row(problem, mark, report.prefix))
        for problem, mark in zip(problems, marks, strict=True)
    )
    return f"[\n  {rows}\n]\n" if rows else "[]\n"


def _row(problem: Problem, fingerprint: str, prefix: str) -> dict[str, object]:
    return {
        "description": with_hint(problem),
        "check_name": problem.code,
        "fingerprint": fingerprint,
        "severity": _severity(problem),
        "location": {
            "path": printable(prefix + problem.path),
            "lines": {"begin": problem.line or 1},
        },
    }


def _severity(problem: Problem) -> str:
    if problem.code == _SECRET:
        return "blocker"
    return "major" if problem.severity == "error" else "minor"
