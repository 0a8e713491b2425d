"""The workspace's settings: orchestrator.yaml."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from orchestrator.model.entities.agents import Agents
from orchestrator.model.entities.integration import Integration
from orchestrator.model.entities.policy import Policy
from orchestrator.model.entities.values import Entity, IntegrationName, Title
from orchestrator.model.ids import FILTER_NAME
from orchestrator.model.rules import RULES

DEEPEST = 20


def _is_rule(code: str) -> str:
    if code not in RULES:
        raise PydanticCustomError("unknown_rule", "there is no rule {code}", {"code": code})
    return code


class Settings(Entity):
    """What holds for the whole workspace."""

    version: Annotated[int, Field(ge=1, le=1)] | None = Field(
        default=None, description="Of the file format; there is only 1 so far.", examples=[1]
    )
    name: Title | None = Field(
        default=None,
        description="The workspace's name; its folder's when left out.",
        examples=["Payments team"],
    )
    description: str | None = Field(default=None, description="Markdown.")
    max_depth: Annotated[int, Field(ge=0, le=DEEPEST)] | None = Field(
        default=None, description="How deep tasks may nest below a root task; 5 when left out."
    )
    hours_per_day: Annotated[float, Field(gt=0, le=24)] | None = Field(
        default=None, description="What 1d is worth in an estimate; 8 when left out."
    )
    commit: Literal["manual", "auto"] | None = Field(
        default=None, description="Whether commands commit the files that they touch."
    )
    required_tests: (
        Annotated[
            tuple[Literal["unit", "integration", "performance", "security"], ...],
            Field(strict=False),
        ]
        | None
    ) = Field(default=None, description="Kinds of test that each task must ask for (ORC307).")
    rules: (
        dict[Annotated[str, AfterValidator(_is_rule)], Literal["error", "warning", "off"]] | None
    ) = Field(
        default=None,
        description="Severity by rule.",
        examples=[{"ORC305": "warning", "ORC307": "off"}],
    )
    filters: (
        dict[
            Annotated[str, StringConstraints(pattern=f"^{FILTER_NAME}$")],
            str,
        ]
        | None
    ) = Field(
        default=None,
        description="Filters of tasks by name, for --filter.",
        examples=[{"mine": "assignee=me open", "late": "overdue priority=high,urgent"}],
    )
    policy: Policy | None = Field(
        default=None,
        description="What agents may do, and what a server asks of a push; an environment's "
        "settings cannot change it.",
    )
    agents: Agents | None = Field(
        default=None, description="Which language models agents use, and what a run may take."
    )
    integrations: dict[IntegrationName, Integration] | None = Field(
        default=None, description="The trackers that the plan is kept in step with."
    )
    metadata: dict[str, Any] | None = Field(default=None, description="Free data of your own.")
