"""Language models that are functions: what they are told is kept, what they say is scripted."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from pydantic_ai.messages import ModelMessage, ModelMessagesTypeAdapter
from pydantic_ai.models import Model, StreamedResponse
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, DeltaToolCalls, FunctionModel
from pydantic_ai.models.wrapper import WrapperModel

from orchestrator.agent.choice import Budget
from orchestrator.agent.llm.answer import LanguageModels

Step = str | list[tuple[str, dict[str, Any] | str]]
"""What a model says: text, or calls of tools with their arguments."""


class Finishing(WrapperModel):
    """A model whose answers say that they end, which those of functions do not."""

    @asynccontextmanager
    async def request_stream(self, *arguments: Any) -> AsyncGenerator[StreamedResponse]:
        async with self.wrapped.request_stream(*arguments) as stream:
            stream.finish_reason = "stop"
            yield stream


class Script:
    """A model that says one step after the other.

    Attributes:
        told: All that it was told, as JSON, request by request.
        instructions: What held for the whole turn, request by request.
    """

    def __init__(self, *steps: Step | Callable[[str], Step]) -> None:
        self.steps = list(steps)
        self.told: list[str] = []
        self.instructions: list[str] = []

    @property
    def model(self) -> Model:
        return Finishing(FunctionModel(stream_function=self._say, model_name="script"))

    async def _say(
        self, messages: list[ModelMessage], info: AgentInfo
    ) -> AsyncIterator[str | DeltaToolCalls]:
        told = ModelMessagesTypeAdapter.dump_json(messages).decode()
        self.told.append(told)
        self.instructions.append(info.instructions or "")
        step = self.steps[min(len(self.told), len(self.steps)) - 1]
        if callable(step):
            step = step(told)
        if isinstance(step, str):
            for word in step.split(" "):
                yield f"{word} "
            return
        for index, (name, arguments) in enumerate(step):
            given = arguments if isinstance(arguments, str) else json.dumps(arguments)
            yield {index: DeltaToolCall(name, given, tool_call_id=f"c{len(self.told)}-{index}")}


async def no_pause(_: float) -> None:
    """Wait for nothing."""


def language_models(
    *scripts: Script,
    environment: dict[str, str] | None = None,
    budget: Budget | None = None,
    names: Sequence[str] = (),
) -> LanguageModels:
    """A provider that asks these models."""
    return LanguageModels(
        names or [f"test:script{index}" for index in range(len(scripts))],
        {}, environment or {}, budget or Budget(),
        models=[script.model for script in scripts], pause=no_pause,
    )  # fmt: skip
