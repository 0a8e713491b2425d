"""What a command line brings: environment, clock, terminal, and the workspace it is about."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from orchestrator.model.snapshot import Snapshot
    from orchestrator.store.workspace import Workspace


@dataclass(frozen=True)
class Session:
    """One run of the command line.

    Attributes:
        folder: Where it works: the current folder, or -C.
        environment: The process's variables.
        has_color: Whether stdout gets colours.
        is_terminal: Whether a person reads stdout.
    """

    folder: Path
    environment: Mapping[str, str]
    has_color: bool
    is_terminal: bool

    @classmethod
    def start(cls, folder: str | None, color: str, *, has_pager: bool = True) -> "Session":
        """Read the process's surroundings, once.

        Args:
            folder: What -C names.
            color: auto, always or never.
            has_pager: Whether long answers may go through a pager.
        """
        try:
            where = Path(folder or ".").resolve()
        except FileNotFoundError:
            raise OrchestratorError(
                "The current folder no longer exists.", "cd to another one."
            ) from None
        environment = dict(os.environ)
        if not has_pager:
            environment["ORCHESTRATOR_PAGER"] = "cat"
        is_terminal = sys.stdout.isatty()
        if color == "auto":
            wanted = is_terminal and "NO_COLOR" not in environment
            has_color = wanted and environment.get("TERM") != "dumb"
        else:
            has_color = color == "always"
        return cls(where, environment, has_color, is_terminal)

    @property
    def now(self) -> datetime:
        """The moment, to the second, with this machine's offset."""
        return datetime.now(UTC).astimezone().replace(microsecond=0)

    @property
    def today(self) -> date:
        """The day on this machine's wall."""
        return self.now.date()

    def me(self, snapshot: "Snapshot") -> str | None:
        """Return the user whom ORCHESTRATOR_USER names, or whose e-mail git has; None if nobody."""
        from orchestrator.store.oneself import me

        return me(self.workspace, snapshot)

    def myself(self, snapshot: "Snapshot") -> str:
        """Return the user at the terminal.

        Raises:
            UnknownSelfError: Nobody knows who that is.
        """
        from orchestrator.model.oneself import UnknownSelfError

        if found := self.me(snapshot):
            return found
        raise UnknownSelfError

    def choose(self, characters: str) -> str:
        """Pick one character at random."""
        import secrets

        return secrets.choice(characters)

    @cached_property
    def workspace(self) -> "Workspace":
        """The workspace around the folder."""
        from orchestrator.store.workspace import find_workspace

        processes = 2 if (os.cpu_count() or 1) > 1 else 1
        return find_workspace(self.folder, self.environment, processes=processes)

    def snapshot(self) -> "Snapshot":
        """Return the plan as the files say it now, all of it."""
        from orchestrator.store.index.plan import read_plan

        return read_plan(self.workspace)
