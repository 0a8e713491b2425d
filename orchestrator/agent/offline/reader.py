"""Answering a turn without a language model: outlines become plans, commands become verbs."""

import re
from typing import Any

from orchestrator.agent.catalog import call
from orchestrator.agent.clean import one_line
from orchestrator.agent.failures import AgentError
from orchestrator.agent.offline.command import carry_out
from orchestrator.agent.offline.outline import Outline
from orchestrator.agent.offline.read import read_outline
from orchestrator.agent.offline.rows import Rows, rows_of, whole_fields
from orchestrator.agent.provider import Called, Outcome, Request, Said, Tell, Usage
from orchestrator.agent.tools import Draft

_NAMES_LONGEST = 60
_MOST_SAID = 40
_UNDERSTOOD = (
    "The offline provider is no language model. It reads outlines: headings, lists, check boxes "
    "and tables, with (2h) @dana #label !high due 2026-12-01 after: OTHER TITLE beside a title."
)


class NoStepsError(AgentError):
    """A text has no items that could become tasks."""

    def __init__(self) -> None:
        super().__init__(
            "The text has no headings, lists or tables of steps, and the offline provider, which "
            "is no language model, plans from nothing else.",
            "Write the steps as a list, one a line, or name a model with --provider.",
        )


def answer(request: Request, draft: Draft, tell: Tell) -> Outcome:
    """Answer one turn, the same for the same text and plan every time.

    Raises:
        NoStepsError: There is nothing to plan from, and nobody to ask.
        AgentError: A command is not understood, or a tool refuses.
    """
    if request.task == "plan":
        return _plan(request, draft, tell)
    text, calls = carry_out(request.text, draft, tell)
    tell(Said(text))
    return Outcome(text, usage=Usage(tool_calls=calls))


def _plan(request: Request, draft: Draft, tell: Tell) -> Outcome:
    outline = read_outline(request.text)
    if not outline.items:
        if not request.may_ask:
            raise NoStepsError
        return Outcome(
            _UNDERSTOOD,
            questions=(("What are the steps? Write them as a list, one a line, with sub-steps "
                       "indented below."),),
        )  # fmt: skip
    today = draft.now.date()
    assumed: list[str] = []
    said: list[str] = list(outline.left_out)
    title = _title(outline)
    calls = 1
    if request.project is None:
        fields = whole_fields(outline, draft.snapshot, today, said)
        project = _free_id(draft, title)
        if outline.title is None:
            assumed.append(f"The text has no title, so the project is called {title!r}.")
        _use(draft, tell, "create_project", {"id": project, "title": title, **fields})
        calls = 2
    else:
        project = request.project
    rows = rows_of(outline, draft.snapshot, request.project, today)
    if rows.tasks:
        _use(draft, tell, "create_tasks", {"project": project, "tasks": rows.tasks})
    text = _text(project, rows, [*said, *rows.said])
    tell(Said(text))
    return Outcome(
        text, one_line(f"Plan {title}")[:100], (), (*assumed, *_assumed(rows)),
        Usage(tool_calls=calls),
    )  # fmt: skip


def _use(draft: Draft, tell: Tell, tool: str, arguments: dict[str, Any]) -> None:
    found = call(draft, tool, arguments)
    tell(Called(tool, arguments, found))
    if "error" in found:
        raise AgentError(str(found["error"]), found.get("hint"))


def _text(project: str, rows: Rows, said: list[str]) -> str:
    made = len(rows.tasks)
    lines = [f"{made:,} task{'' if made == 1 else 's'} planned in {project} , read as an outline."]
    if rows.existing:
        count = len(rows.existing)
        are = "1 task is" if count == 1 else f"{count:,} tasks are"
        lines.append(f"{are} in {project} already, and stay as they are.")
    if said:
        lines += ["Not understood, or not possible:", *[f"- {item}" for item in said[:_MOST_SAID]]]
    if len(said) > _MOST_SAID:
        lines.append(f"- … and {len(said) - _MOST_SAID:,} more.")
    return "\n".join(lines)


def _assumed(rows: Rows) -> list[str]:
    found = []
    if rows.unestimated:
        steps = _steps(rows.unestimated)
        found.append(f"{steps} no estimate, since the text gives none.")
    if rows.untested:
        steps = _steps(rows.untested)
        found.append(
            f"{steps} no tests in the text; what the settings demand was made of the titles."
        )
    return found


def _steps(count: int) -> str:
    return "1 step has" if count == 1 else f"{count:,} steps have"


def _title(outline: Outline) -> str:
    """Return what the whole is called: its title, its first short line, or its first item."""
    if outline.title:
        return outline.title
    first = next((line for line in outline.description.split("\n") if line.strip()), "")
    name = first.strip().rstrip(":.")
    return name if 0 < len(name) <= _NAMES_LONGEST else outline.items[0].title[:_NAMES_LONGEST]


def _free_id(draft: Draft, title: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:_NAMES_LONGEST].strip("-")
    slug = slug or "plan"
    found, number = slug, 2
    while found in draft.snapshot.projects:
        found, number = f"{slug[: _NAMES_LONGEST - 4]}-{number}", number + 1
    return found
