"""How often a tracker may be asked: its published rates, and what its answers say is left."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests within so many seconds.

    Attributes:
        count: Requests.
        seconds: Of the window, which slides.
        writes_only: Whether only requests that change something count.
    """

    count: int
    seconds: float
    writes_only: bool = False


@dataclass(slots=True)
class Pace:
    """When the next request may go out, in seconds of a steady clock.

    Attributes:
        rates: That hold together.
        blocked_until: From when on the tracker wants to be asked again, as it said itself.
    """

    rates: tuple[Rate, ...] = ()
    blocked_until: float = 0.0
    _sent: dict[Rate, deque[float]] = field(default_factory=dict)

    def wait(self, now: float, *, is_write: bool) -> float:
        """Return how many seconds to wait before the next request."""
        ready = self.blocked_until
        for rate in self._that_count(is_write=is_write):
            sent = self._sent.get(rate)
            if sent is not None and len(sent) >= rate.count:
                # A clock that was set back must not make anybody wait for longer than a window.
                ready = max(ready, min(sent[-rate.count], now) + rate.seconds)
        return max(0.0, ready - now)

    def note(self, now: float, *, is_write: bool) -> None:
        """Count a request that goes out now."""
        for rate in self._that_count(is_write=is_write):
            self._sent.setdefault(rate, deque(maxlen=rate.count)).append(now)

    def block(self, until: float) -> None:
        """Send nothing before a moment of the steady clock."""
        self.blocked_until = max(self.blocked_until, until)

    def _that_count(self, *, is_write: bool) -> tuple[Rate, ...]:
        return tuple(rate for rate in self.rates if is_write or not rate.writes_only)
