"""What a provider is: something that answers one turn by calling a draft's tools."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Protocol

from orchestrator.agent.tools import Draft

Task = Literal["plan", "chat", "cheap"]
"""What a model is wanted for; each has models of its own, in order of preference."""


class Turn(NamedTuple):
    """What was said before in a conversation.

    Attributes:
        who: `person` or `agent`.
        text: As it was said.
    """

    who: Literal["person", "agent"]
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """One turn.

    Attributes:
        task: `plan` makes or extends a project out of a text; `chat` does what a person says.
        text: The brief, or what the person says.
        project: The project to extend or break down, for `plan`.
        turns: What was said before, oldest first.
        may_ask: Whether somebody is there to answer questions. If not, a planner assumes, and
            lists what it assumed.
        context: What is told of the plan beforehand.
        is_foreign: Whether the text was written by somebody else: data, no instructions.
        messages: What the outcome of the turn before had under this name, to go on from.
    """

    task: Task
    text: str
    project: str | None = None
    turns: tuple[Turn, ...] = ()
    may_ask: bool = True
    context: str = ""
    is_foreign: bool = False
    messages: bytes | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run took.

    Attributes:
        requests: To models, failed ones included where they are known.
        input_tokens: As the provider counts them.
        output_tokens: Likewise.
        tool_calls: Calls of tools.
        cost: In US dollars; None where no price is known.
    """

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    tool_calls: int = 0
    cost: Decimal | None = None

    def __add__(self, other: "Usage") -> "Usage":
        costs = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Usage(
            self.requests + other.requests,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.tool_calls + other.tool_calls,
            sum(costs, Decimal(0)) if costs else None,
        )


@dataclass(frozen=True, slots=True)
class Said:
    """A part of the answer's text, as it comes."""

    text: str


@dataclass(frozen=True, slots=True)
class Called:
    """A tool was called.

    Attributes:
        tool: Its name.
        arguments: As given.
        answer: What it answered; with a key `error` when it refused.
    """

    tool: str
    arguments: Mapping[str, Any]
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something about the run that a person should know: a fallback, a retry."""

    text: str


Event = Said | Called | Noticed
Tell = Callable[[Event], None]
"""Receives what happens in a run while it happens."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a turn; what was done to the plan is in the draft.

    Attributes:
        text: The answer in words.
        title: For the proposal: one line, or None.
        questions: What has to be answered before it can go on; the draft is then of no use.
        assumptions: What was assumed for want of an answer.
        usage: What it took.
        model: `provider:model` that answered last; `offline` for the reader of outlines.
        messages: The conversation in the provider's own form, to resume with; JSON.
    """

    text: str
    title: str | None = None
    questions: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    model: str = "offline"
    messages: bytes | None = None


class Provider(Protocol):
    """Something that answers."""

    def __call__(self, request: Request, draft: Draft, tell: Tell) -> Outcome:
        """Answer one turn: call the draft's tools, tell what happens, return what came of it.

        Raises:
            AgentError: It cannot go on; the draft is then of no use.
        """
