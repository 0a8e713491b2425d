"""How long the next request has to wait."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.sync.pace import Pace, Rate


def test_nothing_waits_below_the_rate() -> None:
    pace = Pace((Rate(2, 10),))
    assert pace.wait(0, is_write=False) == 0
    pace.note(0, is_write=False)
    assert pace.wait(1, is_write=False) == 0
    pace.note(1, is_write=False)
    assert pace.wait(1, is_write=False) == 9


def test_the_window_slides() -> None:
    pace = Pace((Rate(2, 10),))
    for moment in (0, 6):
        pace.note(moment, is_write=False)
    assert pace.wait(10, is_write=False) == 0
    pace.note(10, is_write=False)
    assert pace.wait(11, is_write=False) == 5


def test_a_rate_for_writes_leaves_reading_alone() -> None:
    pace = Pace((Rate(1, 60, writes_only=True), Rate(10, 60)))
    pace.note(0, is_write=True)
    assert pace.wait(1, is_write=False) == 0
    assert pace.wait(1, is_write=True) == 59


def test_the_longest_wait_of_several_rates_holds() -> None:
    pace = Pace((Rate(1, 1), Rate(2, 100)))
    pace.note(0, is_write=False)
    pace.note(5, is_write=False)
    assert pace.wait(5.5, is_write=False) == 94.5


def test_what_the_tracker_says_itself_holds_too_and_is_never_shortened() -> None:
    pace = Pace()
    pace.block(30)
    pace.block(20)
    assert pace.wait(10, is_write=False) == 20
    assert pace.wait(31, is_write=True) == 0


def test_a_clock_that_is_set_back_costs_one_window_at_most() -> None:
    pace = Pace((Rate(1, 60),))
    pace.note(100_000, is_write=False)
    assert pace.wait(500, is_write=False) == 60


@given(st.lists(st.floats(0, 20), max_size=60), st.integers(1, 5), st.integers(1, 30))
def test_no_window_ever_holds_more_than_the_rate(
    gaps: list[float], count: int, seconds: int
) -> None:
    pace, now, sent = Pace((Rate(count, seconds),)), 0.0, list[float]()
    for gap in gaps:
        now += gap
        now += pace.wait(now, is_write=False)
        pace.note(now, is_write=False)
        sent.append(now)
    for first, later in zip(sent, sent[count:], strict=False):
        assert later - first >= seconds - 1e-6
