"""Real SDKs against a server that fails: every provider and every fault."""

import time
import warnings
from collections.abc import Iterator
from decimal import Decimal

import pytest

from orchestrator.agent.choice import Budget
from orchestrator.agent.endpoints import KNOWN
from orchestrator.agent.failures import AgentError, BudgetSpentError, NoAnswerError
from orchestrator.agent.llm.answer import LanguageModels
from orchestrator.agent.llm.clients import Clients
from orchestrator.agent.provider import Event, Noticed, Outcome, Request
from tests.agent.drafts import draft

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from llmock.pytest_plugin import LLMock
    from llmock.testing import LLMockServer

PROVIDERS = tuple(KNOWN)
KEYS = {
    "ANTHROPIC_API_KEY": "k1",
    "OPENAI_API_KEY": "k2",
    "GEMINI_API_KEY": "k3",
    "XAI_API_KEY": "k4",
}
BASES = {"anthropic": "anthropic", "openai": "openai", "google": "openai", "xai": "xai"}


@pytest.fixture(scope="module")
def server() -> Iterator[LLMockServer]:
    with LLMockServer() as found:
        yield found


@pytest.fixture
def mock(server: LLMockServer) -> LLMock:
    server.state.reset()
    return LLMock(server)


class Asking:
    """Asks one provider, or several, and keeps what was noticed and how long it would wait."""

    def __init__(self, mock: LLMock) -> None:
        self.environment = {
            **KEYS,
            **{KNOWN[name].url_variable: mock.base_url(base) for name, base in BASES.items()},
        }
        self.noticed: list[str] = []
        self.pauses: list[float] = []

    def __call__(self, *names: str, budget: Budget | None = None) -> Outcome:
        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)

        models = [f"{name}:{KNOWN[name].models['chat']}" for name in names]
        provider = LanguageModels(models, {}, self.environment, budget or Budget(), pause=pause)
        return provider(Request("chat", "hello"), draft(), self._note)

    def _note(self, event: Event) -> None:
        if isinstance(event, Noticed):
            self.noticed.append(event.text)


@pytest.fixture
def ask(mock: LLMock) -> Asking:
    return Asking(mock)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_it_answers_and_says_what_it_took(ask: Asking, provider: str) -> None:
    outcome = ask(provider)
    assert outcome.text
    assert outcome.usage.input_tokens > 0
    assert outcome.usage.cost is not None
    assert outcome.usage.cost > Decimal(0)
    assert ask.noticed == []


@pytest.mark.parametrize("fault", ["429", "529", "500", "503", "disconnect", "truncate", "corrupt"])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_passes_is_tried_again(mock: LLMock, ask: Asking, provider: str, fault: str) -> None:
    match fault:
        case "disconnect":
            mock.disconnect()
        case "truncate":
            mock.truncate()
        case "corrupt":
            mock.corrupt()
        case _:
            mock.fail(int(fault))
    outcome = ask(provider)
    assert outcome.text
    assert len(ask.noticed) == len(ask.pauses) == 1
    assert outcome.usage.requests == 3  # the failed one, one that calls a tool, the answer


@pytest.mark.parametrize("provider", PROVIDERS)
def test_malformed_arguments_go_back_to_the_model(mock: LLMock, ask: Asking, provider: str) -> None:
    mock.call_tool("get", {"id": "PAY-1"})
    mock.break_tool_call()
    assert ask(provider).text
    assert ask.noticed == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_wrong_key_is_an_error_and_no_other_provider_is_asked(
    mock: LLMock, ask: Asking, provider: str
) -> None:
    mock.fail(401, times=None)
    other = next(name for name in PROVIDERS if name != provider)
    with pytest.raises(NoAnswerError, match=f"{provider} does not accept the key") as caught:
        ask(provider, other)
    assert len(mock.requests) == 1
    assert caught.value.hint is not None
    assert not any(key in str(caught.value) for key in KEYS.values())


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_unknown_model_is_an_error(mock: LLMock, ask: Asking, provider: str) -> None:
    mock.fail(404, times=None)
    with pytest.raises(NoAnswerError, match="There is no model"):
        ask(provider, "xai" if provider != "xai" else "openai")
    assert len(mock.requests) == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_too_long_a_text_is_said(mock: LLMock, ask: Asking, provider: str) -> None:
    mock.context_overflow(times=None)
    with pytest.raises(NoAnswerError, match="is more than it can"):
        ask(provider)
    assert len(mock.requests) == 1


