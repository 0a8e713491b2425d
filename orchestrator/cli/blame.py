"""`blame`: who set each present value of a task, a project or a user, and when."""

from typing import Any

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session
from orchestrator.view.moments import Origin


@click.command("blame")
@click.argument("entity", metavar="ID")
@click.argument("field", required=False)
@json_option
@click.pass_obj
def command(session: Session, entity: str, field: str | None, as_json: bool) -> None:
    """Show who set each field of a task, a project or a user, when, and in which commit.

    With a FIELD, just that one. Elements of lists and keys of mappings have lines of their own.
    """
    from orchestrator.cli.chronicle import chronicle_of, commit_row, field_of, warn_shallow
    from orchestrator.cli.talk import note, say_json, say_raw, table
    from orchestrator.verbs.refuse import ImpossibleError
    from orchestrator.view.moments import is_part, origins

    found = chronicle_of(session, entity)
    if found.present is None:
        raise ImpossibleError(
            f"{found.id} is gone.", f"orchestrator history {found.id} shows what happened to it."
        )
    wanted = field and field_of(found.kind, field)
    rows = [
        origin
        for origin in origins(found.present, found.moments)
        if not wanted or is_part(origin.atom.field, wanted)
    ]
    if as_json:
        answer = [
            {
                "field": origin.atom.field,
                "value": origin.value,
                "was": origin.was,
                **commit_row(origin.moment.commit if origin.moment else None),
            }
            for origin in rows
        ]
        say_json({"total": len(rows), "fields": answer})
        return
    if not rows:
        note(f"{found.id} has no {wanted} ." if wanted else f"{found.id} says nothing.")
        return
    columns = ("field", "value", "set by", "when", "commit", "")
    cells = [_cells(session, origin) for origin in rows]
    say_raw(table(columns, cells, fancy=session.is_terminal, spare=("when", "commit")))
    warn_shallow(found.moments)


def _cells(session: Session, origin: Origin) -> list[str]:
    from orchestrator.cli.chronicle import NOT_COMMITTED, short
    from orchestrator.cli.ink import fit
    from orchestrator.patch.describe import shown
    from orchestrator.view.moments import ago

    cells: list[Any] = [origin.atom.field, shown(origin.value, origin.atom.field)]
    commit = origin.moment.commit if origin.moment else None
    if commit is None:
        cells += [NOT_COMMITTED, "", ""]
    else:
        cells += [commit.author, ago(commit.at, session.now), short(commit)]
    cells.append(
        f"was {fit(shown(origin.was, origin.atom.field), 24)}" if origin.was is not None else ""
    )
    return cells
