"""Conversations that were kept: what was called in each round, to be played again without a model.

Ids are made in the same order as when it was recorded, so that what is called names them rightly.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from orchestrator.agent.catalog import call
from orchestrator.agent.evaluation.brief import BriefError
from orchestrator.agent.provider import Called, Event, Outcome, Provider, Request, Tell, Usage
from orchestrator.agent.tools import Draft

_FOLLOWED = b"recorded"


@dataclass(frozen=True, slots=True)
class Round:
    """What a provider did in one round.

    Attributes:
        calls: Names of tools, and their arguments.
        outcome: What came of it.
    """

    calls: tuple[tuple[str, Mapping[str, Any]], ...]
    outcome: Outcome


class Replayer:
    """A provider that does again what was recorded, a round at a time."""

    def __init__(self, rounds: tuple[Round, ...]) -> None:
        self._rounds = rounds
        self._at = 0

    def __call__(self, request: Request, draft: Draft, tell: Tell) -> Outcome:  # noqa: ARG002 - a Provider
        """Play the next round; after the last one, nothing more is done."""
        if self._at >= len(self._rounds):
            return Outcome("", model=self._rounds[-1].outcome.model)
        found = self._rounds[self._at]
        self._at += 1
        for tool, arguments in found.calls:
            tell(Called(tool, arguments, call(draft, tool, arguments)))
        is_last = self._at >= len(self._rounds)
        return replace(found.outcome, messages=None if is_last else _FOLLOWED)


class Recorder:
    """A provider that keeps what another one does.

    Attributes:
        rounds: What was done so far.
    """

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self.rounds: list[Round] = []

    def __call__(self, request: Request, draft: Draft, tell: Tell) -> Outcome:
        """Let the other provider answer, and keep it."""
        calls: list[tuple[str, Mapping[str, Any]]] = []

        def keep(event: Event) -> None:
            if isinstance(event, Called):
                calls.append((event.tool, event.arguments))
            tell(event)

        outcome = self._provider(request, draft, keep)
        self.rounds.append(Round(tuple(calls), replace(outcome, messages=None)))
        return outcome


def recording(rounds: list[Round]) -> dict[str, Any]:
    """Return rounds as JSON keeps them."""
    return {"rounds": [_kept(one) for one in rounds]}


def read_recording(name: str, data: bytes) -> tuple[Round, ...]:
    """Return the rounds that a file keeps.

    Raises:
        BriefError: It is no recording.
    """
    try:
        found = json.loads(data)
        rounds = tuple(_round(one) for one in found["rounds"])
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation, RecursionError):
        raise BriefError(name, "its recording cannot be read") from None
    if not rounds:
        raise BriefError(name, "its recording has no rounds")
    return rounds


def _kept(one: Round) -> dict[str, Any]:
    outcome, usage = one.outcome, one.outcome.usage
    cost = None if usage.cost is None else str(usage.cost)
    return {
        "model": outcome.model,
        "calls": [{"tool": tool, "arguments": dict(given)} for tool, given in one.calls],
        "text": outcome.text,
        "questions": list(outcome.questions),
        "assumptions": list(outcome.assumptions),
        "usage": {
            "requests": usage.requests,
            "input_tokens": usage.input_tokens,
            "output_tokens": usage.output_tokens,
            "cost": cost,
        },
    }


def _round(found: Mapping[str, Any]) -> Round:
    used = found.get("usage") or {}
    cost = used.get("cost")
    calls = tuple((str(one["tool"]), dict(one["arguments"])) for one in found["calls"])
    usage = Usage(
        int(used.get("requests", 0)), int(used.get("input_tokens", 0)),
        int(used.get("output_tokens", 0)), len(calls), None if cost is None else Decimal(cost),
    )  # fmt: skip
    outcome = Outcome(
        str(found.get("text", "")),
        questions=tuple(found.get("questions") or ()),
        assumptions=tuple(found.get("assumptions") or ()),
        usage=usage,
        model=str(found["model"]),
    )
    return Round(calls, outcome)
