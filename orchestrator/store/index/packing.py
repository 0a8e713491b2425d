"""Values in and out of the database: packed with a checksum, since it may be damaged."""

import marshal
import zlib
from typing import Any

from orchestrator.model.problem import Problem
from orchestrator.store.index.schema import UnusableIndexError

_SUM = 4  # bytes
_VERSION = 2  # from 3 on the same value can have other bytes, and bytes are compared here


def pack(value: Any) -> bytes:
    """Return a value as bytes: anything of plain dictionaries, lists, texts and numbers."""
    data = marshal.dumps(value, _VERSION)
    return zlib.crc32(data).to_bytes(_SUM, "big") + data


def unpack(data: bytes) -> Any:
    """Return the value in bytes that `pack` made.

    Raises:
        UnusableIndexError: They are damaged.
    """
    body = memoryview(data)[_SUM:]
    # marshal trusts what it reads, and damaged bytes could end the process.
    if zlib.crc32(body) != int.from_bytes(data[:_SUM], "big"):
        raise UnusableIndexError("it is damaged")
    return marshal.loads(body)  # noqa: S302 - what this program wrote, and the sum says so


def plain(problem: Problem) -> tuple[Any, ...]:
    """Return a problem as `pack` takes it."""
    fix = tuple(dict(op) for op in problem.fix)
    return (*problem[:9], fix, problem.at_key)


def problem_of(values: tuple[Any, ...]) -> Problem:
    """Return the problem that `plain` took apart."""
    return Problem(*values)
