"""What an editor shows of the thing under the pointer: a task, a person, a key, a word."""

from collections.abc import Iterator
from datetime import date

from lsprotocol.types import Hover, MarkupContent, MarkupKind

from orchestrator.check.explain import page
from orchestrator.lsp.context import context
from orchestrator.lsp.fields import explained, node_at, words_of
from orchestrator.lsp.names import Named, named_at
from orchestrator.lsp.overlay import placed
from orchestrator.lsp.plan import LivePlan
from orchestrator.lsp.positions import Lines
from orchestrator.lsp.words import escaped
from orchestrator.model.duration import format_duration
from orchestrator.model.fields import REQUIRED
from orchestrator.model.rules import RULES
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DEFAULT_PRIORITY, DONE
from orchestrator.view.blocked import blockers_of
from orchestrator.view.when import due_words

_MOST = 5


def hover(plan: LivePlan, path: str, offset: int, today: date) -> Hover | None:
    """Return what there is to say of an offset of a file, or None."""
    lines = plan.lines(path)
    named = named_at(path, lines, offset)
    if named is not None and (text := _about(plan, named, today)):
        return _shown(lines, named.start, named.end, text)
    return _field(lines, path, offset)


def task_lines(plan: LivePlan, task_id: str, today: date) -> Iterator[str]:
    """Yield what there is to say of a task, as paragraphs of Markdown."""
    snapshot, around = plan.snapshot, plan.around
    task = snapshot.tasks[task_id]
    yield f"**{task_id}** {escaped(task.get('title') or '')}"
    yield " · ".join(_state(snapshot, task, today))
    amount = around.progress(task_id)
    if amount is not None and (amount.total > 1 or amount.estimated):
        hours = snapshot.hours_per_day
        parts = [f"{amount.done} of {amount.total} done, {int(amount.progress * 100)} %"]
        if amount.estimated:
            parts.append(f"{format_duration(amount.estimated, hours)} estimated")
        if amount.spent:
            parts.append(f"{format_duration(amount.spent, hours)} spent")
        yield "Progress: " + ", ".join(parts)
    if above := around.above(task_id):
        yield "Part of: " + " > ".join(_titled(snapshot, name) for name in above[::-1])
    if task.get("status") not in DONE and (held := blockers_of(around.derived, task_id)):
        names = [_titled(snapshot, blocker.id, blocker.via) for blocker in held]
        yield "Waits for:\n\n" + _listed(names)
    if waiting := around.blocks(task_id):
        yield "Blocks:\n\n" + _listed([_titled(snapshot, name) for name in waiting])


def _about(plan: LivePlan, named: Named, today: date) -> str:
    snapshot = plan.snapshot
    if (named.kind, named.id) in snapshot.unreadable:
        return f"The file of **{escaped(named.id)}** cannot be read."
    if named.id not in snapshot.entities(named.kind):
        return ""
    match named.kind:
        case "tasks":
            return "\n\n".join(task_lines(plan, named.id, today))
        case "users":
            return "\n\n".join(_person(snapshot, named.id))
        case _:
            found = snapshot.entities(named.kind)[named.id]
            state = str(found.get("status") or "").replace("_", " ")
            return f"**{escaped(named.id)}** {escaped(found.get('title') or '')}\n\n{state}"


def _state(snapshot: Snapshot, task: Document, today: date) -> Iterator[str]:
    yield str(task.get("status") or "no status").replace("_", " ")
    yield str(task.get("priority") or DEFAULT_PRIORITY)
    if person := task.get("assignee"):
        name = snapshot.users.get(person, {}).get("name") or person
        yield escaped(name)
    if (due := task.get("due_date")) and task.get("status") not in DONE:
        yield escaped(due_words(due, today))
    if task.get("deleted_at"):
        yield "deleted"


def _person(snapshot: Snapshot, user_id: str) -> Iterator[str]:
    user = snapshot.users[user_id]
    yield f"**{escaped(user_id)}** {escaped(user.get('name') or '')}"
    facts = [str(user.get("kind") or "human"), str(user.get("role") or "member")]
    if user.get("active") is False:
        facts.append("no longer active")
    yield " · ".join(facts)
    live = snapshot.live_tasks()
    open_tasks = [name for name, task in live if task.get("assignee") == user_id and _is_open(task)]
    yield f"{len(open_tasks)} open task{'' if len(open_tasks) == 1 else 's'}"


def _is_open(task: Document) -> bool:
    return task.get("status") not in DONE


def _titled(snapshot: Snapshot, task_id: str, via: str | None = None) -> str:
    task = snapshot.tasks.get(task_id, {})
    status = str(task.get("status") or "").replace("_", " ")
    through = f", through {via}" if via else ""
    return f"{task_id} {escaped(task.get('title') or '')} ({status}{through})"


def _listed(names: list[str]) -> str:
    more = [f"… and {len(names) - _MOST} more"] if len(names) > _MOST else []
    return "\n".join(f"- {name}" for name in [*names[:_MOST], *more])


def _field(lines: Lines, path: str, offset: int) -> Hover | None:
    """Return what the model says of a key, or of a word of its value."""
    place = placed(path)
    start, end = _word(lines, offset)
    here = None if place is None or start == end else context(lines.text, end)
    if place is None or here is None:
        return None
    word = lines.text[start:end]
    steps = here.steps if here.role == "value" else (*here.steps, word)
    node = node_at(place.kind, steps)
    if node is None or (here.role == "value" and word not in words_of(node)):
        return None
    if word in RULES and steps[:1] == ("rules",):
        return _shown(lines, start, end, page(word) or "")
    name = next((step for step in reversed(steps) if isinstance(step, str)), "")
    is_required = len(steps) == 1 and name in REQUIRED[place.kind]
    return _shown(lines, start, end, explained(name, node, is_required=is_required))


def _word(lines: Lines, offset: int) -> tuple[int, int]:
    text = lines.text
    start = end = offset
    while start and (text[start - 1].isalnum() or text[start - 1] in "_-"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] in "_-"):
        end += 1
    return start, end


def _shown(lines: Lines, start: int, end: int, text: str) -> Hover:
    return Hover(MarkupContent(MarkupKind.Markdown, text), lines.range(start, end))
