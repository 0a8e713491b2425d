# ruff: noqa: INP001, T201 - a script beside the pages; it talks to whoever runs it
"""Writes everything that is made from the code: schemas, reference pages, output in the pages.

python docs/generate.py            writes what has changed
python docs/generate.py --check    writes nothing; shows what has changed and exits with 1
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from difflib import unified_diff
from itertools import islice
from pathlib import Path
from typing import Any

import click
from picture import picture
from transcripts import rerun

from orchestrator.check.explain import page
from orchestrator.cli.group import group
from orchestrator.model import ids
from orchestrator.model.rules import RULES, Rule
from orchestrator.model.schema import schemas

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
WIDTH = 78  # what --help fills in a terminal of 80 columns

_PART = re.compile(
    r"(?P<head><!-- made by docs/generate\.py: (?P<name>[a-z-]+) -->\n).*?(?P<tail><!-- end -->)",
    re.DOTALL,
)
_TAG = re.compile(r"<[^>]*>")


def files() -> Iterator[tuple[Path, str]]:
    """Yield each file that is made from the code, or in part, with its text as it should be."""
    for name, text in schemas().items():
        yield ROOT / "schemas" / f"{name}.json", text
    pages = (*sorted((ROOT / "docs").rglob("*.md")), *sorted(EXAMPLES.glob("*/README.md")))
    for path in (ROOT / "README.md", *pages):
        made = _PART.sub(_part, path.read_text(encoding="utf-8"))
        yield path, rerun(made, EXAMPLES)
    yield ROOT / "docs" / "picture.svg", picture(EXAMPLES)


def _part(found: re.Match[str]) -> str:
    return f"{found['head']}\n{_PARTS[found['name']]()}\n{found['tail']}"


def _rules() -> str:
    rows = [[rule.code, rule.title, _severity(rule)] for rule in RULES.values()]
    return _table([["code", "what is wrong", "default"], *rows])


def _severity(rule: Rule) -> str:
    return rule.severity + (", `check --fix` mends it" if rule.is_fixable else "")


def _rule_pages() -> str:
    rows = [["code", "name", "default", "what is wrong"]]
    for code, rule in RULES.items():
        link = f"[{code}](../orchestrator/check/pages/{code}.md)"
        said = _first_paragraph(page(code) or "")
        rows.append([link, f"`{rule.name}`", _severity(rule), said])
    return _table(rows)


def _first_paragraph(text: str) -> str:
    paragraphs = [part for part in text.split("\n\n") if part.strip() and not part.startswith("#")]
    return " ".join(paragraphs[0].split()) if paragraphs else ""


def _keys(name: str, *inside: str | int) -> Callable[[], str]:
    def made() -> str:
        schema = json.loads(schemas()[name])
        node: Any = schema
        for step in inside:
            node = node[step]
        return _key_table(node, schema)

    return made


def _key_table(node: dict[str, Any], schema: dict[str, Any]) -> str:
    required = node.get("required", ())
    rows = [["key", "value", "notes"]]
    for key, value in node["properties"].items():
        notes = value["description"]
        if "default" in value and "when left out" not in notes:
            notes += f" Without it: {json.dumps(value['default'])}."
        star = " (required)" if key in required else ""
        rows.append([f"`{key}`{star}", _value(value, schema), notes])
    return _table(rows)


def _value(node: dict[str, Any], schema: dict[str, Any]) -> str:
    if "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    if words := [str(word) for word in node.get("enum", ()) if word is not None]:
        return " · ".join(words)
    kind = node.get("type", "anything")
    kind = kind if isinstance(kind, str) else kind[0]
    match kind:
        case "array":
            many = "set" if node.get("uniqueItems") else "list"
            items = node["items"]
            if "$ref" in items or items.get("type") == "object":
                inner = (
                    schema["$defs"][items["$ref"].rpartition("/")[2]] if "$ref" in items else items
                )
                return f"{many} of {{{', '.join(inner['properties'])}}}"
            return f"{many} of {_plain(items)}"
        case "object" if node.get("properties") and "ORC001" in node["properties"]:
            return "{code: error · warning · off}"
        case "object" if node.get("properties"):
            return f"{{{', '.join(node['properties'])}}}"
        case "object" if "patternProperties" in node:
            ((pattern, inner),) = node["patternProperties"].items()
            name = "integration" if pattern == f"^{ids.INTEGRATION_NAME}$" else "name"
            return f"{{{name}: …}}" if "$ref" in inner else f"{{{name}: text}}"
        case "object":
            return "mapping"
        case "integer":
            return "whole number"
        case "boolean":
            return "true · false"
        case "string":
            return _plain(node)
        case _:
            return kind


def _plain(node: dict[str, Any]) -> str:
    if words := node.get("enum"):
        return " · ".join(words)
    if form := node.get("format"):
        return {"date": "date", "date-time": "timestamp"}[form]
    return _PATTERNS.get(str(node.get("pattern")), "text")


_PATTERNS = {
    f"^{ids.TASK_ID}$": "task id",
    f"^{ids.PROJECT_ID}$": "project id",
    f"^{ids.PROJECT_KEY}$": "key",
    f"^{ids.USER_ID}$": "user id",
}


def _commands() -> str:
    rows = [["command", "does"]]
    for words, context in _contexts():
        if isinstance(context.command, click.Group):
            continue
        usage = " ".join([*words, *_arguments(context)])
        rows.append([f"`{usage}`", context.command.get_short_help_str(200)])
    return _table(rows)


def _arguments(context: click.Context) -> list[str]:
    pieces = context.command.collect_usage_pieces(context)
    return [piece for piece in pieces if piece != "[OPTIONS]"]


def _help_texts() -> str:
    parts = []
    for words, context in _contexts():
        title = " ".join(words)
        parts.append(f"## {title}\n\n```text\n{context.get_help().rstrip()}\n```\n")
    return "\n".join(parts)


def _contexts() -> Iterator[tuple[list[str], click.Context]]:
    """Yield every command, groups before their members, in the order of --help."""
    root = group.make_context("orchestrator", [], resilient_parsing=True)
    root.terminal_width = WIDTH
    waiting: list[tuple[list[str], click.Context]] = [(["orchestrator"], root)]
    while waiting:
        words, context = waiting.pop(0)
        yield words, context
        command = context.command
        if not isinstance(command, click.Group):
            continue
        below = []
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None and not found.hidden:
                inner = type(context)(found, parent=context, info_name=name, terminal_width=WIDTH)
                below.append(([*words, name], inner))
        waiting = below + waiting


def _table(rows: list[list[str]]) -> str:
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    head, *rest = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([head, "|---" * len(rows[0]) + "|", *rest]) + "\n"


_PARTS: dict[str, Callable[[], str]] = {
    "commands": _commands,
    "help": _help_texts,
    "rules": _rules,
    "rule-pages": _rule_pages,
    "task-keys": _keys("task"),
    "entry-keys": _keys("task", "$defs", "TimeEntry"),
    "project-keys": _keys("project"),
    "user-keys": _keys("user"),
    "settings-keys": _keys("settings"),
    "integration-keys": _keys("settings", "$defs", "Integration"),
    "patch-keys": _keys("patch", "anyOf", 0),
    "op-keys": _keys("patch", "$defs", "Op"),
}


def main() -> int:
    """Write the files, or compare them."""
    only_checks = "--check" in sys.argv[1:]
    stale = 0
    for path, text in files():
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if _says(path, before) == _says(path, text):
            continue
        stale += 1
        name = path.relative_to(ROOT).as_posix()
        print(name)
        if only_checks:
            old, new = before.splitlines(), text.splitlines()
            lines = unified_diff(old, new, name, "as it should be", lineterm="")
            print("\n".join(islice(lines, 40)))
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if only_checks and stale:
        print("Stale. Run: python docs/generate.py", file=sys.stderr)
    return 1 if only_checks and stale else 0


def _says(path: Path, text: str) -> str:
    """Return what counts: of a picture the words, for versions of rich draw differently."""
    return _TAG.sub("", text.partition("</style>")[2]) if path.suffix == ".svg" else text


if __name__ == "__main__":
    sys.exit(main())
