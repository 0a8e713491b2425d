"""Answering questions about the plan in the work tree: from the index where that pays."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from orchestrator.agent.questions import person_row
from orchestrator.agent.wishes import ToolError
from orchestrator.check.explain import page as rule_page
from orchestrator.mcp.page import page, span
from orchestrator.mcp.proposals import proposal_answer, proposals_page
from orchestrator.mcp.rows import (
    moment_row,
    origin_row,
    problem_row,
    project_row,
    task_row,
)
from orchestrator.model.oneself import ME
from orchestrator.model.places import Kind
from orchestrator.model.rules import RULES
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean
from orchestrator.model.task_filter import Reading, TaskFilter, read_filter, read_where
from orchestrator.store.chronicle import chronicle
from orchestrator.store.index.open import check_with_index
from orchestrator.store.index.plan import Plan, ask
from orchestrator.store.index.worth import is_worth_it
from orchestrator.store.load import check_source
from orchestrator.store.oneself import me
from orchestrator.store.workspace import Workspace
from orchestrator.verbs.refuse import refuse_gone_project, unknown
from orchestrator.view.card import project_cards, task_card
from orchestrator.view.search import explain_hit, read_query, search
from orchestrator.view.tree import Branch, tree

_MOST_UNREADABLE = 10
Arguments = Mapping[str, Any]


class Question(NamedTuple):
    """What is asked.

    Attributes:
        workspace: Where the plan is.
        now: The moment.
        author: Whose proposals are shown: `agent:<name>`.
        arguments: Of the call, judged by the tool's schema.
    """

    workspace: Workspace
    now: datetime
    author: str
    arguments: Arguments


def list_entities(question: Question) -> dict[str, Any]:
    """Return tasks that a filter lets through; or projects, people, proposals."""
    arguments = question.arguments
    what, where = arguments.get("what", "tasks"), arguments.get("where", "")
    if where and what != "tasks":
        raise ToolError("where takes terms about tasks.", "Leave where out, or what.")
    if what == "proposals":
        return proposals_page(question.workspace, question.author, arguments)

    def answer(plan: Plan) -> dict[str, Any]:
        snapshot = plan.snapshot
        if what == "projects":
            live = [name for name, item in snapshot.projects.items() if not item.get("deleted_at")]
            rows = page(
                what, live, lambda name: project_row(name, snapshot.projects[name]), arguments
            )
        elif what == "people":
            rows = page(
                what, list(snapshot.users),
                lambda name: person_row(name, snapshot.users[name]), arguments,
            )  # fmt: skip
        else:
            saved = snapshot.settings.get("filters")
            person = me(question.workspace, snapshot) if saved or ME in where else None
            reading = Reading(question.now.date(), person, snapshot.hours_per_day, saved)
            rows = _tasks(plan, plan.select(read_filter(read_where(where), reading)), arguments)
        return rows | _unreadable(snapshot)

    return ask(question.workspace, answer)


def get(question: Question) -> dict[str, Any]:
    """Return all of one entity, or what a proposal would do."""
    entity_id, slug = question.arguments.get("id"), question.arguments.get("proposal")
    if (entity_id is None) == (slug is None):
        raise ToolError("get needs id or proposal, one of them.", "list shows what there is.")
    if slug is not None:
        return proposal_answer(question.workspace, question.author, slug, question.now)
    wanted: str = entity_id or ""
    return ask(question.workspace, lambda plan: entity_of(plan, wanted))


def entity_of(plan: Plan, entity_id: str) -> dict[str, Any]:
    """Return all that there is to know of a task, project or person.

    Raises:
        ImpossibleError: There is none.
    """
    snapshot = plan.snapshot
    if entity_id in snapshot.tasks:
        found = task_card(snapshot, entity_id, plan.derived)
        return {**found, **origin_row(snapshot.tasks[entity_id])}
    if entity_id in snapshot.projects:
        [found] = project_cards(plan.within(entity_id), [entity_id])
        return {**found, **origin_row(snapshot.projects[entity_id])}
    if entity_id in snapshot.users:
        return person_row(entity_id, snapshot.users[entity_id])
    raise _missing(snapshot, entity_id)


def find(question: Question) -> dict[str, Any]:
    """Return the tasks and projects in which all words occur, the best first."""
    words = read_query(question.arguments["text"])
    if not words:
        raise ToolError("There is no word to search for.", "Give search a word of the text.")

    def answer(plan: Plan) -> dict[str, Any]:
        snapshot = plan.snapshot
        ranked = plan.search(TaskFilter(), words, sum(span(question.arguments)))

        def row(name: str) -> dict[str, Any]:
            hit = explain_hit(snapshot.tasks[name], name, ranked.scores[name], words)
            where = {"found": f"{hit.snippet.field}: {hit.snippet.text}"} if hit.snippet else {}
            return {**task_row(name, snapshot.tasks[name]), **where}

        rows = page("tasks", list(ranked.scores), row, question.arguments, ranked.total)
        live = [name for name, item in snapshot.projects.items() if not item.get("deleted_at")]
        projects = [name for name, _ in search(snapshot, "projects", live, words)]
        if not question.arguments.get("cursor"):
            rows["projects"] = [
                project_row(name, snapshot.projects[name]) for name in projects[:20]
            ]
        return rows | _unreadable(snapshot)

    return ask(question.workspace, answer, searches=True)


def ready(question: Question) -> dict[str, Any]:
    """Return what can be worked on now, the most urgent first."""

    def answer(plan: Plan) -> dict[str, Any]:
        wanted = TaskFilter()
        if project := question.arguments.get("project"):
            refuse_gone_project(plan.snapshot, project)
            wanted = TaskFilter(project=(project,))
        rows = _tasks(plan, plan.ready(wanted), question.arguments)
        return rows | _unreadable(plan.snapshot)

    return ask(question.workspace, answer)


def hierarchy(question: Question) -> dict[str, Any]:
    """Return tasks in reading order with their depth, parents before children."""
    wanted = question.arguments.get("id")

    def answer(plan: Plan) -> dict[str, Any]:
        snapshot = plan.snapshot
        project = root = None
        if wanted is not None and wanted in snapshot.projects:
            project = wanted
        elif wanted is not None:
            root = wanted
            if snapshot.tasks.get(wanted, {"deleted_at": True}).get("deleted_at"):
                raise _missing(snapshot, wanted)

        def row(branch: Branch) -> dict[str, Any]:
            task = snapshot.tasks[branch.id]
            told = {"depth": branch.depth, "id": branch.id}
            told |= {name: task[name] for name in ("title", "status") if task.get(name)}
            if not branch.depth:
                told["project"] = task["project"]
            if branch.total:
                told |= {"done": branch.done, "below": branch.total}
            return {**told, **origin_row(task)}

        part = snapshot if root is None else plan.below(root)
        rows = page("tasks", tree(part, project, root), row, question.arguments)
        return rows | _unreadable(snapshot)

    return ask(question.workspace, answer)


def check(question: Question) -> dict[str, Any]:
    """Return everything that is wrong with the plan."""
    workspace = question.workspace
    report = check_with_index(workspace, question.now) if is_worth_it(workspace) else None
    report = report or check_source(workspace.files, question.now)
    wanted = question.arguments.get("severity")
    found = [item for item in report.problems if wanted in (None, item.severity)]
    return {
        **page("problems", found, problem_row, question.arguments),
        "errors": len(report.errors), "files": report.files,
    }  # fmt: skip


def explain(question: Question) -> dict[str, Any]:
    """Return the page of a rule, or the list of rules."""
    code = question.arguments.get("code")
    if code is None:
        rows = [{"code": rule.code, "says": rule.title} for rule in RULES.values()]
        return {"total": len(rows), "rules": rows}
    if code not in RULES:
        hint = did_you_mean(code, RULES) or "explain without code lists the rules."
        raise ToolError(f"There is no rule {code} .", hint)
    return {**RULES[code]._asdict(), "page": rule_page(code)}


def history(question: Question) -> dict[str, Any]:
    """Return what happened to a task or a project, the newest first."""
    entity_id = question.arguments["id"]
    kind: Kind = "tasks" if entity_id[:1].isupper() else "projects"
    found = chronicle(question.workspace, kind, entity_id)
    if not found.moments:
        raise ToolError(f"Neither the plan nor its history has {entity_id} .", "search finds ids.")
    told = {"id": entity_id, **origin_row(found.present or {})}
    return {**told, **page("changes", found.moments, moment_row, question.arguments)}


READING: Mapping[str, Callable[[Question], dict[str, Any]]] = {
    "list": list_entities, "get": get, "search": find, "ready": ready, "tree": hierarchy,
    "check": check, "explain": explain, "history": history,
}  # fmt: skip
"""What answers each reading tool."""


def _tasks(plan: Plan, ids: Sequence[str], arguments: Arguments) -> dict[str, Any]:
    tasks = plan.snapshot.tasks
    return page("tasks", ids, lambda name: task_row(name, tasks[name]), arguments)


def _unreadable(snapshot: Snapshot) -> dict[str, Any]:
    """Return which files are left out, if any: a bad file is never silently missing."""
    names = sorted(entity_id or "the settings" for _, entity_id in snapshot.unreadable)
    return {"unreadable": names[:_MOST_UNREADABLE]} if names else {}


def _missing(snapshot: Snapshot, entity_id: str) -> Exception:
    for kind, name in snapshot.unreadable:
        if name == entity_id:
            noun = kind.removesuffix("s")
            return ToolError(f"The file of {noun} {entity_id} cannot be read.", "check says why.")
    return unknown(snapshot, "tasks" if entity_id[:1].isupper() else "projects", entity_id)
