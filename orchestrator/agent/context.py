"""What a model is told of the plan beforehand: the part that the text is about, within a budget."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from orchestrator.agent.clean import one_line, shortened
from orchestrator.model.duration import format_duration
from orchestrator.model.graph import ancestors, hierarchy
from orchestrator.model.ids import TASK_ID
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE

CHARACTERS_A_TOKEN = 4
_TITLE = 120
_TEXT = 1_200
_MOST_PEOPLE = 40
_MOST_PROJECTS = 60
_MOST_ALIKE = 12
_READ = 100_000  # characters of the text that are looked at for ids and words
_SPARE = 120  # characters kept free for the line that says that there is more
_NAMES = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_IDS = re.compile(rf"(?<![A-Za-z0-9-]){TASK_ID}(?![A-Za-z0-9-])", re.IGNORECASE)
_WORDS = re.compile(r"\w{4,40}")


@dataclass(frozen=True, slots=True)
class Context:
    """A part of a plan in words.

    Attributes:
        text: For the model; within the budget.
        tokens: About how many it has.
        outside: Ids of the tasks in it that a tracker also knows: their text may be anybody's.
    """

    text: str
    tokens: int
    outside: tuple[str, ...]


def context_of(snapshot: Snapshot, text: str, tokens: int, project: str | None = None) -> Context:
    """Return what a model should know of a plan before it deals with a text.

    First who and what there is, in a line each; then the tasks that the text names, with what is
    above and below them; then the project at hand; then tasks with titles like it.

    Args:
        snapshot: The plan.
        text: What the turn is about.
        tokens: How much there may be.
        project: The project at hand, or None.
    """
    page = _Page(tokens * CHARACTERS_A_TOKEN)
    page.add(_rules(snapshot))
    page.add(_people(snapshot))
    page.add(_projects(snapshot, project))
    shown: dict[str, None] = {}
    for task_id in _named(snapshot, text):
        if page.add(_around(snapshot, task_id, shown)):
            break
    words = dict.fromkeys(_NAMES.findall(text[:_READ]))
    at_hand = project or next((word for word in words if word in snapshot.projects), None)
    if at_hand in snapshot.projects and page.add(_tree(snapshot, str(at_hand), shown), _SPARE):
        page.add([f"  … and more: list with where: project={at_hand}"])
    page.add(_alike(snapshot, text, shown))
    told = "\n".join(page.lines)
    outside = tuple(
        task_id for task_id in shown if is_from_outside(snapshot.tasks[task_id]) and task_id in told
    )
    return Context(told, len(told) // CHARACTERS_A_TOKEN, outside)


def is_from_outside(entity: Mapping[str, object]) -> bool:
    """Return whether a tracker knows an entity as well, so that its text may be anybody's."""
    return bool(entity.get("external_ids"))


@dataclass
class _Page:
    """Lines within a budget of characters."""

    room: int
    lines: list[str] = field(default_factory=list)

    def add(self, lines: Iterable[str], spare: int = 0) -> bool:
        """Add lines while there is more room than `spare`; return whether there was too little."""
        for line in lines:
            if len(line) + 1 > self.room - spare:
                return True
            self.room -= len(line) + 1
            self.lines.append(line)
        return False


def _rules(snapshot: Snapshot) -> Iterator[str]:
    settings = snapshot.settings
    yield f"Workspace {_title(settings.get('name') or 'without a name')}."
    hours = f"{snapshot.hours_per_day:g}"
    yield f"Roots have depth 0, the deepest task {snapshot.max_depth}; 1d of work is {hours}h."
    if kinds := settings.get("required_tests"):
        yield f"Tasks without sub-tasks must name tests: {', '.join(kinds)}."


def _people(snapshot: Snapshot) -> Iterator[str]:
    known = [
        f"{user_id} ({_title(user.get('name') or '')})"
        for user_id, user in snapshot.users.items()
        if user.get("active") is not False
    ]
    if not known:
        yield "People: none are known."
        return
    more = f" and {len(known) - _MOST_PEOPLE} more" if len(known) > _MOST_PEOPLE else ""
    yield f"People: {', '.join(known[:_MOST_PEOPLE])}{more}."


