"""Throughput for a terminal: a bar for each week."""

from collections.abc import Callable

from orchestrator.model.duration import format_duration
from orchestrator.view.throughput import Average, Throughput, Week
from orchestrator.view.workdays import MONTHS

Paint = Callable[[str, str], str]
"""Colours a text by what it shows: `completed`, `created`, `reopened`, `muted`."""

_LEAST = 10
_LONGEST = 60


def throughput_text(made: Throughput, width: int, paint: Paint, hours_per_day: float) -> list[str]:
    """Return a line for each week, and the average below.

    Args:
        made: Throughput that has weeks.
        width: Cells of the terminal.
        paint: Colours.
        hours_per_day: What one day is worth in an estimate.
    """
    rows = [_row(week, hours_per_day) for week in made.weeks]
    heads = ("week of", "", "estimate", "new", "reopened")
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    bar = min(max(width - sum(widths) - 2 * len(widths), _LEAST), _LONGEST)
    most = max(1, *(week.completed for week in made.weeks))
    heading = [heads[0].ljust(widths[0]), "completed".ljust(bar + 2 + widths[1])]
    heading += [head.rjust(wide) for head, wide in zip(heads[2:], widths[2:], strict=True)]
    lines = [paint("  ".join(heading).rstrip(), "muted")]
    for week, row in zip(made.weeks, rows, strict=True):
        # Something is never so little that it cannot be seen.
        filled = max(round(bar * week.completed / most), week.completed > 0)
        count = row[1].rjust(widths[1])
        shown = f"{paint('█' * filled, 'completed')} {count.strip()}"
        shown += " " * (bar + 1 + widths[1] - filled - len(count.strip()))
        rest = [text.rjust(wide) for text, wide in zip(row[2:], widths[2:], strict=True)]
        lines.append(f"{row[0].rjust(widths[0])}  {shown}  {'  '.join(rest)}".rstrip())
    return [*lines, "", average_words(made.average, hours_per_day)]


def average_words(average: Average | None, hours_per_day: float) -> str:
    """Return the average in a sentence."""
    if average is None:
        return "There is no full week yet to take an average of."
    # Minutes of an average of estimates would feign precision.
    unit = 60 if average.minutes > hours_per_day * 60 else 1
    minutes = format_duration(round(average.minutes / unit) * unit, hours_per_day)
    weeks = "the one full week" if average.weeks == 1 else f"{average.weeks} full weeks"
    return (
        f"On average of {weeks}, {average.completed:.1f} tasks a week were completed "
        f"(estimated at {minutes}) and {average.created:.1f} were made."
    )


def monday_words(week: Week) -> str:
    """Return a week's first day: `5 Oct 2026`."""
    return f"{week.monday.day} {MONTHS[week.monday.month - 1]} {week.monday.year}"


def _row(week: Week, hours_per_day: float) -> tuple[str, ...]:
    return (
        monday_words(week),
        f"{week.completed:,}",
        format_duration(week.minutes, hours_per_day) if week.minutes else "",
        f"+{week.created:,}" if week.created else "",
        f"{week.reopened:,}" if week.reopened else "",
    )
