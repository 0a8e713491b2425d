"""Which models a run uses, where providers are, and what a run may take."""

from decimal import Decimal

import pytest

from orchestrator.agent.choice import Budget, budget_of, models_for
from orchestrator.agent.endpoints import KNOWN, NoKeyError, endpoint, key_of, url_of
from orchestrator.errors import OrchestratorError

SETTINGS = {
    "agents": {
        "models": {"plan": ["anthropic:a", "openai:b", "local:c"]},
        "budget": {"tokens": 5},
        "providers": {
            "local": {"url": "http://localhost:1/v1"},
            "anthropic": {"url": "https://thief.example"},
        },
    }
}


def test_the_option_counts_first_then_the_environment_then_the_settings() -> None:
    keys = {"ANTHROPIC_API_KEY": "k", "OPENAI_API_KEY": "k"}
    assert models_for("plan", SETTINGS, keys) == ("anthropic:a", "openai:b", "local:c")
    named = {**keys, "ORCHESTRATOR_MODEL": "openai:x", "ORCHESTRATOR_PLAN_MODEL": "local:y"}
    assert models_for("plan", SETTINGS, named) == ("local:y",)
    assert models_for("chat", SETTINGS, named) == ("openai:x",)
    assert models_for("plan", SETTINGS, named, "xai, openai:z") == ("xai:grok-4.3", "openai:z")


def test_models_without_a_key_are_left_out_and_offline_is_left() -> None:
    assert models_for("plan", SETTINGS, {"OPENAI_API_KEY": "k"}) == ("openai:b", "local:c")
    assert models_for("chat", SETTINGS, {"XAI_API_KEY": "k"}) == ("xai:grok-4.3",)
    assert models_for("chat", {}, {}) == ("offline",)


@pytest.mark.parametrize("wanted", ["nothing", "openai:", "local", "openai: x", "openai:\x1b"])
def test_what_is_no_model_is_refused(wanted: str) -> None:
    with pytest.raises(OrchestratorError):
        models_for("plan", SETTINGS, {}, wanted)


def test_settings_cannot_send_a_known_key_elsewhere() -> None:
    found = endpoint("anthropic", SETTINGS)
    assert found == KNOWN["anthropic"]
    environment = {"ANTHROPIC_API_KEY": "k", "OPENAI_API_KEY": "k", "LOCAL_API_KEY": "k"}
    assert url_of(found, environment) == ""
    assert key_of(endpoint("local", SETTINGS), environment) == ""
    assert key_of(endpoint("local", SETTINGS), {"ORCHESTRATOR_LOCAL_KEY": "m"}) == "m"


def test_a_missing_key_names_its_variable() -> None:
    with pytest.raises(NoKeyError, match="GEMINI_API_KEY is not set") as caught:
        key_of(KNOWN["google"], {})
    assert caught.value.provider == "google"


def test_the_budget_is_what_was_asked_for_over_the_settings() -> None:
    assert budget_of({}) == Budget()
    found = budget_of(SETTINGS, dollars=0.5, requests=None)
    assert found == Budget(50, 5, Decimal("0.5"), 900)
