"""A project: projects/<id>/project.yaml and the tasks beside it."""

from typing import Any, Literal

from pydantic import Field

from orchestrator.model.entities.values import (
    Date,
    Entity,
    ExternalIds,
    Labels,
    ProjectIdText,
    ProjectKeyText,
    Timestamp,
    Title,
    UserIdText,
)


class Project(Entity):
    """Tasks that belong together, in a folder named after the project's id."""

    id: ProjectIdText = Field(description="Equals the folder's name.", examples=["payments"])
    key: ProjectKeyText = Field(description="Prefix of its new tasks' ids.", examples=["PAY"])
    title: Title = Field(description="The project's name.", examples=["Payments"])
    status: Literal["planned", "active", "on_hold", "completed", "cancelled"] = Field(
        description="Where the project stands."
    )
    description: str | None = Field(default=None, description="Markdown.")
    priority: Literal["low", "medium", "high", "urgent"] | None = Field(
        default=None, description="How much it matters; medium when left out."
    )
    tags: Labels | None = Field(default=None, description="Words to find it by; a set.")
    owner: UserIdText | None = Field(
        default=None, description="Who answers for it: a user id.", examples=["dana"]
    )
    start_date: Date | None = Field(default=None, description="Planned first day, YYYY-MM-DD.")
    due_date: Date | None = Field(default=None, description="Planned last day, YYYY-MM-DD.")
    created_at: Timestamp | None = Field(default=None, description="Stamped by the tool.")
    started_at: Timestamp | None = Field(default=None, description="Stamped by the tool.")
    completed_at: Timestamp | None = Field(default=None, description="Stamped by the tool.")
    external_ids: ExternalIds | None = Field(
        default=None, description="The project's id in each integration."
    )
    deleted_at: Timestamp | None = Field(
        default=None, description="Stamped by the tool when the project is deleted (softly)."
    )
    deleted_by: UserIdText | None = Field(default=None, description="Who deleted it: a user id.")
    deleted_with: str | None = Field(
        default=None, description="What was deleted and took this project along."
    )
    metadata: dict[str, Any] | None = Field(default=None, description="Free data of your own.")
