"""`user list`: users, with what each has to do."""

import click

from orchestrator.cli.options import list_options
from orchestrator.cli.session import Session

COLUMNS = (
    "id", "name", "kind", "role", "open", "remaining", "due_this_week", "overdue", "email",
)  # fmt: skip
_NARROW = ("id", "open", "remaining", "overdue")
_LEAST_WIDTH = 80


@click.command("list")
@list_options
@click.pass_obj
def command(
    session: Session, as_json: bool, limit: int | None, offset: int, sort: str | None
) -> None:
    """List users, active ones first: their open tasks, what remains of them, what is due.

    This week is from today until Sunday. --sort takes open, remaining_minutes, due_this_week,
    overdue and in_progress as well.
    """
    from orchestrator.cli.entity import show_list, warn_unreadable
    from orchestrator.cli.ink import screen
    from orchestrator.model.duration import format_duration
    from orchestrator.view.load import Load, user_rows
    from orchestrator.view.rows import page, sort_ids

    snapshot = session.workspace.snapshot()
    found_rows = user_rows(snapshot, snapshot.users, session.today)
    rows = dict(zip(snapshot.users, found_rows, strict=True))
    flat = {user_id: {**row, **row["derived"]} for user_id, row in rows.items()}
    ids = sort_ids(rows, flat.__getitem__, sort or "id", "users", Load._fields)
    if sort is None:
        ids.sort(key=lambda user_id: rows[user_id].get("active") is False)
    found = page(ids, limit, offset)
    warn_unreadable(snapshot)
    if as_json:
        chosen = [rows[user_id] for user_id in found.ids]
    else:
        chosen = [flat[user_id] for user_id in found.ids]
        for row in chosen:
            row["remaining"] = format_duration(row["remaining_minutes"], snapshot.hours_per_day)
            if row.get("active") is False:
                row["name"] = f"{row.get('name') or ''} (inactive)"
    is_narrow = session.is_terminal and screen()[0] < _LEAST_WIDTH
    columns = _NARROW if is_narrow else COLUMNS
    show_list(session, "users", chosen, found.total, columns, as_json=as_json, offset=offset)
