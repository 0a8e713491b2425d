"""`purge`, which is the same for tasks and projects."""

from typing import TYPE_CHECKING, Literal

import click

from orchestrator.cli import FINE, REFUSED
from orchestrator.cli.options import commit_options
from orchestrator.cli.session import Session
from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from orchestrator.model.snapshot import Snapshot
    from orchestrator.patch.ops import Patch

_Kind = Literal["tasks", "projects"]
_NOUN: dict[_Kind, str] = {"tasks": "task", "projects": "project"}
_NAMED = 5


class UnansweredError(OrchestratorError):
    """A person would have to agree, and there is nobody to ask."""


def purge_command(kind: _Kind, help_text: str) -> click.Command:
    """Return the `purge` command of a group."""
    noun = _NOUN[kind]

    @click.command("purge", help=help_text)
    @click.argument("ids", metavar="[ID]...", nargs=-1)
    @click.option("--all", "takes_all", is_flag=True, help=f"All deleted {noun}s.")
    @click.option(
        "--unlink", is_flag=True, help="Remove dependencies on what goes from the tasks that stay."
    )
    @click.option("--force", "-f", is_flag=True, help="Also files that git could not bring back.")
    @click.option("--yes", "-y", is_flag=True, help="Do not ask.")
    @commit_options
    @click.pass_obj
    def purge(
        session: Session,
        ids: tuple[str, ...],
        takes_all: bool,
        unlink: bool,
        force: bool,
        yes: bool,
        wants_commit: bool | None,
        message: str | None,
    ) -> int:
        from orchestrator.cli.change import make_change
        from orchestrator.cli.talk import note
        from orchestrator.verbs.purge import bin_of, purge_projects, purge_tasks

        if bool(ids) == takes_all:
            raise click.UsageError(f"Name the {noun}s, or say --all.")
        snapshot = session.snapshot()
        wanted = bin_of(snapshot, kind) if takes_all else ids
        if not wanted:
            note(f"No {noun} is deleted.")
            return FINE
        patch = (purge_tasks if kind == "tasks" else purge_projects)(
            snapshot, wanted, unlink=unlink
        )
        paths = _removed(snapshot, patch)
        way_back = "" if force else _way_back(session, paths)
        if not (yes or _is_agreed(paths)):
            note("Nothing was removed.")
            return REFUSED
        make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)
        if way_back:
            note(way_back)
        return FINE

    return purge


def _removed(snapshot: "Snapshot", patch: "Patch") -> list[str]:
    """Return the paths of the files that a patch removes."""
    from orchestrator.patch.apply import touched

    whole = [op for op in patch.ops if op["op"] == "remove" and op["path"].count("/") == 2]  # noqa: PLR2004
    return [snapshot.path_of(kind, entity_id) for kind, entity_id in touched(whole)]


def _way_back(session: Session, paths: list[str]) -> str:
    """Return how git brings a file back; refuses when it could not."""
    import os

    from orchestrator.store.kept import UncommittedError, uncommitted

    if lost := uncommitted(session.workspace, paths):
        raise UncommittedError(lost)
    head = session.workspace.required_repository.git.commit_of("HEAD")
    path = os.path.relpath(session.workspace.root / paths[0], session.folder)
    which = "it:" if len(paths) == 1 else "them; the first:"
    return f"Git still has {which} git checkout {head[:12]} -- {path}"


def _is_agreed(paths: list[str]) -> bool:
    """Ask a person whether files are to go; without a terminal, refuse."""
    import sys

    from orchestrator.cli.talk import note

    count = f"{len(paths):,} file{'' if len(paths) == 1 else 's'}"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UnansweredError(
            f"{count} would be removed and nobody can be asked.", "--yes removes without asking."
        )
    for path in paths[:_NAMED]:
        note(f"  {path}")
    if len(paths) > _NAMED:
        note(f"  … and {len(paths) - _NAMED:,} more")
    return click.confirm(f"Remove {count}?", err=True)
