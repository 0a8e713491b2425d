"""Which tasks a command is about: those that it names, or those that a filter chooses.

What a filter chose is shown before it is done, because nobody has typed those ids.
"""

import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from orchestrator.cli import FINE, REFUSED
from orchestrator.cli.options import commit_options
from orchestrator.cli.session import Session
from orchestrator.errors import OrchestratorError
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.ops import Patch

Command = Callable[..., Any]


class NotAgreedError(OrchestratorError):
    """A person would have to agree, and there is nobody to ask."""


@dataclass(frozen=True)
class Bulk:
    """How the tasks are chosen, and how what is done with them is to happen.

    Attributes:
        where: Filters as texts.
        filters: Filters that the settings name.
        is_dry_run: Show, and write nothing.
        is_sure: Do not ask.
        wants_commit: What --commit or --no-commit says, or None.
        message: The commit's message, or None.
    """

    where: tuple[str, ...]
    filters: tuple[str, ...]
    is_dry_run: bool
    is_sure: bool
    wants_commit: bool | None
    message: str | None

    @property
    def is_filtered(self) -> bool:
        """Whether a filter chooses the tasks."""
        return bool(self.where or self.filters)

    def tasks(self, session: Session, snapshot: Snapshot, named: Sequence[str]) -> list[str]:
        """Return the ids of the tasks that are meant, by id where a filter chooses them.

        Raises:
            click.UsageError: None are, they are named and chosen at once, or a filter is empty.
        """
        if not self.is_filtered:
            if not named:
                raise click.UsageError("Missing argument 'ID...': name tasks, or say --where.")
            return list(dict.fromkeys(named))
        if named:
            raise click.UsageError("Name the tasks, or choose them with --where; not both.")
        from orchestrator.cli.filters import filter_of
        from orchestrator.cli.talk import note
        from orchestrator.view.select import select

        if not all(text.strip() for text in (*self.where, *self.filters)):
            raise click.UsageError("--where is empty; all that is open is --where open .")
        wanted = filter_of(session, snapshot, {"where": self.where, "filter": self.filters})
        found = sorted(select(snapshot, wanted))
        if not found:
            note("No task fits.")
        return found

    def carry_out(self, session: Session, snapshot: Snapshot, patch: Patch) -> int:
        """Do what a patch says, after it was shown and agreed to where a filter chose the tasks.

        Returns:
            The command's exit code.

        Raises:
            NotAgreedError: Nobody can be asked.
        """
        from orchestrator.cli.change import make_change, tell
        from orchestrator.cli.talk import note

        if self.is_dry_run:
            applied = session.workspace.apply(patch, session.now, snapshot, dry_run=True)
            tell(snapshot, applied)
            note("Nothing was written (--dry-run)." if applied.changes else "Nothing to change.")
            return FINE
        asks = self.is_filtered and not self.is_sure and bool(patch.ops)
        if asks and not _is_agreed(snapshot, patch):
            note("Nothing was changed.")
            return REFUSED
        make_change(
            session, snapshot, patch,
            wants_commit=self.wants_commit, message=self.message, is_told=asks,
        )  # fmt: skip
        return FINE


def bulk_options(command: Command) -> Command:
    """Add --where, --filter, --dry-run, --yes, --commit and -m, as one `bulk`."""

    @functools.wraps(command)
    def with_bulk(
        *args: Any,
        where: tuple[str, ...],
        filters: tuple[str, ...],
        dry_run: bool,
        yes: bool,
        wants_commit: bool | None,
        message: str | None,
        **rest: Any,
    ) -> Any:
        bulk = Bulk(where, filters, dry_run, yes, wants_commit, message)
        return command(*args, bulk=bulk, **rest)

    found = commit_options(with_bulk)
    found = click.option("--yes", "-y", is_flag=True, help="Do not ask.")(found)
    found = click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")(
        found
    )
    found = click.option(
        "--filter", "filters", multiple=True, help="All that a filter in the settings lets through."
    )(found)
    return click.option(
        "--where", multiple=True, help="All that fit: 'status=todo label=db overdue'."
    )(found)


def _is_agreed(snapshot: Snapshot, patch: Patch) -> bool:
    from orchestrator.cli.change import told
    from orchestrator.cli.talk import note
    from orchestrator.patch.apply import SnapshotDocuments, apply

    changes = apply(SnapshotDocuments(snapshot), patch.ops)
    for line in told(changes):
        note(line)
    count = f"{len(changes):,} task{'' if len(changes) == 1 else 's'}"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise NotAgreedError(
            f"{count} would be changed and nobody can be asked.",
            "--yes changes them without asking.",
        )
    return click.confirm(f"Change {count}?", err=True)
