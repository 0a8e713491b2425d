"""A proposed change: RFC 6902 ops over the virtual document, with who and why."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from orchestrator.model.entities.values import Entity

POINTER = r"^(/([^~/]|~0|~1)*)*$"
MOST_OPS = 100_000
Pointer = Annotated[str, StringConstraints(pattern=POINTER, max_length=2_000)]


class Op(Entity):
    """One step of a patch, as RFC 6902 section 4 has it."""

    # RFC 6902 section 4: members that an operation does not define must be ignored.
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, populate_by_name=True)

    op: Literal["add", "remove", "replace", "move", "copy", "test"]
    path: Pointer = Field(examples=["/tasks/PAY-7K3F/status"])
    from_: Pointer | None = Field(default=None, alias="from")
    value: Any = None

    @model_validator(mode="before")
    @classmethod
    def _has_its_members(cls, data: Any) -> Any:
        if isinstance(data, dict):
            op = data.get("op")
            if op in ("add", "replace", "test") and "value" not in data:
                raise PydanticCustomError("no_value", "op {op} needs a value", {"op": str(op)})
            if op in ("move", "copy") and "from" not in data:
                raise PydanticCustomError("no_from", "op {op} needs a from", {"op": str(op)})
        return data


class Patch(Entity):
    """A patch file's envelope; a bare RFC 6902 array is an envelope with nothing but ops."""

    id: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        default=None, description="Of the patch, for logs."
    )
    title: Annotated[str, StringConstraints(max_length=500)] | None = Field(
        default=None, description="What it does, in one line; written from the ops when left out."
    )
    reason: Annotated[str, StringConstraints(max_length=10_000)] | None = Field(
        default=None, description="Why."
    )
    author: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        default=None,
        description="Who proposes it; agent:<name> for agents.",
        examples=["agent:planner"],
    )
    model: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        default=None, description="The language model that wrote it."
    )
    base: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        default=None, description="The commit that it was made against."
    )
    ops: Annotated[tuple[Op, ...], Field(strict=False, max_length=MOST_OPS)] = Field(
        description="RFC 6902 operations over the virtual document."
    )
