"""Questions of `sync init` to the person at the terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from orchestrator.cli.escape import printable
from orchestrator.cli.talk import note
from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from orchestrator.sync.remote import Choice

_MOST = 40


class UnansweredError(OrchestratorError):
    """Something must be known, and nobody can be asked."""


@dataclass(frozen=True)
class Asker:
    """Asks, where somebody is there to answer.

    Attributes:
        may_ask: Whether somebody is.
    """

    may_ask: bool

    def text(self, question: str, default: str) -> str:
        """Return what the person types; the default where nobody can be asked."""
        if not self.may_ask:
            return default
        return str(click.prompt(printable(question), default=default, err=True)).strip()

    def agrees(self, question: str) -> bool:
        """Return whether the person says yes."""
        return click.confirm(printable(question), default=True, err=True)

    def pick(self, what: str, option: str, choices: "Sequence[Choice]") -> str:
        """Return one of several choices, the only one without a question.

        Args:
            what: Of what, for people: `team`.
            option: How it is given without a question: `--scope team=`.
            choices: Those that there are; empty where it must be typed.

        Raises:
            UnansweredError: Nobody can be asked.
        """
        if len(choices) == 1:
            note(f"{what}: {choices[0].value} ({choices[0].title})")
            return choices[0].value
        if not self.may_ask:
            known = ", ".join(choice.value for choice in choices[:_MOST])
            raise UnansweredError(
                f"Which {what} is to be mirrored?",
                f"{option}… names it{f': {known} .' if known else '.'}",
            )
        for number, choice in enumerate(choices[:_MOST], 1):
            note(f"  {number:>2}  {choice.value}  {choice.title}")
        if len(choices) > _MOST:
            note(f"  … and {len(choices) - _MOST} more, which can be typed")
        while True:
            said = str(click.prompt(f"Which {what}", err=True)).strip()
            if said.isdecimal() and 1 <= int(said) <= len(choices[:_MOST]):
                return choices[int(said) - 1].value
            if not choices or said in {choice.value for choice in choices}:
                return said
            note(f"There is no {printable(what)} {printable(said[:60])} .")

    def pick_or_none(self, what: str, choices: "Sequence[Choice]") -> str | None:
        """Return one of several choices, or None when the person presses Enter."""
        for number, choice in enumerate(choices[:_MOST], 1):
            note(f"  {number:>2}  {choice.value}  {choice.title}")
        while True:
            question = f"Which {what} (Enter for none)"
            said = str(click.prompt(question, default="", show_default=False, err=True)).strip()
            if not said:
                return None
            if said.isdecimal() and 1 <= int(said) <= len(choices[:_MOST]):
                return choices[int(said) - 1].value
            if said in {choice.value for choice in choices}:
                return said
            note(f"There is no {printable(what)} {printable(said[:60])} .")

    def several(self, question: str, known: Sequence[str]) -> list[str]:
        """Return some of the known words, or none of them when the person presses Enter."""
        note(f"  {', '.join(known[:_MOST])}{' …' if len(known) > _MOST else ''}")
        while True:
            asked = f"{question} (commas between; Enter for all)"
            said = str(click.prompt(asked, default="", show_default=False, err=True))
            chosen = [word for word in said.replace(",", " ").split() if word]
            lost = [word for word in chosen if word not in known]
            if not lost:
                return list(dict.fromkeys(chosen))
            note(f"There is no {printable(lost[0][:60])} .")
