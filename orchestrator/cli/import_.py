"""`import`: plans of other tools."""

from pathlib import Path

import click

from orchestrator.cli.group import SuggestingGroup
from orchestrator.cli.input import read_input
from orchestrator.cli.options import commit_options, json_option
from orchestrator.cli.session import Session
from orchestrator.exchange.imported import Imported

_LARGEST = 256 * 1024 * 1024
_LARGEST_PAGE = 16 * 1024 * 1024
_PLAIN = (".md", ".yml", ".yaml")


@click.group("import", cls=SuggestingGroup)
def command() -> None:
    """Bring a plan over from another tool, into a project, in one patch.

    What has no place goes to metadata; what cannot be kept is listed at the end. A second import
    adds what is new and leaves the rest alone.
    """


@command.command("backlog-md")
@click.argument("path", type=click.Path(exists=True, file_okay=False))
@click.option("--project", "-p", default=None, help="The project; made when it is not there.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@json_option
@commit_options
@click.pass_obj
def backlog_md(
    session: Session,
    path: str,
    project: str | None,
    dry_run: bool,
    as_json: bool,
    wants_commit: bool | None,
    message: str | None,
) -> None:
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
    _bring(session, read(files), project or "backlog", dry_run, as_json, wants_commit, message)


@command.command("beads")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--project", "-p", default=None, help="The project; made when it is not there.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@json_option
@commit_options
@click.pass_obj
def beads(
    session: Session,
    file: str,
    project: str | None,
    dry_run: bool,
    as_json: bool,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Import the issues of beads (JSONL)."""
    from orchestrator.exchange.beads import read

    data = read_input(session.folder / Path(file), _LARGEST)
    _bring(session, read(data), project or "beads", dry_run, as_json, wants_commit, message)


def _bring(
    session: Session,
    imported: Imported,
    project: str,
    dry_run: bool,
    as_json: bool,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    from orchestrator.cli.change import commit, will_commit
    from orchestrator.cli.talk import say, say_json
    from orchestrator.exchange.plan import plan
    from orchestrator.patch.ops import Patch

    snapshot = session.workspace.snapshot()
    commits = will_commit(session, snapshot, wants_commit=wants_commit, message=message)
    planned = plan(snapshot, project, imported, session.now)
    applied = session.workspace.apply(
        Patch(tuple(planned.ops)), session.now, snapshot, dry_run=dry_run
    )
    if as_json:
        say_json(
            {
                "project": project,
                "added": planned.added,
                "present": planned.present,
                "notes": [item._asdict() for item in planned.notes],
            }
        )
    else:
        would = "would be added" if dry_run else "added"
        say(
            f"{planned.added:,} tasks {would} to {project}, {planned.present:,} were there already."
        )
        for item in planned.notes:
            say(f"  {item.source + ': ' if item.source else ''}{item.sentence}")
    if applied.paths and commits and not dry_run:
        words = f"Import {planned.added:,} tasks from {imported.source} into {project}"
        commit(session, applied, message or words)
