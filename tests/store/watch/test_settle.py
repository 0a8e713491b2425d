"""When what changes has come to rest, by a clock that the test turns."""

import pytest

from orchestrator.store.watch.settle import (
    AFTER_LOCK,
    AFTER_MANY,
    AFTER_REMOVAL,
    FEW,
    IN_OPERATION,
    LOCK_PATIENCE,
    LONGEST,
    Settling,
)


@pytest.fixture
def settling() -> Settling:
    return Settling()


def is_due(settling: Settling, moment: float, *, lock: bool = False, rebase: bool = False) -> bool:
    return settling.is_due(moment, is_locked=lock, is_unfinished=rebase)


def test_nothing_is_due_when_nothing_was_heard(settling: Settling) -> None:
    assert not is_due(settling, 1e9)


def test_one_save_is_answered_at_once(settling: Settling) -> None:
    settling.heard(10)
    assert is_due(settling, 10)


def test_after_a_removal_the_file_may_come_back_first(settling: Settling) -> None:
    settling.heard(10, has_removals=True)
    assert not is_due(settling, 10)
    assert is_due(settling, 10 + AFTER_REMOVAL)


def test_many_changes_are_waited_for_until_none_come_any_more(settling: Settling) -> None:
    settling.heard(10, FEW + 1)
    settling.heard(11, 5_000)
    assert not is_due(settling, 11 + AFTER_MANY / 2)
    assert is_due(settling, 11 + AFTER_MANY)


def test_while_git_holds_its_lock_nothing_is_looked_at(settling: Settling) -> None:
    settling.heard(10)
    assert not is_due(settling, 10, lock=True)
    assert not is_due(settling, 15, lock=True)
    assert not is_due(settling, 15.01)
    assert is_due(settling, 15.01 + AFTER_LOCK)


def test_a_lock_that_a_killed_git_left_does_not_silence_it_for_ever(settling: Settling) -> None:
    settling.heard(10)
    assert is_due(settling, 10 + LOCK_PATIENCE, lock=True)


def test_between_the_steps_of_a_rebase_it_waits_and_in_a_stopped_one_it_looks(
    settling: Settling,
) -> None:
    settling.heard(10)
    assert not is_due(settling, 10 + IN_OPERATION / 2, rebase=True)
    assert is_due(settling, 10 + IN_OPERATION, rebase=True)


def test_changes_that_never_end_are_looked_at_all_the_same(settling: Settling) -> None:
    for tenth in range(int(LONGEST * 10)):
        settling.heard(10 + tenth / 10, 50)
    assert not is_due(settling, 10 + LONGEST - 0.05)
    assert is_due(settling, 10 + LONGEST)


def test_what_was_looked_at_is_not_due_again(settling: Settling) -> None:
    settling.heard(10, 1_000, has_removals=True)
    settling.clear()
    assert not is_due(settling, 99)
    settling.heard(100)
    assert is_due(settling, 100)
