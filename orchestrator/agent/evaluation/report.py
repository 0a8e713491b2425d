"""Results as JSON and as rows of a table, with means by kind of brief."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from orchestrator.agent.evaluation.measure import NAMES, Scores
from orchestrator.agent.evaluation.trial import Result

COLUMNS = (
    "brief", "kind", "valid", "coverage", "steps", "edges", "levels", "leaves", "sized",
    "untouched", "done", "cost",
)  # fmt: skip
_SHOWN = (
    "coverage", "step_f1", "edge_f1", "levels", "leaves", "sized", "untouched", "done",
)  # fmt: skip
_NONE = "-"


def report(results: Sequence[Result]) -> dict[str, Any]:
    """Return all results, and their means: `{"total": n, "briefs": […], "means": {…}}`."""
    kinds = list(dict.fromkeys(result.brief.kind for result in results))
    means = {kind: _mean([one for one in results if one.brief.kind == kind]) for kind in kinds}
    return {
        "total": len(results),
        "briefs": [_object(result) for result in results],
        "means": {**means, "all": _mean(results)},
    }


def rows(results: Sequence[Result]) -> list[list[str]]:
    """Return the rows of a table, and below them one of means a kind, and of all."""
    found = [
        [one.brief.name, one.brief.kind, _round(one.valid_at), *_cells(one.scores), _cost([one])]
        for one in results
    ]
    kinds = list(dict.fromkeys(one.brief.kind for one in results))
    groups = [(kind, [one for one in results if one.brief.kind == kind]) for kind in kinds]
    if len(results) > 1:
        for name, group in [*groups, ("all", list(results))]:
            mean = _mean(group)
            valid = f"{mean['valid_at_1']:.2f}/{mean['valid_at_k']:.2f}"
            title = f"mean of {len(group)} {name}" if name != "all" else f"mean of all {len(group)}"
            found.append([title, name, valid, *_cells(mean), _cost(group)])
    return found


def _object(result: Result) -> dict[str, Any]:
    usage = result.usage
    return {
        "brief": result.brief.name,
        "kind": result.brief.kind,
        "domain": result.brief.domain,
        "model": result.model,
        "valid_at": result.valid_at,
        "reason": result.reason or None,
        "scores": result.scores,
        "usage": {
            "requests": usage.requests,
            "input_tokens": usage.input_tokens,
            "output_tokens": usage.output_tokens,
            "tool_calls": usage.tool_calls,
            "cost": None if usage.cost is None else str(usage.cost),
        },
    }


def _mean(results: Sequence[Result]) -> Scores:
    """Return means; a score counts where a brief has it."""
    found: Scores = {
        "valid_at_1": _average(float(one.valid_at == 1) for one in results),
        "valid_at_k": _average(float(one.valid_at is not None) for one in results),
    }
    for name in NAMES:
        found[name] = _average(value for one in results if (value := one.scores[name]) is not None)
    return found


def _average(values: Iterable[float]) -> float | None:
    found = list(values)
    return round(sum(found) / len(found), 4) if found else None


def _cells(found: Scores) -> list[str]:
    return [_NONE if (value := found[name]) is None else f"{value:.2f}" for name in _SHOWN]


def _round(valid_at: int | None) -> str:
    return "no" if valid_at is None else f"round {valid_at}"


def _cost(results: Iterable[Result]) -> str:
    known = [one.usage.cost for one in results if one.usage.cost is not None]
    return f"${sum(known, Decimal(0)):.4f}" if known else _NONE