def _projects(snapshot: Snapshot, at_hand: str | None) -> Iterator[str]:
    counts: dict[str, list[int]] = {}
    for _, task in snapshot.live_tasks():
        count = counts.setdefault(task["project"], [0, 0])
        count[0] += task.get("status") not in DONE
        count[1] += 1
    live = [name for name, found in snapshot.projects.items() if not found.get("deleted_at")]
    live.sort(key=lambda name: (name != at_hand, -counts.get(name, [0])[0], name))
    yield f"Projects, {len(live)} in all:" if live else "There are no projects yet."
    for name in live[:_MOST_PROJECTS]:
        found = snapshot.projects[name]
        still, total = counts.get(name, [0, 0])
        title = _title(found.get("title") or "")
        yield f"  {name} {found.get('key')} · {title} · {found.get('status')}, {still}/{total} open"
    if len(live) > _MOST_PROJECTS:
        yield f"  … and {len(live) - _MOST_PROJECTS} more; search finds them."


def _named(snapshot: Snapshot, text: str) -> list[str]:
    found = (match[0].upper() for match in _IDS.finditer(text[:_READ]))
    return [task_id for task_id in dict.fromkeys(found) if task_id in snapshot.tasks]


def _around(snapshot: Snapshot, task_id: str, shown: dict[str, None]) -> Iterator[str]:
    """Yield a task that the text names, what is above it, and what is below it."""
    task = snapshot.tasks[task_id]
    yield f"Task {_row(snapshot, task_id, task, shown)}"
    if task.get("deleted_at"):
        yield "  It is deleted."
    if description := task.get("description"):
        yield f"  Description: {shortened(one_line(str(description)), _TEXT)}"
    for kind, items in (task.get("tests") or {}).items():
        yield f"  {kind} tests: {shortened('; '.join(map(one_line, items)), _TEXT)}"
    for above in ancestors(snapshot, task_id):
        yield f"  under {_row(snapshot, above, snapshot.tasks[above], shown)}"
    for child, below in snapshot.live_tasks():
        if below.get("parent") == task_id:
            yield f"  over {_row(snapshot, child, below, shown)}"


def _tree(snapshot: Snapshot, project: str, shown: dict[str, None]) -> Iterator[str]:
    children = hierarchy(snapshot).children
    live = dict(snapshot.live_tasks())
    roots = [
        task_id
        for task_id, task in live.items()
        if task["project"] == project and task.get("parent") not in live
    ]
    yield f"Tasks of {project} :"
    stack = [(task_id, 1) for task_id in reversed(roots)]
    while stack:
        task_id, depth = stack.pop()
        yield f"{'  ' * depth}{_row(snapshot, task_id, live[task_id], shown)}"
        if depth <= snapshot.max_depth + 1:
            below = [child for child in children.get(task_id, ()) if child in live]
            stack += [(child, depth + 1) for child in reversed(below)]


def _alike(snapshot: Snapshot, text: str, shown: dict[str, None]) -> Iterator[str]:
    words = {match[0].casefold() for match in _WORDS.finditer(text[:_READ])}
    if not words:
        return
    scores = []
    for task_id, task in snapshot.live_tasks():
        common = words.intersection(str(task.get("title") or "").casefold().split())
        if common and task_id not in shown:
            is_closed = task.get("status") in DONE
            scores.append((-len(common), is_closed, task_id))
    if scores:
        yield "Tasks with words of the text in their titles:"
    for _, _, task_id in sorted(scores)[:_MOST_ALIKE]:
        yield f"  {_row(snapshot, task_id, snapshot.tasks[task_id], shown)}"


def _row(snapshot: Snapshot, task_id: str, task: Document, shown: dict[str, None]) -> str:
    shown[task_id] = None
    parts = [str(task.get("status"))]
    if task.get("priority") not in (None, "medium"):
        parts.append(str(task["priority"]))
    if task.get("estimated_minutes"):
        parts.append(format_duration(task["estimated_minutes"], snapshot.hours_per_day))
    if task.get("assignee"):
        parts.append(f"@{task['assignee']}")
    if task.get("due_date"):
        parts.append(f"due {task['due_date']}")
    if task.get("labels"):
        parts.append(" ".join(f"#{one_line(label)}" for label in task["labels"][:8]))
    if task.get("dependencies"):
        parts.append(f"after {' '.join(task['dependencies'][:8])}")
    return f"{task_id} · {_title(task.get('title') or '')} · {', '.join(parts)}"


def _title(text: object) -> str:
    return shortened(one_line(str(text)), _TITLE)
