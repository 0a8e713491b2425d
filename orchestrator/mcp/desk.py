"""`Desk`: what stands behind the protocol; it answers calls, remembers what was read, keeps a log.

Nothing here knows the protocol: the server turns what comes over the wire into these calls.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from orchestrator.agent.censor import Censor
from orchestrator.agent.clean import one_line
from orchestrator.agent.wishes import ToolError
from orchestrator.errors import OrchestratorError
from orchestrator.mcp.audit import Audit, Entry
from orchestrator.mcp.committed import CommittedPlans
from orchestrator.mcp.page import MOST_CHARACTERS, fitted
from orchestrator.mcp.proposing import Wish, propose_wish
from orchestrator.mcp.reading import READING, Question
from orchestrator.mcp.rows import problem_row
from orchestrator.mcp.strict import refuse_odd
from orchestrator.mcp.tools import Tool, tools_of
from orchestrator.model.suggest import did_you_mean
from orchestrator.store.consequences import PatchRejectedError
from orchestrator.store.workspace import Workspace, find_workspace

_MOST_READ = 1_000
_MOST_PROBLEMS = 40
_LONGEST_CLIENT = 80


class Answer(NamedTuple):
    """What came of a call.

    Attributes:
        value: As JSON; of a refusal, `error` and `hint`.
        is_refusal: Whether it is one.
    """

    value: dict[str, Any]
    is_refusal: bool = False


@dataclass
class Desk:
    """Answers calls about the workspace around a folder, which may come and go.

    Attributes:
        folder: Where the workspace is looked for, at each call.
        environment: The process's variables.
        clock: Returns the moment.
        choose: Picks a character at random, for ids.
        author: `agent:<name>`, whose proposals are made.
        audit: Where calls are written down.
        can_propose: Whether there are tools that propose.
        read: What its client read that others wrote.
        plans: Committed plans that were read lately.
    """

    folder: Path
    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    choose: Callable[[str], str]
    author: str
    audit: Audit
    can_propose: bool = True
    read: dict[str, None] = field(default_factory=dict)
    plans: CommittedPlans = field(default_factory=CommittedPlans)

    @cached_property
    def tools(self) -> dict[str, Tool]:
        """The tools of its profile, by name."""
        return tools_of(can_propose=self.can_propose)

    @cached_property
    def censor(self) -> Censor:
        """What takes secrets out of answers."""
        return Censor(self.environment)

    def call(self, client: str, name: str, arguments: Mapping[str, Any]) -> Answer:
        """Answer a tool's call; whatever goes wrong is an answer too."""
        return self.answered(
            client, name, arguments, lambda workspace: self._run(workspace, client, name, arguments)
        )

    def answered(
        self, client: str, what: str, arguments: Mapping[str, Any],
        do: Callable[[Workspace], dict[str, Any]], most: int = MOST_CHARACTERS,
    ) -> Answer:  # fmt: skip
        """Return what `do` makes of the workspace, bounded and without secrets; write it down.

        Args:
            client: The program that asks, in words.
            what: It asks for.
            arguments: As given.
            do: Answers, or raises OrchestratorError to refuse.
            most: How many characters an answer may have.
        """
        began = time.monotonic()
        workspace, outcome, answer = self._tried(do, most)
        proposal = answer.value.get("proposal")
        entry = Entry(
            self.clock(), client, what, dict(arguments), outcome,
            str(answer.value.get("error", "")) if answer.is_refusal else "",
            proposal.get("id") if isinstance(proposal, dict) else None,
            round((time.monotonic() - began) * 1000),
        )  # fmt: skip
        self.audit.write(entry, workspace)
        return answer

    def _tried(
        self, do: Callable[[Workspace], dict[str, Any]], most: int
    ) -> tuple[Workspace | None, str, Answer]:
        """Return the workspace that was found, how it went, and the answer."""
        workspace = None
        try:
            workspace = find_workspace(self.folder, self.environment)
            told = fitted(self.censor.within(do(workspace)), most)
        except OrchestratorError as error:
            found = fitted(self.censor.within(_refusal(error)))
            return workspace, "refused", Answer(found, is_refusal=True)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            found = {"error": f"The workspace cannot be read: {reason}.", "hint": "Try again."}
            return workspace, "refused", Answer(found, is_refusal=True)
        except Exception as error:  # noqa: BLE001 - one call's bug must not end all others
            return workspace, "bug", Answer(_bug(error), is_refusal=True)
        return workspace, "ok", Answer(told)

    def question(self, workspace: Workspace, arguments: Mapping[str, Any]) -> Question:
        """Return a question to a workspace, now."""
        return Question(workspace, self.clock(), self.author, arguments)

    def for_another_client(self) -> "Desk":
        """Return a desk that knows nothing of what this one's client read."""
        return replace(self, read={})

    def note(self, ids: Iterable[str]) -> None:
        """Remember what a client read that others wrote: proposals made after it say so."""
        for entity_id in ids:
            if len(self.read) < _MOST_READ:
                self.read[entity_id] = None

    def _run(
        self, workspace: Workspace, client: str, name: str, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        tool = self.tools.get(name)
        if tool is None:
            raise ToolError(
                f"There is no tool {one_line(name)[:60]!r}.",
                did_you_mean(name[:60], self.tools) or f"There are {', '.join(self.tools)} .",
            )
        refuse_odd(name, tool.schema, arguments)
        if not tool.proposes:
            told = READING[name](self.question(workspace, arguments))
            self.note(_foreign(told))
            return told
        wish = self._wish(client, name, arguments)
        told = propose_wish(workspace, wish, self.plans, self.clock(), self.choose)
        if name == "propose":
            return told
        [own] = told.pop("answers")
        return {"answer": own, **told}

    def _wish(self, client: str, name: str, arguments: Mapping[str, Any]) -> Wish:
        wish = Wish((), self.author, client, read=tuple(self.read))
        proposal = arguments.get("proposal")
        if name != "propose":
            own = {key: value for key, value in arguments.items() if key != "proposal"}
            return replace(wish, calls=[(name, own)], proposal=proposal)
        if not arguments["calls"]:
            raise ToolError("There is nothing to propose: calls is empty.", "Name verbs in calls.")
        title, reason = (
            self.censor(one_line(str(arguments.get(key) or ""))) for key in ("title", "reason")
        )
        return replace(
            wish, calls=[(call["tool"], call["arguments"]) for call in arguments["calls"]],
            title=title or None, reason=reason or None, proposal=proposal,
            is_trial=bool(arguments.get("dry_run")),
        )  # fmt: skip

    def client_name(self, name: str, version: str) -> str:
        """Return how a client calls itself, on one line, short, without secrets."""
        return self.censor(one_line(f"{name} {version}"))[:_LONGEST_CLIENT].strip() or "unknown"


def _foreign(value: Any) -> Iterator[str]:
    """Yield what of an answer others wrote, or dictated to who proposed it."""
    match value:
        case dict():
            if "text_from" in value:
                yield str(value.get("id"))
            yield from value.get("read_text_of_others") or ()
            for item in value.values():
                yield from _foreign(item)
        case list():
            for item in value:
                yield from _foreign(item)
        case _:
            return


def _refusal(error: OrchestratorError) -> dict[str, Any]:
    told: dict[str, Any] = {"error": error.message}
    if error.hint:
        told["hint"] = error.hint
    if isinstance(error, PatchRejectedError):
        told["problems"] = [problem_row(problem) for problem in error.problems[:_MOST_PROBLEMS]]
    return told


def _bug(error: Exception) -> dict[str, Any]:
    """Return a bug in a sentence; stderr says where it is, and neither says what it was about."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    sys.stderr.write(f"A bug: {type(error).__name__} at {where}\n")
    return {
        "error": "This is a bug in orchestrator, and the call did nothing.",
        "hint": f"Report {type(error).__name__} at {where} ; try another way.",
    }
