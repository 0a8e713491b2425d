"""`policy show`: what agents may do, and what a server asks of a push."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.model.shape import Document
    from orchestrator.store.policy_gate import TargetPolicy

_SERVER = {"signatures": "off", "protected": "the default branch", "unknown_pushers": "allow"}
_EVERY = "every agent"


@click.command("show")
@click.argument("agent", required=False)
@click.option(
    "--target", metavar="REVISION", default=None, help="Whose policy; else that of the work tree."
)
@json_option
@click.pass_obj
def command(session: Session, agent: str | None, target: str | None, as_json: bool) -> None:
    """Show the policy that holds, of every agent or of one: orchestrator policy show planner ."""
    from orchestrator.cli.talk import note, say_json, say_raw, table
    from orchestrator.model.places import SETTINGS_FILE
    from orchestrator.store.policy_gate import policy_at, policy_in

    workspace = session.workspace
    if target is None:
        policy = policy_in(workspace.files.read(SETTINGS_FILE))
    else:
        repository = workspace.required_repository
        policy = policy_at(repository, repository.git.commit_of(target))
    agents = ["", *((policy.policy or {}).get("by_agent") or {})] if agent is None else [agent]
    rows = [row for name in agents for row in _rows(policy, name)]
    if as_json:
        say_json({"policy": policy.policy, "total": len(rows), "rules": rows})
        return
    if policy.policy is None:
        note("There is no policy: agents may change tasks and projects, on branches of their own.")
        note("hint: orchestrator.yaml has a key policy; orchestrator explain ORC401 shows one.")
        return
    cells = [[row["agent"] or _EVERY, row["rule"], row["says"], row["place"] or ""] for row in rows]
    if agent is None:
        cells += list(_server_cells(policy))
    say_raw(table(("who", "rule", "says", "line"), cells, fancy=session.is_terminal))


def _rows(policy: "TargetPolicy", agent: str) -> Iterator[dict[str, Any]]:
    """Yield what holds for an agent, `""` for every one, rule by rule."""
    from orchestrator.patch.policy import rules_for, value_of

    def row(rule: str, says: str, pointer: str | None) -> dict[str, Any]:
        place = policy.place(pointer)
        return {
            "agent": agent or None, "rule": rule, "says": says, "pointer": pointer, "place": place,
        }  # fmt: skip

    if policy.policy is None:
        return
    for name in ("allow", "deny"):
        rules = list(rules_for(policy.policy, agent, name))
        yield from (row(name, grant_words(rule), pointer) for pointer, rule in rules)
        if name == "allow" and not rules:
            yield row(name, "nothing", None)
    for name, default in (("entities", "any number"), ("deletions", "0")):
        value, pointer = value_of(policy.policy, agent, "limits", name)
        says = f"{default if value is None else value} a patch"
        yield row(name, says, None if value is None else pointer)
    value, pointer = value_of(policy.policy, agent, "accept")
    yield row("accept", str(value or "review"), None if value is None else pointer)


def _server_cells(policy: "TargetPolicy") -> Iterator[list[str]]:
    for key, default in _SERVER.items():
        value = (policy.policy or {}).get(key)
        shown = ", ".join(value) if isinstance(value, list) else str(value or default)
        place = policy.place(f"/policy/{key}") if value is not None else None
        yield ["a server", key, shown or "none", place or ""]


def grant_words(rule: "Document") -> str:
    """Return a rule in words: `add, replace · tasks · in shop · only status, labels`."""
    ops = ", ".join(rule["ops"]) if rule.get("ops") is not None else "any op"
    parts = [ops, " and ".join(rule.get("entities") or ["tasks", "projects"])]
    if (projects := rule.get("projects")) is not None:
        parts.append(f"in {', '.join(projects) or 'no project'}")
    if (fields := rule.get("fields")) is not None:
        parts.append(f"only {', '.join(fields) or 'no field'}")
    return " · ".join(parts)
