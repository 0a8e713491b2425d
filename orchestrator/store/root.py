"""Where a workspace is: the nearest folder upwards that has its settings."""

from pathlib import Path

from orchestrator.model.places import SETTINGS_FILE
from orchestrator.store.git import StoreError
from orchestrator.store.repository import is_bare


class WorkspaceNotFoundError(StoreError):
    """There is no orchestrator.yaml here or above.

    Attributes:
        start: Where the search began.
    """

    def __init__(self, start: Path) -> None:
        if is_bare(start):
            message = f"{start} is a bare git repository: it has no files to work on."
            hint = "Work in a clone of it."
        else:
            message = f"{start} is in no workspace: there is no {SETTINGS_FILE} here or above."
            hint = "orchestrator init makes one; -C DIR points at one."
        super().__init__(message, hint)
        self.start = start


def root_above(start: Path) -> Path:
    """Return the folder of the workspace that `start` is in.

    Raises:
        WorkspaceNotFoundError: There is none.
    """
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise WorkspaceNotFoundError(start)
