"""How a workspace is tied to one outside tracker."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from orchestrator.model.entities.values import Entity, ProjectIdText

WHERE_TOKEN_IS = r"^(env:[A-Za-z_][A-Za-z0-9_]*|keyring:[A-Za-z0-9._-]+)$"  # noqa: S105 - a pattern of places, no token


class Integration(Entity):
    """One tracker account and what of the plan it mirrors."""

    kind: Literal["linear", "gitlab", "notion", "motion", "github"] = Field(
        description="Which tracker."
    )
    token: Annotated[str, StringConstraints(pattern=WHERE_TOKEN_IS)] = Field(
        description="Where the token is found, never the token itself: env:NAME or keyring:NAME.",
        examples=["env:LINEAR_API_KEY"],
    )
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s@]+$")] | None = Field(
        default=None, description="The server, when it is not the vendor's own."
    )
    scope: dict[str, str] | None = Field(
        default=None, description="What to mirror over there.", examples=[{"team": "ENG"}]
    )
    projects: Annotated[tuple[ProjectIdText, ...], Field(strict=False)] | None = Field(
        default=None, description="Which projects to mirror; all when left out."
    )
    direction: Literal["both", "push", "pull"] | None = Field(
        default=None, description="Which way changes go; both when left out."
    )
    on_conflict: Literal["stop", "local", "remote", "newest"] | None = Field(
        default=None, description="Who wins when both sides changed a field; stop when left out."
    )
    owner: dict[str, Literal["local", "remote", "both"]] | None = Field(
        default=None,
        description="The side that decides, by field.",
        examples=[{"description": "local"}],
    )
    prune: bool | None = Field(
        default=None, description="Whether a deletion crosses over; false when left out."
    )
    statuses: dict[str, str] | None = Field(
        default=None, description="Task status here → state over there."
    )
    priorities: dict[str, str] | None = Field(
        default=None, description="Priority here → priority over there."
    )
    users: dict[str, str] | None = Field(default=None, description="User id → account over there.")
    metadata: dict[str, Any] | None = Field(default=None, description="Free data of your own.")
