"""A task: one file under projects/<project>/tasks/."""

from typing import Any, Literal

from pydantic import Field

from orchestrator.model.entities.values import (
    Date,
    Entity,
    ExternalIds,
    Labels,
    Minutes,
    TaskIds,
    TaskIdText,
    Texts,
    Timestamp,
    Title,
    UserIdText,
)


class TimeEntry(Entity):
    """Time spent on a task, once."""

    at: Timestamp = Field(description="When the work was done.")
    minutes: Minutes = Field(description="How long it took, in minutes.", examples=[90])
    user: UserIdText | None = Field(default=None, description="Who did it: a user id.")
    note: str | None = Field(default=None, description="What was done, in a few words.")


class TestRequirements(Entity):
    """What must be tested before the task counts as done, by kind of test."""

    __test__ = False  # pytest would otherwise collect a class of this name

    unit: Texts = Field(default=(), description="Unit tests to write.")
    integration: Texts = Field(default=(), description="Integration tests to write.")
    performance: Texts = Field(default=(), description="Performance tests to write.")
    security: Texts = Field(default=(), description="Security tests to write.")


class Task(Entity):
    """One piece of work, in a file named after its id."""

    id: TaskIdText = Field(
        description="Equals the file name; unique in the workspace; stays when the task moves.",
        examples=["PAY-7K3F", "TEST-API-002"],
    )
    title: Title = Field(
        description="What is to be done, on one line.", examples=["Retry captures after a timeout"]
    )
    status: Literal["todo", "in_progress", "blocked", "in_review", "completed", "cancelled"] = (
        Field(description="Where the work stands.")
    )
    priority: Literal["low", "medium", "high", "urgent"] | None = Field(
        default=None, description="How much it matters; medium when left out."
    )
    assignee: UserIdText | None = Field(
        default=None, description="Who does it: a user id.", examples=["dana"]
    )
    labels: Labels | None = Field(
        default=None, description="Words to find it by; a set.", examples=[["api", "payments"]]
    )
    parent: TaskIdText | None = Field(
        default=None,
        description="The task that this one is a part of, in the same project.",
        examples=["PAY-4A2C"],
    )
    dependencies: TaskIds | None = Field(
        default=None,
        description="Tasks that must be completed first, of any project; a set.",
        examples=[["PAY-4A2C", "OPS-9XQ1"]],
    )
    description: str | None = Field(
        default=None, description="Markdown.", examples=["Why and how, in a few paragraphs.\n"]
    )
    start_date: Date | None = Field(
        default=None, description="Planned first day, YYYY-MM-DD.", examples=["2026-12-01"]
    )
    due_date: Date | None = Field(
        default=None, description="Planned last day, YYYY-MM-DD.", examples=["2026-12-18"]
    )
    created_at: Timestamp | None = Field(
        default=None,
        description="Stamped by the tool when the task is made, or first committed.",
        examples=["2026-11-22T09:30:00+01:00"],
    )
    started_at: Timestamp | None = Field(
        default=None, description="Stamped by the tool when work begins."
    )
    completed_at: Timestamp | None = Field(
        default=None, description="Stamped by the tool when the task is completed."
    )
    estimated_minutes: Minutes | None = Field(
        default=None, description="Expected effort, in minutes.", examples=[240]
    )
    actual_minutes: Minutes | None = Field(
        default=None,
        description="Effort spent, in minutes, where it is known only as a total; "
        "with time_entries it is their sum and is left out.",
    )
    time_entries: tuple[TimeEntry, ...] | None = Field(
        default=None, strict=False, description="Time spent, entry by entry."
    )
    tests: TestRequirements | None = Field(
        default=None,
        description="Test requirements by kind.",
        examples=[{"unit": ["retries stop after five attempts"]}],
    )
    external_ids: ExternalIds | None = Field(
        default=None,
        description="The task's id in each integration.",
        examples=[{"linear-eng": "ENG-482"}],
    )
    deleted_at: Timestamp | None = Field(
        default=None, description="Stamped by the tool when the task is deleted (softly)."
    )
    deleted_by: UserIdText | None = Field(default=None, description="Who deleted it: a user id.")
    deleted_with: str | None = Field(
        default=None, description="The task or project whose deletion took this one along."
    )
    metadata: dict[str, Any] | None = Field(
        default=None, description="Free data of your own.", examples=[{"team": "core"}]
    )
