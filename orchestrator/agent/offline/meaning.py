"""What a person's words mean in the plan: a task, a project; never a guess between two."""

from collections.abc import Iterable

from orchestrator.agent.failures import AgentError
from orchestrator.agent.offline.inline import folded
from orchestrator.agent.offline.named import person
from orchestrator.model.oneself import ME, UnknownSelfError
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean

_SHOWN = 5
_ONESELF = frozenset({ME, "myself", "i", "my", "mine"})
_ARTICLES = ("the task ", "the project ", "task ", "project ", "the ", "a ", "an ")
_QUOTES = "\"'`“”‘’"  # noqa: RUF001 - as keyboards and chats make them


class AmbiguousError(AgentError):
    """Words mean several things, or none."""


def task_named(snapshot: Snapshot, words: str, *, is_deleted: bool = False) -> str:
    """Return the id of the one task that is meant: by id, by title, or by words of its title.

    Raises:
        AmbiguousError: There is none, or more than one; the hint lists them.
    """
    name = bare(words)
    by_id = {task_id.casefold(): task_id for task_id in snapshot.tasks}
    if (found_id := by_id.get(name.casefold())) is not None:
        return found_id
    tasks = (
        (task_id, task)
        for task_id, task in snapshot.tasks.items()
        if bool(task.get("deleted_at")) == is_deleted
    )
    found = _titled(tasks, name)
    if len(found) == 1:
        return found[0]
    if not found:
        raise AmbiguousError(
            f"There is no task {name[:60]!r}.",
            did_you_mean(name, snapshot.tasks) or "Name it by its id: orchestrator task list",
        )
    listed = ", ".join(
        f"{task_id} ({str(snapshot.tasks[task_id].get('title'))[:60]})"
        for task_id in found[:_SHOWN]
    )
    more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
    raise AmbiguousError(
        f"{name[:60]!r} could be {len(found):,} tasks: {listed}{more}.", "Name one by its id."
    )


def project_named(snapshot: Snapshot, words: str) -> str | None:
    """Return the id of the one live project that is meant, or None."""
    name = bare(words)
    live = {key: value for key, value in snapshot.projects.items() if not value.get("deleted_at")}
    if name.casefold() in live:
        return name.casefold()
    keyed = [key for key, value in live.items() if value.get("key") == name.upper()]
    found = keyed or [
        key for key, value in live.items() if folded(str(value.get("title"))) == folded(name)
    ]
    return found[0] if len(found) == 1 else None


def user_named(snapshot: Snapshot, words: str, me: str | None = None) -> str:
    """Return the id of the one user who is meant.

    Args:
        snapshot: The plan.
        words: A name, or a word by which people mean themselves.
        me: Who speaks, or None when nobody knows.

    Raises:
        AmbiguousError: There is none, or more than one.
    """
    found = person(snapshot, bare(words))
    if found is None and is_oneself(words):
        if me is None:
            unknown = UnknownSelfError()
            raise AmbiguousError(unknown.message, unknown.hint)
        return me
    if found is None:
        raise AmbiguousError(
            f"There is no user {bare(words)[:60]!r}.",
            did_you_mean(bare(words), snapshot.users) or "orchestrator user list shows them.",
        )
    return found


def is_oneself(words: str) -> bool:
    """Return whether people mean themselves by a word."""
    return bare(words).casefold().lstrip("@") in _ONESELF


def bare(words: str) -> str:
    """Return a name without articles and quotes around it."""
    name = words.strip()
    for article in _ARTICLES:
        if name.casefold().startswith(article):
            name = name[len(article) :]
            break
    return name.strip().strip(_QUOTES).strip()


def _titled(tasks: Iterable[tuple[str, Document]], name: str) -> list[str]:
    """Return the tasks with this title, or else those whose titles have all of the words."""
    wanted = folded(name)
    words = set(wanted.split())
    same, like = [], []
    for task_id, task in tasks:
        title = folded(str(task.get("title", "")))
        if title == wanted:
            same.append(task_id)
        elif words and words <= set(title.split()):
            like.append(task_id)
    return (same or like) if words else []
