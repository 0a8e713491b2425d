"""`import csv`: a table, whose columns are mapped to fields."""

from pathlib import PurePath
from typing import Any, Literal

import click

from orchestrator.cli.import_.bring import Wishes, bring, file_of, import_options
from orchestrator.cli.session import Session
from orchestrator.exchange.csv_columns import Columns

_MOST_NAMES = 20
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|"}


@click.command("csv")
@click.argument("file", metavar="FILE|-")
@click.option(
    "--map",
    "wishes_",
    metavar="FIELD=COLUMN",
    multiple=True,
    help="Which column is a field; FIELD= means none. May be given again.",
)
@click.option("--delimiter", default=None, help="comma, semicolon, tab or pipe; found out else.")
@click.option("--encoding", default=None, help="UTF-8 and UTF-16 are found out; windows-1252, …")
@click.option(
    "--dates",
    "order",
    type=click.Choice(["dmy", "mdy"]),
    default=None,
    help="Whether 5/10/2026 is in October or in May.",
)
@import_options
@click.pass_obj
def command(
    session: Session,
    /,
    file: str,
    wishes_: tuple[str, ...],
    delimiter: str | None,
    encoding: str | None,
    order: Literal["dmy", "mdy"] | None,
    **wishes: Any,
) -> None:
    """Import a table, CSV or TSV, whose first row names its columns.

    Columns are known by the names that Jira, Asana, Trello, Linear and our own export give them;
    what was taken for what is said, and --map says it better. Other columns go to metadata.

    \b
    orchestrator import csv plan.csv --map title=Summary --map due_date="Due by"

    The column of projects decides where a task goes, unless -p puts all into one; a task without
    one goes into a project that is called like the file.
    """  # noqa: D301 - \b is click's mark for lines to be left as they are
    from orchestrator.exchange.csv_table import Options, read
    from orchestrator.exchange.imported import Imported
    from orchestrator.exchange.keys import Keys

    chosen = Wishes(**wishes)
    data = file_of(session, file)
    mapped: list[Columns] = []

    def read_table(keys: Keys, hours_per_day: float) -> Imported:
        options = Options(
            [_wish(each) for each in wishes_],
            _DELIMITERS.get(delimiter or "", delimiter),
            encoding,
            order,
            chosen.project or "",
            "" if file == "-" else PurePath(file).stem,
            hours_per_day,
        )
        table = read(data, keys, options)
        mapped.append(table.columns)
        if not chosen.as_json:
            _tell(table.columns)
        return table.imported

    bring(
        session,
        chosen,
        read_table,
        more=lambda: {"columns": mapped[0].by_field(), "unmapped": mapped[0].unmapped()},
    )


def _tell(columns: Columns) -> None:
    """Say which column was taken for which field."""
    from orchestrator.cli.talk import note

    shown = columns.by_field()
    if others := columns.unmapped():
        shown["metadata"] = others
    width = max(map(len, shown))
    for field, names in shown.items():
        more = f", and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        note(f"{field:<{width}} ← {', '.join(names[:_MOST_NAMES])}{more}")


def _wish(written: str) -> tuple[str, str]:
    field, sign, column = written.partition("=")
    if not sign:
        raise click.UsageError(f"--map {written[:60]!r} is not FIELD=COLUMN.")
    return field.strip(), column.strip()
