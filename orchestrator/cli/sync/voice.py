"""How a sync talks: to a person, or as JSON messages to a program."""

import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestrator.cli.escape import json_text
from orchestrator.cli.session import Session
from orchestrator.cli.sync.messages import (
    Message,
    error_message,
    item_message,
    plan_message,
    progress_message,
    summary_message,
    warning_message,
)
from orchestrator.cli.sync.progress import ProgressLine
from orchestrator.cli.talk import note, refuse, say, say_raw
from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from orchestrator.sync.reconcile.done import Done
    from orchestrator.sync.remote import Progress
    from orchestrator.sync.run.carry import Result
    from orchestrator.sync.run.execute import Failure
    from orchestrator.sync.run.prepare import Prepared

_MOST_REFUSED = 20
_OFTEN = 1.0  # seconds


def _sentence(failure: "Failure") -> str:
    """Return what failed and why, the item named once."""
    entity_id, message = failure.action.id, failure.message
    text = message if message.startswith(entity_id) else f"{entity_id} : {message}"
    return f"{text} {failure.hint}" if failure.hint else text


@dataclass
class Voice:
    """What a run says, and to whom.

    Attributes:
        session: Whose terminal it is.
        as_json: Whether a program listens.
        is_brief: Whether a run in which nothing happens is one line, and the plan is not shown.
        name: Of the integration that is at work.
    """

    session: Session
    as_json: bool = False
    is_brief: bool = False
    name: str = ""
    _line: ProgressLine = field(default_factory=ProgressLine)
    _what: str = ""
    _told: float = 0.0
    _failed: int = 0

    def begin(self, name: str) -> None:
        """Say nothing yet: what follows is about this integration."""
        self.name = name
        self._line.label = name
        self._failed = 0

    def progress(self, progress: "Progress") -> None:
        """Say how far something is; to a person only on a terminal."""
        if self.as_json:
            self._tell(progress)
        elif sys.stderr.isatty():
            self._line.show(progress)

    def quiet(self) -> None:
        """Take the line of progress away."""
        self._line.clear()

    def plan(self, prepared: "Prepared", *, is_last: bool = True) -> None:
        """Show a plan, and what came to light while it was made.

        Args:
            prepared: The plan.
            is_last: Whether nothing follows; a plan of nothing is shown only then.
        """
        self.quiet()
        if self.as_json:
            for text in prepared.notes:
                self._message(warning_message(self.name, text))
            self._message(plan_message(prepared.plan))
            return
        for text in prepared.notes:
            note(f"{self.name}: {text}")
        plan = prepared.plan
        if self.is_brief or not (is_last or plan.actions or plan.warnings):
            return
        from orchestrator.cli.sync.plan_text import plan_lines

        lines = plan_lines(plan, has_color=self.session.has_color)
        text = "".join(f"{line}\n" for line in lines)
        if is_last:
            from orchestrator.cli.pager import show_paged

            show_paged(self.session, text)
        else:
            say_raw(text)

    def item(self, what: "Done | Failure") -> None:
        """Say what became of one item over there; to a person only what failed."""
        from orchestrator.sync.run.execute import Failure

        if self.as_json:
            self._message(item_message(self.name, what))
        elif isinstance(what, Failure):
            self._failed += 1
            if self._failed <= _MOST_REFUSED:
                self.quiet()
                note(_sentence(what))

    def remark(self, text: str) -> None:
        """Say something to know."""
        self.quiet()
        if self.as_json:
            self._message(warning_message(self.name, text))
        else:
            note(text)

    def error(self, error: OrchestratorError) -> None:
        """Say why an integration could not be synced."""
        self.quiet()
        if self.as_json:
            self._message(error_message(self.name, error))
        else:
            refuse(error, self.name)

    def result(self, result: "Result", branch: str | None) -> None:
        """Say what came of a run."""
        self.quiet()
        for text in result.notes:
            if self.as_json:
                self._message(warning_message(self.name, text))
            else:
                note(f"{self.name}: {text}")
        if self._failed > _MOST_REFUSED:
            note(f"… and {self._failed - _MOST_REFUSED:,} more failed; --json names them all")
        for error in (result.outcome.stopped, result.refusal):
            if error is not None:
                self.error(error)
        if self.as_json:
            self._message(summary_message(result, branch))
            return
        landed = result.landed
        refused = list(landed.refused.items()) if landed else []
        for (_, entity_id), why in refused[:_MOST_REFUSED]:
            note(f"{entity_id} was not changed here: {why}")
        if len(refused) > _MOST_REFUSED:
            note(f"… and {len(refused) - _MOST_REFUSED:,} more were not changed here")
        say(self._summary(result, branch))
        is_shared = result.prepared.origin.remote is not None
        if is_shared and landed and landed.commit and branch is None and not self.is_brief:
            note("git push: syncs of the team wait for that commit.")

    def _summary(self, result: "Result", branch: str | None) -> str:
        plan, landed = result.prepared.plan, result.landed
        written = sum(done.item is not None for done in result.outcome.done)
        linked = sum(done.action.verb == "link" for done in result.outcome.done)
        parts = [f"{written:,} written there"] if written else []
        parts += [f"{linked:,} linked"] if linked else []
        if landed and landed.commit:
            where = f" on {branch}" if branch else ""
            parts.append(f"{len(landed.changes):,} changed here, committed as "
                         f"{landed.commit[:12]}{where}")  # fmt: skip
        failed = len(result.outcome.failures)
        parts += [f"{failed:,} failed"] if failed else []
        if clashes := result.clashes:
            parts.append(f"{clashes:,} conflict{'s' * (clashes > 1)} left")
        said = ", ".join(parts)
        if not said:
            left = sum(action.verb == "skip" for action in plan.actions)
            said = f"{plan.unchanged:,} items are in step"
            said += f", {left:,} left alone" if left else ""
        if self.is_brief:
            return f"{self.session.now:%H:%M:%S} {plan.integration}: {said}"
        return f"{plan.integration}: {said}"

    def _tell(self, progress: "Progress") -> None:
        """Print how far something is, but not more often than anybody could follow."""
        moment = time.monotonic()
        if progress.what != self._what or moment - self._told >= _OFTEN:
            self._what, self._told = progress.what, moment
            self._message(progress_message(self.name, progress))

    def _message(self, message: Message) -> None:
        sys.stdout.write(f"{json_text(message)}\n")
        sys.stdout.flush()
