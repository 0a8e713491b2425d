"""What `watch` prints: lines for people, or one JSON object a line."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.check.facts import names
from orchestrator.cli.escape import json_text, printable
from orchestrator.cli.formats.json import row
from orchestrator.cli.formats.report import Report
from orchestrator.cli.formats.text import listed
from orchestrator.cli.ink import DIM, GREEN, RED, YELLOW, paint
from orchestrator.cli.session import Session
from orchestrator.cli.talk import clean, say, say_raw
from orchestrator.model.places import place_of
from orchestrator.model.problem import Problem
from orchestrator.store.load import Report as Checked
from orchestrator.store.watch.memory import Look
from orchestrator.store.watch.news import News

_MOST = 50


@dataclass
class Feed:
    """Tells what happens.

    Attributes:
        session: For the clock and colours.
        as_json: Whether a program reads it.
    """

    session: Session
    as_json: bool
    _summary: dict[str, int] | None = None

    def started(self, found: Checked, seconds: float) -> None:
        """Tell that watching begins, and how the plan is."""
        self._summary = _counts(found)
        if self.as_json:
            self._print("started", problems=found.problems)
            return
        root = printable(str(self.session.workspace.root))
        self._line(f"Watching {root} : {self._counted()} ({seconds:.2f} s)")
        if found.problems:
            say("orchestrator check shows them. Ctrl-C stops.")

    def checked(self, look: Look, told: News, found: Checked, *, is_back: bool = False) -> None:
        """Tell what a check found; for people only what is new in meaning.

        Args:
            look: The files that changed.
            told: The problems that did.
            found: How the plan is now.
            is_back: Whether the workspace was gone in the meantime.
        """
        self._summary = _counts(found)
        if self.as_json:
            # A program keeps a list of problems, from which the old words must go.
            gone = (*told.fixed, *told.replaced)
            self._print("checked", look.changed, look.meant, told.new, gone)
            return
        if not (look.meant or told.new or told.fixed or is_back):
            return
        what = _named(look.meant or look.changed)
        what = f"{what} changed" if what else "Time has passed"
        what = "The workspace is back" if is_back else what
        if not (told.new or told.fixed):
            self._line(f"{what}: {self._counted()}")
            return
        self._line(what)
        self._problems(told.new)
        for problem in told.fixed[:_MOST]:
            text = f"fixed {printable(problem.path)}: {problem.code} {printable(problem.message)}"
            say_raw(f"{paint(text, GREEN, has_color=self.session.has_color)}\n")
        if len(told.fixed) > _MOST:
            text = f"… and {len(told.fixed) - _MOST:,} more fixed"
            say_raw(f"{paint(text, GREEN, has_color=self.session.has_color)}\n")
        say_raw(f"{self._counted()}\n")
        sys.stdout.flush()

    def did(self, event: str, message: str, paths: Sequence[str] = (), **further: Any) -> None:
        """Tell of something that was done.

        Args:
            event: `stamped`, `committed`, `synced`, `ran` or `stopped`.
            message: What, in words.
            paths: The files that it was done to.
            further: More for programs.
        """
        if self.as_json:
            self._print(event, paths, paths, message=message, **further)
        else:
            self._line(clean(message))

    def failed(self, message: str, hint: str | None = None, paths: Sequence[str] = ()) -> None:
        """Tell what did not go as asked; watching goes on."""
        if self.as_json:
            self._print("failed", paths, paths, message=message, hint=hint)
        else:
            self._line(clean(message), YELLOW)
            if hint:
                say(f"  hint: {hint}")
                sys.stdout.flush()

    def _problems(self, problems: Sequence[Problem]) -> None:
        files = self.session.workspace.files

        def text_of(path: str) -> str | None:
            data = files.read(path)
            return None if data is None else data.decode("utf-8", "replace")

        circumstances = Report(files=0, source=text_of, color=self.session.has_color)
        for block in listed(problems[:_MOST], circumstances):
            say_raw(block)
        if len(problems) > _MOST:
            say(f"… and {len(problems) - _MOST:,} more; orchestrator check shows them")

    def _line(self, text: str, color: str = "") -> None:
        """Print text that is safe to show, behind the time."""
        has_color = self.session.has_color
        at = paint(self.session.now.strftime("%H:%M:%S"), DIM, has_color=has_color)
        say_raw(f"{at}  {paint(text, color, has_color=has_color)}\n")
        sys.stdout.flush()

    def _counted(self) -> str:
        counts = self._summary or {"errors": 0, "warnings": 0, "files": 0}
        files = _number(counts["files"], "file")
        parts = [
            _number(counts[kind], kind[:-1]) for kind in ("errors", "warnings") if counts[kind]
        ]
        color = RED if counts["errors"] else YELLOW if counts["warnings"] else GREEN
        said = ", ".join(parts) or "no problems"
        return f"{paint(said, color, has_color=self.session.has_color)} in {files}"

    def _print(
        self,
        event: str,
        changed: Sequence[str] = (),
        meant: Sequence[str] = (),
        problems: Sequence[Problem] = (),
        fixed: Sequence[Problem] = (),
        **further: Any,
    ) -> None:
        value = {
            "event": event,
            "at": self.session.now.isoformat(),
            "changed": list(changed),
            "ids": ids_of(meant),
            "problems": [row(problem) for problem in problems],
            "fixed": [row(problem) for problem in fixed],
            "summary": self._summary,
            **further,
        }
        say_raw(f"{json_text(value)}\n")
        sys.stdout.flush()


def ids_of(paths: Sequence[str]) -> list[str]:
    """Return the ids of the tasks, projects and users whose files these are, sorted."""
    return sorted({place.id for path in paths if (place := place_of(path)) and place.id})


def _named(paths: Sequence[str]) -> str:
    places = [(path, place_of(path)) for path in paths]
    known = sorted({place.id if place and place.id else path for path, place in places})
    return printable(names(known)) if known else ""


def _counts(found: Checked) -> dict[str, int]:
    errors = len(found.errors)
    return {
        "errors": errors,
        "warnings": len(found.problems) - errors,
        "files": found.files,
    }


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
