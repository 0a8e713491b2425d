"""`export backlog-md`: a folder of files."""

from pathlib import Path
from typing import Any

import click

from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.session import Session
from orchestrator.errors import OrchestratorError


class OccupiedFolderError(OrchestratorError):
    """The folder holds something already, which an export must not mix with."""


@click.command("backlog-md", cls=FilteredCommand)
@click.argument("folder", type=click.Path(file_okay=False))
@filter_options
@click.pass_obj
def command(session: Session, /, folder: str, **terms: Any) -> None:
    """A folder of Backlog.md: orchestrator export backlog-md ./backlog -p payments ."""
    from orchestrator.cli.export.texts import chosen
    from orchestrator.cli.talk import say
    from orchestrator.exchange.exports.backlog_md import as_backlog_md
    from orchestrator.store.write import FileEdit, write_files

    root = Path(folder).absolute()
    if root.exists() and any(root.iterdir()):
        raise OccupiedFolderError(
            f"{folder} is not empty.", "Name a new folder, or remove what is in it."
        )
    files = as_backlog_md(*chosen(session, terms))
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OrchestratorError(f"{folder} cannot be made: {reason}.", "Name another.") from error
    write_files(root, [FileEdit(path, None, text.encode()) for path, text in files.items()])
    say(f"Wrote {len(files) - 1:,} tasks to {folder}")
