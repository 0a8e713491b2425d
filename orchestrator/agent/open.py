"""A provider by the names of its models; packages of language models are imported here first."""

import gc
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

from orchestrator.agent.choice import Budget
from orchestrator.agent.endpoints import OFFLINE
from orchestrator.agent.failures import NotInstalledError
from orchestrator.agent.provider import Provider

_OFFLINE = "orchestrator.agent.offline"
_NEEDED = ("pydantic_ai", "anthropic", "openai")


def is_installed() -> bool:
    """Return whether the packages that language models need are there."""
    return all(find_spec(name) is not None for name in _NEEDED)


def open_provider(
    models: Sequence[str],
    settings: Mapping[str, Any],
    environment: Mapping[str, str],
    budget: Budget,
) -> Provider:
    """Return what answers for these models, in their order of preference, for one run.

    Args:
        models: `provider:model`, or `offline`, which stands alone.
        settings: Of the workspace.
        environment: The process's variables, with the keys.
        budget: What the run may take.

    Raises:
        NotInstalledError: The extra `agents` is not installed.
        NoKeyError: A provider has no key.
    """
    wanted = [name for name in models if name != OFFLINE]
    if not wanted:
        return cast("Provider", import_module(_OFFLINE).answer)
    if not is_installed():
        raise NotInstalledError
    # Nothing of what is imported is garbage; collecting meanwhile takes a third of the time.
    was_on = gc.isenabled()
    gc.disable()
    try:
        found = import_module("orchestrator.agent.llm.answer")
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
    return cast("Provider", found.LanguageModels(wanted, settings, environment, budget))
