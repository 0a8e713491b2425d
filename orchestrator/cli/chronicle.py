"""Which entity a person asks the history of, and how its moments are named."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from orchestrator.cli.session import Session
from orchestrator.model.places import Kind
from orchestrator.view.moments import Committed, Moment

if TYPE_CHECKING:
    from orchestrator.patch.apply import Change
    from orchestrator.store.chronicle import Chronicle

NOT_COMMITTED = "not committed"
_SHORT = 7


def chronicle_of(session: Session, given: str) -> "Chronicle":
    """Return the history of what a person names: `PAY-1`, `payments`, `dana` or `users/dana`.

    Raises:
        ImpossibleError: There is none, or a project and a user have that id.
    """
    from orchestrator.store.chronicle import chronicle
    from orchestrator.verbs.refuse import ImpossibleError

    kinds, entity_id = _meant(given)
    found = [chronicle(session.workspace, kind, entity_id) for kind in kinds]
    found = [each for each in found if each.moments]
    if len(found) > 1:
        raise ImpossibleError(
            f"{entity_id} is a project and a user.",
            f"Write projects/{entity_id} or users/{entity_id} .",
        )
    return found[0] if found else _misnamed(session, kinds, entity_id, given)


def warn_shallow(moments: Sequence[Moment]) -> None:
    """Say on stderr that the history begins where a shallow clone does."""
    from orchestrator.cli.talk import note

    if moments and moments[-1].is_horizon:
        note(
            "This clone is shallow: what came before "
            f"{short(moments[-1].commit)} is not in it; git fetch --unshallow brings it."
        )


def change_in(moment: Moment) -> "Change":
    """Return a moment as a change; of a merge, what is as none of its parents had it."""
    from orchestrator.patch.apply import Change
    from orchestrator.view.moments import before

    was = before(moment)
    old = was.get("id") if was and moment.after else None
    origin = old if isinstance(old, str) and old != moment.id else None
    return Change(moment.kind, moment.id, was, moment.after, origin)


def words(moment: Moment, wanted: Sequence[str] = ()) -> list[str]:
    """Return what a moment changed, a line a field.

    Args:
        moment: What happened.
        wanted: Only these fields, dotted inside mappings; all when there are none.
    """
    from orchestrator.patch.describe import fields
    from orchestrator.view.moments import part

    if not moment.is_readable:
        return [f"{moment.id}: the file could not be read from here on"]
    change = change_in(moment)
    if wanted:
        before, after = (part(side or {}, wanted) for side in (change.before, change.after))
        return list(fields(change._replace(before=before, after=after, origin=None)))
    return list(fields(change)) or [f"{moment.id}: no field, only comments or layout"]


def field_of(kind: Kind, given: str) -> str:
    """Return the field that a person names: `due` is `due_date`; dotted inside mappings.

    Raises:
        UnknownFieldError: There is none.
    """
    from orchestrator.model.fields import FIELDS
    from orchestrator.model.suggest import did_you_mean
    from orchestrator.view.rows import UnknownFieldError

    head, separator, rest = given.partition(".")
    known = (*FIELDS[kind], "project") if kind == "tasks" else FIELDS[kind]
    begun = [name for name in known if name.startswith(head)] if head else []
    if head not in known and not begun:
        raise UnknownFieldError(
            f"There is no field {given[:60]} .",
            did_you_mean(head, known) or f"The fields are {', '.join(known)}.",
        )
    return f"{head if head in known else begun[0]}{separator}{rest}"


def short(commit: Committed | None) -> str:
    """Return the first digits of a commit's id, or that it is none yet."""
    return commit.oid[:_SHORT] if commit else NOT_COMMITTED


def commit_row(commit: Committed | None) -> dict[str, Any]:
    """Return a commit as JSON; all null for what is not committed."""
    names = ("author", "email", "subject", "agent", "reason")
    return {
        "commit": commit and commit.oid,
        "at": commit and commit.at.isoformat(),
        **{name: commit and getattr(commit, name) for name in names},
    }


def _meant(given: str) -> tuple[Iterable[Kind], str]:
    from orchestrator.model.ids import is_project_id, is_task_id, is_user_id

    folder, separator, rest = given.partition("/")
    entity_id = rest if separator else given
    kinds: list[Kind] = []
    if is_task_id(entity_id) and folder in {"tasks", given}:
        kinds.append("tasks")
    if is_project_id(entity_id) and folder in {"projects", given}:
        kinds.append("projects")
    if is_user_id(entity_id) and folder in {"users", given}:
        kinds.append("users")
    return kinds, entity_id


def _misnamed(session: Session, kinds: Iterable[Kind], entity_id: str, given: str) -> "Chronicle":
    """Return the history of an entity whose file has another name than its id."""
    from orchestrator.model.suggest import did_you_mean
    from orchestrator.store.chronicle import chronicle
    from orchestrator.verbs.refuse import ImpossibleError

    snapshot = session.snapshot()
    for kind in kinds:
        if (kind, entity_id) in snapshot.misplaced:
            path = snapshot.path_of(kind, entity_id)
            return chronicle(session.workspace, kind, path.split("/")[-1].removesuffix(".yaml"))
    known = [*snapshot.tasks, *snapshot.projects, *snapshot.users]
    raise ImpossibleError(
        f"Neither the plan nor its history has {given[:60]} .",
        did_you_mean(entity_id, known) or "orchestrator task list shows the tasks.",
    )
