"""Answering one turn with language models: tools of the draft, a chain of models, a budget."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pydantic_ai
from pydantic_ai import Agent, Tool, ToolOutput
from pydantic_ai.exceptions import (
    FallbackExceptionGroup,
    ModelAPIError,
    ModelAuthenticationError,
    ModelContextWindowExceededError,
    ModelNotFoundError,
    ModelRequestRejectedError,
    UnexpectedModelBehavior,
    UsageLimitExceeded,
)
from pydantic_ai.models import Model
from pydantic_ai.models.fallback import FallbackModel
from pydantic_ai.usage import UsageLimits

from orchestrator.agent.catalog import TOOLS, call
from orchestrator.agent.catalog import Tool as ToolEntry
from orchestrator.agent.censor import Censor
from orchestrator.agent.choice import Budget
from orchestrator.agent.clean import one_line, visible
from orchestrator.agent.failures import AgentError, NoAnswerError
from orchestrator.agent.llm.clients import Clients
from orchestrator.agent.llm.finish import Ask, Finish
from orchestrator.agent.llm.history import recent
from orchestrator.agent.llm.steady import Pause, Steady, is_transient, reason_of
from orchestrator.agent.llm.watch import Watch
from orchestrator.agent.prompts import instructions, prompt
from orchestrator.agent.provider import Called, Outcome, Request, Tell
from orchestrator.agent.tools import Draft

pydantic_ai.BANNER_ENABLED = False  # it would stand between a person's words and the answer

CLIENTS = Clients()
_MOST_SAID = 20_000
_MOST_QUESTIONS = 5
_RETRIES = 3


class LanguageModels:
    """A chain of language models that answers turns of one run.

    Attributes:
        names: `provider:model`, the preferred one first.
        watch: What the run takes.
    """

    def __init__(
        self,
        names: Sequence[str],
        settings: Mapping[str, Any],
        environment: Mapping[str, str],
        budget: Budget,
        *,
        models: Sequence[Model] | None = None,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.names = tuple(names)
        self.watch = Watch(budget)
        self._censor = Censor(environment)
        self._pause = pause
        self._models = list(models) if models else [
            CLIENTS.model(name, settings, environment) for name in names
        ]  # fmt: skip

    def __call__(self, request: Request, draft: Draft, tell: Tell) -> Outcome:
        """Answer one turn.

        Raises:
            AgentError: No model answers, the budget is spent, or what came is of no use.
        """
        try:
            return self._whole_answer(request, draft, tell)
        except AgentError as error:
            error.usage = self.watch.usage
            raise

    def _whole_answer(self, request: Request, draft: Draft, tell: Tell) -> Outcome:
        try:
            return asyncio.run(self._answer(request, draft, tell))
        except FallbackExceptionGroup as group:
            raise self._no_answer(list(group.exceptions)) from group
        except (ModelAPIError, UnexpectedModelBehavior, UsageLimitExceeded) as error:
            raise self._no_answer([error]) from error

    async def _answer(self, request: Request, draft: Draft, tell: Tell) -> Outcome:
        steady = [
            Steady(model, name, self.watch, tell, self._pause)
            for name, model in zip(self.names, self._models, strict=True)
        ]
        chain: Model = steady[0]
        if len(steady) > 1:
            chain = FallbackModel(steady[0], *steady[1:], fallback_on=is_transient)
        agent: Agent[None, Any] = Agent(
            chain,
            output_type=_outputs(request),
            instructions=self._censor(instructions(request, draft)),
            tools=[self._tool(tool, draft, tell) for tool in TOOLS.values()],
            retries={"tools": _RETRIES, "output": _RETRIES},
        )
        # Entered, it closes its connections with the loop; a client opens new ones next time.
        async with chain:
            result = await agent.run(
                self._censor(prompt(request)),
                message_history=recent(request.messages),
                usage_limits=UsageLimits(request_limit=None),
            )
        return self._outcome(result.output, result.all_messages_json())

    def _tool(self, entry: ToolEntry, draft: Draft, tell: Tell) -> Tool[None]:
        async def use(**arguments: Any) -> str:
            found = call(draft, entry.name, arguments)
            tell(Called(entry.name, arguments, found))
            return json.dumps(self._censor.within(found), ensure_ascii=False, default=str)

        return Tool.from_schema(use, entry.name, entry.help, entry.schema, sequential=True)

    def _outcome(self, output: Any, messages: bytes) -> Outcome:
        usage, model = self.watch.usage, self.watch.model
        match output:
            case Finish():
                assumed = tuple(one_line(item)[:500] for item in output.assumptions[:50])
                title = one_line(output.title)[:100] or None
                text = visible(output.summary).strip()[:_MOST_SAID]
                return Outcome(text, title, (), assumed, usage, model, messages)
            case Ask():
                asked = tuple(one_line(item)[:500] for item in output.questions[:_MOST_QUESTIONS])
                return Outcome("", None, asked, (), usage, model, messages)
            case _:
                text = visible(str(output)).strip()[:_MOST_SAID]
                return Outcome(text, None, (), (), usage, model, messages)

    def _no_answer(self, errors: Sequence[BaseException]) -> AgentError:
        for error in errors:
            name = self._name_of(error)
            if isinstance(error, ModelAuthenticationError):
                provider = name.partition(":")[0]
                return NoAnswerError(
                    [f"{provider} does not accept the key that is there for it."],
                    "orchestrator agent providers says which variable holds it.",
                )
            if isinstance(error, ModelNotFoundError):
                return NoAnswerError(
                    [f"There is no model {name} , or the key may not use it."],
                    "Name another with --provider, or in agents.models of orchestrator.yaml.",
                )
            if isinstance(error, ModelContextWindowExceededError) or _is_overflow(error):
                return NoAnswerError(
                    [f"What {name} would have to read is more than it can."],
                    "Shorten the text, or name a model that reads more.",
                )
            if isinstance(error, UnexpectedModelBehavior):
                return NoAnswerError(
                    ["The model called its tools wrongly again and again; nothing was written."],
                    "Ask again, or name another model with --provider.",
                )
        reasons = [f"{self._name_of(error)} : {reason_of(error)}." for error in errors]
        return NoAnswerError(reasons)

    def _name_of(self, error: BaseException) -> str:
        model = str(getattr(error, "model_name", ""))
        return next((name for name in self.names if name.endswith(f":{model}")), self.names[0])


def _outputs(request: Request) -> Any:
    if request.task != "plan":
        return str
    finish = ToolOutput(Finish, name="finish")
    return [finish, ToolOutput(Ask, name="ask_person")] if request.may_ask else [finish]


def _is_overflow(error: BaseException) -> bool:
    said = str(error).casefold()
    return isinstance(error, ModelRequestRejectedError) and (
        "context length" in said or "context_length" in said or "prompt is too long" in said
    )
