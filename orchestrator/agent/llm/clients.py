"""Clients of providers, made once and kept, the least used ones dropped."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings

from orchestrator.agent.endpoints import Endpoint, endpoint, key_of, url_of

_NO_KEY = "none-is-needed"
_MOST_TOKENS = 32_000  # of one answer; a tree of 200 tasks takes about 25,000
_SETTINGS = ModelSettings(max_retries=0, max_tokens=_MOST_TOKENS)
"""The SDKs shall not ask again: `Steady` does, for all of them alike."""


class Clients:
    """A bounded store of clients.

    Attributes:
        most: How many are kept.
        hits: How often one was there already.
        misses: How often one had to be made.
    """

    def __init__(self, most: int = 8) -> None:
        self.most = most
        self.hits = 0
        self.misses = 0
        self._kept: OrderedDict[tuple[str, ...], Model] = OrderedDict()

    def model(
        self, name: str, settings: Mapping[str, Any], environment: Mapping[str, str]
    ) -> Model:
        """Return the client for `provider:model`.

        Raises:
            UnknownProviderError: There is no such provider.
            NoKeyError: It has no key.
        """
        provider, _, model = name.partition(":")
        found = endpoint(provider, settings)
        key, url = key_of(found, environment) or _NO_KEY, url_of(found, environment)
        place = (provider, model, url, hashlib.sha256(key.encode()).hexdigest())
        if place in self._kept:
            self.hits += 1
            self._kept.move_to_end(place)
            return self._kept[place]
        self.misses += 1
        self._kept[place] = _made(found, model, key, url)
        while len(self._kept) > self.most:
            self._kept.popitem(last=False)
        return self._kept[place]

    def __len__(self) -> int:
        return len(self._kept)


def _made(found: Endpoint, model: str, key: str, url: str) -> Model:
    match found.speech:
        case "anthropic":
            from pydantic_ai.models.anthropic import AnthropicModel, AnthropicModelSettings
            from pydantic_ai.providers.anthropic import AnthropicProvider

            there = AnthropicProvider(api_key=key, base_url=url or None)
            # Tools and instructions are the same in each request of a run, and cost less so.
            cached = AnthropicModelSettings(
                max_retries=0, max_tokens=_MOST_TOKENS, anthropic_cache_instructions=True,
                anthropic_cache_tool_definitions=True,
            )  # fmt: skip
            return AnthropicModel(model, provider=there, settings=cached)
        case "openai":
            from pydantic_ai.models.openai import OpenAIResponsesModel
            from pydantic_ai.providers.openai import OpenAIProvider

            server = OpenAIProvider(api_key=key, base_url=url or "https://api.openai.com/v1")
            return OpenAIResponsesModel(model, provider=server, settings=_SETTINGS)
        case _ if found.name == "google" and url == found.url and _has_google():
            from pydantic_ai.models.google import GoogleModel
            from pydantic_ai.providers.google import GoogleProvider

            native = GoogleProvider(api_key=key)
            return GoogleModel(model, provider=native, settings=_SETTINGS)
        case _:
            from pydantic_ai.models.openai import OpenAIChatModel
            from pydantic_ai.profiles.openai import OpenAIModelProfile
            from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

            profile = OpenAIModelProfile(openai_chat_streaming_requires_finish_reason=True)
            other = OpenAICompatibleProvider(found.name, base_url=url, api_key=key, profile=profile)
            return OpenAIChatModel(model, provider=other, settings=_SETTINGS)


def _has_google() -> bool:
    return find_spec("google") is not None and find_spec("google.genai") is not None
