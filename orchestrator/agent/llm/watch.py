"""What a run has taken so far, held against its budget before each request."""

import time
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic_ai.messages import ModelResponse

from orchestrator.agent.choice import Budget
from orchestrator.agent.failures import BudgetSpentError
from orchestrator.agent.provider import Usage


@dataclass
class Watch:
    """Counts what a run takes.

    Attributes:
        budget: What it may take.
        began: By the monotonic clock, in seconds.
        usage: What it took.
        model: `provider:model` that answered last, `""` before.
    """

    budget: Budget
    began: float = field(default_factory=time.monotonic)
    usage: Usage = field(default_factory=Usage)
    model: str = ""

    @property
    def seconds_left(self) -> float:
        """How long the run may still go on."""
        return self.began + self.budget.seconds - time.monotonic()

    def ask(self, size: int) -> None:
        """Count a request that is about to be sent.

        Args:
            size: About how many tokens it has.

        Raises:
            BudgetSpentError: The run would take more than it may.
        """
        used, most = self.usage, self.budget
        tokens = used.input_tokens + used.output_tokens
        if used.requests >= most.requests:
            raise _spent(f"{most.requests} requests", "requests")
        if tokens + size > most.tokens:
            raise _spent(f"{most.tokens:,} tokens", "tokens")
        if used.cost is not None and used.cost >= most.dollars:
            raise _spent(f"{most.dollars} dollars", "dollars")
        if self.seconds_left <= 0:
            raise _spent(f"{most.seconds} seconds", "seconds")
        self.usage += Usage(requests=1)

    def took(self, response: ModelResponse, name: str) -> None:
        """Count an answer."""
        usage = response.usage
        self.model = name
        self.usage += Usage(
            0, usage.input_tokens, usage.output_tokens, len(response.tool_calls), _price(response)
        )


def _price(response: ModelResponse) -> Decimal | None:
    try:
        return response.cost().total_price
    except (LookupError, ValueError, AssertionError):
        return None


def _spent(what: str, name: str) -> BudgetSpentError:
    return BudgetSpentError(
        f"The run has taken {what}, and may take no more; nothing was written.",
        f"agents.budget.{name} in orchestrator.yaml, or --max-{name} , says how much it may.",
    )
