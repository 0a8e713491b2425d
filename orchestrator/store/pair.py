"""Long work on a list, shared with a forked child: Python itself runs on one processor."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")

WORTH_IT = 2_000
"""Items; for fewer, a fork costs more than it gives."""


HEAVY, LIGHT = 0.55, 0.51
"""Of the items, what the parent does: the child has to pickle its answers, large or small."""


def in_two(
    work: Callable[[Sequence[T]], list[R]],
    items: Sequence[T],
    least: int = WORTH_IT,
    share: float = HEAVY,
) -> list[R]:
    """Return `work(items)`, of which a child process may have done the second half.

    Args:
        work: Gives one result for each item, whatever the others are; what it gives can be pickled.
        items: Any number.
        least: How many are worth a fork.
        share: Of the items, how many this process does itself.
    """
    if len(items) < least or not sys.platform.startswith("linux"):
        return work(items)
    middle = int(len(items) * share)
    answer, out = os.pipe()
    child = os.fork()
    if not child:
        _answer(out, lambda: work(items[middle:]))
    os.close(out)
    first = work(items[:middle])
    with os.fdopen(answer, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(child, 0)
    if status:
        return first + work(items[middle:])
    import pickle

    return first + cast("list[R]", pickle.loads(data))  # noqa: S301 - written by our own child


def _answer(out: int, work: Callable[[], list[R]]) -> None:
    code = 1
    try:
        import pickle  # only large plans are read by two

        data = pickle.dumps(work(), protocol=5)
        with os.fdopen(out, "wb") as pipe:
            pipe.write(data)
        code = 0
    finally:
        # Not `sys.exit`: nothing of the parent's may be flushed or run twice.
        os._exit(code)
