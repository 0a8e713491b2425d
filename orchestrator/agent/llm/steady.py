"""One model that is asked again when it fails for a while, as all providers do."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic_ai.exceptions import (
    ContentFilterError,
    ModelAPIError,
    ModelAuthenticationError,
    ModelHTTPError,
    ModelNotFoundError,
    ModelQuotaExceededError,
    ModelRequestRejectedError,
    ModelRequestTimeout,
    OutputTokenLimitExceeded,
)
from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ToolCallPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from orchestrator.agent.failures import AgentError
from orchestrator.agent.llm.watch import Watch
from orchestrator.agent.provider import Noticed, Said, Tell

RETRIES = 2
LONGEST_REQUEST = 180.0
LONGEST_PAUSE = 30.0
MOST_CHARACTERS = 1_000_000
_FIRST_PAUSE = 0.5
_AGAIN = frozenset({408, 409, 425, 429})
_SERVER = 500
_CHARACTERS_A_TOKEN = 4

Pause = Callable[[float], Awaitable[Any]]


class TruncatedError(ModelAPIError):
    """An answer ended without saying that it ends."""


class Steady(WrapperModel):
    """A model that waits and asks again, and tells the text as it comes.

    Attributes:
        name: `provider:model`.
    """

    def __init__(
        self, wrapped: Model, name: str, watch: Watch, tell: Tell, pause: Pause = asyncio.sleep
    ) -> None:
        super().__init__(wrapped)
        self.name = name
        self._watch = watch
        self._tell = tell
        self._pause = pause
        self._gone: Exception | None = None

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Return an answer that is whole.

        Raises:
            ModelAPIError: It failed for good, or too often.
            BudgetSpentError: The run may take no more.
        """
        if self._gone is not None:
            raise self._gone
        attempt = 0
        while True:
            self._watch.ask(_size(messages))
            try:
                response = await self._once(messages, model_settings, model_request_parameters)
            except (ModelAPIError, ContentFilterError, OutputTokenLimitExceeded) as error:
                attempt += 1
                wait = self._wait(error, attempt)
                if wait is None:
                    if is_transient(error):
                        self._gone = error
                        self._tell(Noticed(f"{self.name} gives up: {reason_of(error)}"))
                    raise
                self._tell(Noticed(f"{self.name}: {reason_of(error)}; again in {wait:.1f} s"))
                await self._pause(wait)
                continue
            self._watch.took(response, self.name)
            _refuse_huge(response)
            return response

    async def _once(
        self,
        messages: list[ModelMessage],
        settings: ModelSettings | None,
        parameters: ModelRequestParameters,
    ) -> ModelResponse:
        limit = max(min(LONGEST_REQUEST, self._watch.seconds_left), 0.01)
        try:
            async with (
                asyncio.timeout(limit),
                self.wrapped.request_stream(messages, settings, parameters) as stream,
            ):
                async for event in stream:
                    if text := _text(event):
                        self._tell(Said(text))
                response = stream.get()
        except TimeoutError as error:
            raise ModelRequestTimeout(self.model_name, limit) from error
        if response.finish_reason is None:
            raise TruncatedError(self.model_name, "the answer broke off")
        return response

    def _wait(self, error: Exception, attempt: int) -> float | None:
        """Return how many seconds to wait before the next attempt; None for no other."""
        if attempt > RETRIES or not is_passing(error):
            return None
        asked = getattr(error, "retry_after", None)
        backoff = _FIRST_PAUSE * 2 ** (attempt - 1) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter
        wait = float(asked) if asked is not None else backoff
        return wait if wait <= min(LONGEST_PAUSE, self._watch.seconds_left) else None


def is_passing(error: Exception) -> bool:
    """Return whether the same request may succeed when it is sent again."""
    match error:
        case ModelQuotaExceededError() | ContentFilterError() | OutputTokenLimitExceeded():
            return False
        case ModelRequestTimeout():
            return False  # it had its time, and the next one would have no more
        case _:
            return is_transient(error)


def is_transient(error: Exception) -> bool:
    """Return whether another model may be asked instead.

    It may not when we are to blame: a wrong key, an unknown model, a request that is no good.
    """
    match error:
        case ModelAuthenticationError() | ModelNotFoundError() | ModelRequestRejectedError():
            return False
        case ModelHTTPError():
            return error.status_code in _AGAIN or error.status_code >= _SERVER
        case ModelAPIError() | ContentFilterError() | OutputTokenLimitExceeded():
            return True
        case _:
            return False


def reason_of(error: BaseException) -> str:
    """Return why a model failed, in few words; nothing that a server said about keys."""
    match error:
        case ModelHTTPError():
            return f"HTTP {error.status_code}"
        case TruncatedError():
            return "the answer broke off"
        case ModelRequestTimeout():
            return "it took too long"
        case ContentFilterError():
            return "it declined"
        case OutputTokenLimitExceeded():
            return "the answer was too long"
        case _:
            return "no whole answer came"


def _text(event: Any) -> str:
    match event:
        case PartStartEvent(part=TextPart(content=text)):
            return text
        case PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
            return text
        case _:
            return ""


def _size(messages: list[ModelMessage]) -> int:
    return len(ModelMessagesTypeAdapter.dump_json(messages)) // _CHARACTERS_A_TOKEN


def _refuse_huge(response: ModelResponse) -> None:
    size = 0
    for part in response.parts:
        match part:
            case ToolCallPart():
                size += len(part.args_as_json_str())
            case TextPart():
                size += len(part.content)
            case _:
                pass
    if size > MOST_CHARACTERS:
        raise AgentError(
            f"The model's answer has {size:,} characters, which nobody reads.",
            "Ask for less at a time.",
        )
