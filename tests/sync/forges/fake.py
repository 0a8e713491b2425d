"""A forge on this machine: it keeps requests, and refuses what the vendor's API refuses."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema

TOKEN = "s3cret-token"

# What the vendors' descriptions say of these bodies, in our words: members, types, which must be
# there, how long they may be. The vendor's own schema is taken where the folder that
# ORCHESTRATOR_VENDOR_SCHEMAS names has one for the operation.
_TEXT = {"type": "string", "minLength": 1}
_GITHUB_CREATE = {
    "type": "object", "required": ["title", "head", "base"], "additionalProperties": False,
    "properties": {
        "title": {**_TEXT, "maxLength": 256}, "head": _TEXT, "base": _TEXT, "head_repo": _TEXT,
        "body": {"type": "string", "maxLength": 65_536}, "draft": {"type": "boolean"},
        "maintainer_can_modify": {"type": "boolean"}, "issue": {"type": "integer"},
    },
}  # fmt: skip
_GITHUB_UPDATE = {
    "type": "object", "additionalProperties": False,
    "properties": {
        "title": {**_TEXT, "maxLength": 256}, "body": {"type": "string", "maxLength": 65_536},
        "state": {"enum": ["open", "closed"]}, "base": _TEXT,
        "maintainer_can_modify": {"type": "boolean"},
    },
}  # fmt: skip
_GITLAB_UPDATE = {
    "type": "object", "additionalProperties": False, "minProperties": 1,
    "properties": {
        "title": {**_TEXT, "maxLength": 255},
        "description": {"type": "string", "maxLength": 1_048_576},
        "target_branch": _TEXT, "labels": {"type": "string"}, "squash": {"type": "boolean"},
        "remove_source_branch": {"type": "boolean"},
    },
}  # fmt: skip
_GITLAB_CREATE = {
    **_GITLAB_UPDATE, "required": ["source_branch", "target_branch", "title"],
    "properties": {**_GITLAB_UPDATE["properties"], "source_branch": _TEXT},  # type: ignore[dict-item]
}  # fmt: skip
_OWN = {
    ("github", "POST"): _GITHUB_CREATE, ("github", "PATCH"): _GITHUB_UPDATE,
    ("gitlab", "POST"): _GITLAB_CREATE, ("gitlab", "PUT"): _GITLAB_UPDATE,
}  # fmt: skip
_PATHS = {
    ("github", "POST"): "/repos/{owner}/{repo}/pulls",
    ("github", "PATCH"): "/repos/{owner}/{repo}/pulls/{pull_number}",
    ("gitlab", "POST"): "/api/v4/projects/{id}/merge_requests",
    ("gitlab", "PUT"): "/api/v4/projects/{id}/merge_requests/{merge_request_iid}",
}
_ROUTES = {
    "github": re.compile(r"/api/v3/repos/(?P<project>[^/]+/[^/]+)/pulls(?:/(?P<number>\d+))?"),
    "gitlab": re.compile(
        r"/api/v4/projects/(?P<project>[^/]+)/merge_requests(?:/(?P<number>\d+))?"
    ),
}


@dataclass
class Fake:
    """What the forge has and was asked.

    Attributes:
        kind: `github` or `gitlab`.
        project: The one that it has.
        branches: That it knows; None for all.
        requests: By number.
        asked: Method and path of each request, and the body.
        answers: What to answer next, instead: status, headers, body.
        port: Where it listens.
    """

    kind: str
    project: str = "team/plan"
    branches: set[str] | None = None
    requests: dict[int, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    answers: list[tuple[int, Mapping[str, str], Any]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], body: Any
    ) -> tuple[int, Mapping[str, str], Any]:
        """Return status, headers and body, as the vendor would."""
        self.asked.append((method, target, body))
        if self.answers:
            return self.answers.pop(0)
        name = "Authorization" if self.kind == "github" else "PRIVATE-TOKEN"
        wanted = f"Bearer {TOKEN}" if self.kind == "github" else TOKEN
        if headers.get(name) != wanted:
            return 401, {}, {"message": "Bad credentials"}
        parts = urlsplit(target)
        found = _ROUTES[self.kind].fullmatch(parts.path)
        if found is None or unquote(found["project"]) != self.project:
            return 404, {}, {"message": "Not Found"}
        number = found["number"] and int(found["number"])
        if number and number not in self.requests:
            return 404, {}, {"message": "Not Found"}
        if method == "GET":
            return 200, {}, self._listed(dict(parse_qsl(parts.query)))
        schema = body_schema(self.kind, method)
        if schema is None or (method == "POST") == bool(number):
            return 405, {}, {"message": "Method Not Allowed"}
        try:
            jsonschema.validate(body, schema)
        except jsonschema.ValidationError as error:
            status = 422 if self.kind == "github" else 400
            return status, {}, {"message": "Validation Failed", "errors": [error.message]}
        return self._kept(method, number, body)

    def _listed(self, query: Mapping[str, str]) -> list[dict[str, Any]]:
        if self.kind == "github":
            owner, _, head = query["head"].partition(":")
            assert (owner, query["state"]) == (self.project.partition("/")[0], "open")
            return [
                item
                for item in self.requests.values()
                if (item["head"]["ref"], item["base"]["ref"], item["state"])
                == (head, query["base"], "open")
            ]
        return [
            item
            for item in self.requests.values()
            if (item["source_branch"], item["target_branch"], item["state"])
            == (query["source_branch"], query["target_branch"], query["state"])
        ]

    def _kept(
        self, method: str, number: int | str | None, body: dict[str, Any]
    ) -> tuple[int, Mapping[str, str], Any]:
        if method != "POST":
            found = self.requests[int(number or 0)]
            found |= body
            return 200, {}, found
        head, base = (
            (body["head"], body["base"])
            if self.kind == "github"
            else (body["source_branch"], body["target_branch"])
        )
        missing = [name for name in (head, base) if self.branches and name not in self.branches]
        if missing or head == base:
            error = {"resource": "PullRequest", "code": "invalid", "field": "base"}
            status = 422 if self.kind == "github" else 400
            return status, {}, {"message": "Validation Failed", "errors": [error]}
        fresh = len(self.requests) + 1
        made: dict[str, Any] = {**body, "state": "open" if self.kind == "github" else "opened"}
        if self.kind == "github":
            made |= {"number": fresh, "html_url": f"{self.url}/{self.project}/pull/{fresh}"}
            made |= {"head": {"ref": head}, "base": {"ref": base}}
        else:
            where = f"{self.url}/{self.project}/-/merge_requests/{fresh}"
            made |= {"iid": fresh, "id": 1000 + fresh, "web_url": where}
        self.requests[fresh] = made
        return 201, {}, made


def body_schema(kind: str, method: str) -> Any:
    """Return the JSON Schema of a body: the vendor's, or what we know of it; None for no such."""
    folder = os.environ.get("ORCHESTRATOR_VENDOR_SCHEMAS")
    path = _PATHS.get((kind, method))
    file = Path(folder or "", kind, f"{kind}.trimmed.json")
    if folder and path and file.is_file():
        document = json.loads(file.read_text("utf-8"))
        operation = document.get("paths", {}).get(path, {}).get(method.lower())
        if operation:
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            if schema:
                return {**schema, "components": document.get("components", {})}
    return _OWN.get((kind, method))


@contextmanager
def serving(fake: Fake) -> Iterator[Fake]:
    """Let a fake listen on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            data = self.rfile.read(length)
            body = json.loads(data) if data else None
            status, headers, answer = fake.answer(
                self.command, self.path, dict(self.headers.items()), body
            )
            sent = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PATCH = do_PUT = _serve  # noqa: N815 - the server's names

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()
