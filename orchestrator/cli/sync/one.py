"""One run of one integration, from the turn that it takes to what is remembered of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from orchestrator.cli.session import Session
from orchestrator.cli.sync.open import Opened, opened
from orchestrator.cli.sync.options import How
from orchestrator.cli.sync.voice import Voice
from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from orchestrator.sync.run.carry import Result
    from orchestrator.sync.run.prepare import Prepared, Wishes

_MOST_KEPT = 100
Replan = Callable[["Prepared", Opened], "Prepared"]
"""Makes another plan of what was read."""


def plan_one(
    session: Session, name: str, how: How, voice: Voice, *, replan: Replan | None = None
) -> "Prepared":
    """Return the plan of an integration; nothing is changed anywhere.

    Args:
        session: Where.
        name: Of the integration.
        how: What the options say.
        voice: Is told how far it is.
        replan: Makes the plan from what was read; None makes the usual one.

    Raises:
        OrchestratorError: It cannot be made.
    """
    voice.begin(name)
    try:
        with opened(session, name, voice.progress) as found:
            _warn_unsaved(found, voice)
            return _prepared(found, how.wishes(is_read_only=True), replan)
    finally:
        voice.quiet()


def sync_one(
    session: Session,
    name: str,
    how: How,
    voice: Voice,
    *,
    is_reviewed: bool = False,
    replan: Replan | None = None,
) -> "Result":
    """Plan and carry out; return what came of it.

    Args:
        session: Where.
        name: Of the integration.
        how: What the options say.
        voice: Is told everything.
        is_reviewed: Whether what comes from the tracker goes to a branch of its own.
        replan: Makes the plan to carry out from what was read; None takes the usual one.

    Raises:
        OrchestratorError: Nothing could be done.
    """
    from orchestrator.sync.errors import RemoteError
    from orchestrator.sync.run.prepare import SuspendedError, UnknownItemError

    voice.begin(name)
    wishes = how.wishes(is_read_only=False)
    branch = f"sync/{name}" if is_reviewed else None
    try:
        with opened(session, name, voice.progress) as found:
            try:
                result = _run(found, wishes, voice, branch, replan)
            except (SuspendedError, UnknownItemError):
                raise  # what the last run came to still holds
            except OrchestratorError as error:
                # What somebody asked for in vain says nothing about the tracker.
                if replan is None or isinstance(error, RemoteError):
                    _remember(found, {"error": error.message})
                raise
            _remember(found, _said(result))
    finally:
        voice.quiet()
    voice.result(result, branch)
    return result


def _run(
    found: Opened, wishes: "Wishes", voice: Voice, branch: str | None, replan: Replan | None
) -> "Result":
    from orchestrator.sync.run.carry import carry_out

    _warn_unsaved(found, voice)
    prepared = _prepared(found, wishes, replan)
    voice.plan(prepared, is_last=False)
    return carry_out(prepared, found.setting, branch=branch, told=voice.item)


def _prepared(found: Opened, wishes: "Wishes", replan: Replan | None) -> "Prepared":
    from orchestrator.sync.run.prepare import prepare, survey

    if replan is None:
        return prepare(found.ground, found.setting, wishes)
    return replan(survey(found.ground, found.setting, wishes), found)


def _warn_unsaved(found: Opened, voice: Voice) -> None:
    """Say which edits a sync does not see; not again and again to somebody who watches."""
    from orchestrator.model.places import SETTINGS_FILE
    from orchestrator.store.watch.uncommitted import uncommitted

    if voice.is_brief:
        return
    # The settings count as they are in the work tree, for a tracker to be set up and tried.
    repository = found.ground.repository
    files = [file.path for file in uncommitted(repository) if file.path != SETTINGS_FILE]
    if files:
        more = f" and {len(files) - 1:,} more" if len(files) > 1 else ""
        verb = "are" if more else "is"
        voice.remark(
            f"{files[0]}{more} {verb} not committed; a sync takes the plan as it is committed."
        )


def _said(result: "Result") -> dict[str, object]:
    left = [action for action in result.prepared.plan.actions if action.clashes]
    refused = list(result.landed.refused.items()) if result.landed else []
    return {
        "ok": result.is_fine, "requests": result.requests, "serial": result.serial,
        "failures": [
            {"id": failure.action.id, "message": failure.message}
            for failure in result.outcome.failures[:_MOST_KEPT]
        ],
        "conflicts": [
            {"id": action.id, "fields": [clash.name for clash in action.clashes]}
            for action in left[:_MOST_KEPT]
        ],
        "refused": [{"id": name[1], "reason": why} for name, why in refused[:_MOST_KEPT]],
        "notes": list(result.prepared.there.can.notes),
    }  # fmt: skip


def _remember(found: Opened, said: dict[str, object]) -> None:
    from orchestrator.sync.run.turn import remember

    at = found.setting.world.now().isoformat(timespec="seconds")
    remember(found.ground.repository, found.setting.tie.name, {"at": at, **said})
