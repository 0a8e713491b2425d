"""When the plan is checked while somebody types."""

import asyncio
from collections.abc import Callable

from orchestrator.lsp.pulse import QUIET, Pulse


def checks(typing: Callable[[Pulse], object], seconds: float = 5 * QUIET) -> int:
    """Return how often the plan is checked while somebody types, and for a while after."""
    count = 0

    def check() -> None:
        nonlocal count
        count += 1

    async def run() -> None:
        found = typing(Pulse(check, lambda: False))
        if asyncio.iscoroutine(found):
            await found
        await asyncio.sleep(seconds)

    asyncio.run(run())
    return count


def test_changes_that_come_together_are_checked_once() -> None:
    def typing(pulse: Pulse) -> None:
        for _ in range(50):
            pulse.changed()

    assert checks(typing) == 1


def test_who_never_stops_typing_sees_problems_all_the_same() -> None:
    async def typing(pulse: Pulse) -> None:
        for _ in range(60):
            pulse.changed()
            await asyncio.sleep(QUIET / 4)

    assert checks(typing) >= 2


def test_a_save_looks_at_the_files_and_checks() -> None:
    assert checks(lambda pulse: pulse.saved(), 15 * QUIET) == 1


def test_nothing_is_checked_when_nothing_happens() -> None:
    assert checks(lambda pulse: pulse.start()) == 0
