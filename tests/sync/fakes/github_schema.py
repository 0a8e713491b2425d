"""What GitHub's own description of its API says of requests and answers."""

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.sync.fakes.server import Reply, Seen

_DAY_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# The description says that due_on is a string; the API takes null there, and milestones lose
# their date by nothing else (PyGithub#2533, octokit.js#1404).
_NULL_ALL_THE_SAME = {("PATCH", "/repos/{owner}/{repo}/milestones/{milestone_number}"): ["due_on"]}
# Of GitHub as well, and not in the part of the description that is at hand.
UNDESCRIBED = {"/user/repos"}


class Schema:
    """The description, compiled piece by piece when it is first needed."""

    def __init__(self, path: Path) -> None:
        self.document = json.loads(path.read_text(encoding="utf-8"))
        self.components = {"components": _strict(self.document["components"])}
        self.checks: dict[str, Any] = {}
        self.paths = [
            (re.compile(re.sub(r"\{[^}]+\}", "([^/]+)", template) + r"\Z"), template)
            for template in sorted(self.document["paths"], key=lambda each: each.count("{"))
        ]

    def refusal(self, request: Seen) -> str | None:
        """Return what is wrong with a request, or None."""
        template = self.template(request.path)
        operation = self._operation(request.method, template)
        if operation is None:
            return None if request.path in UNDESCRIBED else "there is no such operation"
        for parameter in operation.get("parameters", []):
            value = request.get(parameter["name"])
            wrong = value is not None and _wrong_text(value, parameter["schema"])
            if parameter["in"] == "query" and wrong:
                return f"query {parameter['name']}: {value}"
        wanted = operation.get("requestBody")
        if wanted is None:
            return None
        if not request.body:
            return "no body" if wanted.get("required") else None
        body = dict(request.json) if isinstance(request.json, Mapping) else request.json
        for name in _NULL_ALL_THE_SAME.get((request.method, template), []):
            if body.get(name, "") is None:
                del body[name]
        due = body.get("due_on") if isinstance(body, Mapping) else None
        if due is not None and not _DAY_TIME.fullmatch(str(due)):
            return f"due_on: {due} is no date-time"
        schema = wanted["content"]["application/json"]["schema"]
        return self.mismatch(f"{request.method} {template}", schema, body)

    def complaint(self, request: Seen, reply: Reply) -> str | None:
        """Return what an answer has that the description has not, or None."""
        operation = self._operation(request.method, self.template(request.path))
        known = operation["responses"].get(str(reply.status)) if operation else None
        if known is None:
            is_fine = request.path in UNDESCRIBED or reply.status in {401, 403, 404, 429}
            return None if is_fine else f"{reply.status} is not described"
        if "$ref" in known:
            known = self.document["components"]["responses"][known["$ref"].rsplit("/", 1)[1]]
        content = known.get("content", {}).get("application/json")
        if content is None:
            return None if reply.body is None else "has a body"
        name = f"{request.method} {self.template(request.path)} {reply.status}"
        return self.mismatch(name, content["schema"], reply.body)

    def mismatch(self, name: str, schema: Any, value: Any) -> str | None:
        from jsonschema import Draft4Validator

        if name not in self.checks:
            self.checks[name] = Draft4Validator({"allOf": [_strict(schema)], **self.components})
        error = next(iter(self.checks[name].iter_errors(value)), None)
        if error is None:
            return None
        return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"

    def template(self, path: str) -> str:
        return next((each for pattern, each in self.paths if pattern.match(path)), "")

    def _operation(self, method: str, template: str) -> Any:
        found = self.document["paths"].get(template, {}).get(method.lower())
        if found is None:
            return None
        parameters = [
            self.document["components"]["parameters"][each["$ref"].rsplit("/", 1)[1]]
            if "$ref" in each
            else each
            for each in found.get("parameters", [])
        ]
        return {**found, "parameters": parameters}


@cache
def schema() -> Schema | None:
    """Return the description, or None where it is not at hand."""
    folder = os.environ.get("ORCHESTRATOR_VENDOR_SCHEMAS")
    return Schema(Path(folder) / "github" / "github.trimmed.json") if folder else None


def _strict(value: Any) -> Any:
    """OpenAPI's `nullable` in the words of JSON Schema."""
    if isinstance(value, list):
        return [_strict(each) for each in value]
    if not isinstance(value, dict):
        return value
    made = {name: _strict(each) for name, each in value.items() if name != "example"}
    if made.pop("nullable", False) is not True:
        return made
    return {"anyOf": [made, {"type": "null"}]}


def _wrong_text(value: str, schema: Mapping[str, Any]) -> bool:
    if schema.get("type") == "integer":
        return not value.isdecimal()
    if "enum" in schema and value not in schema["enum"]:
        return True
    return schema.get("format") == "date-time" and not _DAY_TIME.fullmatch(value)
