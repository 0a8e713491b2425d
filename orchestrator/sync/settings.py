"""From an integration in orchestrator.yaml, and the people of the plan, to a `Tie`."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from orchestrator.model.shape import Document
from orchestrator.model.suggest import did_you_mean
from orchestrator.store.git import StoreError
from orchestrator.sync.remote import Tie

_READ_BY = ("kind", "url", "scope", "projects", "statuses", "priorities", "users", "people")
_DIGITS = 16


class IntegrationError(StoreError):
    """The settings name no such integration, or it is not what one has to be."""


def tie_of(settings: Mapping[str, Any], users: Mapping[str, Document], name: str) -> Tie:
    """Return an integration, read and judged.

    Args:
        settings: The workspace's.
        users: The people of the plan, by id.
        name: Of the integration.

    Raises:
        IntegrationError: There is none of that name, or something in it is missing or wrong.
    """
    known = integrations(settings)
    if name not in known:
        raise _unknown(name, list(known))
    said = _judged(name, known[name])
    people = {
        user_id: (user.get("email"), (user.get("handles") or {}).get(name))
        for user_id, user in users.items()
        if not user.get("deleted_at")
    }
    chosen = {key: value for key, value in said.items() if value is not None}
    projects = chosen.get("projects")
    url = chosen.get("url")
    return Tie(
        name=name,
        kind=chosen["kind"],
        token=chosen["token"],
        url=url.rstrip("/") if url else None,
        scope=chosen.get("scope", {}),
        projects=None if projects is None else tuple(projects),
        direction=chosen.get("direction", "both"),
        on_conflict=chosen.get("on_conflict", "stop"),
        owner=chosen.get("owner", {}),
        prune=chosen.get("prune", False),
        statuses=chosen.get("statuses", {}),
        priorities=chosen.get("priorities", {}),
        users=chosen.get("users", {}),
        people=people,
    )


def digest_of(tie: Tie) -> str:
    """Return what tells two ties apart that would read one item differently, in a few characters.

    Whoever wins, and which way changes go, is not part of it: that needs no reading anew.
    """
    said = [getattr(tie, name) for name in _READ_BY]
    text = json.dumps(said, sort_keys=True, default=dict)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def integrations(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the settings hold by name of integration; none where that is no mapping."""
    found = settings.get("integrations")
    return found if isinstance(found, Mapping) else {}


def _judged(name: str, document: Any) -> Mapping[str, Any]:
    from pydantic import ValidationError

    from orchestrator.model.entities.integration import Integration

    try:
        return Integration.model_validate(document).model_dump()
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
    where = ".".join(str(step) for step in fault["loc"])
    place = f"integrations.{name}{'.' if where else ''}{where}"
    if fault["type"] == "missing":
        message = f"{place} is missing in orchestrator.yaml."
    else:
        said = str(fault["msg"])
        message = f"{place} in orchestrator.yaml is wrong: {said[:1].lower()}{said[1:]}."
    raise IntegrationError(message, "orchestrator check names everything; sync init writes one.")


def _unknown(name: str, known: list[str]) -> IntegrationError:
    if not known:
        return IntegrationError(
            "No tracker is set up in orchestrator.yaml.",
            "orchestrator sync init KIND sets one up: linear, gitlab, notion, motion or github.",
        )
    hint = did_you_mean(name, known)
    return IntegrationError(
        f"There is no integration {name[:80]} .", hint or f"There are: {', '.join(known)} ."
    )
