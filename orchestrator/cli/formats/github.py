"""Problems as workflow commands, which GitHub Actions shows beside the lines of a pull request."""

from collections.abc import Sequence

from orchestrator.cli.escape import printable
from orchestrator.cli.formats.report import Report, rule_name, with_hint
from orchestrator.model.problem import Problem


def render(problems: Sequence[Problem], report: Report) -> str:
    """Return one command a problem."""
    return "".join(f"{_command(problem, report.prefix)}\n" for problem in problems)


def _command(problem: Problem, prefix: str) -> str:
    properties = {"file": printable(prefix + problem.path)}
    if problem.line is not None:
        properties["line"] = str(problem.line)
        if problem.column is not None:
            properties["col"] = str(problem.column)
    properties["title"] = f"{problem.code} {rule_name(problem.code)}"
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{problem.severity} {listed}::{_data(with_hint(problem, chr(10)))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
