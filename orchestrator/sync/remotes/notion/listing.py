"""What is in a database or changed there: whole, or since a moment, however much it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any, Final

from orchestrator.sync.errors import DriftError
from orchestrator.sync.remote import Progress
from orchestrator.sync.remotes.notion.client import PAGE, Client, place, shaped
from orchestrator.sync.remotes.notion.ids import key_of
from orchestrator.sync.remotes.notion.table import Table
from orchestrator.sync.remotes.notion.values import moment

OVERLAP: Final = timedelta(minutes=5)
"""More than the minute that Notion's moments are exact to, and than its index is late."""

_CREATED: Final = "created_time"
_EDITED: Final = "last_edited_time"
_COLUMNS: Final = " columns "

Row = Mapping[str, Any]
Columns = Mapping[tuple[str, str], str]
"""The id of a property by kind and field."""


@dataclass
class Rows:
    """What was read of one database.

    Attributes:
        rows: By key, each in its newest form.
        is_complete: Whether Notion showed all that it was asked for.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    is_complete: bool = True


def read(client: Client, table: Table, since: str | None) -> Rows:
    """Return the pages that changed since a moment, or all of them.

    The newest come first: what is made or changes meanwhile moves to where it has been read, and
    is in the next listing; nothing else is passed over. Where Notion stops before the end, it is
    asked again for what is older than the last page.

    Raises:
        DriftError: An answer is not made as Notion's documentation says.
    """
    found = Rows()
    # A page that changes does not move among all pages as they were made.
    clocks = (_EDITED,) if since else (_CREATED, _EDITED)
    for clock in clocks:
        found.is_complete = _read_by(client, table, found, since, clock)
        if found.is_complete:
            break
    return found


def find(client: Client, table: Table, external: str) -> list[Row]:
    """Return the pages that carry an id of ours, the oldest first."""
    column = table.columns["external_id"]
    body = {
        "filter": {"property": column.id, "rich_text": {"equals": external}},
        "sorts": [{"timestamp": _CREATED, "direction": "ascending"}],
        "page_size": PAGE,
        "result_type": "page",
    }
    answer = client.read(place("data_sources", table.id, "query"), body)
    rows = answer.get("results") if isinstance(answer, Mapping) else None
    return [shaped(row, "page", "id") for row in rows] if isinstance(rows, list) else []


def watermark(
    dates: Iterable[str], rows: Iterable[Row], since: str | None, columns: Columns
) -> str | None:
    """Return from when to ask next time, with the properties that were read.

    By Notion's own clock when it began to answer; by the newest change where it does not say it.
    """
    began = next((each for each in map(moment, dates) if each is not None), None)
    if began is None:
        moments = (moment(str(row[_EDITED])) for row in rows)
        began = max((each for each in moments if each is not None), default=None)
    mark = moment_of(since)
    if began is not None:
        text = (began - OVERLAP).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:00.000Z")
        mark = max(text, mark or "")
    if mark is None:
        return None
    told = ",".join(f"{kind}.{name}={id_}" for (kind, name), id_ in sorted(columns.items()))
    return f"{mark}{_COLUMNS}{told}"


def moment_of(since: str | None) -> str | None:
    """Return the moment in a watermark.

    Raises:
        DriftError: It has none.
    """
    if since is None:
        return None
    text = since.partition(_COLUMNS)[0]
    if moment(text) is None:
        raise DriftError("The last sync remembers a moment that is none.", "Sync with --full.")
    return text


def columns_then(since: str | None) -> dict[tuple[str, str], str]:
    """Return the properties in a watermark."""
    found: dict[tuple[str, str], str] = {}
    for each in (since or "").partition(_COLUMNS)[2].split(","):
        where, _, id_ = each.partition("=")
        kind, _, name = where.partition(".")
        if id_:
            found[kind, name] = id_
    return found


def _read_by(client: Client, table: Table, found: Rows, since: str | None, clock: str) -> bool:
    """Read slice by slice by one of the two moments of pages; return whether that is all."""
    until: str | None = None
    while True:
        known = len(found.rows)
        oldest, is_whole = _slice(client, table, found, _question(since, until, clock))
        if is_whole or oldest is None or (oldest == until and len(found.rows) == known):
            return is_whole
        until = oldest


def _slice(
    client: Client, table: Table, found: Rows, question: Mapping[str, Any]
) -> tuple[str | None, bool]:
    """Read on to where Notion stops; return the oldest moment seen, and whether that is all."""
    path = place("data_sources", table.id, "query")
    clock = question["sorts"][0]["timestamp"]

    def ask(cursor: str | None) -> Any:
        return client.read(path, {**question, "start_cursor": cursor} if cursor else question)

    oldest: str | None = None
    is_whole = True
    for page in client.pages(ask, "pages"):
        for each in page["results"]:
            if each.get("object") != "page":
                continue
            row = shaped(each, "page", "id", "last_edited_time", clock, "properties")
            oldest = row[clock] if oldest is None else min(oldest, row[clock])
            key = key_of(row["id"])
            before = found.rows.get(key)
            if before is None or before[_EDITED] < row[_EDITED]:
                found.rows[key] = row
        client.http.world.progress(Progress(f"reading {table.kind}", len(found.rows)))
        status = page.get("request_status")
        is_whole &= not (isinstance(status, Mapping) and status.get("type") == "incomplete")
    return oldest, is_whole


def _question(since: str | None, until: str | None, clock: str) -> dict[str, Any]:
    bounds = [(_EDITED, "on_or_after", since), (clock, "on_or_before", until)]
    filters = [
        {"timestamp": name, name: {word: bound}}
        for name, word, bound in bounds
        if bound is not None
    ]
    body: dict[str, Any] = {
        "sorts": [{"timestamp": clock, "direction": "descending"}],
        "page_size": PAGE,
        "result_type": "page",
    }
    if filters:
        body["filter"] = filters[0] if len(filters) == 1 else {"and": filters}
    return body
