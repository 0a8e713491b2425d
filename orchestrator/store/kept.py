"""Which files git could bring back, and which would be lost for good with their removal."""

from collections.abc import Sequence

from orchestrator.model.fields import DELETION
from orchestrator.store.git import StoreError
from orchestrator.store.workspace import Workspace

_MARKS = tuple(f"{name}:".encode() for name in DELETION)


class UncommittedError(StoreError):
    """Files would be removed that no commit has as they are.

    Attributes:
        paths: The files.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        others = len(paths) - 1
        what = f"{paths[0]} is" if not others else f"{paths[0]} and {others:,} more are"
        super().__init__(
            f"{what} in no commit as it stands now, so git could not bring it back.",
            "Commit first, or --force removes for good.",
        )
        self.paths = tuple(paths)


def uncommitted(workspace: Workspace, paths: Sequence[str]) -> list[str]:
    """Return the files that are not in HEAD, or are otherwise there.

    The marks of a deletion are nothing to lose.
    """
    repository = workspace.repository
    if repository is None or not repository.has_commits:
        return list(paths)
    kept = workspace.at("HEAD").read_all(paths)
    present = workspace.files.read_all(paths)
    return [
        path
        for path, committed, now in zip(paths, kept, present, strict=True)
        if committed is None or (now != committed and _unmarked(now) != _unmarked(committed))
    ]


def _unmarked(data: bytes | None) -> list[bytes]:
    lines = (data or b"").splitlines()
    return [line for line in lines if not line.startswith(_MARKS)]
