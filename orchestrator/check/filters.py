"""The filters in the settings can be understood (ORC103)."""

from collections.abc import Iterator

from orchestrator.check.facts import Facts, found
from orchestrator.model.pointer import join
from orchestrator.model.problem import Problem


def unusable_filter(facts: Facts) -> Iterator[Problem]:
    """Yield ORC103 for a saved filter that no command could use."""
    saved = facts.snapshot.settings.get("filters")
    if not saved:
        return
    from orchestrator.model.task_filter import FilterError, refuse_malformed

    for name, text in saved.items():
        try:
            refuse_malformed(text, saved)
        except FilterError as error:
            yield found(
                facts, "ORC103", ("settings", ""),
                f"The filter {name} cannot be used: {error.message}", join(["filters", name]),
                error.hint or "A filter is options of task list without their dashes.",
            )  # fmt: skip
