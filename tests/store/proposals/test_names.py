"""What proposals are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.store.commit import BranchError, branch_ref
from orchestrator.store.proposals.names import (
    Name,
    author_slug,
    chosen_name,
    name_of_branch,
    slug_of,
)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Start the retry!", "start-the-retry"),
        ("Über  Straße, ça va?", "uber-strae-ca-va"),
        ("日本", "change"),
        ("", "change"),
        ("--x..lock", "x-lock"),
        ("a" * 100, "a" * 48),
        (f"many words {'more ' * 20}", "many-words-more-more-more-more-more-more-more"),
    ],
)  # fmt: skip
def test_a_slug_is_made_from_a_title(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@pytest.mark.parametrize(
    ("author", "slug"),
    [
        ("agent:planner", "planner"), ("agent:planner.v2", "planner.v2"), ("dana", "dana"),
        ("Dana Ionescu", "dana-ionescu"), ("日本", "somebody"), ("", "somebody"),
    ],
)  # fmt: skip
def test_an_author_is_an_id_or_made_one(author: str, slug: str) -> None:
    assert author_slug(author) == slug


@given(st.text(max_size=200), st.text(max_size=200))
def test_every_title_and_author_makes_a_branch(title: str, author: str) -> None:
    name = Name(author_slug(f"X {author}"), slug_of(title))
    assert branch_ref(name.branch) == f"refs/heads/agent/{name.id}"
    assert name_of_branch(name.branch) == name


def test_a_chosen_name_is_a_slug_an_id_or_a_branch() -> None:
    for text in ("start", "planner/start", "agent/planner/start"):
        assert chosen_name(text, "planner") == Name("planner", "start")
    assert chosen_name("agent/planner/a/b", "planner") == Name("planner", "a/b")
    for text in ("agent/other/start", "other/start", "a b", "../x", "x.lock", "-x"):
        with pytest.raises(BranchError):
            chosen_name(text, "planner")


def test_other_branches_are_no_proposals() -> None:
    for branch in ("main", "agent", "agent/planner", "agent/planner/", "agent//x", "x/agent/a/b"):
        assert name_of_branch(branch) is None
