"""`import backlog-md`: a folder of Backlog.md."""

from typing import Any

import click

from orchestrator.cli.import_.bring import Wishes, bring, import_options
from orchestrator.cli.input import read_input
from orchestrator.cli.session import Session

_LARGEST_PAGE = 16 * 1024 * 1024
_PLAIN = (".md", ".yml", ".yaml")


@click.command("backlog-md")
@click.argument("path", type=click.Path(exists=True, file_okay=False))
@import_options
@click.pass_obj
def command(session: Session, /, path: str, **wishes: Any) -> None:
    """Import the Backlog.md folder PATH."""
    from orchestrator.exchange.backlog_md import read
    from orchestrator.exchange.plan import ImportRefusedError

    root = (session.folder / path).resolve()
    if not any((root / name).exists() for name in ("config.yml", "tasks", "completed")):
        raise ImportRefusedError(
            f"{root} is no Backlog.md folder: it has neither config.yml nor tasks/ .",
            "Name the folder that backlog init made, usually backlog/ .",
        )
    files = {
        item.relative_to(root).as_posix(): read_input(item, _LARGEST_PAGE)
        for item in sorted(root.rglob("*"))
        if item.suffix in _PLAIN and item.is_file() and not item.is_symlink()
    }
    bring(session, Wishes(**wishes), lambda *_: read(files), "backlog")
