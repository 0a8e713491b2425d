"""Todoist: the CSV of a project, or the JSON of its API."""

from orchestrator.exchange import dates, todoist_api, todoist_csv
from orchestrator.exchange.dates import Local
from orchestrator.exchange.imported import Imported
from orchestrator.exchange.keys import Keys, keys_of

SOURCE = "todoist"


def read(
    data: bytes,
    keys: Keys | None = None,
    into: str = "",
    name: str = "",
    local: Local = dates.as_it_is,
) -> Imported:
    """Read an export, of one project as CSV or of many as JSON.

    Args:
        data: The file.
        keys: The keys of projects, the prefixes of the task ids.
        into: A project for all tasks; without it each project of the file becomes one of ours.
        name: What the project is called where the file does not say it: the name of a CSV file.
        local: Where its days begin.

    Raises:
        TableError: It is neither.
    """
    find_key = keys or keys_of({})
    # A CSV file begins with TYPE or a mark, JSON with a bracket.
    start = data.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    if start in (b"{", b"["):
        return todoist_api.read(data, find_key, into, local)
    return todoist_csv.read(data, find_key, into, name)
