"""What agents may do to the plan, and what a server asks of a push: `policy:` in the settings."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from orchestrator.model.entities.values import Entity, ProjectIdText, UserIdText
from orchestrator.model.ids import BRANCH_PATTERN

Grantable = Literal[
    "title", "status", "priority", "assignee", "labels", "parent", "dependencies", "description",
    "start_date", "due_date", "estimated_minutes", "actual_minutes", "time_entries", "tests",
    "external_ids", "metadata", "key", "tags", "owner",
]  # fmt: skip


class Grant(Entity):
    """Changes that a rule is about: what fits all of its keys; a key left out fits everything."""

    projects: Annotated[tuple[ProjectIdText, ...], Field(strict=False)] | None = Field(
        default=None, description="In which projects; all when left out.", examples=[["payments"]]
    )
    entities: Annotated[tuple[Literal["tasks", "projects"], ...], Field(strict=False)] | None = (
        Field(
            default=None,
            description="Changes of what; both when left out. Users and settings are never an "
            "agent's to change.",
            examples=[["tasks"]],
        )
    )
    ops: (
        Annotated[tuple[Literal["add", "replace", "remove", "move"], ...], Field(strict=False)]
        | None
    ) = Field(
        default=None,
        description="add makes an entity, replace sets or clears its fields, remove deletes it, "
        "move takes a task to another project; all when left out.",
        examples=[["add", "replace"]],
    )
    fields: Annotated[tuple[Grantable, ...], Field(strict=False)] | None = Field(
        default=None,
        description="Which fields may be set or cleared; all but stamps when left out. A rule "
        "that names fields is about no removal and no move.",
        examples=[["status", "assignee", "labels"]],
    )


class Limits(Entity):
    """How much one patch may change."""

    entities: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="How many tasks and projects; any number when left out."
    )
    deletions: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="How many of them it may remove; none when left out."
    )


class AgentPolicy(Entity):
    """What an agent may do: what a rule allows and none denies."""

    allow: Annotated[tuple[Grant, ...], Field(strict=False)] | None = Field(
        default=None, description="What it may change; nothing when left out."
    )
    deny: Annotated[tuple[Grant, ...], Field(strict=False)] | None = Field(
        default=None, description="What it may not change, whatever is allowed."
    )
    limits: Limits | None = Field(default=None, description="How much one patch may change.")
    accept: Literal["review", "auto"] | None = Field(
        default=None,
        description="Whether a person must accept its proposals (review), or what the policy "
        "allows may go in without one (auto); review when left out.",
    )


class Policy(Entity):
    """Who may change what. It holds as the target branch has it, never as a proposal would."""

    agents: AgentPolicy | None = Field(
        default=None, description="What every agent may do; nothing when left out."
    )
    by_agent: dict[UserIdText, AgentPolicy] | None = Field(
        default=None,
        description="For one agent: allow, accept and each limit in place of those of agents; "
        "deny besides those of agents.",
        examples=[{"planner": {"accept": "review"}}],
    )
    signatures: Literal["required", "off"] | None = Field(
        default=None,
        description="Whether a server takes only commits with a good SSH signature of their "
        "committer; off when left out.",
    )
    protected: (
        Annotated[
            tuple[Annotated[str, StringConstraints(pattern=f"^{BRANCH_PATTERN}$")], ...],
            Field(strict=False),
        ]
        | None
    ) = Field(
        default=None,
        description="Branches that a server lets nobody rewrite or delete, release/* for all "
        "below; the default branch when left out.",
        examples=[["main", "release/*"]],
    )
    unknown_pushers: Literal["allow", "refuse"] | None = Field(
        default=None,
        description="Whether a server takes pushes of somebody who is in no user file; allow when "
        "left out.",
    )
