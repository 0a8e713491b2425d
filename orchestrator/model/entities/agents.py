"""Which language models agents use, and what a run may take: `agents:` in the settings."""

from typing import Annotated

from pydantic import Field, StringConstraints

from orchestrator.model.entities.values import Entity
from orchestrator.model.ids import MODEL, PROVIDER_NAME

ModelText = Annotated[str, StringConstraints(pattern=f"^{MODEL}$")]
Models = Annotated[tuple[ModelText, ...], Field(strict=False)]


class ModelChoice(Entity):
    """Models by what they are wanted for, the preferred one first; `offline` needs no model."""

    plan: Models | None = Field(
        default=None,
        description="For agent plan; the next is tried when one is down or rate limited.",
        examples=[["anthropic:claude-opus-5-5", "openai:gpt-6.1-sol"]],
    )
    chat: Models | None = Field(
        default=None,
        description="For agent chat and agent run.",
        examples=[["anthropic:claude-sonnet-5-5"]],
    )
    cheap: Models | None = Field(
        default=None,
        description="For small work, as agent providers check does.",
        examples=[["openai:gpt-6-luna"]],
    )


class Budget(Entity):
    """What one run may take; it ends with a refusal when it would take more."""

    requests: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Requests to models, repeated ones too; 50 when left out."
    )
    tokens: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Tokens in and out together; 1000000 when left out."
    )
    dollars: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="Money, for models whose price is known; 5 when left out."
    )
    seconds: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Time until the answer is there; 900 when left out."
    )


class AgentProvider(Entity):
    """A server that speaks as OpenAI's does, besides the providers that are known by name."""

    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s@]+$")] = Field(
        description="Where its API begins.", examples=["https://llm.example.com/v1"]
    )


class Agents(Entity):
    """What agents work with. Keys never stand here: the environment and the keyring hold them."""

    models: ModelChoice | None = Field(
        default=None, description="provider:model, by what it is wanted for."
    )
    budget: Budget | None = Field(default=None, description="What one run may take.")
    context_tokens: Annotated[int, Field(ge=500, le=1_000_000)] | None = Field(
        default=None,
        description="How much is told of the plan before a model asks; 8000 when left out.",
    )
    providers: (
        dict[Annotated[str, StringConstraints(pattern=f"^{PROVIDER_NAME}$")], AgentProvider] | None
    ) = Field(
        default=None,
        description="Further providers by name; the key of `local` is ORCHESTRATOR_LOCAL_KEY.",
        examples=[{"local": {"url": "http://localhost:11434/v1"}}],
    )
