"""When what changes on the disk has come to rest: rules of time, with the clock given."""

from dataclasses import dataclass

FEW = 20
"""Changes that one person's editor makes at once; more come from a program that goes on."""

AFTER_MANY = 0.3
AFTER_REMOVAL = 0.08  # an editor that saves by rename has its file gone for a moment
AFTER_LOCK = 0.1
IN_OPERATION = 1.0
LOCK_PATIENCE = 30.0
LONGEST = 30.0


@dataclass(slots=True)
class Settling:
    """What was heard since the last check.

    Attributes:
        first: When the first change was heard, in seconds of a steady clock; None when none was.
        last: When the last one was.
        count: How many.
        has_removals: Whether something was removed or renamed.
        locked: When git's lock was last seen; None when it was not.
    """

    first: float | None = None
    last: float = 0.0
    count: int = 0
    has_removals: bool = False
    locked: float | None = None

    def heard(self, moment: float, count: int = 1, *, has_removals: bool = False) -> None:
        """Take note of changes."""
        if self.first is None:
            self.first = moment
        self.last = moment
        self.count += count
        self.has_removals |= has_removals

    def is_due(self, moment: float, *, is_locked: bool, is_unfinished: bool) -> bool:
        """Return whether to look at the files now.

        Args:
            moment: Now.
            is_locked: Whether git has its index locked.
            is_unfinished: Whether a rebase, a merge or the like goes on or waits for somebody.
        """
        if self.first is None:
            return False
        if is_locked:
            self.locked = moment
            # A git that was killed leaves its lock behind for ever.
            return moment - self.first >= LOCK_PATIENCE
        if moment - self.first >= LONGEST:
            return True
        if self.locked is not None and moment - self.locked < AFTER_LOCK:
            return False
        return moment - self.last >= self._rest(is_unfinished=is_unfinished)

    def clear(self) -> None:
        """Forget what was heard: the files are about to be looked at."""
        self.first, self.count, self.has_removals, self.locked = None, 0, False, None

    def _rest(self, *, is_unfinished: bool) -> float:
        """Return the seconds without a change after which it is over."""
        if is_unfinished:
            return IN_OPERATION
        if self.count > FEW:
            return AFTER_MANY
        return AFTER_REMOVAL if self.has_removals else 0.0
