"""`proposal list`: what waits for a person."""

from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.store.proposals.find import Proposal
    from orchestrator.store.proposals.review import Plans

_COLORS = {"open": "32", "stale": "33", "problems": "31", "merged": "2"}
_STATE = 2  # the column of the state


@click.command("list")
@click.option("--into", "target", metavar="BRANCH", help="For this branch; else the present one.")
@click.option("--limit", type=click.IntRange(min=0), default=None, help="Show at most N.")
@json_option
@click.pass_obj
def command(session: Session, target: str | None, limit: int | None, as_json: bool) -> None:
    """List the proposals, the newest first: branches agent/AUTHOR/SLUG, here and on remotes.

    A proposal is open; stale when it conflicts with the target, as it is now; or has problems, when
    accepting it would bring errors; or is merged already.
    """
    from orchestrator.cli.entity import note_total
    from orchestrator.cli.talk import say_raw, say_rows, table
    from orchestrator.store.proposals.find import proposals, target_of
    from orchestrator.store.proposals.reject import is_rejected
    from orchestrator.store.proposals.review import Plans

    repository = session.workspace.required_repository
    into = target_of(repository, target)
    known = [
        item
        for item in proposals(repository)
        if item.branch != into.branch and not (item.remote and is_rejected(repository, item))
    ]
    plans = Plans(repository, into.tip, session.now)
    rows = [_row(plans, proposal) for proposal in known[:limit]]
    if as_json:
        say_rows(len(known), {"proposals": rows})
        return
    cells = [
        [row["id"], row["title"] or "", row["state"], _changed(row), _ago(session, item)]
        for row, item in zip(rows, known, strict=False)
    ]
    if cells:
        say_raw(
            table(
                ("id", "title", "state", "changes", "when"),
                cells,
                fancy=session.is_terminal,
                has_color=session.has_color,
                paints=lambda row, at: _COLORS[rows[row]["state"]] if at == _STATE else "",
            )
        )
    note_total(session, "proposals", len(rows), len(known), 0)


def _row(plans: "Plans", proposal: "Proposal") -> dict[str, Any]:
    from orchestrator.cli.proposal.review_text import proposal_row
    from orchestrator.store.proposals.delta import place_in, plan_delta
    from orchestrator.store.proposals.find import commits_of
    from orchestrator.store.proposals.merge import merge_base
    from orchestrator.store.proposals.review import state_of

    base = merge_base(plans.repository, plans.tip, proposal.tip)
    changed = {place_in(path) for path in plan_delta(plans.repository, base, proposal.tip)}
    commits = commits_of(plans.repository, plans.tip, proposal.tip)
    return {
        **proposal_row(proposal, state_of(plans, proposal.tip)),
        "title": commits[0].subject if commits else None,
        "commits": len(commits),
        "entities": len(changed),
    }


def _changed(row: dict[str, Any]) -> str:
    return ", ".join(
        f"{count} {noun if count != 1 else one}"
        for count, noun, one in (
            (row["commits"], "commits", "commit"),
            (row["entities"], "entities", "entity"),
        )
    )


def _ago(session: Session, proposal: "Proposal") -> str:
    from orchestrator.view.moments import ago

    return ago(proposal.at, session.now)
