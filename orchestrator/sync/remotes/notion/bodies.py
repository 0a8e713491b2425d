"""The bodies of pages, where they are the descriptions: read when they may have changed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from orchestrator.sync.errors import InvalidError
from orchestrator.sync.item import Item
from orchestrator.sync.remotes.notion import description
from orchestrator.sync.remotes.notion.client import Client, place, shaped
from orchestrator.sync.remotes.notion.description import Read
from orchestrator.sync.remotes.notion.values import moment

EMPTY: Final = Read("", {})

# Notion's moments are exact to the minute: within it, the same moment can hide another change.
_OVER: Final = timedelta(minutes=2)


def read(
    client: Client, row: Mapping[str, Any], kept: Mapping[str, Any], sent: str | None = None
) -> Read:
    """Return the body of a page, without asking where it cannot have changed.

    Args:
        client: The way to Notion.
        row: The page.
        kept: What was remembered of it.
        sent: The description, when this follows a request that sent it.
    """
    was = kept.get("body") or {}
    is_same = kept.get("edited") == row["last_edited_time"]
    if sent is None and was.get("is_settled") and is_same:
        return Read(str(was.get("text", "")), was)
    answer = client.get(place("pages", row["id"], "markdown"))
    found = description.read(shaped(answer, "body", "markdown"), was, sent)
    edited, seen = moment(str(row["last_edited_time"])), moment(client.dates[-1])
    is_over = edited is not None and seen is not None and seen - edited > _OVER
    return found._replace(kept={**found.kept, "is_settled": True}) if is_over else found


def write(client: Client, current: Item, text: Any) -> Read:
    """Replace the body of a page, and return it.

    Raises:
        InvalidError: It holds what would be lost.
    """
    was = current.kept.get("body") or {}
    if was.get("partial"):
        raise InvalidError(
            f"The page {current.name or current.key} holds blocks that Markdown cannot.",
            "Leave its description to Notion with owner in the integration.",
            field="description",
        )
    wanted = description.normal(text)
    content = {"new_str": description.to_notion(wanted)}
    body = {"type": "replace_content", "replace_content": content}
    row = client.patch(place("pages", current.key, "markdown"), body)
    return description.read(shaped(row, "body", "markdown"), was, wanted)


def remembered(current: Item) -> Read | None:
    """Return a body as it was last read, which may have changed since without its page telling."""
    was = current.kept.get("body")
    if was is None:
        return None
    kept = {name: value for name, value in was.items() if name != "is_settled"}
    return Read(str(was.get("text", "")), kept)
