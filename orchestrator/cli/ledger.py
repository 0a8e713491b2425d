"""What git says of the tasks, read for the charts that are drawn of it."""

from datetime import date
from typing import TYPE_CHECKING

from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.model.snapshot import Snapshot
    from orchestrator.view.ledger import Ledger

_INK = {
    "remaining": "36", "completed": "32", "scope": "2", "ideal": "33", "forecast": "35",
    "muted": "2",
}  # fmt: skip


def ledger_of(
    session: Session,
    snapshot: "Snapshot",
    project: str | None,
    since: date | None,
    *,
    has_opening: bool = True,
) -> "Ledger":
    """Return what became of the tasks, and say on stderr what could not be told.

    Args:
        session: Of this run.
        snapshot: Settings and projects.
        project: Which one is asked about; None for all.
        since: What is older is one entry a task.
        has_opening: Whether those entries are wanted.

    Raises:
        ImpossibleError: There is and was no such project.
        NoRepositoryError: The workspace is in no git repository.
    """
    from orchestrator.cli.talk import note
    from orchestrator.store.replay import replay
    from orchestrator.verbs.refuse import unknown

    ledger = replay(session.workspace, session.today, since, has_opening=has_opening)
    if project is not None and project not in snapshot.projects:
        states = (state for entry in ledger.entries for state in entry[2:4])
        if all(state is None or state.project != project for state in states):
            raise unknown(snapshot, "projects", project)
    if ledger.unreadable:
        files = "version of a file" if ledger.unreadable == 1 else "versions of files"
        note(f"warning: {ledger.unreadable:,} {files} could not be read, and changed nothing here.")
    if ledger.is_shallow:
        note(
            f"This clone is shallow: what came before {ledger.first} is not in it; "
            "git fetch --unshallow brings it."
        )
    return ledger


def title_of(snapshot: "Snapshot", project: str | None) -> str:
    """Return what a chart is of: the project's title, or the workspace's name."""
    if project is None:
        return str(snapshot.settings.get("name") or "All projects")
    return str((snapshot.projects.get(project) or {}).get("title") or project)


def ink(session: Session, text: str, what: str) -> str:
    """Return text in the colour of what it shows in a chart."""
    from orchestrator.cli.ink import paint

    return paint(text, _INK.get(what, ""), has_color=session.has_color)


def no_ink(text: str, what: str) -> str:  # noqa: ARG001 - stands where `ink` does
    """Return text as it is, for files."""
    return text


def day_minutes(snapshot: "Snapshot") -> int:
    """Return what one day is worth in an estimate, at least a minute."""
    return max(round(snapshot.hours_per_day * 60), 1)
