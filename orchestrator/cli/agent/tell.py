"""What a person sees of a run while it goes on."""

import sys
from typing import TYPE_CHECKING, Any

from orchestrator.cli.escape import printable
from orchestrator.cli.session import Session
from orchestrator.cli.talk import clean, note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestrator.agent.provider import Event

_LONGEST = 60


class Teller:
    """Shows text as it comes on a terminal, and tool calls in a line each.

    Attributes:
        was_streamed: Whether text of the answer has been shown already.
    """

    def __init__(self, session: Session, *, shows_text: bool) -> None:
        self._streams = session.is_terminal and shows_text
        self._is_in_line = False
        self.was_streamed = False

    def __call__(self, event: "Event") -> None:
        """Show what happens."""
        from orchestrator.agent.provider import Called, Noticed, Said

        match event:
            case Said(text):
                if self._streams:
                    sys.stdout.write(clean(text))
                    sys.stdout.flush()
                    self._is_in_line = not text.endswith("\n")
                    self.was_streamed = True
            case Called():
                self._line(f"· {call_words(event.tool, event.arguments, event.answer)}")
            case Noticed(text):
                self._line(text)
                self.was_streamed = False

    def end(self) -> None:
        """End the line that text was shown on."""
        if self._is_in_line:
            sys.stdout.write("\n")
            sys.stdout.flush()
            self._is_in_line = False

    def _line(self, text: str) -> None:
        self.end()
        note(text)


def call_words(tool: str, arguments: "Mapping[str, Any]", answer: "Mapping[str, Any]") -> str:
    """Return a tool call in one line: what it was about, and what it answered."""
    about = arguments.get("id") or arguments.get("title") or arguments.get("text") or ""
    if not about:
        about = arguments.get("where") or arguments.get("project") or ""
    given = f" {str(about)[:_LONGEST]}" if about else ""
    if "error" in answer:
        return printable(f"{tool}{given}: refused: {answer['error']}".replace("\n", " "))
    if "ids" in answer:
        return printable(f"{tool}{given}: {len(answer['ids'])} tasks")
    if "total" in answer:
        return printable(f"{tool}{given}: {answer['total']}")
    made = str(answer.get("id") or "")
    return printable(f"{tool}{given}{f' → {made}' if made and made != about else ''}")
