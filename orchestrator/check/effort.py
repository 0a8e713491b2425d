"""Rules on what is written down about the work: tests to write, minutes spent (ORC307, 308)."""

from collections.abc import Iterator

from orchestrator.check.facts import Facts, found, says
from orchestrator.model.problem import Problem


def tests_missing(facts: Facts) -> Iterator[Problem]:
    """Yield ORC307: a task that does not say how it will be tested, where the settings ask."""
    settings, tasks, deleted = facts.snapshot.settings, facts.snapshot.tasks, facts.deleted
    required = tuple(dict.fromkeys(settings.get("required_tests") or ()))
    if not required and "ORC307" not in (settings.get("rules") or {}):
        return
    for task_id, task in tasks.items():
        if task.get("status") in ("cancelled", None) or task_id in deleted:
            continue
        if any(child not in deleted for child in facts.children.get(task_id, ())):
            continue
        asked = task.get("tests") or {}
        if required:
            lacking = " and ".join(kind for kind in required if not asked.get(kind))
        else:
            lacking = "" if any(asked.values()) else "any kind of"
        if not lacking or (not asked and says(facts, ("tasks", task_id), "tests")):
            continue
        kind = required[0] if required else "unit"
        yield found(
            facts, "ORC307", ("tasks", task_id), f"{task_id} does not ask for {lacking} tests.",
            "/tests" if "tests" in task else "", f"Say what to test: tests: {{{kind}: [ … ]}}",
        )  # fmt: skip


def minutes_differ(facts: Facts) -> Iterator[Problem]:
    """Yield ORC308: a total of minutes that the entries contradict."""
    for task_id in facts.suspects.minutes:
        task = facts.snapshot.tasks[task_id]
        stated, entries = task.get("actual_minutes"), task.get("time_entries")
        if stated is None or not entries:
            continue
        total = sum(entry["minutes"] for entry in entries)
        if stated != total:
            yield found(
                facts, "ORC308", ("tasks", task_id),
                f"actual_minutes is {stated} and the time entries add up to {total}.",
                "/actual_minutes", "Remove actual_minutes: it is the sum of the entries.",
                fix=({"op": "remove", "path": f"/tasks/{task_id}/actual_minutes"},),
            )  # fmt: skip
