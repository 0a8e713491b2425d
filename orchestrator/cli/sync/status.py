"""`sync status`: the trackers of the settings, and how they stand."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.ink import BOLD, GREEN, RED, YELLOW, paint
from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.sync.remote import Tie
    from orchestrator.sync.run.status import Status

_MOST = 10


@click.command("status")
@click.argument("name", required=False)
@json_option
@click.pass_obj
def command(session: Session, name: str | None, as_json: bool) -> None:
    """Show the trackers, or one, and how they stand; no tracker is asked."""
    from orchestrator.cli.sync.open import names, tie_named
    from orchestrator.cli.talk import note, say_raw, say_rows
    from orchestrator.errors import OrchestratorError
    from orchestrator.sync.run.status import status_of

    repository = session.workspace.required_repository
    rows = []
    for each in [name] if name is not None else names(session):
        try:
            tie = tie_named(session, each)
        except OrchestratorError as error:
            if name is not None:
                raise
            note(f"{each}: {error.message}")
            continue
        rows.append((tie, status_of(repository, each, tie.kind)))
    if as_json:
        shown = [status_row(tie, status, session.environment) for tie, status in rows]
        say_rows(len(rows), {"integrations": shown})
        return
    lines = [line for tie, status in rows for line in _lines(session, tie, status)]
    say_raw("".join(f"{line}\n" for line in lines))


def status_row(tie: "Tie", status: "Status", environment: Mapping[str, str]) -> dict[str, Any]:
    """Return how an integration stands, as JSON."""
    meta = status.meta
    return {
        "name": tie.name, "kind": tie.kind, "direction": tie.direction, "scope": dict(tie.scope),
        "state": state_of(status), "linked": {"projects": status.projects, "tasks": status.tasks},
        "serial": meta.serial if meta else 0, "watermark": meta.watermark if meta else None,
        "listed_at": meta.listed_at if meta else None, "head": meta.head if meta else None,
        "suspended": list(meta.suspended) if meta else [], "unfinished": list(status.unfinished),
        "last_run": {key: value for key, value in status.last.items() if key != "notes"} or None,
        "has_token": has_token(tie, environment), "stays_local": list(status.notes),
    }  # fmt: skip


def state_of(status: "Status") -> str:
    """Return one word for how an integration stands."""
    if status.meta is not None and status.meta.is_suspended:
        return "suspended"
    if status.unfinished or status.is_open:
        return "unfinished"
    if status.meta is None and not status.last:
        return "new"
    if status.last.get("error") or status.last.get("failures"):
        return "failing"
    if status.last.get("conflicts"):
        return "conflicts"
    return "ready"


def has_token(tie: "Tie", environment: Mapping[str, str]) -> bool | None:
    """Return whether the variable that holds the token is set; None for a keyring's."""
    place, _, name = tie.token.partition(":")
    return bool(environment.get(name)) if place == "env" else None


def _lines(session: Session, tie: "Tie", status: "Status") -> Iterator[str]:
    from orchestrator.cli.escape import printable

    color = session.has_color
    state = state_of(status)
    code = {"ready": GREEN, "failing": RED, "conflicts": YELLOW, "unfinished": YELLOW}.get(state)
    scope = ", ".join(f"{key} {value}" for key, value in tie.scope.items())
    head = f"{tie.kind}{f', {scope}' if scope else ''}"
    yield (
        f"{paint(tie.name, BOLD, has_color=color)}  {printable(head)}  "
        f"{paint(state, code or '', has_color=color)}"
    )
    for label, text in _facts(session, tie, status):
        yield f"  {label:<13} {printable(text)}"


def _facts(session: Session, tie: "Tie", status: "Status") -> Iterator[tuple[str, str]]:
    meta, last = status.meta, status.last
    counts = (status.projects, "project"), (status.tasks, "task")
    yield "linked", ", ".join(f"{count:,} {noun}{'s' * (count != 1)}" for count, noun in counts)
    if meta is None and not last:
        yield "next", f"orchestrator sync plan {tie.name}"
    if last.get("at"):
        said = last.get("error") or ("fine" if last.get("ok") else "with something left")
        yield "last run", f"{_ago(last['at'], session.now)}: {said}"
    if meta is not None:
        # What a tracker remembers beside the moment is its own.
        watermark = f", watermark {meta.watermark.partition(' ')[0]}" if meta.watermark else ""
        yield "base", f"serial {meta.serial}{watermark}"
        if meta.listed_at:
            yield "listed", f"everything {_ago(meta.listed_at, session.now)}"
        if meta.is_suspended:
            yield "suspended", f"orchestrator sync resume {tie.name}"
        if meta.suspended:
            yield "left alone", _some(meta.suspended)
    for item in _rows(last, "conflicts")[:_MOST]:
        fields = ", ".join(map(str, item.get("fields") or ()))
        yield "conflict", f"{item.get('id')} in {fields}"
    for item in _rows(last, "failures")[:_MOST]:
        yield "failed", f"{item.get('id')} : {item.get('message')}"
    for item in _rows(last, "refused")[:_MOST]:
        yield "not taken", f"{item.get('id')} : {item.get('reason')}"
    if status.unfinished:
        yield "unfinished", f"{_some(status.unfinished)}; the next sync looks for them there"
    elif status.is_open:
        yield "unfinished", "a run was killed; the next sync goes on from there"
    if has_token(tie, session.environment) is False:
        yield "token", f"{tie.token.partition(':')[2]} is not set"
    for text in status.notes:
        yield "stays local", text


def _rows(last: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = last.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _some(ids: tuple[str, ...]) -> str:
    more = f" and {len(ids) - _MOST:,} more" if len(ids) > _MOST else ""
    return f"{', '.join(ids[:_MOST])}{more}"


def _ago(text: object, now: datetime) -> str:
    """Return how long ago a moment was, in words."""
    try:
        gone = now - datetime.fromisoformat(str(text))
    except (ValueError, TypeError):
        return str(text)
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = int(gone / timedelta(seconds=size))
        if count > 0:
            return f"{count} {unit}{'s' * (count > 1)} ago"
    return "just now"
