"""Problems as JUnit XML, which every CI server shows: one test case for each file with problems."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from orchestrator.cli.escape import printable
from orchestrator.cli.formats.report import Report, with_hint
from orchestrator.model.problem import Problem


def render(problems: Sequence[Problem], report: Report) -> str:
    """Return one suite; a file fails when it has errors, and warnings are its output."""
    by_path: dict[str, list[Problem]] = {}
    for problem in problems:
        by_path.setdefault(problem.path, []).append(problem)
    cases = [_case(report.prefix + path, found) for path, found in by_path.items()]
    failures = sum(
        any(problem.severity == "error" for problem in found) for found in by_path.values()
    )
    if not cases:
        name = quoteattr(f"{report.files:,} files without problems")
        cases = [f'    <testcase classname="orchestrator" name={name} time="0"/>\n']
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0"'
    time = f'time="{report.seconds or 0:.3f}"'
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="orchestrator check" {counts} {time}>\n'
        f'  <testsuite name="orchestrator check" {counts} skipped="0" {time}>\n'
        f"{''.join(cases)}  </testsuite>\n"
        "</testsuites>\n"
    )
    # Right in every encoding that stdout may have, whatever the first line promises.
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _case(path: str, problems: Sequence[Problem]) -> str:
    errors = [problem for problem in problems if problem.severity == "error"]
    warnings = [problem for problem in problems if problem.severity != "error"]
    name = quoteattr(printable(path))
    lines = [f'    <testcase classname="orchestrator" name={name} file={name} time="0">']
    if errors:
        more = f" (and {len(errors) - 1:,} more)" if len(errors) > 1 else ""
        message = quoteattr(printable(errors[0].message) + more)
        lines.append(f'      <failure type="{errors[0].code}" message={message}>{_listed(errors)}')
        lines[-1] += "</failure>"
    if warnings:
        lines.append(f"      <system-out>{_listed(warnings)}</system-out>")
    return "\n".join([*lines, "    </testcase>\n"])


def _listed(problems: Sequence[Problem]) -> str:
    return "\n".join(escape(_line(problem)) for problem in problems)


def _line(problem: Problem) -> str:
    place = ":".join(str(each) for each in (problem.line, problem.column) if each is not None)
    code = f"{problem.severity}[{problem.code}]"
    return f"{place}: {code} {with_hint(problem)}" if place else f"{code} {with_hint(problem)}"
