"""`query`: SQL over the plan."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session

_MOST = 1_000
_SECONDS = 10.0


@click.command("query")
@click.argument("sql", required=False)
@click.option("--schema", is_flag=True, help="Show the views and their columns.")
@click.option("--csv", "as_csv", is_flag=True, help="Answer in CSV, with a line of names.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=_MOST,
    help="Show at most N rows; 1000 when not given.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=_SECONDS,
    help="Give up after so many seconds; 10 when not given.",
)
@json_option
@click.pass_obj
def command(
    session: Session,
    sql: str | None,
    schema: bool,
    as_csv: bool,
    limit: int,
    timeout: float,
    as_json: bool,
) -> None:
    """Answer SQL over the plan: tasks, projects, users, dependencies, labels and more.

    orchestrator query "SELECT id, title FROM tasks WHERE is_open"

    A query only reads. --schema shows what there is to select from.
    """
    from orchestrator.cli.talk import note, say, say_rows
    from orchestrator.store.index.query import described, query

    if as_csv and as_json:
        raise click.UsageError("Choose one of --csv and --json.")
    if schema:
        say("\n".join(described()).rstrip())
        return
    if not sql:
        raise click.UsageError(
            "There is no query. orchestrator query --schema shows what to select from."
        )
    found = query(session.workspace, sql, limit, timeout)
    rows = [[_text(value) for value in row] for row in found.rows]
    if as_json:
        names = _unique(found.columns)
        say_rows(len(rows), {"rows": [dict(zip(names, row, strict=True)) for row in rows]})
    elif as_csv:
        _write_csv(found.columns, rows)
    elif rows:
        from orchestrator.cli.entity import cell
        from orchestrator.cli.pager import show_paged
        from orchestrator.cli.talk import table

        cells = [[cell(value) for value in row] for row in rows]
        fancy, has_color = session.is_terminal, session.has_color
        show_paged(session, table(found.columns, cells, fancy=fancy, has_color=has_color))
    else:
        note("No rows.")
    if found.is_cut:
        note(f"Only the first {limit:,} rows; --limit shows more.")


def _text(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


def _unique(names: tuple[str, ...]) -> list[str]:
    """Return names of which no two are equal: of a join, both tables may have an id."""
    found: list[str] = []
    for name in names:
        number, new = 1, name
        while new in found:
            number += 1
            new = f"{name}_{number}"
        found.append(new)
    return found


def _write_csv(columns: tuple[str, ...], rows: list[list[object]]) -> None:
    import csv
    import sys

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
