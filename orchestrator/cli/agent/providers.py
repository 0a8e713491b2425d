"""`agent providers`: which there are, what is configured, and whether they answer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.agent.provider import Task

_TASKS: "tuple[Task, ...]" = ("plan", "chat", "cheap")


@click.group("providers", invoke_without_command=True)
@json_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """List the providers of language models: which have a key, and which models are used."""
    if context.invoked_subcommand is None:
        _list(context.obj, as_json=as_json)


@command.command("check")
@click.argument("names", metavar="[PROVIDER]...", nargs=-1)
@json_option
@click.pass_obj
def check(session: Session, names: tuple[str, ...], as_json: bool) -> None:
    """Ask each provider that has a key, or those named, to say one word."""
    from orchestrator.agent.choice import models_for
    from orchestrator.agent.endpoints import OFFLINE
    from orchestrator.cli.talk import say_json, say_raw, table

    settings = _settings(session)
    wanted = names or tuple(row["name"] for row in _rows(session, settings) if row["is_ready"])
    rows = []
    for name in wanted:
        (model,) = models_for("cheap", settings, session.environment, name)[:1]
        answer = "ok" if model == OFFLINE else _tried(session, settings, model)
        rows.append({"name": name.partition(":")[0], "model": model, "answer": answer})
    if as_json:
        say_json({"total": len(rows), "providers": rows})
    else:
        cells = [[row["name"], row["model"], row["answer"]] for row in rows]
        headings = ["provider", "model", "answer"]
        say_raw(table(headings, cells, fancy=session.is_terminal, has_color=session.has_color))
    if any(row["answer"] != "ok" for row in rows):
        click.get_current_context().exit(1)


def _list(session: Session, *, as_json: bool) -> None:
    from orchestrator.agent.choice import models_for
    from orchestrator.agent.open import is_installed
    from orchestrator.cli.talk import note, say_json, say_raw, table

    settings = _settings(session)
    rows = _rows(session, settings)
    used = {task: list(models_for(task, settings, session.environment)) for task in _TASKS}
    if as_json:
        say_json({"total": len(rows), "providers": rows, "used": used})
        return
    cells = [
        [row["name"], "ready" if row["is_ready"] else "no key", row["key"], row["url"]]
        for row in rows
    ]
    headings = ["provider", "state", "key", "url"]
    say_raw(table(headings, cells, fancy=session.is_terminal, has_color=session.has_color))
    for task, models in used.items():
        note(f"{task}: {', '.join(models)}")
    if not is_installed():
        note("Language models need: pip install 'gitops-orchestrator[agents]'")


def _rows(session: Session, settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    from orchestrator.agent.choice import is_configured
    from orchestrator.agent.endpoints import OFFLINE, endpoints, url_of

    found = [
        {
            "name": each.name,
            "is_ready": is_configured(each.name, settings, session.environment),
            "key": _key(each.key_variables, session.environment),
            "url": url_of(each, session.environment),
        }
        for each in endpoints(settings)
    ]
    return [*found, {"name": OFFLINE, "is_ready": True, "key": "", "url": ""}]


def _key(variables: tuple[str, ...], environment: Mapping[str, str]) -> str:
    """Return the variable that holds the key, or the one that should."""
    return next((name for name in variables if environment.get(name)), variables[0])


def _settings(session: Session) -> Mapping[str, Any]:
    return session.workspace.snapshot().settings


def _tried(session: Session, settings: Mapping[str, Any], model: str) -> str:
    from orchestrator.agent.choice import Budget
    from orchestrator.agent.open import open_provider
    from orchestrator.agent.provider import Request
    from orchestrator.agent.tools import Draft
    from orchestrator.errors import OrchestratorError
    from orchestrator.model.snapshot import Snapshot

    try:
        provider = open_provider([model], settings, session.environment, Budget(3, 20_000))
        draft = Draft(Snapshot(), session.now, session.choose)
        provider(Request("cheap", "Answer with the word ok."), draft, lambda _: None)
    except OrchestratorError as error:
        return error.message
    return "ok"
