"""What all imports share: their options, reading the file, the patch, and what is said of it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.input import UnreadableInputError, read_input
from orchestrator.cli.options import Command, commit_options, json_option
from orchestrator.cli.session import Session
from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:  # what these bring with them would triple the time of --help
    from orchestrator.exchange.imported import Imported, Note
    from orchestrator.exchange.keys import Keys
    from orchestrator.exchange.plan import ImportPlan

LARGEST = 256 * 1024 * 1024

_MOST_NOTES = 40
_ALWAYS_SAID = ("present", "line", "file")
_MOST_PROJECTS = 3


class NothingToImportError(OrchestratorError):
    """The file holds nothing of the format that it was said to have."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options that every import has."""

    project: str | None
    dry_run: bool
    as_json: bool
    wants_commit: bool | None
    message: str | None


def import_options(command: Command) -> Command:
    """Add the options that every import has, in the order of Wishes."""
    command = click.option(
        "--dry-run", is_flag=True, help="Say what would be done; write nothing."
    )(json_option(commit_options(command)))
    return click.option(
        "--project", "-p", default=None, help="The project; made when it is not there."
    )(command)


def file_of(session: Session, /, file: str) -> bytes:
    """Return the bytes of a file, or of stdin for `-`.

    Raises:
        UnreadableInputError: It cannot be read, or has more than 256 MiB.
    """
    if file != "-":
        return read_input(session.folder / Path(file), LARGEST)
    data = sys.stdin.buffer.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UnreadableInputError(f"stdin has more than {LARGEST:,} bytes.", "Split it.")
    return data


def bring(
    session: Session,
    wishes: Wishes,
    read: "Callable[[Keys, float], Imported]",
    fallback: str = "",
    more: Callable[[], dict[str, Any]] = dict,
) -> None:
    """Read a plan, add it to ours, and say what was done.

    Args:
        session: The run of the command line.
        wishes: What a person wants.
        read: Returns the plan, from the keys of projects and the hours of a day.
        fallback: The project where neither the person nor the file names one.
        more: Returns what the answer in JSON has beside the rest.

    Raises:
        NothingToImportError: There is no task in it, and something that is none.
    """
    from orchestrator.cli.change import commit, will_commit
    from orchestrator.cli.talk import say_json
    from orchestrator.exchange.keys import keys_of
    from orchestrator.exchange.plan import plan
    from orchestrator.patch.ops import Patch

    snapshot = session.snapshot()
    commits = will_commit(
        session, snapshot, wants_commit=wishes.wants_commit, message=wishes.message
    )
    imported = read(keys_of(snapshot.projects), snapshot.hours_per_day)
    _refuse_nothing(imported)
    project = wishes.project or str(imported.project.get("id") or fallback)
    planned = plan(snapshot, project, imported, session.now)
    applied = session.workspace.apply(
        Patch(tuple(planned.ops)), session.now, snapshot, dry_run=wishes.dry_run
    )
    where = _where(project, planned)
    if wishes.as_json:
        say_json({"project": project, **_answer(planned), **more()})
    else:
        _tell(planned, where, dry_run=wishes.dry_run)
    if applied.paths and commits and not wishes.dry_run:
        words = f"Import {_tasks(planned.added)} from {imported.source} into {where}"
        commit(session, applied, wishes.message or words)


def _answer(planned: "ImportPlan") -> dict[str, Any]:
    return {
        "projects": dict(planned.places),
        "added": planned.added,
        "present": planned.present,
        "notes": [item._asdict() for item in planned.notes],
    }


def _refuse_nothing(imported: "Imported") -> None:
    faults = [note for note in imported.notes if note.kind in ("line", "file")]
    if imported.tasks or not faults:
        return
    raise NothingToImportError(
        f"There is no task of {imported.source} in it: {_line(faults[0])}",
        "orchestrator import --help lists the formats.",
    )


def _where(project: str, planned: "ImportPlan") -> str:
    places = [place for place, count in planned.places.items() if count] or list(planned.places)
    if len(places) > _MOST_PROJECTS:
        return f"{len(places)} projects"
    return ", ".join(places) or project


def _tell(planned: "ImportPlan", where: str, *, dry_run: bool) -> None:
    from orchestrator.cli.talk import note, say

    would = "would be added" if dry_run else "added"
    there = f"{planned.present:,} {'was' if planned.present == 1 else 'were'} there already"
    say(f"{_tasks(planned.added)} {would} to {where}, {there}.")
    if sum(map(bool, planned.places.values())) > 1:
        for place, count in planned.places.items():
            say(f"  {place}: {count:,}")
    # What is said of many tasks at once comes first, and is what a person must not miss.
    notes = sorted(planned.notes, key=lambda item: bool(item.source))
    if not planned.added:  # how tasks were read that are there already was said before
        notes = [item for item in notes if item.kind in _ALWAYS_SAID]
    for item in notes[:_MOST_NOTES]:
        say(f"  {_line(item)}")
    if len(notes) > _MOST_NOTES:
        note(f"… and {len(notes) - _MOST_NOTES:,} more notes, which --dry-run --json lists.")


def _tasks(count: int) -> str:
    return f"{count:,} task{'' if count == 1 else 's'}"


def _line(item: "Note") -> str:
    return f"{item.source + ': ' if item.source else ''}{item.sentence}"
