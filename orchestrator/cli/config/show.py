"""`config show`: the settings that hold, and where each comes from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session
from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from orchestrator.store.files import Source
    from orchestrator.view.settings import Setting


@click.command("show")
@click.argument("key", required=False)
@json_option
@click.pass_obj
def command(session: Session, key: str | None, as_json: bool) -> None:
    """Show the settings that hold, or those at KEY and below it: orchestrator config show rules .

    With ORCHESTRATOR_ENV=ci, the settings in orchestrator.ci.yaml lie over orchestrator.yaml. Of a
    token, this shows where it is, and whether it is there; never the token.
    """
    from orchestrator.cli.entity import warn_unreadable
    from orchestrator.cli.talk import note, say_json, say_raw, table
    from orchestrator.model.fields import FIELDS
    from orchestrator.model.places import SETTINGS_FILE, layer_path
    from orchestrator.model.suggest import did_you_mean
    from orchestrator.view.settings import settings_that_hold

    source = session.workspace.files
    snapshot = session.snapshot()
    found = settings_that_hold(snapshot)
    if key is not None:
        known = {setting.key for setting in found}
        found = [item for item in found if f"{item.key}.".startswith(f"{key}.")]
        if not found and key not in FIELDS["settings"]:
            raise OrchestratorError(
                f"There is no setting {key[:60]} .",
                did_you_mean(key, {*known, *FIELDS["settings"]})
                or "orchestrator config show lists all.",
            )
    warn_unreadable(snapshot)
    own = layer_path(snapshot.environment) if snapshot.environment else SETTINGS_FILE
    if own != SETTINGS_FILE and source.read(own) is None:
        note(f"warning: there is no {own} for ORCHESTRATOR_ENV .")
    for problem in snapshot.problems:
        if problem.path in {SETTINGS_FILE, own}:
            note(f"warning: {problem.path}: {problem.message}")
    rows = _rows(session, source, found)
    if as_json:
        say_json(
            {"total": len(rows), "environment": snapshot.environment or None, "settings": rows}
        )
        return
    if not rows:
        note(f"{key} is not set.")
        return
    cells = [[row["key"], _shown(row), _place(row)] for row in rows]
    say_raw(table(("key", "value", "from"), cells, fancy=session.is_terminal))


def _rows(session: Session, source: "Source", found: "Sequence[Setting]") -> list[dict[str, Any]]:
    from orchestrator.model.places import SETTINGS_FILE, layer_path
    from orchestrator.text.locate import locate_all

    lines: dict[tuple[str | None, str], int | None] = {}
    for layer in {setting.layer for setting in found} - {None}:
        path = layer_path(layer) if layer else SETTINGS_FILE
        text = (source.read(path) or b"").decode("utf-8", "replace")
        here = [setting.pointer for setting in found if setting.layer == layer]
        places = locate_all(text, [(pointer, True) for pointer in here])
        for pointer, place in zip(here, places, strict=True):
            lines[layer, pointer] = place[0] if place else None
    rows = []
    for key, value, layer, pointer in found:
        row: dict[str, Any] = {"key": key, "value": value, "path": None, "line": None}
        if layer is not None:
            row["path"] = layer_path(layer) if layer else SETTINGS_FILE
            row["line"] = lines[layer, pointer]
        if key.startswith("integrations.") and key.endswith(".token"):
            row["found"] = _is_found(session, str(value))
        rows.append(row)
    return rows


def _is_found(session: Session, place: str) -> bool:
    from orchestrator.store.credentials import CredentialError, credential

    try:
        return bool(credential(place, session.environment))
    except CredentialError:
        return False


def _shown(row: dict[str, Any]) -> str:
    from orchestrator.cli.entity import cell

    value = row["value"]
    text = f"{value:g}" if isinstance(value, float) else cell(value)
    match row.get("found"):
        case None:
            return text
        case True:
            return f"{text} (there)"
        case _:
            return f"{text} (not there)"


def _place(row: dict[str, Any]) -> str:
    if row["path"] is None:
        return "default"
    return f"{row['path']}:{row['line']}" if row["line"] else str(row["path"])
