"""Problems as people read them: place, sentence, the line with a caret, what to do."""

from collections.abc import Callable, Iterator, Sequence

from orchestrator.cli.escape import printable
from orchestrator.cli.formats.report import Report
from orchestrator.model.problem import Problem

MOST_WARNINGS = 20
"""Warnings of one rule that are shown; the others are counted."""

_STYLES = {"error": "1;31", "warning": "1;33", "bold": "1", "gutter": "34", "hint": "36"}

Paint = Callable[[str, str], str]


def render(problems: Sequence[Problem], report: Report) -> str:
    """Return every error, the first warnings of each rule, and a summary."""
    paint = _painted if report.color else _plain
    return "\n".join([*listed(problems, report), _summary(problems, report, paint)])


def listed(problems: Sequence[Problem], report: Report) -> list[str]:
    """Return every error and the first warnings of each rule, a text for each."""
    paint = _painted if report.color else _plain
    lines: dict[str, list[str]] = {}
    shown: dict[str, int] = {}
    blocks = []
    for problem in problems:
        if problem.severity == "warning":
            shown[problem.code] = count = shown.get(problem.code, 0) + 1
            if count > MOST_WARNINGS and not report.all:
                continue
        blocks.append("\n".join(_block(problem, report, lines, paint)) + "\n")
    folded = [] if report.all else list(_folded(shown))
    if folded:
        blocks.append("".join(f"{line}\n" for line in folded))
    return blocks


def _painted(text: str, style: str) -> str:
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"


def _plain(text: str, _: str) -> str:
    return text


def _block(
    problem: Problem, report: Report, lines: dict[str, list[str]], paint: Paint
) -> Iterator[str]:
    place = [printable(problem.path)]
    if problem.line is not None:
        place.append(str(problem.line))
        if problem.column is not None:
            place.append(str(problem.column))
    kind = paint(f"{problem.severity}[{problem.code}]", problem.severity)
    yield f"{paint(':'.join(place), 'bold')}: {kind} {printable(problem.message)}"
    if problem.line is not None:
        yield from _source(problem, problem.line, report, lines, paint)
    if problem.hint:
        yield f"  {paint('hint:', 'hint')} {printable(problem.hint)}"


def _source(
    problem: Problem, number: int, report: Report, lines: dict[str, list[str]], paint: Paint
) -> Iterator[str]:
    if problem.path not in lines:
        text = report.source(problem.path)
        lines.clear()  # problems come file by file; one file's lines at a time are enough
        lines[problem.path] = [] if text is None else text.split("\n")
    found = lines[problem.path]
    if not 1 <= number <= len(found):
        return
    from orchestrator.cli.formats.excerpt import excerpt

    line, caret = excerpt(found[number - 1].removesuffix("\r"), problem.column or 1)
    gutter = " " * len(str(number))
    yield f"  {paint(f'{number} |', 'gutter')} {line}".rstrip()
    if problem.column is not None:
        mark = paint("^", problem.severity)
        yield f"  {paint(f'{gutter} |', 'gutter')} {' ' * caret}{mark}"


def _folded(shown: dict[str, int]) -> Iterator[str]:
    for code, count in sorted(shown.items()):
        if (more := count - MOST_WARNINGS) > 0:
            plural = "" if more == 1 else "s"
            yield f"… and {more:,} more {code} warning{plural} (--all shows them)"


def _summary(problems: Sequence[Problem], report: Report, paint: Paint) -> str:
    files = _counted(report.files, "file")
    took = "" if report.seconds is None else f" ({report.seconds:.2f} s)"
    if not problems:
        return f"No problems in {files}{took}.\n"
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    counts = [_counted(errors, "error")] if errors else []
    counts += [_counted(warnings, "warning")] if warnings else []
    style = "error" if errors else "warning"
    summary = f"{paint(', '.join(counts), style)} in {files}{took}\n"
    if fixable := sum(bool(problem.fix) for problem in problems):
        summary += f"{fixable:,} can be mended with orchestrator check --fix\n"
    return summary


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
