"""Judging a call's arguments by its JSON Schema: nothing is taken that the schema does not name."""

import json
import re
from collections.abc import Mapping
from typing import Any

from orchestrator.agent.clean import one_line
from orchestrator.agent.wishes import ToolError
from orchestrator.model.suggest import did_you_mean

MOST_CHARACTERS = 1_000_000
"""How long all arguments of a call may be, as JSON."""

_SHOWN = 60


def refuse_odd(tool: str, schema: Mapping[str, Any], arguments: Mapping[str, Any]) -> None:
    """Do nothing when arguments are what a tool's schema asks for.

    Args:
        tool: Its name.
        schema: Of its arguments; the keywords that `mcp.tools` uses are known here.
        arguments: As a client sent them.

    Raises:
        ToolError: They are something else.
    """
    try:
        length = len(json.dumps(arguments))
    except (ValueError, RecursionError):
        length = MOST_CHARACTERS + 1
    if length > MOST_CHARACTERS:
        raise ToolError(
            f"The arguments of {tool} are longer than {MOST_CHARACTERS:,} characters.",
            "Do less at a time.",
        )
    _object(tool, schema, arguments, "")


def _object(tool: str, schema: Mapping[str, Any], value: Mapping[str, Any], at: str) -> None:
    known = schema.get("properties")
    if known is None:
        return
    for name in value:
        if name not in known:
            raise ToolError(
                f"{tool} takes no {_shown(f'{at}{name}')} .",
                did_you_mean(name, known) or f"It takes {', '.join(known) or 'nothing'} .",
            )
    for name in schema.get("required", ()):
        if name not in value:
            raise ToolError(f"{tool} needs {at}{name} .", None)
    for name, item in value.items():
        _value(tool, known[name], item, f"{at}{name}")


def _value(tool: str, schema: Mapping[str, Any], value: Any, at: str) -> None:
    match schema.get("type"), value:
        case "string", str():
            _text(tool, schema, value, at)
        case "integer", int() if not isinstance(value, bool):
            least, most = schema.get("minimum", value), schema.get("maximum", value)
            if not least <= value <= most:
                raise ToolError(f"{at} of {tool} must be from {least} to {most} .")
        case "boolean", bool():
            pass
        case "array", list():
            most = schema.get("maxItems", len(value))
            if len(value) > most:
                raise ToolError(f"{at} of {tool} has {len(value):,} items, and may have {most:,} .")
            for index, item in enumerate(value):
                _value(tool, schema["items"], item, f"{at}[{index}]")
        case "object", dict():
            _object(tool, schema, value, f"{at}.")
        case kind, _:
            article = "an" if str(kind)[:1] in "aeio" else "a"
            raise ToolError(f"{at} of {tool} must be {article} {kind} .")


def _text(tool: str, schema: Mapping[str, Any], value: str, at: str) -> None:
    most = schema.get("maxLength", len(value))
    if len(value) > most:
        raise ToolError(
            f"{at} of {tool} has {len(value):,} characters, and may have {most:,} .", "Shorten it."
        )
    choices = schema.get("enum")
    if choices is not None and value not in choices:
        raise ToolError(
            f"{at} of {tool} cannot be {_shown(value)} .",
            did_you_mean(value[:_SHOWN], choices) or f"It is one of {', '.join(choices)} .",
        )
    pattern = schema.get("pattern")
    # `$` would let a line end through.
    if pattern is not None and not re.fullmatch(pattern.removesuffix("$"), value):
        raise ToolError(
            f"{at} of {tool} cannot be {_shown(value)} .", f"It must look like {pattern} ."
        )


def _shown(text: str) -> str:
    return repr(one_line(text)[:_SHOWN])
