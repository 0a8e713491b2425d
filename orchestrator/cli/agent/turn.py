"""One run of an agent from the command line: answered, recorded, proposed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestrator.cli.agent.ground import Ground
from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from orchestrator.agent.provider import Event, Outcome, Request
    from orchestrator.agent.taint import Taint
    from orchestrator.agent.tools import Draft
    from orchestrator.patch.ops import Patch
    from orchestrator.store.proposals.names import Name
    from orchestrator.store.proposals.propose import Proposed

_ASKED = 200


@dataclass(frozen=True)
class Wishes:
    """What the options say of models and money.

    Attributes:
        provider: --provider.
        is_cached: --cache.
        limits: Of the budget, by name; None where an option was not given.
    """

    provider: str
    is_cached: bool
    limits: dict[str, float | None]


@dataclass(frozen=True)
class Turned:
    """What a run did.

    Attributes:
        id: Of the run.
        outcome: What came of it.
        draft: The plan as it would be.
        taint: What it read that others wrote.
        seconds: How long it took.
        is_cached: Whether the answer was known.
    """

    id: str
    outcome: "Outcome"
    draft: "Draft"
    taint: "Taint"
    seconds: float
    is_cached: bool

    def patch(self, agent: str, reason: str) -> "Patch":
        """Return the patch to propose, with trailers that tell what it took."""
        from dataclasses import replace

        from orchestrator.agent.runs import trailers

        said = self.taint.said
        why = f"{reason} (read text that others wrote: {said})" if said else reason
        made = self.draft.patch(
            self.outcome.title, why, f"agent:{agent}", self.outcome.model or None
        )
        return replace(made, trailers=trailers(self.outcome.usage, self.id, said))


def models_of(ground: Ground, wishes: Wishes, task: Any) -> tuple[str, ...]:
    """Return the models that a task is for, in order of preference."""
    from orchestrator.agent.choice import models_for

    settings, environment = ground.snapshot.settings, ground.session.environment
    return models_for(task, settings, environment, wishes.provider)


def take_turn(
    ground: Ground,
    request: "Request",
    wishes: Wishes,
    command: str,
    tell: "Callable[[Event], None]",
    sources: tuple[str, ...] = (),
    *,
    may_ask: bool,
) -> Turned:
    """Have a request answered; a run that fails is recorded as well.

    Args:
        ground: What it stands on.
        request: What is asked.
        wishes: Which models, and what they may take.
        command: plan, chat or run.
        tell: Shown what happens.
        sources: What of the request others wrote.
        may_ask: Whether a person can be asked.
    """
    from orchestrator.agent.taint import Taint

    run_id = "".join(ground.session.choose("0123456789abcdefghjkmnpqrstvwxyz") for _ in range(8))
    taint = Taint(ground.snapshot, *sources)
    began = time.monotonic()

    def told(event: "Event") -> None:
        taint.note(event)
        tell(event)

    try:
        outcome, draft, is_known = _answered(ground, request, wishes, told, taint, may_ask=may_ask)
    except OrchestratorError as error:
        seconds = time.monotonic() - began
        _record_failure(ground, run_id, command, request, error, seconds)
        raise
    return Turned(run_id, outcome, draft, taint, time.monotonic() - began, is_known)


def _answered(
    ground: Ground,
    request: "Request",
    wishes: Wishes,
    tell: "Callable[[Event], None]",
    taint: "Taint",
    *,
    may_ask: bool,
) -> "tuple[Outcome, Draft, bool]":
    """Return what came of a request, the draft, and whether the answer was known."""
    from orchestrator.agent.answers import Answers, key_of, remembered
    from orchestrator.agent.choice import budget_of
    from orchestrator.agent.open import open_provider
    from orchestrator.agent.work import work

    models = models_of(ground, wishes, request.task)
    settings, environment = ground.snapshot.settings, ground.session.environment
    provider = open_provider(models, settings, environment, budget_of(settings, **wishes.limits))
    draft = ground.draft(may_ask=may_ask)
    if not wishes.is_cached:
        return work(provider, request, draft, tell), draft, False
    key = key_of(request, draft, models)
    draft = ground.draft(may_ask=may_ask, choices=key)
    answers = Answers(ground.session.workspace.required_repository.state_folder)
    outcome, is_known = remembered(
        answers, key, draft, lambda: work(provider, request, draft, tell), tell, taint
    )
    return outcome, draft, is_known


def propose_turn(
    ground: Ground, turned: Turned, reason: str, name: "Name | None" = None
) -> "Proposed":
    """Commit what a run did to a proposal's branch, a new one unless `name` is given."""
    from orchestrator.agent.censor import Censor
    from orchestrator.patch.describe import subject
    from orchestrator.store.git import Oid
    from orchestrator.store.proposals.names import Name, author_slug, slug_of
    from orchestrator.store.proposals.propose import free_name, propose

    patch = turned.patch(ground.agent, Censor(ground.session.environment)(reason))
    workspace = ground.session.workspace
    if name is None:
        title = patch.title or subject(turned.draft.changes)
        fresh = Name(author_slug(f"agent:{ground.agent}"), slug_of(title))
        name = free_name(workspace.required_repository, fresh)
    return propose(workspace, name, [patch], Oid(ground.start), ground.session.now)


