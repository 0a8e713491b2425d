"""One provider on one brief: what it did, whether it held, and how good it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from orchestrator.agent.evaluation.brief import Brief
from orchestrator.agent.evaluation.measure import Scores, nothing, scores
from orchestrator.agent.provider import Event, Outcome, Provider, Request, Tell, Usage
from orchestrator.agent.tools import Draft
from orchestrator.agent.work import ROUNDS, work
from orchestrator.errors import OrchestratorError

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""When all trials happen, so that days in briefs mean the same every time."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a trial.

    Attributes:
        brief: What was asked for.
        model: Who answered, as it says itself.
        valid_at: The round after which the plan held, from 1; None when it never did.
        reason: Why it did not, a sentence, or `""`.
        scores: By name; 0 where nothing usable came.
        usage: What it took.
    """

    brief: Brief
    model: str
    valid_at: int | None
    reason: str
    scores: Scores
    usage: Usage = field(default_factory=Usage)


class _Watched:
    """A provider of which is known after which round the draft held."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self.rounds = 0
        self.valid_at: int | None = None
        self.last = Outcome("")

    def __call__(self, request: Request, draft: Draft, tell: Tell) -> Outcome:
        self.rounds += 1
        self.last = self._provider(request, draft, tell)
        if self.valid_at is None and not self.last.questions and _holds(draft):
            self.valid_at = self.rounds
        return self.last


def trial(brief: Brief, provider: Provider, rounds: int = ROUNDS) -> Result:
    """Return what a provider makes of a brief; one that fails is a result as well.

    Args:
        brief: What is asked for.
        provider: A new one for each trial.
        rounds: How often problems go back to it to be mended.
    """
    watched = _Watched(provider)
    draft = Draft(brief.plan, NOW, steady_choice(), confirm=lambda _: True)
    request = Request(
        "plan" if brief.kind != "edit" or brief.steps else "chat",
        brief.text, brief.project, may_ask=False,
    )  # fmt: skip
    reason = ""
    try:
        outcome = work(watched, request, draft, _ignore, rounds)
        if outcome.questions:
            reason = f"It asks back: {outcome.questions[0]}"
        elif not draft.changes:
            reason = "It changed nothing."
    except OrchestratorError as error:
        reason = error.message.partition("\n")[0]
    usage, model = watched.last.usage, watched.last.model
    if reason:
        return Result(brief, model, None, reason, nothing(brief), usage)
    return Result(brief, model, watched.valid_at, "", scores(brief, draft.snapshot), usage)


def steady_choice() -> Callable[[str], str]:
    """Return what picks characters as if at random, and the same ones every time."""
    state = 1

    def choose(characters: str) -> str:
        nonlocal state
        state = (state * 1_103_515_245 + 12_345) % 2**31
        return characters[(state >> 16) % len(characters)]

    return choose


def _holds(draft: Draft) -> bool:
    return bool(draft.changes) and all(item.severity != "error" for item in draft.problems())


def _ignore(_: Event) -> None:
    """Nobody watches a trial."""
