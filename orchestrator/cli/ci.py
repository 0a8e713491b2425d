"""`ci`: what a pipeline asks for."""

import click

from orchestrator.cli.group import SuggestingGroup
from orchestrator.cli.session import Session


@click.group("ci", cls=SuggestingGroup)
def command() -> None:
    """Answer what a pipeline asks for."""


@command.command()
@click.option("--base", metavar="REV", default=None, help="What it is to be merged into.")
@click.option("--head", metavar="REV", default="HEAD", show_default=True, help="What is new.")
@click.pass_obj
def comment(session: Session, base: str | None, head: str) -> None:
    """Print a comment for a pull or merge request: what it changes in the plan, in Markdown.

    It begins with the line <!-- orchestrator --> , by which the pipeline finds the comment of its
    last run and replaces it. In GitHub Actions and GitLab CI the base is known; elsewhere --base
    names it. At most 65,000 characters.
    """
    from orchestrator.cli.talk import say_raw
    from orchestrator.store.proposals.find import ProposalError
    from orchestrator.store.proposals.markdown import comment_markdown
    from orchestrator.store.proposals.review import Plans, review

    chosen = base or _base(session)
    if chosen is None:
        raise ProposalError(
            "Nothing says what the change is to be merged into.",
            "Name it: orchestrator ci comment --base origin/main .",
        )
    repository = session.workspace.required_repository
    ours, theirs = (repository.git.commit_of(revision) for revision in (chosen, head))
    found = review(Plans(repository, ours, session.now), theirs)
    say_raw(comment_markdown(found, base or chosen, head))


def _base(session: Session) -> str | None:
    environment = session.environment
    if branch := environment.get("GITHUB_BASE_REF"):
        return f"origin/{branch}"
    if branch := environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        return f"origin/{branch}"
    return environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA") or None
