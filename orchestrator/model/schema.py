"""JSON Schemas of the files and of patches, for editors and other tools.

The schemas say what the pydantic models say, in the form that editors show best: one `type`
where pydantic has a choice of two, words to choose from, a description at every key.
"""

import json
from collections.abc import Iterator
from typing import Any

from orchestrator.model.rules import RULES
from orchestrator.model.vocabulary import DEFAULT_PRIORITY, SEVERITIES

DRAFT = "https://json-schema.org/draft/2020-12/schema"

Node = dict[str, Any]

_ONE_LINE = r"^[^\n]*\S[^\n]*$"
_FORMATS = {
    "date": r"^\d{4}-\d\d-\d\d$",
    "date-time": r"^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)$",
}

# What a key means when it is left out; the models hold nothing there, so that files stay short.
_DEFAULTS: dict[str, Node] = {
    "task": {"priority": DEFAULT_PRIORITY},
    "project": {"priority": DEFAULT_PRIORITY},
    "user": {"kind": "human", "role": "member", "active": True},
    "settings": {"version": 1, "max_depth": 5, "hours_per_day": 8, "commit": "manual"},
    "patch": {},
}
_SETS = frozenset({"labels", "tags", "dependencies"})
_LABELS = ("labels", "tags")
_TITLES = ("title", "name")
_PRESENT_VALUE = ("add", "replace", "test")
_PRESENT_FROM = ("move", "copy")
_ORDER = (
    "title", "description", "examples", "default", "type", "enum", "pattern", "format",
    "minLength", "maxLength", "minimum", "exclusiveMinimum", "maximum", "required", "properties",
)  # fmt: skip
_OP_WORDS = {
    "op": "What the step does.",
    "path": "RFC 6901 pointer into the plan: /tasks/<id>/<field>, /projects/<id>, /users/<id>, "
    "/settings/<field>; a task's folder is its field project.",
    "from": "Where a move or copy takes the value.",
    "value": "The new value; for test, the value that must be there.",
}


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
    made = {name: _made(name, model.model_json_schema()) for name, model in models.items()}
    made["settings"]["properties"]["rules"] |= _rules()
    made["patch"] = _patch(_made("patch", Patch.model_json_schema()))
    return {name: _text(name, schema) for name, schema in made.items()}


def _made(name: str, schema: Node) -> Node:
    definitions = schema.get("$defs", {})
    made: Node = _tidy(schema, definitions)
    for key, value in _DEFAULTS[name].items():
        made["properties"][key]["default"] = value
    used = json.dumps({key: value for key, value in made.items() if key != "$defs"})
    kept = {key: node for key, node in made.get("$defs", {}).items() if f'$defs/{key}"' in used}
    made.pop("$defs", None)
    return {**made, "$defs": kept} if kept else made


def _text(name: str, schema: Node) -> str:
    head = {"$schema": DRAFT, "title": f"orchestrator {name}"}
    rest = {key: value for key, value in schema.items() if key not in head}
    return json.dumps(head | rest, indent=2, ensure_ascii=False) + "\n"


def _tidy(node: Any, definitions: Node, name: str = "") -> Any:
    """Return a schema without what pydantic adds for Python's sake."""
    if isinstance(node, list):
        return [_tidy(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "anyOf" in node:
        node = _without_choice(node, definitions)
    made: Node = {}
    for key, value in sorted(node.items(), key=_place):
        if key in ("properties", "$defs"):
            made[key] = {inner: _tidy(item, definitions, inner) for inner, item in value.items()}
        elif key == "default" or (key == "additionalProperties" and value is True):
            continue  # of keys that may be null or empty: it says nothing
        elif key in ("examples", "enum", "const", "required"):
            made[key] = value
        else:
            made[key] = _tidy(value, definitions)
    if "patternProperties" in made:
        made["additionalProperties"] = False
    if name:
        made |= _detail(name, made)
    return made


def _place(item: tuple[str, Any]) -> tuple[int, str]:
    key = item[0]
    return (_ORDER.index(key) if key in _ORDER else len(_ORDER), key)


def _detail(name: str, made: Node) -> Node:
    """Return what the models check in code and therefore do not tell pydantic's schema."""
    more: Node = {"title": name}
    if name in _SETS:
        more["uniqueItems"] = True
    if name in _LABELS:
        more["items"] = {**made["items"], "pattern": _ONE_LINE}
    if name in _TITLES and "minLength" in made:
        more["pattern"] = _ONE_LINE
    if (form := made.get("format")) in _FORMATS:
        more["pattern"] = _FORMATS[form]
    return more


def _without_choice(node: Node, definitions: Node) -> Node:
    """Return `anyOf: [something, null]` as something whose type may also be null.

    Editors complete and explain one type; of a choice they show the alternatives.
    """
    some = [option for option in node["anyOf"] if option != {"type": "null"}]
    if len(some) != 1 or len(some) == len(node["anyOf"]):
        return node
    option: Node = some[0]
    if "$ref" in option:
        option = definitions[option["$ref"].rpartition("/")[2]]
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    merged = {**option, **rest, "type": [option["type"], "null"]}
    if "enum" in option:
        merged["enum"] = [*option["enum"], None]
    if "const" in option:
        merged["enum"] = [merged.pop("const"), None]
    return merged


def _rules() -> Node:
    words = {
        rule.code: {
            "title": rule.code,
            "description": f"{rule.title[:1].upper()}{rule.title[1:]}; {rule.severity} when left "
            "out.",
            "type": "string",
            "enum": list(SEVERITIES),
            "default": rule.severity,
        }
        for rule in RULES.values()
    }
    return {"properties": words, "additionalProperties": False}


def _patch(envelope: Node) -> Node:
    step = envelope.pop("$defs")["Op"]
    for name, description in _OP_WORDS.items():
        step["properties"][name] = {"title": name, "description": description} | {
            key: value for key, value in step["properties"][name].items() if key != "title"
        }
    step["properties"]["op"]["examples"] = ["replace"]
    step["properties"]["from"]["type"] = "string"
    step["allOf"] = list(_needs())
    operations = envelope["properties"]["ops"]
    bare = {
        "title": "RFC 6902 operations",
        "description": "The steps alone, as other tools write them.",
        "type": "array",
        "items": operations["items"],
        "maxItems": operations["maxItems"],
    }
    envelope["title"] = "Envelope"
    return {
        "description": "A change to a plan: RFC 6902 operations, bare or with who and why.",
        "anyOf": [envelope, bare],
        "$defs": {"Op": step},
    }


def _needs() -> Iterator[Node]:
    for words, member in ((_PRESENT_VALUE, "value"), (_PRESENT_FROM, "from")):
        yield {"if": {"properties": {"op": {"enum": list(words)}}}, "then": {"required": [member]}}
