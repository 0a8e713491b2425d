"""A plan as people read it: counts, then each item with field, old → new and side."""

from collections.abc import Iterator, Sequence
from difflib import unified_diff
from typing import TYPE_CHECKING, Any

from orchestrator.cli.escape import printable
from orchestrator.cli.ink import BOLD, DIM, GREEN, RED, YELLOW, fit, paint
from orchestrator.model.duration import format_duration

if TYPE_CHECKING:
    from orchestrator.sync.action import Action, Clash, FieldChange, Plan

MOST_ITEMS = 400
_LONGEST = 60
_ENDLESS = 1_000_000
_TITLE = 70
_SIGNS = {
    "create": ("+", GREEN), "update": ("~", YELLOW), "delete": ("-", RED), "link": ("=", GREEN),
    "unlink": ("x", YELLOW), "conflict": ("!", RED), "skip": (".", DIM), "noop": (" ", ""),
}  # fmt: skip
_ORDER = ("create", "update", "delete", "link", "unlink", "skip", "conflict")


def plan_lines(plan: "Plan", *, has_color: bool, shows_skipped: bool = True) -> Iterator[str]:
    """Yield the lines of a plan, safe to show.

    Args:
        plan: What a sync is going to do.
        has_color: Whether to colour it.
        shows_skipped: Whether items that are left alone are listed, and not only counted.
    """
    yield paint(f"{plan.integration}: {counted(plan)}", BOLD, has_color=has_color)
    for warning in plan.warnings[:20]:
        yield f"  {paint('warning:', YELLOW, has_color=has_color)} {printable(warning)}"
    if len(plan.warnings) > 20:  # noqa: PLR2004
        yield f"  … and {len(plan.warnings) - 20:,} more warnings"
    shown = [action for action in plan.actions if shows_skipped or action.verb != "skip"]
    shown.sort(key=lambda action: action.verb == "conflict")
    for action in shown[:MOST_ITEMS]:
        yield from _item(plan.integration, action, has_color=has_color)
    if len(shown) > MOST_ITEMS:
        yield f"  … and {len(shown) - MOST_ITEMS:,} more; --json shows them all"


def counted(plan: "Plan") -> str:
    """Return how many items there are of each kind of action, in words."""
    counts: dict[str, dict[str, int]] = {}
    for action in plan.actions:
        by_side = counts.setdefault(action.verb, {})
        side = action.side or _one_side(action)
        by_side[side] = by_side.get(side, 0) + 1
    parts = []
    words = {
        "create": "to create", "update": "to update", "delete": "to delete", "link": "to link",
        "unlink": "to unlink", "skip": "left alone",
    }  # fmt: skip
    for verb in _ORDER:
        if by_side := counts.get(verb, {}):
            total = sum(by_side.values())
            noun = f"conflict{'s' * (total > 1)}" if verb == "conflict" else words[verb]
            places = _places(by_side) if verb in {"create", "update", "delete"} else ""
            parts.append(f"{total:,} {noun}{places}")
    unchanged = f"{plan.unchanged:,} unchanged" if plan.unchanged else ""
    if not parts:
        return f"nothing to do{f', {unchanged}' if unchanged else ''}"
    return ", ".join(parts) + (f"; {unchanged}" if unchanged else "")


def shown_value(value: Any, name: str = "") -> str:
    """Return a value of the field `name` in few words, safe to show."""
    if value is None or value in ("", []):
        return "-"
    if name.endswith("_minutes") and isinstance(value, int):
        # In hours alone: how many make a day is a setting of the plan, not of the tracker.
        return format_duration(value, hours_per_day=_ENDLESS)
    if isinstance(value, (list, tuple)):
        text = ", ".join(map(str, value))
    elif hasattr(value, "text"):
        text = f"“{value.text}” (no word for it here)"
    else:
        text = str(value)
    line = text.split("\n", 1)[0]
    more = " …" if line != text else ""
    return fit(printable(line), _LONGEST) + more


