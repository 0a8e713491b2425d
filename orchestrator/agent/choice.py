"""Which models a run uses, in order of preference, and what it may take."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orchestrator.agent.endpoints import KNOWN, OFFLINE, NoKeyError, endpoint, key_of
from orchestrator.agent.failures import AgentError
from orchestrator.agent.provider import Task
from orchestrator.model.ids import is_model


@dataclass(frozen=True, slots=True)
class Budget:
    """What one run may take.

    Attributes:
        requests: Sent to models, repeated ones too.
        tokens: In and out.
        dollars: Where prices are known.
        seconds: Until the answer is there.
    """

    requests: int = 50
    tokens: int = 1_000_000
    dollars: Decimal = Decimal(5)
    seconds: int = 900


CONTEXT_TOKENS = 8_000


def models_for(
    task: Task, settings: Mapping[str, Any], environment: Mapping[str, str], wanted: str = ""
) -> tuple[str, ...]:
    """Return `provider:model`, the preferred one first; `("offline",)` when there is no key.

    What counts, in this order: the option; ORCHESTRATOR_PLAN_MODEL (CHAT, CHEAP) and
    ORCHESTRATOR_MODEL; the settings, as far as keys are there; the first known provider that
    there is a key for.

    Args:
        task: What they are wanted for.
        settings: Of the workspace.
        environment: The process's variables.
        wanted: What was asked for: models or providers, with commas between.

    Raises:
        AgentError: Something named is no model and no provider.
    """
    named = (
        wanted
        or environment.get(f"ORCHESTRATOR_{task.upper()}_MODEL", "")
        or environment.get("ORCHESTRATOR_MODEL", "")
    )
    if named:
        parts = [part.strip() for part in named.split(",") if part.strip()]
        return tuple(dict.fromkeys(_model(part, task, settings) for part in parts))
    agents = settings.get("agents") or {}
    chosen = (agents.get("models") or {}).get(task) or ()
    able = tuple(name for name in chosen if is_configured(name, settings, environment))
    if able:
        return able
    for found in KNOWN.values():
        if is_configured(found.name, settings, environment):
            return (f"{found.name}:{found.models[task]}",)
    return (OFFLINE,)


def is_configured(name: str, settings: Mapping[str, Any], environment: Mapping[str, str]) -> bool:
    """Return whether a provider, or a model's, has the key that it needs."""
    provider = name.partition(":")[0]
    if provider == OFFLINE:
        return True
    try:
        key_of(endpoint(provider, settings), environment)
    except NoKeyError:
        return False
    return True


def budget_of(settings: Mapping[str, Any], **wanted: float | None) -> Budget:
    """Return what one run may take: what was asked for, the settings, the usual."""
    agents = settings.get("agents") or {}
    found = {**(agents.get("budget") or {})}
    found |= {name: value for name, value in wanted.items() if value is not None}
    usual = Budget()
    return Budget(
        int(found.get("requests") or usual.requests),
        int(found.get("tokens") or usual.tokens),
        Decimal(str(found.get("dollars") or usual.dollars)),
        int(found.get("seconds") or usual.seconds),
    )


def context_tokens(settings: Mapping[str, Any]) -> int:
    """Return how many tokens may be told of the plan beforehand."""
    agents = settings.get("agents") or {}
    return int(agents.get("context_tokens") or CONTEXT_TOKENS)


def _model(text: str, task: Task, settings: Mapping[str, Any]) -> str:
    if text == OFFLINE:
        return text
    provider, colon, name = text.partition(":")
    found = endpoint(provider, settings)
    if not colon:
        name = found.models.get(task, "")
    full = f"{provider}:{name}"
    if not is_model(full):
        raise AgentError(
            f"{text[:60]} names no model.", f"Write {provider}:MODEL, as the provider calls it."
        )
    return full
