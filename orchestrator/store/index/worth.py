"""Whether the index pays for a plan; a small one is read without anything of it."""

import os

from orchestrator.store.git import GitMissingError
from orchestrator.store.workspace import Workspace

LEAST = 2_000
"""Files from which on the index pays."""

VARIABLE = "ORCHESTRATOR_INDEX"
"""`never` reads a plan without the index, `always` uses it for small plans too."""


def is_worth_it(workspace: Workspace) -> bool:
    """Return whether a plan is read with the index: it has git, and is large."""
    chosen = workspace.environment.get(VARIABLE, "")
    if chosen == "never" or (chosen != "always" and not _is_large(workspace)):
        return False
    try:
        return workspace.repository is not None
    except GitMissingError:
        return False


def _is_large(workspace: Workspace) -> bool:
    """Return whether there are many files; counting ends where that is sure."""
    count = 0
    try:
        with os.scandir(workspace.root / "projects") as projects:
            for project in projects:
                try:
                    with os.scandir(f"{project.path}/tasks") as items:
                        for _ in items:
                            count += 1
                            if count >= LEAST:
                                return True
                except OSError:
                    continue
    except OSError:
        return False
    return False
