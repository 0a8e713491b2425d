"""Why an agent does not go on."""

from collections.abc import Sequence

from orchestrator.agent.provider import Usage
from orchestrator.errors import OrchestratorError
from orchestrator.model.problem import Problem

_SHOWN = 10


class AgentError(OrchestratorError):
    """An agent cannot go on; nothing was written.

    Attributes:
        usage: What the run had taken by then, where that is known.
    """

    usage: Usage | None = None


class NotInstalledError(AgentError):
    """The packages that language models need are not there."""

    def __init__(self) -> None:
        super().__init__(
            "Language models need packages that are not installed.",
            "pip install 'gitops-orchestrator[agents]' , or --provider offline, which needs none.",
        )


class BudgetSpentError(AgentError):
    """A run would take more than its budget."""


class UnusablePatchError(AgentError):
    """What came of a run has errors, and was not mended in time.

    Attributes:
        problems: The errors.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        listed = "".join(f"\n  {item.code} {item.message}" for item in problems[:_SHOWN])
        more = f"\n  … and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        super().__init__(
            f"The agent's changes would bring {len(problems)} errors, and it did not mend them; "
            f"nothing was written.{listed}{more}",
            "Ask again, with more to go by, or for less.",
        )
        self.problems = tuple(problems)


class NoAnswerError(AgentError):
    """No model of a chain answered.

    Attributes:
        reasons: Why, one sentence a model.
    """

    def __init__(self, reasons: Sequence[str], hint: str | None = None) -> None:
        self.reasons = tuple(reasons)
        listed = "".join(f"\n  {reason}" for reason in reasons) if len(reasons) > 1 else ""
        one = reasons[0] if len(reasons) == 1 else f"No model answered.{listed}"
        super().__init__(one, hint or "orchestrator agent providers check tries each provider.")
