"""What the schema derived from Notion's own SDK says against a request."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from tests.sync.fakes.server import Seen

_BODIES = {
    ("POST", r"/v1/pages"): "CreatePageBodyParameters",
    ("PATCH", r"/v1/pages/[^/]+"): "UpdatePageBodyParameters",
    ("PATCH", r"/v1/pages/[^/]+/markdown"): "UpdatePageMarkdownBodyParameters",
    ("POST", r"/v1/data_sources/[^/]+/query"): "QueryDataSourceBodyParameters",
    ("PATCH", r"/v1/data_sources/[^/]+"): "UpdateDataSourceBodyParameters",
    ("POST", r"/v1/search"): "SearchBodyParameters",
}


@cache
def _definitions(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@cache
def _validator(path: Path, name: str) -> Any:
    schema = {**_definitions(path), "$ref": f"#/definitions/{name}"}
    return jsonschema.Draft7Validator(schema)


def refusal(path: Path, request: Seen) -> str | None:
    """Return why a request is none that the schema knows; None when it is one."""
    name = next(
        (
            each
            for (method, pattern), each in _BODIES.items()
            if method == request.method and re.fullmatch(pattern, request.path)
        ),
        None,
    )
    if name is None:
        return "a body is not expected" if request.body else None
    return complaint(path, name, request.json if request.body else {})


def complaint(path: Path, name: str, document: Any) -> str | None:
    """Return what a definition has against a document; None when it has nothing."""
    error = next(iter(_validator(path, name).iter_errors(document)), None)
    if error is None:
        return None
    deepest = min(_leaves(error), key=lambda each: -len(each.absolute_path))
    where = "".join(f".{part}" for part in deepest.absolute_path)
    return f"body failed validation: body{where} {deepest.message[:300]}"


def _leaves(error: Any) -> list[Any]:
    if not error.context:
        return [error]
    return [leaf for each in error.context for leaf in _leaves(each)]
