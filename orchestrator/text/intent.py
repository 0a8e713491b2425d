"""What a text is meant to say: JSON values, and when two of them are the same."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from orchestrator.errors import OrchestratorError
from orchestrator.model.problem import Problem
from orchestrator.text.scalars import INT_LIMIT, has_lone_surrogate

MAX_KEY = 100
"""YAML allows 1,024 characters up to the `:`; escapes make up to ten of one."""


class EditError(OrchestratorError):
    """A text that cannot be written, or read well enough to be changed.

    Attributes:
        problems: What is wrong with the text that should have been changed; may be empty.
    """

    def __init__(
        self, message: str, hint: str | None = None, problems: Sequence[Problem] = ()
    ) -> None:
        super().__init__(message, hint)
        self.problems = tuple(problems)


def checked(value: Any) -> Any:
    """A plain copy of a JSON value; raises EditError for what a file cannot hold."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if has_lone_surrogate(value):
            raise EditError("A text holds half of a surrogate pair, which is no character.")
        return value
    if isinstance(value, int):
        if not -INT_LIMIT < value < INT_LIMIT:
            raise EditError(f"The number {str(value)[:40]} has more digits than a file may hold.")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise EditError(f"The number {value} cannot be written.")
        return value
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise EditError("A key is not text.")
        if any(len(key) > MAX_KEY for key in value):
            raise EditError(f"A key is longer than {MAX_KEY} characters.")
        return {checked(key): checked(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [checked(item) for item in value]
    raise EditError(f"A value of type {type(value).__name__} cannot be written.")


def token(value: Any) -> str:
    """A text that two values share exactly when they are the same; 1, 1.0 and true are not."""
    if value.__class__ is str:
        return '"' + value
    return json.dumps(value, sort_keys=True)


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same, type by type; the order of keys does not matter."""
    if one.__class__ is not other.__class__:
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
