"""The settings that hold, value by value, and which file each comes from."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from orchestrator.model.pointer import join
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import (
    DEFAULT_HOURS_PER_DAY,
    DEFAULT_MAX_DEPTH,
    Snapshot,
    without_policy,
)

DEFAULTS: Document = {
    "version": 1,
    "max_depth": DEFAULT_MAX_DEPTH,
    "hours_per_day": DEFAULT_HOURS_PER_DAY,
    "commit": "manual",
}
"""What holds where no file says anything; the rules have severities of their own."""


class Setting(NamedTuple):
    """One value that holds.

    Attributes:
        key: Dotted: `rules.ORC305`.
        value: As the file has it.
        layer: The environment whose file says it, `""` for orchestrator.yaml, None for a default.
        pointer: Into that file's document.
    """

    key: str
    value: Any
    layer: str | None
    pointer: str


def settings_that_hold(snapshot: Snapshot) -> list[Setting]:
    """Return every setting that holds, those of the files in their order, then the defaults."""
    over = without_policy(snapshot.layers.get(snapshot.environment, {}))
    found = list(_leaves(snapshot.settings, over, (), snapshot.environment))
    said = {setting.key for setting in found}
    found += [
        Setting(key, value, None, join([key])) for key, value in DEFAULTS.items() if key not in said
    ]
    return found


def _leaves(
    document: Document, over: Any, above: tuple[str, ...], environment: str
) -> Iterator[Setting]:
    for name, value in document.items():
        steps = (*above, name)
        is_over = isinstance(over, dict) and name in over
        beyond = over[name] if is_over else None
        if isinstance(value, dict) and value:
            yield from _leaves(value, beyond, steps, environment)
        else:
            layer = environment if is_over else ""
            yield Setting(".".join(steps), value, layer, join(list(steps)))
