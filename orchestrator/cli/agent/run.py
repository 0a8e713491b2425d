"""`agent run`: one instruction, carried out as a proposal."""

from typing import Any

import click

from orchestrator.cli.agent.options import provider_options
from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("run")
@click.argument("text", metavar="TEXT")
@click.option("--no-input", is_flag=True, help="Ask nothing; what must be asked is not done.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and propose nothing.")
@provider_options
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    text: str,
    no_input: bool,
    dry_run: bool,
    provider: str,
    agent: str | None,
    is_cached: bool,
    as_json: bool,
    **limits: Any,
) -> None:
    """Have one instruction carried out, or one question answered.

    TEXT is said as to a colleague: mark PAY-7K3F completed. What changes is proposed on a branch
    of its own; before something is deleted you are asked.
    """
    from orchestrator.agent.failures import AgentError
    from orchestrator.cli.agent.ground import ground_of, is_attended
    from orchestrator.cli.agent.speak import answered, closed
    from orchestrator.cli.agent.turn import Wishes
    from orchestrator.cli.talk import say_json

    if not text.strip():
        raise AgentError("There is nothing to do: the text is empty.", "Say what is wanted.")
    ground = ground_of(session, agent or "assistant")
    wishes = Wishes(
        provider, is_cached, {name.removeprefix("max_"): v for name, v in limits.items()}
    )
    may_ask = is_attended(session) and not no_input and not as_json
    turned = answered(ground, text, wishes, "run", may_ask=may_ask, shows_text=not as_json)
    row = closed(ground, turned, "run", text, dry_run=dry_run, is_told=not as_json)
    if as_json:
        say_json(row)
