"""Files that must be there: the settings, and a project.yaml beside its tasks (ORC102)."""

from collections.abc import Iterator

from orchestrator.check.facts import Facts
from orchestrator.model.places import SETTINGS_FILE, path_for
from orchestrator.model.problem import Problem


def missing_files(facts: Facts) -> Iterator[Problem]:
    """Yield ORC102: an entity that others rely on has no file."""
    snapshot = facts.snapshot
    if not snapshot.settings and ("settings", "") not in snapshot.unreadable:
        yield Problem("ORC102", "error", "The settings are missing.", SETTINGS_FILE)
    known = {
        *snapshot.projects,
        *(name for kind, name in snapshot.unreadable if kind == "projects"),
    }
    for folder in sorted({task["project"] for task in snapshot.tasks.values()} - known):
        yield Problem(
            "ORC102", "error", f"There are tasks but there is no project {folder} .",
            path_for("projects", folder), id=folder, hint=f"orchestrator project new {folder}",
        )  # fmt: skip
