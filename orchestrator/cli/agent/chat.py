"""`agent chat`: a conversation about the plan; what it changes becomes one proposal."""

import gc
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.agent.options import provider_options
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.agent.conversations import Conversation
    from orchestrator.cli.agent.ground import Ground
    from orchestrator.cli.agent.turn import Turned, Wishes
    from orchestrator.store.proposals.names import Name


@click.command("chat")
@click.option(
    "--resume", metavar="[ID]", is_flag=False, flag_value="last", default=None,
    help="Go on with a conversation; with the last one when no ID is given.",
)  # fmt: skip
@click.option("--list", "is_list", is_flag=True, help="List the conversations, and end.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and propose nothing.")
@provider_options
@click.pass_obj
def command(
    session: Session,
    /,
    resume: str | None,
    is_list: bool,
    dry_run: bool,
    provider: str,
    agent: str | None,
    is_cached: bool,
    **limits: Any,
) -> None:
    """Talk about the plan, and have it changed; an empty line or /quit ends it.

    Each line of standard input is one turn. What you have changed goes to one proposal, turn by
    turn. The conversation is kept in git's folder, in this clone only.
    """
    from orchestrator.cli.agent.turn import Wishes
    from orchestrator.cli.talk import note

    if is_list:
        _list(session)
        return
    gc.enable()  # this command may run for hours
    talk = _begin(session, resume)
    name = agent or "assistant"
    wishes = Wishes(
        provider, is_cached, {name.removeprefix("max_"): v for name, v in limits.items()}
    )
    note(f"conversation {talk.id} ; {_models(session, name, wishes)}")
    for line in _lines(session):
        talk = _turn(session, name, talk, line, wishes, dry_run=dry_run)
    if talk.turns:
        note(f"orchestrator agent chat --resume {talk.id} goes on with it.")


def _begin(session: Session, resume: str | None) -> "Conversation":
    from orchestrator.agent.conversations import conversation, new_conversation

    if resume is None:
        return new_conversation(session.now, session.choose)
    return conversation(session.workspace.required_repository.state_folder, resume)


def _models(session: Session, agent: str, wishes: "Wishes") -> str:
    from orchestrator.cli.agent.ground import ground_of
    from orchestrator.cli.agent.turn import models_of

    return ", ".join(models_of(ground_of(session, agent), wishes, "chat"))


def _lines(session: Session) -> Iterator[str]:
    from orchestrator.cli.agent.ground import is_attended

    if not is_attended(session):
        yield from (line.strip() for line in sys.stdin if line.strip())
        return
    while True:
        try:
            line = click.prompt("you", default="", show_default=False, err=True)
        except (click.Abort, EOFError):
            return
        if line.strip() in {"", "/quit", "/exit"}:
            return
        yield str(line).strip()


def _turn(
    session: Session, agent: str, talk: "Conversation", line: str, wishes: "Wishes", *,
    dry_run: bool,
) -> "Conversation":  # fmt: skip
    """Answer one line, and keep the conversation before and after."""
    from dataclasses import replace

    from orchestrator.agent.censor import Censor
    from orchestrator.agent.conversations import keep
    from orchestrator.agent.provider import Turn
    from orchestrator.cli.agent.ground import is_attended
    from orchestrator.cli.agent.speak import answered, closed
    from orchestrator.cli.talk import refuse
    from orchestrator.errors import OrchestratorError

    folder = session.workspace.required_repository.state_folder
    censor = Censor(session.environment)
    ground, name = _ground(session, agent, talk)
    asked = talk.said(Turn("person", censor(line)))
    keep(folder, asked)
    try:
        turned = answered(
            ground, line, wishes, "chat", talk, may_ask=is_attended(session), shows_text=True
        )
        row = closed(ground, turned, "chat", line, name, dry_run=dry_run, is_told=True)
    except OrchestratorError as error:
        # One turn that fails does not end the conversation.
        refuse(error)
        keep(folder, asked)
        return asked
    after = replace(
        asked.said(Turn("agent", censor(_said(turned)))),
        messages=(turned.outcome.messages or b"").decode("utf-8", "replace"),
        proposal=row["proposal"] or talk.proposal,
        is_tainted=talk.is_tainted or turned.taint.said is not None,
    )
    keep(folder, after)
    return after


def _said(turned: "Turned") -> str:
    outcome = turned.outcome
    return outcome.text or "\n".join(outcome.questions)


def _ground(session: Session, agent: str, talk: "Conversation") -> "tuple[Ground, Name | None]":
    """Return what the next turn stands on: the conversation's proposal, while there is one."""
    from orchestrator.cli.agent.ground import ground_of
    from orchestrator.store.proposals.names import name_of_branch
    from orchestrator.store.proposals.propose import tip_of_branch

    name = name_of_branch(f"agent/{talk.proposal}") if talk.proposal else None
    if name is None or name.author != agent:
        return ground_of(session, agent), None
    tip = tip_of_branch(session.workspace.required_repository, name)
    return ground_of(session, agent, tip), name if tip is not None else None


def _list(session: Session) -> None:
    from orchestrator.agent.conversations import conversations
    from orchestrator.cli.talk import note, say_raw, table

    found = conversations(session.workspace.required_repository.state_folder)
    rows = [[each.id, each.began[:16], str(len(each.turns)), each.title] for each in found]
    if rows:
        headings = ["id", "began", "turns", "begins with"]
        say_raw(table(headings, rows, fancy=session.is_terminal, has_color=session.has_color))
    else:
        note("No conversations.")
