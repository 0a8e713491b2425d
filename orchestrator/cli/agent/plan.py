"""`agent plan`: a text becomes a project with tasks, as a proposal."""

import sys
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.agent.options import provider_options
from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.agent.provider import Request
    from orchestrator.cli.agent.ground import Ground
    from orchestrator.cli.agent.turn import Turned, Wishes

_LARGEST = 16 * 1024 * 1024
_LONGEST = 400_000
_LONGEST_REASON = 500
_ROUNDS = 3


@click.command("plan")
@click.argument("text", metavar="TEXT|FILE|-")
@click.option("--project", metavar="ID", default=None, help="Extend or break down this one.")
@click.option("--no-input", is_flag=True, help="Ask nothing; assume, and list what is assumed.")
@click.option("--apply", "wants_apply", is_flag=True, help="Accept it as well, if policy allows.")
@click.option("--dry-run", is_flag=True, help="Show the plan, and propose nothing.")
@provider_options
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    text: str,
    project: str | None,
    no_input: bool,
    wants_apply: bool,
    dry_run: bool,
    provider: str,
    agent: str | None,
    is_cached: bool,
    as_json: bool,
    **limits: Any,
) -> None:
    """Plan a sentence, a brief or a Markdown outline: a project with a tree of tasks.

    What comes of it is shown, and proposed on a branch of its own; nothing else is written. Where
    the text is too thin, questions are asked first.
    """
    from orchestrator.agent.provider import Request
    from orchestrator.cli.agent.ground import ground_of, is_attended
    from orchestrator.cli.agent.turn import Wishes
    from orchestrator.verbs.refuse import refuse_gone_project

    brief, source = _read(session, text)
    ground = ground_of(session, agent or "planner")
    if project is not None:
        refuse_gone_project(ground.snapshot, project)
    if wants_apply:
        _refuse_apply(ground)
    wishes = Wishes(
        provider, is_cached, {name.removeprefix("max_"): v for name, v in limits.items()}
    )
    context, outside = _context(ground, brief, project)
    request = Request(
        "plan", brief, project, may_ask=not no_input, context=context, is_foreign=bool(source)
    )
    is_there = is_attended(session) and not no_input
    turned = _answered(
        ground, request, wishes, (source, *outside), as_json=as_json, is_there=is_there
    )
    _finish(
        ground, turned, source or text, as_json=as_json, dry_run=dry_run, wants_apply=wants_apply
    )


def _read(session: Session, text: str) -> tuple[str, str]:
    """Return the brief, and where it is from; `""` when it was typed."""
    from pathlib import Path

    from orchestrator.agent.clean import TooLongError
    from orchestrator.agent.failures import AgentError
    from orchestrator.cli.input import UnreadableInputError, read_input
    from orchestrator.cli.patch.files import names_file

    source = ""
    if text == "-":
        data, source = sys.stdin.buffer.read(_LARGEST + 1), "standard input"
    elif names_file(session, text):
        data, source = read_input(session.folder / text, _LARGEST), Path(text).name
    elif Path(text).suffix.lower() in {".md", ".markdown", ".txt"} and " " not in text:
        raise UnreadableInputError(f"There is no file {text[:100]} .", "Check the path.")
    else:
        data = text.encode("utf-8", "surrogateescape")
    brief = data.decode("utf-8", "replace")
    if len(brief) > _LONGEST:
        raise TooLongError("The text", len(brief), _LONGEST)
    if not brief.strip():
        raise AgentError("There is nothing to plan: the text is empty.", "Say what is wanted.")
    return brief, source


def _context(ground: "Ground", brief: str, project: str | None) -> tuple[str, tuple[str, ...]]:
    from orchestrator.agent.choice import context_tokens
    from orchestrator.agent.context import context_of

    most = context_tokens(ground.snapshot.settings)
    found = context_of(ground.snapshot, brief, most, project)
    return found.text, found.outside


def _refuse_apply(ground: "Ground") -> None:
    from orchestrator.agent.failures import AgentError
    from orchestrator.patch.policy import accepts_alone

    if not accepts_alone(ground.policy.policy, ground.agent):
        raise AgentError(
            f"The policy has a person accept what {ground.agent} proposes (ORC401).",
            "Leave --apply out; then orchestrator proposal accept ID .",
        )


