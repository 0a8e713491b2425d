"""What may be written at a place: keys, words, ids of tasks, people, labels and projects."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lsprotocol.types import (
    CompletionItem,
    CompletionItemKind,
    CompletionItemLabelDetails,
    CompletionList,
    MarkupContent,
    MarkupKind,
    TextEdit,
)

from orchestrator.lsp.candidates import task_ids
from orchestrator.lsp.context import Context, context, named
from orchestrator.lsp.fields import (
    Node,
    explained,
    is_list,
    is_mapping,
    keys_of,
    node_at,
    words_of,
)
from orchestrator.lsp.overlay import placed
from orchestrator.lsp.plan import LivePlan
from orchestrator.lsp.positions import Lines
from orchestrator.lsp.words import one_line
from orchestrator.model.fields import REQUIRED
from orchestrator.model.places import Kind, Place, path_for
from orchestrator.text.read import MAX_BYTES
from orchestrator.text.render import scalar
from orchestrator.view.search import fold

_MOST = 100
"""Of ids and labels; with more the editor asks again when more is typed."""

_PEOPLE = frozenset({"assignee", "owner", "deleted_by", "user"})
_LABELS = frozenset({"labels", "tags"})
_TASKS = frozenset({"parent", "dependencies"})


class Choice(NamedTuple):
    """Something that may be written.

    Attributes:
        text: What is written.
        kind: What it is.
        detail: A few words that stand beside it.
        about: What there is to say of it, as Markdown.
        search: What else finds it.
    """

    text: str
    kind: CompletionItemKind
    detail: str = ""
    about: str = ""
    search: str = ""


def completions(plan: LivePlan, path: str, offset: int) -> CompletionList:
    """Return what may be written at an offset of a file."""
    place = placed(path)
    lines = plan.lines(path)
    found = None if place is None else context(lines.text, offset)
    if place is None or found is None:
        return CompletionList(is_incomplete=False, items=[])
    choices = list(_choices(plan, place, found))
    fitting = [choice for choice in choices if _fits(choice, found.prefix)]
    shown = fitting[:_MOST]
    items = [_item(lines, found, number, choice) for number, choice in enumerate(shown)]
    return CompletionList(is_incomplete=len(shown) < len(fitting), items=items)


def _choices(plan: LivePlan, place: Place, found: Context) -> Iterator[Choice]:
    node = node_at(place.kind, found.steps)
    if node is None:
        return
    if found.role != "value" and is_mapping(node):
        yield from _keys(place.kind, node, found)
    elif found.role == "value" and (is_mapping(node) or is_list(node)):
        if is_list(node):
            yield from _wrapped(_values(plan, place, found, (*found.steps, 0)), "[", "]", found)
    elif is_list(node):
        yield from _wrapped(_values(plan, place, found, (*found.steps, 0)), "- ", "", found)
    else:
        yield from _values(plan, place, found, found.steps)


def _keys(kind: Kind, node: Node, found: Context) -> Iterator[Choice]:
    required = REQUIRED[kind] if not found.steps else tuple(node.get("required") or ())
    present = {key for key in found.keys if key != found.prefix}
    for name, inner in keys_of(node).items():
        if name not in present:
            about = explained(name, inner, is_required=name in required)
            colon = "" if found.has_colon else ": "
            yield Choice(f"{name}{colon}", CompletionItemKind.Property, "", about, name)


def _wrapped(choices: Iterable[Choice], head: str, tail: str, found: Context) -> Iterator[Choice]:
    """Yield elements of a list that has not begun yet, so that they begin it."""
    for choice in choices:
        search = choice.search or choice.text
        yield choice._replace(text=f"{head}{choice.text}{tail}", search=f"{search} {found.prefix}")


def _values(
    plan: LivePlan, place: Place, found: Context, steps: Sequence[str | int]
) -> Iterator[Choice]:
    node = node_at(place.kind, steps) or {}
    names = [step for step in steps if isinstance(step, str)]
    name = names[-1] if names else ""
    if words := words_of(node):
        about = explained(name, node)
        yield from (Choice(word, CompletionItemKind.EnumMember, "", about) for word in words)
    elif name == "id" and len(steps) == 1 and place.id:
        yield Choice(place.id, CompletionItemKind.Reference, "the file's name")
    elif name in _TASKS and place.kind == "tasks":
        yield from _tasks(plan, place, name, found)
    elif name in _PEOPLE:
        yield from _people(plan)
    elif name in _LABELS:
        labels = plan.around.labels if name == "labels" else _tags(plan)
        others = (label for label in labels if label != found.prefix)
        yield from (Choice(_quoted(label), CompletionItemKind.Text) for label in others)
    elif name == "projects" and place.kind == "settings":
        yield from _projects(plan)


def _tasks(plan: LivePlan, place: Place, field: str, found: Context) -> Iterator[Choice]:
    tasks, around = plan.snapshot.tasks, plan.around
    text = plan.text(path_for("tasks", place.id, place.project)) or ""
    # The file may be none that can be read just now; what it says is in its text all the same.
    but, parent = named(text if len(text) <= MAX_BYTES else "", found)
    if field == "dependencies" and parent:
        but |= {parent, *around.above(parent)}
    for task_id in task_ids(around, place, field, found.prefix, but, _MOST + 1):
        task = tasks[task_id]
        title, status = one_line(task.get("title") or ""), str(task.get("status") or "")
        detail = f"{title}  ({status.replace('_', ' ')})"
        search = f"{task_id} {title}"
        yield Choice(task_id, CompletionItemKind.Reference, detail, "", search)


def _people(plan: LivePlan) -> Iterator[Choice]:
    users = plan.snapshot.users
    for user_id in sorted(users, key=lambda name: (users[name].get("active") is False, name)):
        name = one_line(users[user_id].get("name") or "")
        gone = " (no longer active)" if users[user_id].get("active") is False else ""
        yield Choice(user_id, CompletionItemKind.Value, f"{name}{gone}", "", f"{user_id} {name}")


def _projects(plan: LivePlan) -> Iterator[Choice]:
    for project_id, project in sorted(plan.snapshot.projects.items()):
        if not project.get("deleted_at"):
            title = one_line(project.get("title") or "")
            search = f"{project_id} {title}"
            yield Choice(project_id, CompletionItemKind.Module, title, "", search)


def _tags(plan: LivePlan) -> list[str]:
    projects = plan.snapshot.projects.values()
    return sorted({tag for project in projects for tag in project.get("tags") or ()})


def _quoted(label: str) -> str:
    return scalar(label, in_flow=True)


def _fits(choice: Choice, prefix: str) -> bool:
    words = fold(prefix).split()
    seen = fold(choice.search or choice.text)
    return all(word in seen for word in words)


def _item(lines: Lines, found: Context, number: int, choice: Choice) -> CompletionItem:
    label = choice.text.strip("[]- ").rstrip(": ")
    about = MarkupContent(MarkupKind.Markdown, choice.about) if choice.about else None
    edit = TextEdit(lines.range(found.start, found.end), f"{found.before}{choice.text}")
    return CompletionItem(
        label=label,
        kind=choice.kind,
        detail=choice.detail or None,
        label_details=CompletionItemLabelDetails(description=choice.detail or None),
        documentation=about,
        filter_text=choice.search or choice.text,
        sort_text=f"{number:04}",
        text_edit=edit,
    )
