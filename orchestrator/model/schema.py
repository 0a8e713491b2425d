"""JSON Schemas of the files and of patches, for editors and other tools."""

import json
from typing import Any

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, str]:
    """Return the schema files' text by name: `task`, `project`, `user`, `settings`, `patch`."""
    from pydantic import BaseModel

    from orchestrator.model.entities import Patch, Project, Settings, Task, User

    models: dict[str, type[BaseModel]] = {
        "task": Task,
        "project": Project,
        "user": User,
        "settings": Settings,
    }
    made = {name: _file(model.model_json_schema(), name) for name, model in models.items()}
    envelope = Patch.model_json_schema()
    operations = envelope["properties"]["ops"]
    bare = {"type": "array", "items": operations["items"], "title": "RFC 6902 operations"}
    definitions = envelope.pop("$defs")
    made["patch"] = _file({"anyOf": [envelope, bare], "$defs": definitions}, "patch")
    return made


def _file(schema: dict[str, Any], name: str) -> str:
    titled = {"$schema": DRAFT, "title": f"orchestrator {name}", **_tidy(schema)}
    titled["title"] = f"orchestrator {name}"
    return json.dumps(titled, indent=2, ensure_ascii=False) + "\n"


def _tidy(node: Any) -> Any:
    """Drop what pydantic adds for Python's sake: a title repeating each key, defaults of null."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidied = {key: _tidy(value) for key, value in node.items()}
    if tidied.get("default", 0) is None:
        del tidied["default"]
    for key, value in tidied.items():
        if key == "properties" and isinstance(value, dict):
            for name, property_ in value.items():
                if isinstance(property_, dict):
                    property_["title"] = name
    return tidied