def _answered(
    ground: "Ground",
    request: "Request",
    wishes: "Wishes",
    sources: tuple[str, ...],
    *,
    as_json: bool,
    is_there: bool,
) -> "Turned":
    """Have the brief planned, asking the person what the planner asks."""
    from dataclasses import replace

    from orchestrator.agent.failures import AgentError
    from orchestrator.agent.provider import Turn
    from orchestrator.cli.agent.tell import Teller
    from orchestrator.cli.agent.turn import record_turn, take_turn

    for attempt in range(_ROUNDS):
        last = replace(request, may_ask=request.may_ask and attempt < _ROUNDS - 1)
        tell = Teller(ground.session, shows_text=False)
        turned = take_turn(ground, last, wishes, "plan", tell, sources, may_ask=is_there)
        asked = turned.outcome.questions
        if not asked:
            return turned
        record_turn(ground, turned, "plan", request.text, "asked", None)
        if not is_there or as_json:
            listed = "".join(f"\n  {question}" for question in asked)
            raise AgentError(
                f"The text is too thin to plan from; these are open:{listed}",
                "Say it in the text, or --no-input has it assume what is usual.",
            )
        answers = "\n".join(f"{question}\n{_ask(question)}" for question in asked)
        turns = (*request.turns, Turn("agent", "\n".join(asked)), Turn("person", answers))
        request = replace(
            request, turns=turns, text=f"{request.text}\n\nQuestions, and their answers:\n{answers}"
        )
    raise AgentError("The planner only asks, and plans nothing.", "Say more in the text.")


def _ask(question: str) -> str:
    from orchestrator.cli.escape import printable

    return str(click.prompt(printable(question), default="", show_default=False, err=True))


def _finish(
    ground: "Ground", turned: "Turned", asked: str, *, as_json: bool, dry_run: bool,
    wants_apply: bool,
) -> None:  # fmt: skip
    from orchestrator.agent.clean import one_line
    from orchestrator.agent.failures import AgentError
    from orchestrator.cli.agent.turn import propose_turn, record_turn
    from orchestrator.cli.talk import note, say

    if not turned.draft.changes:
        record_turn(ground, turned, "plan", asked, "nothing", None)
        raise AgentError(
            f"Nothing was planned. {one_line(turned.outcome.text)[:_LONGEST_REASON]}".strip(),
            "Say more of what is wanted; orchestrator policy show says what agents may do.",
        )
    if not as_json:
        _show(ground, turned)
    result, proposal = "dry-run", None
    if not dry_run:
        done = propose_turn(ground, turned, f"Planned from {one_line(asked)[:60]}")
        result, proposal = "proposed", done.name.id
    record_turn(ground, turned, "plan", asked, result, proposal)
    if proposal and wants_apply:
        _apply(ground, proposal, turned.taint.said)
        result = "applied"
    if as_json:
        _answer(turned, result, proposal)
    elif proposal and result == "proposed":
        note(f"orchestrator proposal show {proposal} shows it; proposal accept takes it.")
        say(proposal)


def _show(ground: "Ground", turned: "Turned") -> None:
    from orchestrator.cli.agent.picture import summary, summary_lines, tree_lines
    from orchestrator.cli.agent.turn import usage_words
    from orchestrator.cli.talk import note, say_raw

    draft = turned.draft
    for line in tree_lines(ground.session, draft):
        say_raw(f"{line}\n")
    if turned.outcome.text:
        note(turned.outcome.text)
    for assumption in turned.outcome.assumptions:
        note(f"assumed: {assumption}")
    for problem in draft.problems()[:10]:
        note(f"warning: {problem.message}")
    for line in summary_lines(draft, summary(draft)):
        note(line)
    note(usage_words(turned))


def _answer(turned: "Turned", result: str, proposal: str | None) -> None:
    from orchestrator.cli.agent.picture import summary
    from orchestrator.cli.agent.turn import usage_row
    from orchestrator.cli.talk import say_json

    draft, outcome = turned.draft, turned.outcome
    say_json(
        {
            "run": turned.id, "result": result, "proposal": proposal, "model": outcome.model,
            "text": outcome.text, "assumptions": list(outcome.assumptions),
            "ops": [dict(op) for op in draft.patch().ops],
            "problems": draft.check()["problems"], **summary(draft),
            "tainted": turned.taint.said, "usage": usage_row(turned),
        }
    )  # fmt: skip


def _apply(ground: "Ground", proposal: str, tainted: str | None) -> None:
    from orchestrator.agent.failures import AgentError
    from orchestrator.cli.talk import note
    from orchestrator.store.proposals.accept import accept
    from orchestrator.store.proposals.find import proposal_named

    if tainted:
        raise AgentError(
            f"{proposal} was made after reading text that others wrote: {tainted} .",
            f"A person who has read it types: orchestrator proposal accept {proposal}",
        )
    session = ground.session
    found = proposal_named(session.workspace.required_repository, proposal)
    done = accept(session.workspace, found, ground.target, session.now, by=ground.agent)
    note(f"Accepted {found.id} into {ground.target.name} as {done.commit[:12]}")
