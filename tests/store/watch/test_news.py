"""What two checks, one after the other, have to tell."""

from orchestrator.model.problem import Problem
from orchestrator.store.watch.news import news

MISSING = Problem("ORC202", "error", "The parent A-1 does not exist.", "a.yaml", "/parent", "A-2")
OPEN = Problem(
    "ORC305", "warning", "A-1 is completed while A-2 is open.", "b.yaml", "/status", "A-1"
)


def test_a_problem_that_was_not_there_is_new_and_one_that_went_is_fixed() -> None:
    assert news([MISSING], [OPEN]) == ((OPEN,), (MISSING,), ())


def test_a_problem_that_only_moved_to_another_line_is_no_news() -> None:
    moved = MISSING._replace(line=7, column=9)
    assert news([MISSING._replace(line=3, column=9)], [moved]) == ((), (), ())


def test_a_problem_whose_words_changed_is_told_anew_and_not_called_fixed() -> None:
    other = MISSING._replace(message="The parent A-9 does not exist.")
    assert news([MISSING], [other]) == ((other,), (), (MISSING,))


def test_a_problem_that_became_an_error_is_told_anew() -> None:
    assert news([OPEN], [OPEN._replace(severity="error")]).new


def test_of_two_equal_problems_one_can_be_fixed() -> None:
    assert news([MISSING, MISSING], [MISSING]) == ((), (MISSING,), ())
    assert news([MISSING], [MISSING, MISSING]) == ((MISSING,), (), ())


def test_one_of_two_problems_at_a_place_changes_its_words_and_the_other_is_fixed() -> None:
    first, second = (MISSING._replace(message=text) for text in ("One.", "Two."))
    third = MISSING._replace(message="Three.")
    told = news([first, second], [third])
    assert told.new == (third,)
    assert {*told.fixed, *told.replaced} == {first, second}
    assert len(told.fixed) == 1
