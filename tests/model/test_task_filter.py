"""The language of filters: terms, saved filters, contradictions."""

from datetime import date

import pytest

from orchestrator.model.oneself import UnknownSelfError
from orchestrator.model.task_filter import (
    TERMS,
    FilterError,
    Reading,
    TaskFilter,
    read_filter,
    read_where,
)

HERE = Reading(
    date(2026, 11, 22),
    "dana",
    8,
    {"mine": "assignee=me open", "late": "filter=mine overdue", "loop": "filter=loop"},
)


def wanted(text: str, reading: Reading = HERE) -> TaskFilter:
    return read_filter(read_where(text), reading)


def test_terms_make_one_filter() -> None:
    assert wanted("status=todo,blocked label=db label=api due-before=+1w min-estimate=1d") == (
        TaskFilter(
            status=("todo", "blocked"), label=("db", "api"), due_before="2026-11-29",
            min_estimate=480,
        )
    )  # fmt: skip


def test_a_saved_filter_may_use_another_and_takes_more_terms() -> None:
    assert wanted("filter=late text='two words'") == TaskFilter(
        assignee=("dana",), is_open=True, overdue_on="2026-11-22", text="two words"
    )


def test_nobody_and_no_parent_are_empty_values() -> None:
    assert wanted("assignee= parent=") == TaskFilter(assignee=("",), parent="")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("stauts=todo", "Did you mean status ?"),
        ("status=done", "There is no status 'done'."),
        ("status", "status needs a value."),
        ("overdue=yes", "overdue takes no value."),
        ("due-before=soon", "'soon' is no day."),
        ("min-estimate=long", "'long' is not a duration."),
        ("depth=x", "depth=x is no number."),
        ("open closed", "closed contradicts"),
        ("under=PAY-1 under=PAY-2", "under contradicts"),
        ("text='a", "A quote is not closed"),
        ("filter=mien", "Did you mean mine ?"),
        ("filter=loop", "The filter loop contains itself."),
    ],
)
def test_what_cannot_be_understood_is_refused_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(FilterError) as refused:
        wanted(text)
    assert says in f"{refused.value.message} {refused.value.hint}"


def test_me_is_refused_while_nobody_knows_who_that_is() -> None:
    with pytest.raises(UnknownSelfError, match="Nobody knows who me is"):
        wanted("assignee=me", Reading(date(2026, 11, 22)))


def test_every_field_of_a_filter_has_a_term_and_every_term_a_field() -> None:
    assert {term.field for term in TERMS.values()} == set(TaskFilter.__dataclass_fields__)
