"""What ruamel says about a text: words for an error, and a second opinion on what it means."""

from typing import TYPE_CHECKING, Any

from orchestrator.text.nodes import Fault
from orchestrator.text.scalars import resolve

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node as RuamelNode

MAX_EXPLAINED = 32 * 1024
"""ruamel needs some 10 ms for a kilobyte; nothing larger is given to it."""


def second_opinion(text: str) -> Any:
    """What ruamel makes of a text by the same core schema, or the Fault for which it refuses.

    None where it has no opinion: the text is too large to ask, or of a kind where ruamel is wrong.
    """
    if len(text) > MAX_EXPLAINED:
        return None
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    reader = YAML(typ="safe", pure=True)
    # As the native parser has it: no line break at the end does not shorten a block of text.
    whole = text if text.endswith("\n") else text + "\n"
    try:
        return _data(reader.compose(whole))
    except MarkedYAMLError as error:
        if "'\\t' that cannot start" in str(error.problem):
            return None  # ruamel refuses a tab before a comment or a line's end, which YAML allows
        mark = error.problem_mark or error.context_mark
        words = " ".join(part for part in (error.context, error.problem) if part)
        return Fault("ORC001", mark.index if mark else 0, f"This is not YAML: {words}.")
    except (YAMLError, ValueError, RecursionError, OverflowError) as error:
        return Fault("ORC001", 0, f"This is not YAML: {str(error).splitlines()[0]}.")


def _data(node: "RuamelNode | None") -> Any:
    from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

    if isinstance(node, MappingNode):
        return {str(key.value): _data(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_data(item) for item in node.value]
    if not isinstance(node, ScalarNode):
        return None
    if node.style in (None, ""):
        return resolve(node.value)
    return _joined(node.value)


def _joined(text: str) -> str:
    """Join the surrogate pairs that escapes may have left."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
