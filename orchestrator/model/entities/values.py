"""The types of the fields that several entities share."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from orchestrator.model.ids import INTEGRATION_NAME, PROJECT_ID, PROJECT_KEY, TASK_ID, USER_ID

TITLE_LENGTH = 500
LABEL_LENGTH = 100
MINUTES_LIMIT = 10_000_000

TIMESTAMP_SHAPE = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:[Zz]|[+-]\d\d:\d\d)"
)
DATE_SHAPE = re.compile(r"\d{4}-\d\d-\d\d")


class Entity(BaseModel):
    """A document of one file, or a part of one: frozen, strict, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _read_date(value: Any) -> Any:
    if isinstance(value, str):
        if DATE_SHAPE.fullmatch(value) is None:
            raise PydanticCustomError("date_shape", "a date is written YYYY-MM-DD")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("date_value", "there is no such day") from None
    return value


def _read_timestamp(value: Any) -> Any:
    if isinstance(value, str):
        if TIMESTAMP_SHAPE.fullmatch(value) is None:
            raise PydanticCustomError(
                "timestamp_shape",
                "a timestamp has a date, a time and an offset, as 2026-12-01T09:30:00+01:00",
            )
        try:
            return datetime.fromisoformat(value.upper())
        except ValueError:
            raise PydanticCustomError("timestamp_value", "there is no such moment") from None
    return value


def _is_set(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) != len(values):
        twice = next(value for value in values if values.count(value) > 1)
        raise PydanticCustomError("listed_twice", "{twice} is listed twice", {"twice": twice})
    return values


def _is_one_line(value: str) -> str:
    if "\n" in value or not value.strip():
        raise PydanticCustomError("one_line", "must be one line of text")
    return value


Date = Annotated[
    date, BeforeValidator(_read_date), Field(strict=True), PlainSerializer(date.isoformat)
]
Timestamp = Annotated[
    AwareDatetime,
    BeforeValidator(_read_timestamp),
    PlainSerializer(datetime.isoformat),
]
TaskIdText = Annotated[str, StringConstraints(pattern=f"^{TASK_ID}$")]
ProjectIdText = Annotated[str, StringConstraints(pattern=f"^{PROJECT_ID}$")]
ProjectKeyText = Annotated[str, StringConstraints(pattern=f"^{PROJECT_KEY}$")]
UserIdText = Annotated[str, StringConstraints(pattern=f"^{USER_ID}$")]
IntegrationName = Annotated[str, StringConstraints(pattern=f"^{INTEGRATION_NAME}$")]
Title = Annotated[
    str, StringConstraints(min_length=1, max_length=TITLE_LENGTH), AfterValidator(_is_one_line)
]
Label = Annotated[
    str, StringConstraints(min_length=1, max_length=LABEL_LENGTH), AfterValidator(_is_one_line)
]
Labels = Annotated[tuple[Label, ...], Field(strict=False), AfterValidator(_is_set)]
TaskIds = Annotated[tuple[TaskIdText, ...], Field(strict=False), AfterValidator(_is_set)]
Texts = Annotated[tuple[Annotated[str, StringConstraints(min_length=1)], ...], Field(strict=False)]
Minutes = Annotated[int, Field(ge=0, le=MINUTES_LIMIT)]
ExternalIds = dict[IntegrationName, Annotated[str, StringConstraints(min_length=1)]]
