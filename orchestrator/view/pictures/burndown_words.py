"""A burndown in words: its title, how far it is, and what its forecast rests on."""

from datetime import date

from orchestrator.view.burndown import Burndown
from orchestrator.view.pictures.value_axis import ValueScale
from orchestrator.view.workdays import MONTHS


def summary(made: Burndown, scale: ValueScale) -> str:
    """Return how far it is: `18 of 50 tasks remain; 32 are completed (64 %).`."""
    last = made.days[-1]
    noun = "" if scale.day_minutes else " task" if last.scope == 1 else " tasks"
    share = round(100 * last.done / last.scope) if last.scope else 0
    # Neither nothing nor all unless it is so.
    share = min(max(share, last.done > 0), 100 - (last.remaining > 0))
    said = f"{scale.label(last.remaining)} of {scale.label(last.scope)}{noun} remain"
    if last.remaining == 1 and not scale.day_minutes:
        said += "s"
    return f"{said}; {scale.label(last.done)} completed ({share} %)."


def outlook(made: Burndown, scale: ValueScale) -> list[str]:
    """Return sentences on pace, forecast and due date."""
    return [*_pace(made, scale), *_due(made), *_growth(made, scale), *_estimates(made)]


def in_words(day: date) -> str:
    """Return a day as it is read: `4 Dec 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _pace(made: Burndown, scale: ValueScale) -> list[str]:
    last, forecast = made.days[-1], made.forecast
    if last.remaining <= 0:
        return ["Nothing remains."]
    if forecast is None:
        return ["The history is too short for a forecast."]
    window = f"the last {forecast.window} days"
    if not forecast.done:
        return [f"Nothing was completed in {window}, so there is no forecast."]
    done = f"{scale.label(forecast.done)} {'was' if forecast.done == 1 else 'were'} completed"
    if forecast.end is None:
        return [f"In {window} {done}; at that pace the rest takes more than ten years."]
    return [f"In {window} {done}; at that pace the rest is done by {in_words(forecast.end)}."]


def _growth(made: Burndown, scale: ValueScale) -> list[str]:
    forecast = made.forecast
    if forecast is None or not forecast.grown or not forecast.done:
        return []
    how = "grew" if forecast.grown > 0 else "shrank"
    amount = scale.label(abs(forecast.grown))
    days = f"those {forecast.window} days"
    return [f"The scope {how} by {amount} in {days}; the forecast takes it to stay as it is."]


def _due(made: Burndown) -> list[str]:
    if made.due is None:
        return []
    whose = "due date" if made.question.due else "latest due date"
    end = made.forecast.end if made.forecast else None
    if end is None or made.days[-1].remaining <= 0:
        return [f"The {whose} is {in_words(made.due)}."]
    late = (end - made.due).days
    days = f"{abs(late):,} day{'' if abs(late) == 1 else 's'}"
    how = f"{days} after" if late > 0 else f"{days} before" if late else "on"
    return [f"That is {how} the {whose}, {in_words(made.due)}."]


def _estimates(made: Burndown) -> list[str]:
    count = made.unestimated
    if not made.question.in_minutes or not count:
        return []
    has = "task that remains has" if count == 1 else "tasks that remain have"
    return [f"{count:,} {has} no estimate and are not in here."]
