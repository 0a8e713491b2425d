"""What `--json` prints: one JSON message a line, each with its `type` and `integration`.

plan      what is going to be done, as `sync.reconcile.plan_json` has it
progress  {"what", "done", "total", "seconds"}: how far something long is
item      {"verb", "kind", "id", "key", "url", "ok", "message", "hint"}: written over there, or not
warning   {"message"}: something to know
error     {"message", "hint"}: why an integration could not be synced, or only in part
summary   {"totals", "unchanged", "failed", "conflicts", "refused": [{"id", "reason"}],
           "commit", "branch", "serial", "requests", "ok"}: what came of it; always the last
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orchestrator.errors import OrchestratorError
    from orchestrator.sync.action import Plan
    from orchestrator.sync.reconcile.done import Done
    from orchestrator.sync.remote import Progress
    from orchestrator.sync.run.carry import Result
    from orchestrator.sync.run.execute import Failure

Message = dict[str, Any]


def plan_message(plan: "Plan") -> Message:
    """Return a plan as a message."""
    from orchestrator.sync.reconcile.plan_json import plan_json

    return {"type": "plan", **plan_json(plan)}


def progress_message(name: str, progress: "Progress") -> Message:
    """Return how far something is as a message."""
    return {
        "type": "progress", "integration": name, "what": progress.what, "done": progress.done,
        "total": progress.total, "seconds": progress.seconds,
    }  # fmt: skip


def item_message(name: str, what: "Done | Failure") -> Message:
    """Return what became of one item over there as a message."""
    from orchestrator.sync.run.execute import Failure

    action = what.action
    item = action.item if isinstance(what, Failure) else what.item or action.item
    failed = what if isinstance(what, Failure) else None
    return {
        "type": "item", "integration": name, "verb": action.verb, "kind": action.kind,
        "id": action.id, "key": item.key if item else action.key,
        "url": item.url if item else "", "ok": failed is None,
        "message": failed.message if failed else "", "hint": failed.hint if failed else None,
    }  # fmt: skip


def warning_message(name: str, text: str) -> Message:
    """Return something to know as a message."""
    return {"type": "warning", "integration": name, "message": text}


def error_message(name: str, error: "OrchestratorError") -> Message:
    """Return a refusal as a message."""
    return {
        "type": "error", "integration": name, "message": error.message, "hint": error.hint,
    }  # fmt: skip


def summary_message(result: "Result", branch: str | None) -> Message:
    """Return what came of a run as a message."""
    plan = result.prepared.plan
    landed = result.landed
    refused = landed.refused if landed else {}
    return {
        "type": "summary", "integration": plan.integration, "totals": dict(plan.totals),
        "unchanged": plan.unchanged, "failed": len(result.outcome.failures),
        "conflicts": result.clashes,
        "refused": [{"id": name[1], "reason": why} for name, why in refused.items()],
        "commit": landed.commit if landed else None,
        "branch": branch or result.prepared.ground.branch,
        "serial": result.serial, "requests": result.requests, "ok": result.is_fine,
    }  # fmt: skip
