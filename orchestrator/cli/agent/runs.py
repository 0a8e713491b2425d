"""`agent runs`: what agents did in this clone, and what it took."""

from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.agent.runs import Run


@click.command("runs")
@click.option("--limit", type=click.IntRange(min=0), default=None, help="Show at most N.")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Leave out the first N.")
@json_option
@click.pass_obj
def command(session: Session, limit: int | None, offset: int, as_json: bool) -> None:
    """List the runs of agents, the newest first: what was asked, what came of it, what it took."""
    from orchestrator.agent.runs import runs
    from orchestrator.cli.entity import note_total
    from orchestrator.cli.pager import show_paged
    from orchestrator.cli.talk import note, say_rows, table

    found = runs(session.workspace.required_repository.state_folder)
    shown = found[offset:][:limit]
    if as_json:
        say_rows(len(found), {"runs": [asdict(run) for run in shown]})
        return
    if shown:
        headings = ["run", "at", "command", "model", "tokens", "dollars", "result", "asked"]
        cells = [_cells(run) for run in shown]
        show_paged(
            session,
            table(headings, cells, fancy=session.is_terminal, has_color=session.has_color),
        )
        spent = sum((Decimal(run.dollars) for run in found if run.dollars), Decimal(0))
        if spent:
            note(f"${spent:.2f} in all")
    note_total(session, "runs", len(shown), len(found), offset)


def _cells(run: "Run") -> list[str]:
    tokens = run.input_tokens + run.output_tokens
    return [
        run.id, run.at[:16], run.command, run.model or "", f"{tokens:,}" if tokens else "",
        f"{Decimal(run.dollars):.4f}" if run.dollars else "",
        run.proposal or run.result, run.asked,
    ]  # fmt: skip
