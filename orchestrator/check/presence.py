"""Files that must be there: the settings, and a project.yaml beside its tasks (ORC102)."""

from collections.abc import Iterator

from orchestrator.check.facts import Facts, found
from orchestrator.model.problem import Problem


def missing_files(facts: Facts) -> Iterator[Problem]:
    """Yield ORC102: an entity that others rely on has no file."""
    snapshot = facts.snapshot
    if not snapshot.settings and ("settings", "") not in snapshot.unreadable:
        yield found(
            facts, "ORC102", ("settings", ""), "The settings are missing or empty.",
            hint="orchestrator init",
        )  # fmt: skip
    known = {
        *snapshot.projects,
        *(name for kind, name in snapshot.unreadable if kind == "projects"),
    }
    for folder in sorted(facts.folders - known):
        yield found(
            facts, "ORC102", ("projects", folder),
            f"There are tasks but there is no project {folder} .",
            hint=f"orchestrator project new {folder}",
        )  # fmt: skip
