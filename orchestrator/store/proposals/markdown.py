"""A review as Markdown: the text of pull requests, and the sticky comment of CI."""

from collections.abc import Iterator

from orchestrator.patch.semantic import counts
from orchestrator.patch.semantic_markdown import (
    bounded,
    code,
    entities_markdown,
    problems_markdown,
)
from orchestrator.store.proposals.find import ProposedCommit
from orchestrator.store.proposals.review import Review, clash_words

MARKER = "<!-- orchestrator -->"
"""The first line of a comment that CI finds again and replaces."""

_MOST_COMMITS = 30
_MOST_FILES = 50


def proposal_markdown(review: Review, ours: str, theirs: str) -> str:
    """Return what a proposal does, for people who review it.

    Args:
        review: What merging it means.
        ours: The target's name.
        theirs: The proposal's.
    """
    commits = [_commit(commit) for commit in review.commits[:_MOST_COMMITS]]
    if (more := len(review.commits) - _MOST_COMMITS) > 0:
        commits.append(f"- … and {more:,} more")
    head = [_summary(review, ours), "\n".join(commits), *_hindrances(review, ours, theirs)]
    return bounded([part for part in head if part], entities_markdown(review.entities))


def comment_markdown(review: Review, ours: str, theirs: str) -> str:
    """Return a comment for a pull or merge request, at most 65,000 characters."""
    gone = []
    if review.gone:
        gone = [f"**{_counted(len(review.gone), 'problem')} less**", problems_markdown(review.gone)]
    head = [MARKER, "### What this changes in the plan", _summary(review, ours)]
    hindrances = [*_hindrances(review, ours, theirs)]
    return bounded([*head, *hindrances, *gone], entities_markdown(review.entities))


def _summary(review: Review, ours: str) -> str:
    found = counts(review.entities)
    return f"{found[:1].upper()}{found[1:]}, against {code(ours)}."


def _commit(commit: ProposedCommit) -> str:
    who = code(commit.agent or commit.author)
    model = f" with {code(commit.model)}" if commit.model else ""
    why = f": {code(commit.reason, 500)}" if commit.reason else ""
    return f"- {code(commit.subject)} by {who}{model}{why}"


def _hindrances(review: Review, ours: str, theirs: str) -> Iterator[str]:
    """Yield what a reader must know before anything else."""
    if words := clash_words(review.merged, ours, theirs):
        yield f"**{_counted(len(words), 'conflict')}: this cannot be merged as it is**"
        yield "\n".join(f"- {code(word, 300)}" for word in words[:_MOST_FILES])
    if review.problems:
        errors = len(review.errors)
        counted = [_counted(errors, "new error")] if errors else []
        if warnings := len(review.problems) - errors:
            counted.append(_counted(warnings, "new warning"))
        yield f"**{', '.join(counted)}**"
        yield problems_markdown(review.problems)
    if review.files:
        yield f"**{_counted(len(review.files), 'file')} outside the plan**"
        yield "\n".join(f"- {code(path)}" for path in review.files[:_MOST_FILES])
        if (more := len(review.files) - _MOST_FILES) > 0:
            yield f"- … and {more:,} more"
    if review.merged.said:
        yield "\n".join(f"- {code(word)}" for word in review.merged.said[:_MOST_FILES])


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
