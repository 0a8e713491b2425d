"""What Motion's description, written by hand for this project, says against a request."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from ruamel.yaml import YAML

from tests.sync.fakes.server import Seen


@cache
def _described(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(path.read_text("utf-8"))
    return found


def refusal(path: Path, request: Seen) -> str | None:
    """Return why a request is none that the description knows; None when it is one."""
    whole = _described(path)
    item: dict[str, Any] = next(
        (
            entry
            for template, entry in whole["paths"].items()
            if re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", template), request.path)
        ),
        {},
    )
    operation = item.get(request.method.lower())
    if operation is None:
        return None  # the fake answers 404 itself
    known = [_resolved(whole, each) for each in (*item.get("parameters", ()), *_asked(operation))]
    names = {each["name"] for each in known if each["in"] == "query"}
    if extra := sorted({name for name, _ in request.query} - names):
        return f"Unknown query parameter {extra[0]}"
    lacking = [e["name"] for e in known if e["in"] == "query" and e.get("required")]
    if any(request.get(name) is None for name in lacking):
        return f"{lacking[0]} is required"
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return "No body is expected" if request.body else None
    schema = {**_plain(content["schema"]), "components": _plain(whole["components"])}
    try:
        jsonschema.validate(request.json, schema)
    except jsonschema.ValidationError as error:
        return f"{'.'.join(map(str, error.absolute_path)) or 'body'}: {error.message}"
    writable = whole["components"]["schemas"]["TaskWritable"]["properties"]
    posted = whole["components"]["schemas"]["ProjectPost"]["properties"]
    allowed = set(posted if request.path.startswith("/projects") else writable)
    extra = sorted(set(request.json) - allowed)
    return f"Unknown field {extra[0]}" if extra else None


def _asked(operation: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = operation.get("parameters", [])
    return found


def _resolved(whole: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in value:
        return value
    found = whole
    for part in value["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


def _plain(value: Any) -> Any:
    """OpenAPI's `nullable` in the words of JSON Schema."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: _plain(each) for name, each in value.items() if name != "nullable"}
    if value.get("nullable") and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
    return found
