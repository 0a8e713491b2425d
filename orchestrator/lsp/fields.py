"""What the model says of keys and values: their meaning, their words, what they hold."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from orchestrator.lsp.words import one_line
from orchestrator.model.places import Kind
from orchestrator.model.schema import schemas

Node = dict[str, Any]

_NAMES: dict[Kind, str] = {
    "tasks": "task", "projects": "project", "users": "user", "settings": "settings",
}  # fmt: skip


@lru_cache(maxsize=1)
def _schemas() -> dict[str, Node]:
    return {name: json.loads(text) for name, text in schemas().items()}


def node_at(kind: Kind, steps: Sequence[str | int]) -> Node | None:
    """Return what the model says of a place, as a JSON Schema; None where it knows none."""
    root = _schemas()[_NAMES[kind]]
    node: Node | None = root
    for step in steps:
        node = _inner(root, node, step) if node is not None else None
    return None if node is None else _resolved(root, node)


def keys_of(node: Node) -> dict[str, Node]:
    """Return the keys that a mapping may have, in the order in which a file lists them."""
    return dict(node.get("properties") or {})


def words_of(node: Node) -> list[str]:
    """Return the words from which a value is chosen; none where any will do."""
    words = node.get("enum") or ([node["const"]] if "const" in node else [])
    if not words and "boolean" in _types(node):
        words = [True, False]
    return [_word(word) for word in words if word is not None]


def is_mapping(node: Node) -> bool:
    """Return whether a place holds a mapping."""
    return "object" in _types(node)


def is_list(node: Node) -> bool:
    """Return whether a place holds a list."""
    return "array" in _types(node)


def explained(name: str, node: Node, *, is_required: bool = False) -> str:
    """Return what there is to say of a key, as Markdown."""
    head = f"**{name}**{' (required)' if is_required else ''}"
    lines = [f"{head} {node['description']}" if node.get("description") else head]
    if words := words_of(node):
        lines.append("One of " + " · ".join(f"`{word}`" for word in words))
    if node.get("default") is not None:
        lines.append(f"When left out: `{_word(node['default'])}`")
    for example in (node.get("examples") or [])[:1]:
        shown = example if isinstance(example, str) else json.dumps(example, ensure_ascii=False)
        lines.append(f"For instance `{one_line(shown, 80)}`")
    return "\n\n".join(lines)


def _inner(root: Node, node: Node, step: str | int) -> Node | None:
    node = _resolved(root, node)
    if isinstance(step, int):
        items = node.get("items")
        return items if isinstance(items, dict) else None
    if step in (node.get("properties") or {}):
        found: Node = node["properties"][step]
        return found
    for pattern, inner in (node.get("patternProperties") or {}).items():
        if re.search(pattern, step):
            return dict(inner)
    more = node.get("additionalProperties")
    return more if isinstance(more, dict) else None


def _resolved(root: Node, node: Node) -> Node:
    if "$ref" not in node:
        return node
    found = root["$defs"][node["$ref"].rpartition("/")[2]]
    return {**found, **{key: value for key, value in node.items() if key != "$ref"}}


def _types(node: Node) -> list[str]:
    found = node.get("type")
    return found if isinstance(found, list) else [str(found)]


def _word(word: object) -> str:
    return {True: "true", False: "false"}[word] if isinstance(word, bool) else str(word)
