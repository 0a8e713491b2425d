"""Ops on any JSON value, as RFC 6902 tells it; a plan's documents are only one kind of value."""

import copy
from collections.abc import Sequence
from typing import Any

from orchestrator.patch.ops import Operation
from orchestrator.patch.step import step


def apply_to(document: Any, ops: Sequence[Operation]) -> Any:
    result = copy.deepcopy(document)
    for index, op in enumerate(ops):
        result = step(result, index, op)
    return result
