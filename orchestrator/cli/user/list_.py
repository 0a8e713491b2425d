"""`user list`: users, with what each has to do."""

import click

from orchestrator.cli.options import list_options, usage
from orchestrator.cli.session import Session

COLUMNS = (
    "id", "name", "kind", "role", "open", "remaining", "due_this_week", "overdue", "email",
)  # fmt: skip
_SPARE = ("email", "kind", "role", "due_this_week", "name")


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
    from orchestrator.model.duration import format_duration
    from orchestrator.view.load import Load, user_rows
    from orchestrator.view.rows import UnknownFieldError, page, sort_ids

    snapshot = session.snapshot()
    found_rows = user_rows(snapshot, snapshot.users, session.today)
    rows = dict(zip(snapshot.users, found_rows, strict=True))
    flat = {user_id: {**row, **row["derived"]} for user_id, row in rows.items()}
    with usage(UnknownFieldError):
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
    show_list(
        session, "users", chosen, found.total, COLUMNS,
        as_json=as_json, offset=offset, spare=_SPARE,
    )  # fmt: skip