def record_turn(
    ground: Ground, turned: Turned, command: str, asked: str, result: str, proposal: str | None
) -> None:
    """Keep what a run took and what came of it."""
    from orchestrator.agent.censor import Censor
    from orchestrator.agent.clean import one_line
    from orchestrator.agent.runs import Run, record

    usage = turned.outcome.usage
    session = ground.session
    run = Run(
        turned.id, session.now.isoformat(), command,
        Censor(session.environment)(one_line(asked[:2000]))[:_ASKED],
        turned.outcome.model or None, result, proposal, ground.start, usage.requests,
        usage.input_tokens, usage.output_tokens, None if usage.cost is None else str(usage.cost),
        round(turned.seconds, 3), turned.taint.said is not None, turned.is_cached,
    )  # fmt: skip
    record(session.workspace.required_repository.state_folder, run)


def usage_words(turned: Turned) -> str:
    """Return what a run took, in a line."""
    usage = turned.outcome.usage
    if turned.is_cached:
        return f"{turned.outcome.model}: the answer was known"
    if not usage.requests:
        return f"{turned.outcome.model}: no language model took part"
    cost = f", ${usage.cost:.4f}" if usage.cost is not None else ""
    tokens = f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out"
    return (
        f"{turned.outcome.model}: {usage.requests} request{'' if usage.requests == 1 else 's'}, "
        f"{tokens}{cost}, {turned.seconds:.1f} s"
    )


def usage_row(turned: Turned) -> dict[str, Any]:
    """Return what a run took, as JSON."""
    usage = turned.outcome.usage
    return {
        "requests": usage.requests, "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens, "tool_calls": usage.tool_calls,
        "dollars": None if usage.cost is None else str(usage.cost),
        "seconds": round(turned.seconds, 3), "is_cached": turned.is_cached,
    }  # fmt: skip


def _record_failure(
    ground: Ground,
    run_id: str,
    command: str,
    request: "Request",
    error: OrchestratorError,
    seconds: float,
) -> None:
    from orchestrator.agent.censor import Censor
    from orchestrator.agent.clean import one_line
    from orchestrator.agent.provider import Usage
    from orchestrator.agent.runs import Run, record

    session = ground.session
    censor = Censor(session.environment)
    usage = getattr(error, "usage", None) or Usage()
    run = Run(
        run_id, session.now.isoformat(), command, censor(one_line(request.text[:2000]))[:_ASKED],
        None, censor(one_line(error.message))[:_ASKED], commit=ground.start,
        requests=usage.requests, input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens, seconds=round(seconds, 3),
        dollars=None if usage.cost is None else str(usage.cost),
    )  # fmt: skip
    record(session.workspace.required_repository.state_folder, run)
