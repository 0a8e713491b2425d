"""Carrying out commands, one a line or sentence: each is done, or it is said why not."""

import re
from collections.abc import Sequence

from orchestrator.agent.catalog import call
from orchestrator.agent.clean import visible
from orchestrator.agent.failures import AgentError
from orchestrator.agent.offline.grammar import read_command
from orchestrator.agent.offline.words import in_words
from orchestrator.agent.provider import Called, Tell
from orchestrator.agent.tools import Draft

MOST_COMMANDS = 50
_MOST_TEXT = 100_000
HELP = """\
The offline provider is no language model. It understands, one a line:
  mark TASK completed · start TASK · TASK is blocked · reopen TASK
  move TASK under TASK · move TASK to PROJECT · move TASK to the root
  assign TASK to USER · unassign TASK · label TASK with WORD
  estimate TASK 2h · log 1h30m on TASK yesterday: NOTE
  set the priority of TASK to high · TASK is due friday · rename TASK to TITLE
  TASK depends on TASK · TASK no longer depends on TASK
  add task TITLE (2h) @user #label under TASK · delete TASK · restore TASK
  what is overdue · what is ready · list blocked tasks in PROJECT · what is USER working on
  show TASK · find WORDS · history of TASK · check
TASK is an id, a title, or words of a title that no other task has."""


_QUOTES = frozenset("\"'`“”")
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_BRIEFLY = (
    "It understands: mark TASK completed, move TASK under TASK, what is overdue; help lists all."
)


class NotUnderstoodError(AgentError):
    """A line is no command."""

    def __init__(self, line: str) -> None:
        super().__init__(
            f"The offline provider, which is no language model, does not understand {line[:80]!r}.",
            _BRIEFLY,
        )


class NothingDoneError(AgentError):
    """None of several lines was carried out."""

    def __init__(self, reasons: Sequence[AgentError]) -> None:
        listed = "".join(f"\n  {reason.message}" for reason in reasons)
        super().__init__(f"None of the {len(reasons)} lines was carried out.{listed}", _BRIEFLY)


def carry_out(text: str, draft: Draft, tell: Tell) -> tuple[str, int]:
    """Do what lines say; return the answer in words, and how many tools were called.

    Of several lines, those that cannot be carried out are named in the answer.

    Raises:
        AgentError: None could be.
    """
    wanted = _sentences(visible(text[:_MOST_TEXT]))
    if not wanted or wanted[0].casefold().rstrip("?!. ") in ("help", "what can you do"):
        return HELP, 0
    parts: list[str] = []
    refused: list[AgentError] = []
    for line in wanted[:MOST_COMMANDS]:
        try:
            parts.append(_done(line, draft, tell))
        except AgentError as error:
            refused.append(error)
            parts.append(f"{error.message} {error.hint or ''}".rstrip())
    calls = len(parts) - len(refused)
    if not calls:
        raise refused[0] if len(refused) == 1 else NothingDoneError(refused)
    if len(wanted) > MOST_COMMANDS:
        parts.append(f"{len(wanted) - MOST_COMMANDS:,} more lines were not read.")
    return "\n".join(parts), calls


def _sentences(text: str) -> list[str]:
    """Return lines, and the sentences of those in which nothing is quoted."""
    found: list[str] = []
    for line in text.split("\n"):
        bare = line.strip().lstrip("-*• ")
        found += [bare] if set(bare) & _QUOTES else _END.split(bare)
    return [line for line in found if line]


def _done(line: str, draft: Draft, tell: Tell) -> str:
    command = read_command(line, draft)
    if command is None:
        raise NotUnderstoodError(line)
    answer = call(draft, command.tool, command.arguments)
    tell(Called(command.tool, command.arguments, answer))
    if "error" in answer:
        raise AgentError(str(answer["error"]), answer.get("hint"))
    return in_words(command.tool, command.arguments, answer)