def _places(by_side: dict[str, int]) -> str:
    names = {"remote": "there", "local": "here", "both": "on both sides"}
    shown = [f"{by_side[side]:,} {word}" for side, word in names.items() if by_side.get(side)]
    if len(shown) == 1:
        return f" {shown[0].split(' ', 1)[1]}"
    return f" ({', '.join(shown)})"


def _one_side(action: "Action") -> str:
    sides = {change.side for change in action.fields}
    return next(iter(sides)) if len(sides) == 1 else "both" if sides else ""


def _item(integration: str, action: "Action", *, has_color: bool) -> Iterator[str]:
    sign, code = _SIGNS[action.verb]
    name = (action.item.name if action.item else "") or action.key or ""
    arrow = {"remote": f" → new in {integration}", "local": " ← new here"}
    where = ""
    if action.verb == "create" and action.side:
        where = arrow[action.side]
    elif action.verb == "delete" and action.side:
        where = " ← deleted here" if action.side == "local" else f" → deleted in {integration}"
    there = f" ({printable(name)})" if name and action.side != "remote" else ""
    title = fit(printable(action.title), _TITLE)
    yield f"{paint(f'  {sign} {action.id}', code, has_color=has_color)}  {title}{there}{where}"
    if action.reason:
        yield f"      {printable(action.reason)}"
    if action.verb == "create":
        yield from _made(action.fields)
    elif action.verb != "delete":
        width = _width(action)
        for change in action.fields:
            yield f"      {_change(change, width, integration)}"
    yield from _clashes(integration, action)


def _made(fields: "Sequence[FieldChange]") -> Iterator[str]:
    parts = [
        f"{change.name} {shown_value(change.after, change.name)}"
        for change in fields
        if change.name not in _SAID and change.after not in _USUAL
    ]
    if parts:
        yield f"      {fit(', '.join(parts), 2 * _LONGEST)}"


_SAID = frozenset({"title", "project", "description"})
_USUAL: tuple[Any, ...] = (None, "", [], (), "todo", "medium")


def _change(change: "FieldChange", width: int, integration: str) -> str:
    side = f"→ {integration}" if change.side == "remote" else "← here"
    owner = f", {change.owner} decides" if change.owner != "both" else ""
    if change.name == "description":
        said = _lines_changed(change.before, change.after)
    else:
        before, after = (shown_value(each, change.name) for each in (change.before, change.after))
        said = f"{before} → {after}"
    return f"{change.name:<{width}}  {said}  [{side}{owner}]"


def _lines_changed(before: Any, after: Any) -> str:
    """Return how many lines of a text come and go."""
    old, new = (str(text or "").splitlines() for text in (before, after))
    lines = [line for line in unified_diff(old, new, n=0, lineterm="") if line[:3] not in _HEADS]
    plus = sum(line.startswith("+") for line in lines)
    minus = sum(line.startswith("-") for line in lines)
    return f"+{plus} -{minus} line{'s' * (plus + minus != 1)}"


_HEADS = ("+++", "---")


def _width(action: "Action") -> int:
    names = [change.name for change in action.fields] + [clash.name for clash in action.clashes]
    return max(map(len, names), default=0)


def _clashes(integration: str, action: "Action") -> Iterator[str]:
    width = _width(action)
    for clash in action.clashes:
        yield f"      {_clash(clash, width)}"
    if action.clashes:
        yield (
            f"      orchestrator sync resolve {integration} {action.id} --take local|remote"
            f"{' --field ' + action.clashes[0].name if len(action.clashes) > 1 else ''}"
        )


def _clash(clash: "Clash", width: int) -> str:
    if clash.name == "description":
        here, there = (_lines_changed(clash.base, side) for side in (clash.local, clash.remote))
        return f"{clash.name:<{width}}  here: {here}   there: {there}"
    name = clash.name
    was = f"   (was {shown_value(clash.base, name)})" if clash.base is not None else ""
    here, there = shown_value(clash.local, name), shown_value(clash.remote, name)
    return f"{clash.name:<{width}}  here: {here}   there: {there}{was}"
