"""A person or an agent: users/<id>.yaml."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from orchestrator.model.entities.values import Entity, IntegrationName, Timestamp, Title, UserIdText


class User(Entity):
    """Somebody who works on the plan."""

    id: UserIdText = Field(description="Equals the file name.", examples=["dana"])
    name: Title = Field(description="As people write it.", examples=["Dana Ionescu"])
    email: (
        Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)] | None
    ) = Field(default=None, description="Matches git's author.", examples=["dana@example.com"])
    kind: Literal["human", "agent"] | None = Field(
        default=None, description="Person or program; human when left out."
    )
    role: Literal["admin", "maintainer", "member", "viewer", "agent"] | None = Field(
        default=None, description="What they may do; member when left out."
    )
    handles: dict[IntegrationName, Annotated[str, StringConstraints(min_length=1)]] | None = Field(
        default=None,
        description="Their name in each integration.",
        examples=[{"github": "dana-i"}],
    )
    active: bool | None = Field(default=None, description="False for people who have left.")
    created_at: Timestamp | None = Field(default=None, description="Stamped by the tool.")
    metadata: dict[str, Any] | None = Field(default=None, description="Free data of your own.")
