"""A plan without its tasks: for commands that take those from elsewhere, and must not wait."""

from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Snapshot, build
from orchestrator.store.files import read_listed
from orchestrator.store.parse import parse_entries
from orchestrator.store.workspace import Workspace


def outline(workspace: Workspace) -> Snapshot:
    """Return the settings, users and projects of a workspace as the files say them now."""
    files = workspace.files
    listing = [
        item for item in files.listing() if isinstance(item, Problem) or item[1].kind != "tasks"
    ]
    reads, problems, doubtful = parse_entries(read_listed(str(files.root), listing))
    return build(reads, problems, frozenset(doubtful), files.layer)
