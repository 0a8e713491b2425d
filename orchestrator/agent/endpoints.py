"""The providers that are known: where they are, who has the key, which models they have."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrator.agent.failures import AgentError
from orchestrator.agent.provider import Task
from orchestrator.model.suggest import did_you_mean
from orchestrator.store.credentials import CredentialError, credential

OFFLINE = "offline"
Speech = Literal["anthropic", "openai", "openai-compatible"]
"""Which API a provider speaks."""


class NoKeyError(AgentError):
    """A provider has no key.

    Attributes:
        provider: Its name.
    """

    def __init__(self, provider: str, variable: str) -> None:
        super().__init__(
            f"There is no key for {provider} : {variable} is not set.",
            f"export {variable}=… , or --provider offline, which needs none.",
        )
        self.provider = provider


class UnknownProviderError(AgentError):
    """There is no provider of that name."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A provider.

    Attributes:
        name: As in `name:model`.
        speech: Which API it speaks.
        url: Where; `""` for the SDK's own choice.
        key_variables: Variables of the environment that may hold its key, the first one first.
        url_variable: The variable that puts another server in its place, or `""`.
        models: Its usual models by task.
        needs_key: Whether it answers nobody without one.
    """

    name: str
    speech: Speech
    url: str
    key_variables: tuple[str, ...]
    url_variable: str = ""
    models: Mapping[Task, str] = field(default_factory=dict)
    needs_key: bool = True


_KNOWN = (
    Endpoint(
        "anthropic", "anthropic", "", ("ANTHROPIC_API_KEY",), "ANTHROPIC_BASE_URL",
        {"plan": "claude-opus-5-5", "chat": "claude-sonnet-5-5", "cheap": "claude-haiku-5-5"},
    ),
    Endpoint(
        "openai", "openai", "", ("OPENAI_API_KEY",), "OPENAI_BASE_URL",
        {"plan": "gpt-6.1-sol", "chat": "gpt-6.1-terra", "cheap": "gpt-6-luna"},
    ),
    Endpoint(
        "google", "openai-compatible", "https://generativelanguage.googleapis.com/v1beta/openai/",
        ("GEMINI_API_KEY", "GOOGLE_API_KEY"), "GEMINI_OPENAI_BASE_URL",
        {"plan": "gemini-4-argon", "chat": "gemini-3.8-flash", "cheap": "gemini-3.5-flash-lite"},
    ),
    Endpoint(
        "xai", "openai-compatible", "https://api.x.ai/v1", ("XAI_API_KEY",), "XAI_BASE_URL",
        {"plan": "grok-4.3", "chat": "grok-4.3", "cheap": "grok-4-1-fast-non-reasoning"},
    ),
)  # fmt: skip
KNOWN: Mapping[str, Endpoint] = {endpoint.name: endpoint for endpoint in _KNOWN}


def endpoints(settings: Mapping[str, Any]) -> Iterator[Endpoint]:
    """Yield the providers that are known by name, and those that the settings add.

    A plan's settings come with a clone, and must not make a known provider's key go elsewhere:
    a name that is known stays what it is, and others have keys of names of their own.
    """
    yield from KNOWN.values()
    agents = settings.get("agents") or {}
    for name, found in (agents.get("providers") or {}).items():
        if name not in KNOWN and name != OFFLINE:
            variable = f"ORCHESTRATOR_{name.upper().replace('-', '_')}_KEY"
            url = str(found["url"])
            yield Endpoint(name, "openai-compatible", url, (variable,), needs_key=False)


def endpoint(name: str, settings: Mapping[str, Any]) -> Endpoint:
    """Return the provider of a name.

    Raises:
        UnknownProviderError: There is none.
    """
    known = {found.name: found for found in endpoints(settings)}
    if name not in known:
        raise UnknownProviderError(
            f"There is no provider {name[:60]} .",
            did_you_mean(name, [*known, OFFLINE]) or f"There are {', '.join([*known, OFFLINE])} .",
        )
    return known[name]


def key_of(found: Endpoint, environment: Mapping[str, str]) -> str:
    """Return a provider's key, out of the environment or the keyring; `""` where none is needed.

    Raises:
        NoKeyError: There is none.
    """
    for variable in found.key_variables:
        if value := environment.get(variable, "").strip():
            return value
    try:
        return credential(f"keyring:{found.name}", environment)
    except CredentialError:
        if found.needs_key:
            raise NoKeyError(found.name, found.key_variables[0]) from None
        return ""


def url_of(found: Endpoint, environment: Mapping[str, str]) -> str:
    """Return where a provider's API begins; `""` for the SDK's own choice."""
    return environment.get(found.url_variable, "") or found.url
