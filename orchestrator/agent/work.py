"""One run: a provider answers, what it did is checked, and goes back to it to be mended."""

from collections.abc import Sequence
from dataclasses import replace

from orchestrator.agent.failures import UnusablePatchError
from orchestrator.agent.provider import Noticed, Outcome, Provider, Request, Tell
from orchestrator.agent.tools import Draft
from orchestrator.model.problem import Problem

ROUNDS = 3
_MOST_TOLD = 40


def work(
    provider: Provider, request: Request, draft: Draft, tell: Tell, rounds: int = ROUNDS
) -> Outcome:
    """Return what came of a turn; the draft then has no errors that the plan has not.

    Errors go back to the provider up to `rounds` times, warnings once.

    Raises:
        UnusablePatchError: Errors are left.
        AgentError: The provider cannot go on.
    """
    outcome = provider(request, draft, tell)
    for attempt in range(rounds):
        if outcome.questions or outcome.messages is None or not draft.changes:
            break
        problems = draft.problems()
        errors = [problem for problem in problems if problem.severity == "error"]
        if not problems or (attempt and not errors):
            break
        count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
        tell(Noticed(f"check finds {count}; they go back to be mended"))
        again = replace(
            request, text=_mend(problems), context="", is_foreign=False, may_ask=False,
            messages=outcome.messages,
        )  # fmt: skip
        mended = provider(again, draft, tell)
        outcome = replace(
            mended,
            text=outcome.text or mended.text,
            title=outcome.title or mended.title,
            assumptions=tuple(dict.fromkeys((*outcome.assumptions, *mended.assumptions))),
        )
    if not outcome.questions and draft.changes:
        left = [problem for problem in draft.problems() if problem.severity == "error"]
        if left:
            raise UnusablePatchError(left)
    return outcome


def _mend(problems: Sequence[Problem]) -> str:
    lines = [
        f"- {item.severity} {item.code}: {item.message}{f' {item.hint}' if item.hint else ''}"
        for item in problems[:_MOST_TOLD]
    ]
    if len(problems) > _MOST_TOLD:
        lines.append(f"- … and {len(problems) - _MOST_TOLD} more; the tool check lists them")
    return (
        "check finds these problems in the plan as you have changed it. Mend them with the tools; "
        "errors must go, warnings should.\n" + "\n".join(lines)
    )
