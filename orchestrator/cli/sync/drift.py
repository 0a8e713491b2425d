"""`sync drift`: what differs between the plan and a tracker, and who changed it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.session import Session
from orchestrator.cli.sync.options import How, reading_options

if TYPE_CHECKING:
    from orchestrator.sync.action import Action, Plan
    from orchestrator.sync.reconcile.sides import Local

Row = dict[str, Any]


@click.command("drift")
@click.argument("name")
@reading_options
@click.pass_obj
def command(session: Session, /, name: str, as_json: bool, **how: Any) -> None:
    """Show what differs between the plan and the tracker NAME; only reads.

    What a tracker cannot hold is no difference.
    """
    from orchestrator.cli.pager import show_paged
    from orchestrator.cli.sync.one import plan_one
    from orchestrator.cli.sync.plan_text import shown_value
    from orchestrator.cli.sync.voice import Voice
    from orchestrator.cli.talk import note, say_rows, table
    from orchestrator.sync.item import value_json

    prepared = plan_one(session, name, How(**how), Voice(session))
    rows = list(drift_rows(prepared.plan, prepared.local))
    if as_json:
        shown = [{key: value_json(value) for key, value in row.items()} for row in rows]
        say_rows(len(rows), {"differences": shown})
        return
    for text in (*prepared.notes, *prepared.plan.warnings):
        note(f"{name}: {text}")
    if not rows:
        note(f"{name}: no difference, {prepared.plan.unchanged:,} items compared")
        return
    cells = []
    for row in rows:
        name = row["field"] or ""
        sides = (shown_value(row[side], name) for side in ("here", "there"))
        cells.append([row["id"], name, *sides, row["changed"]])
    heads = ["id", "field", "here", "there", "changed"]
    show_paged(session, table(heads, cells, fancy=session.is_terminal, has_color=session.has_color))
    ids = {row["id"] for row in rows}
    note(f"{len(ids):,} item{'s' * (len(ids) != 1)} differ{'s' * (len(ids) == 1)}")


def drift_rows(plan: "Plan", local: "Local") -> Iterator[Row]:
    """Yield each difference: item, field, both values, and who made it.

    Args:
        plan: What a sync would do.
        local: The files that it was made from.
    """
    for action in plan.actions:
        match action.verb, action.side:
            case "create", side:
                yield _whole(action, "only here" if side == "remote" else "only there")
            case "delete", side:
                yield _whole(action, "deleted here" if side == "remote" else "deleted there")
            case ("link" | "unlink" | "skip") as verb, _:
                yield _whole(action, verb)
            case _:
                pass
        if action.verb in {"create", "delete"}:
            continue
        for change in action.fields:
            is_ours = change.side == "remote"
            here, there = (
                (change.after, change.before) if is_ours else (change.before, change.after)
            )
            yield _row(action, change.name, here, there, "here" if is_ours else "there")
        for clash in action.clashes:
            yield _row(action, clash.name, clash.local, clash.remote, "both")
        document = local.document(action.kind, action.id) or {}
        for name in action.left:
            there = action.item.fields.get(name) if action.item else None
            yield _row(action, name, document.get(name), there, "left so")


def _whole(action: "Action", changed: str) -> Row:
    return _row(action, None, None, None, action.reason or changed)


def _row(action: "Action", field: str | None, here: Any, there: Any, changed: str) -> Row:
    return {
        "kind": action.kind, "id": action.id, "key": action.key, "title": action.title,
        "field": field, "here": here, "there": there, "changed": changed,
    }  # fmt: skip
