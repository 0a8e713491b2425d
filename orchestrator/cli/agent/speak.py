"""What `agent run` and `agent chat` have in common: a turn, and what is done with its changes."""

from typing import TYPE_CHECKING, Any

from orchestrator.cli.agent.ground import Ground

if TYPE_CHECKING:
    from orchestrator.agent.conversations import Conversation
    from orchestrator.cli.agent.turn import Turned, Wishes
    from orchestrator.store.proposals.names import Name

_LONGEST = 100_000
_TURNS = 20


def answered(
    ground: Ground,
    text: str,
    wishes: "Wishes",
    command: str,
    talk: "Conversation | None" = None,
    *,
    may_ask: bool,
    shows_text: bool,
) -> "Turned":
    """Have what a person says answered, and show the answer."""
    from orchestrator.agent.choice import context_tokens
    from orchestrator.agent.clean import TooLongError
    from orchestrator.agent.context import context_of
    from orchestrator.agent.provider import Request
    from orchestrator.cli.agent.tell import Teller
    from orchestrator.cli.agent.turn import take_turn
    from orchestrator.cli.talk import say

    if len(text) > _LONGEST:
        raise TooLongError("The text", len(text), _LONGEST)
    found = context_of(ground.snapshot, text, context_tokens(ground.snapshot.settings))
    request = Request(
        "chat", text, turns=talk.turns[-_TURNS:] if talk else (), may_ask=may_ask,
        context=found.text, messages=talk.messages.encode() if talk and talk.messages else None,
    )  # fmt: skip
    tell = Teller(ground.session, shows_text=shows_text)
    earlier = ("an earlier turn",) if talk and talk.is_tainted else ()
    try:
        turned = take_turn(
            ground, request, wishes, command, tell, (*earlier, *found.outside), may_ask=may_ask
        )
    finally:
        tell.end()
    if shows_text and turned.outcome.text and not tell.was_streamed:
        say(turned.outcome.text)
    return turned


def closed(
    ground: Ground,
    turned: "Turned",
    command: str,
    text: str,
    name: "Name | None" = None,
    *,
    dry_run: bool,
    is_told: bool,
) -> dict[str, Any]:
    """Propose what a turn changed, record it, and return the whole as a row of JSON."""
    from orchestrator.agent.clean import one_line
    from orchestrator.cli.agent.turn import propose_turn, record_turn, usage_row, usage_words
    from orchestrator.cli.change import told
    from orchestrator.cli.talk import note

    draft = turned.draft
    changes = draft.changes
    result, proposal = "answered", None
    for line in told(changes) if is_told else ():
        note(line)
    for problem in draft.problems()[:5] if changes and is_told else ():
        note(f"warning: {problem.message}")
    if changes and dry_run:
        result = "dry-run"
    elif changes:
        done = propose_turn(ground, turned, f"Asked for: {one_line(text)[:200]}", name)
        result, proposal = "proposed", done.name.id
        if is_told:
            note(f"orchestrator proposal show {proposal} shows it; proposal accept takes it.")
    record_turn(ground, turned, command, text, result, proposal)
    if is_told and turned.outcome.usage.requests:
        note(usage_words(turned))
    return {
        "run": turned.id, "result": result, "proposal": proposal,
        "model": turned.outcome.model, "text": turned.outcome.text,
        "ops": [dict(op) for op in draft.patch().ops],
        "tainted": turned.taint.said, "usage": usage_row(turned),
    }  # fmt: skip
