"""A plan as JSON, and its digest: what `sync plan --json` prints and `--out` writes.

    {"version": 1, "integration": "linear-eng", "head": "<commit>", "lineage": "<uuid>",
     "serial": 7, "digest": "sha256:…", "unchanged": 40, "totals": {"create remote": 1},
     "warnings": ["…"],
     "actions": [{"verb": "update", "kind": "tasks", "id": "PAY-1", "key": "…", "side": null,
                  "name": "ENG-7", "url": "https://…", "title": "Capture", "reason": "",
                  "fields": [{"name": "status", "side": "remote", "before": "todo",
                              "after": "completed", "owner": "both"}],
                  "clashes": [{"name": "title", "base": "…", "local": "…", "remote": "…"}],
                  "left": []}]}

References are ids of ours on both sides. A value that has no word here is `{"foreign": text}`.
A plan that was kept is applied by making it again: `digest` says whether it is still the same.
"""

import hashlib
import json
from typing import Any, Final

from orchestrator.sync.action import Action, Plan
from orchestrator.sync.item import value_json

VERSION: Final = 1


def plan_json(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON, in a stable shape and order."""
    return {
        "version": VERSION,
        "integration": plan.integration,
        "head": plan.head,
        "lineage": plan.lineage,
        "serial": plan.serial,
        "digest": digest(plan),
        "unchanged": plan.unchanged,
        "totals": dict(plan.totals),
        "warnings": list(plan.warnings),
        "actions": [action_json(action) for action in plan.actions],
    }


def action_json(action: Action) -> dict[str, Any]:
    """Return one action as JSON."""
    return {
        "verb": action.verb,
        "kind": action.kind,
        "id": action.id,
        "key": action.key,
        "side": action.side,
        "name": action.item.name if action.item is not None else "",
        "url": action.item.url if action.item is not None else "",
        "title": action.title,
        "reason": action.reason,
        "fields": [
            {
                **change._asdict(),
                "before": value_json(change.before),
                "after": value_json(change.after),
            }
            for change in action.fields
        ],
        "clashes": [
            {name: value_json(value) for name, value in clash._asdict().items()}
            for clash in action.clashes
        ],
        "left": list(action.left),
    }


def digest(plan: Plan) -> str:
    """Return `sha256:` and a hash of everything that a plan is going to do.

    Two plans with one digest do the same to the same values; warnings and counts are left out, and
    so is what people read only.
    """
    named = ("verb", "kind", "id", "key", "side", "fields", "clashes")
    actions = [
        {name: value for name, value in action_json(action).items() if name in named}
        for action in plan.actions
        if action.verb != "skip"
    ]
    text = json.dumps(
        {"integration": plan.integration, "lineage": plan.lineage, "actions": actions},
        sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
