"""`policy explain`: which line of the policy decides about each change of a patch."""

from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session
from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from orchestrator.patch.policy import Decision
    from orchestrator.store.policy_gate import TargetPolicy


@click.command("explain")
@click.argument("file", metavar="FILE|-")
@click.option("--author", default=None, help="Whose patch it is: agent:NAME; else as it says.")
@click.option(
    "--target", metavar="REVISION", default=None, help="Whose policy; else that of the work tree."
)
@json_option
@click.pass_obj
def command(
    session: Session, file: str, author: str | None, target: str | None, as_json: bool
) -> int:
    """Say which line of the policy decides about each change that a patch would make.

    The policy is read from the branch that the patch is meant for. Exits with 1 when it refuses.
    """
    import dataclasses

    from orchestrator.cli.patch.files import read_file
    from orchestrator.cli.talk import note, say_json, say_raw, table
    from orchestrator.patch.policy import accepts_alone, agent_of

    patch = read_file(session, file)
    patch = dataclasses.replace(patch, author=author or patch.author)
    agent = agent_of(patch.author)
    if agent is None:
        raise OrchestratorError(
            "The policy is about agents, and the patch is by none.",
            "Name the agent with --author agent:NAME .",
        )
    policy, decision = _decided(session, patch, agent, target)
    rows = _rows(policy, decision)
    is_alone = accepts_alone(policy.policy, agent)
    if as_json:
        say_json(
            {
                "agent": agent,
                "allowed": decision.is_allowed,
                "accept": "auto" if is_alone else "review",
                "total": len(rows),
                "decisions": rows,
            }
        )
        return 0 if decision.is_allowed else 1
    cells = [
        ["may" if row["allowed"] else "may not", row["change"], row["because"], row["place"] or ""]
        for row in rows
    ]
    columns = (agent, "change", "because", "line")
    say_raw(table(columns, cells, fancy=session.is_terminal))
    if policy.policy is None:
        note("There is no policy: agents may change tasks and projects, on branches of their own.")
    if decision.is_allowed:
        who = "Nobody has" if is_alone else "A person has"
        note(f"{who} to accept it; its branch is agent/{agent}/… .")
    return 0 if decision.is_allowed else 1


def _decided(
    session: Session, patch: Any, agent: str, target: str | None
) -> "tuple[TargetPolicy, Decision]":
    from orchestrator.model.places import SETTINGS_FILE
    from orchestrator.patch.apply import SnapshotDocuments, apply
    from orchestrator.patch.policy import decide
    from orchestrator.store.index.plan import read_commit, read_plan
    from orchestrator.store.policy_gate import policy_at, policy_in
    from orchestrator.verbs.stamps import refuse_agents_stamps, stamped_changes

    workspace = session.workspace
    if target is None:
        snapshot = read_plan(workspace)
        policy = policy_in(workspace.files.read(SETTINGS_FILE))
    else:
        repository = workspace.required_repository
        snapshot = read_commit(workspace, target)
        policy = policy_at(repository, repository.git.commit_of(target))
    refuse_agents_stamps(patch)
    changes = stamped_changes(apply(SnapshotDocuments(snapshot), patch.ops), session.now)
    return policy, decide(policy.policy, agent, changes)


def _rows(policy: "TargetPolicy", decision: "Decision") -> list[dict[str, Any]]:
    return [
        {
            "kind": verdict.kind or None,
            "id": verdict.id or None,
            "op": verdict.deed,
            "field": verdict.field,
            "change": verdict.step,
            "allowed": verdict.is_allowed,
            "because": verdict.because,
            "pointer": verdict.pointer,
            "place": policy.place(verdict.pointer),
        }
        for verdict in decision.verdicts
    ]
