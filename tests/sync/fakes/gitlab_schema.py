"""What GitLab's own descriptions of its API say of requests and answers."""

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.sync.fakes.server import Reply, Seen

_DAY_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_LABELS = ("labels", "add_labels", "remove_labels")


class Schema:
    """The description of requests, and the one of an issue that GitLab tests itself with."""

    def __init__(self, folder: Path) -> None:
        text = (folder / "gitlab.trimmed.json").read_text(encoding="utf-8")
        self.document = json.loads(text)
        issue = (folder / "public_api_v4_issue.schema.json").read_text(encoding="utf-8")
        self.issue = json.loads(issue)
        self.paths = [
            (re.compile(re.sub(r"\{[^}]+\}", "([^/]+)", template) + r"\Z"), template)
            for template in sorted(self.document["paths"], key=lambda each: each.count("{"))
        ]

    def refusal(self, request: Seen) -> str | None:
        """Return what is wrong with a request, in GitLab's words, or None."""
        template = next((each for pattern, each in self.paths if pattern.match(request.path)), "")
        operation = self.document["paths"].get(template, {}).get(request.method.lower())
        if operation is None:
            # Labels, milestones, members and accounts are not in the part that is at hand.
            return None
        for parameter in operation.get("parameters", []):
            name = parameter["name"]
            if parameter["in"] == "query":
                value = request.get(name)
                if value is not None and _wrong_text(value, parameter):
                    return f"{name} does not have a valid value"
            elif parameter["in"] == "body":
                wrong = self._wrong_body(request, parameter["schema"])
                if wrong:
                    return wrong
        return None

    def complaint(self, request: Seen, reply: Reply) -> str | None:
        """Return what an issue has that GitLab's have not, or None."""
        from jsonschema import Draft7Validator

        rows = reply.body if isinstance(reply.body, list) else [reply.body]
        if not re.fullmatch(r".*/issues(/\d+)?", request.path):
            return None
        for row in rows[:3]:
            error = next(iter(Draft7Validator(self.issue).iter_errors(row)), None)
            if error is not None:
                return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        return None

    def _wrong_body(self, request: Seen, schema: Mapping[str, Any]) -> str | None:
        from jsonschema import Draft4Validator

        known = self.document["definitions"][schema["$ref"].rsplit("/", 1)[1]]
        body = request.json if request.body else {}
        if not isinstance(body, dict):
            return "body is invalid"
        lenient = {
            name: _coerced(name, value, known["properties"].get(name, {}))
            for name, value in body.items()
        }
        error = next(iter(Draft4Validator(known).iter_errors(lenient)), None)
        if error is None:
            return None
        name = "/".join(map(str, error.absolute_path)) or error.message
        return f"{name} is invalid: {error.message}"


@cache
def schema() -> Schema | None:
    """Return the description, or None where it is not at hand."""
    folder = os.environ.get("ORCHESTRATOR_VENDOR_SCHEMAS")
    return Schema(Path(folder) / "gitlab") if folder else None


def _coerced(name: str, value: Any, schema: Mapping[str, Any]) -> Any:
    """What GitLab takes for another type: numbers for texts, and labels in one text."""
    kind = schema.get("type")
    if name in _LABELS and isinstance(value, str):
        return value.split(",")
    if kind == "string" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if kind == "integer" and isinstance(value, str) and value.isdecimal():
        return int(value)
    return value


def _wrong_text(value: str, schema: Mapping[str, Any]) -> bool:
    if schema.get("type") == "integer":
        return not value.isdecimal()
    if schema.get("type") == "boolean":
        return value not in {"true", "false", "0", "1"}
    if "enum" in schema and value not in schema["enum"]:
        return True
    return schema.get("format") == "date-time" and not _DAY_TIME.fullmatch(value)
