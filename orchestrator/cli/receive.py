"""What `hook pre-receive` tells the person who pushes; git shows it behind `remote:`."""

import sys
from typing import TYPE_CHECKING

from orchestrator.cli.session import Session
from orchestrator.cli.talk import note

if TYPE_CHECKING:
    from orchestrator.store.hooks.receive.agents import Refused
    from orchestrator.store.hooks.verdict import Verdict

_MOST_SHOWN = 20


def receive(session: Session) -> int:
    """Check the push on stdin; return 1 to refuse all of it."""
    from orchestrator.store.hooks.receive.arrivals import ref_updates
    from orchestrator.store.hooks.receive.check import check_receive

    lines = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").splitlines()
    updates = list(ref_updates(lines))
    answer = check_receive(str(session.folder), session.environment, updates, session.now)
    for refusal in answer.refusals[:_MOST_SHOWN]:
        note(_line(refusal))
    if (more := len(answer.refusals) - _MOST_SHOWN) > 0:
        note(f"… and {more:,} more")
    for ref, prefix, verdict in answer.verdicts:
        if verdict.refusing:
            _tell(ref, prefix, verdict)
    if answer.is_refused:
        # GitLab shows people the lines that begin so.
        mark = "GL-HOOK-ERR: " if "GL_PROTOCOL" in session.environment else ""
        note(f"{mark}The push is refused; nothing was changed on the server.")
    return 1 if answer.is_refused else 0


def _line(refusal: "Refused") -> str:
    where = [refusal.commit[:12] if refusal.commit else "", refusal.ref or refusal.place or ""]
    place = " ".join(part for part in where if part)
    rule = f" ({refusal.rule})" if refusal.rule else ""
    head = f"{place}: " if place else ""
    return f"{head}error[ORC401] {refusal.why}{rule}"


def _tell(ref: str, prefix: str, verdict: "Verdict") -> None:
    """Say what is wrong with the plan at a ref's new tip, with the lines."""
    from orchestrator.cli.formats import renderer
    from orchestrator.cli.formats.report import Report

    def text_of(path: str) -> str | None:
        data = verdict.source.read(path[len(prefix) :])
        return None if data is None else data.decode("utf-8", "replace")

    note(f"{ref} would bring errors into the plan:")
    found = verdict.refusing[:_MOST_SHOWN]
    shown = [problem._replace(path=f"{prefix}{problem.path}") for problem in found]
    sys.stderr.write(renderer("text")(shown, Report(verdict.files, source=text_of)))
    if (more := len(verdict.refusing) - _MOST_SHOWN) > 0:
        note(f"… and {more:,} more")