@pytest.mark.parametrize("fault", ["429", "529", "500", "disconnect", "truncate"])
def test_another_provider_is_asked_when_one_stays_down(
    mock: LLMock, ask: Asking, fault: str
) -> None:
    if fault == "disconnect":
        mock.disconnect(times=None, provider="anthropic")
    elif fault == "truncate":
        mock.truncate(times=None, provider="anthropic")
    else:
        mock.fail(int(fault), times=None, provider="anthropic")
    outcome = ask("anthropic", "openai")
    assert outcome.model == "openai:gpt-6.1-terra"
    assert "gives up" in ask.noticed[-1]
    assert outcome.usage.requests == 3 + 2  # one that is down is asked three times a run


def test_when_nobody_answers_each_reason_is_said(mock: LLMock, ask: Asking) -> None:
    mock.fail(503, times=None)
    with pytest.raises(NoAnswerError) as caught:
        ask("anthropic", "openai", "xai")
    assert [reason.split()[0] for reason in caught.value.reasons] == [
        "anthropic:claude-sonnet-5-5", "openai:gpt-6.1-terra", "xai:grok-4.3",
    ]  # fmt: skip
    assert caught.value.usage is not None
    assert caught.value.usage.requests == 9


def test_retry_after_is_honoured(mock: LLMock, ask: Asking) -> None:
    mock.rate_limit(times=2, retry_after=7)
    ask("openai")
    assert ask.pauses == [7, 7]


def test_too_long_a_retry_after_is_not_waited_for(mock: LLMock, ask: Asking) -> None:
    mock.rate_limit(times=None, retry_after=3600)
    with pytest.raises(AgentError, match="HTTP 429"):
        ask("openai")
    assert ask.pauses == []


def test_pauses_grow_and_vary(mock: LLMock, ask: Asking) -> None:
    mock.fail(500, times=2)
    ask("openai")
    first, second = ask.pauses
    assert 0.3 < first < 0.7 < second < 1.3


def test_a_server_that_says_nothing_is_given_up_when_the_time_is_over(
    mock: LLMock, ask: Asking
) -> None:
    mock.delay(5, times=None)
    began = time.monotonic()
    with pytest.raises(NoAnswerError, match="it took too long"):
        ask("openai", budget=Budget(seconds=1))
    assert time.monotonic() - began < 3


def test_a_run_ends_when_its_money_is_spent(ask: Asking) -> None:
    with pytest.raises(BudgetSpentError, match=r"has taken 0\.0001 dollars") as caught:
        ask("anthropic", budget=Budget(dollars=Decimal("0.0001")))
    assert caught.value.usage is not None
    assert caught.value.usage.requests == 1


def test_clients_are_made_once_and_the_least_used_goes() -> None:
    clients = Clients(most=2)
    keys = {**KEYS}
    first = clients.model("openai:a", {}, keys)
    assert clients.model("openai:a", {}, keys) is first
    assert clients.model("openai:a", {}, {**keys, "OPENAI_API_KEY": "other"}) is not first
    clients.model("xai:b", {}, keys)
    assert (clients.hits, clients.misses, len(clients)) == (1, 3, 2)
    assert clients.model("openai:a", {}, keys) is not first


def test_nothing_is_printed_by_the_framework() -> None:
    import pydantic_ai

    assert pydantic_ai.BANNER_ENABLED is False
