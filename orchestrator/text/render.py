"""The canonical text of a new file, and of every value that is written into an old one."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from orchestrator.text.intent import checked

WIDTH = 80
"""Short lists of labels stay on one line up to this column."""

FLOW_KEYS = frozenset({"labels", "tags"})

# What a YAML 1.1 or 1.2 reader takes for something other than text, in any case of letters.
_WORDS = frozenset(
    "y n yes no on off true false null nan inf infinity".split()  # noqa: SIM905  # a word list
)
_PLAIN_FIRST = re.compile(r"[^\W\d_]|[(/]")
_NOT_PLAIN = re.compile(r":(?:[ \t]|\Z)|[ \t]#|[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NOT_FLOW = re.compile(r"[,:?\[\]{}]")
_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[-+][0-9]{2}(?::?[0-9]{2})?)?)?\Z"
)
_UNCLEAN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|[ \t]+(?:\n|\Z)|(?:\A|\n)\t"
)
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
# Joiners inside emoji and words, and the no-break space: no reason to spell them as escapes.
_INVISIBLE_BUT_FINE = "\u200c\u200d\xa0"


class Habits(NamedTuple):
    """How a file is laid out.

    Attributes:
        step: Columns that a nested mapping is indented by.
        dash: Columns that the dashes of a list are indented by, under their key.
        gap: Spaces behind a dash.
        blocks: Whether text of several lines is written as a block.
    """

    step: int = 2
    dash: int = 2
    gap: int = 1
    blocks: bool = True


class Rendered(NamedTuple):
    """A value in block context: what stands on the line of its key or dash, and the lines below."""

    inline: str
    lines: list[str]


CANONICAL = Habits()


def render(doc: Mapping[str, Any], order: Sequence[str] = ()) -> str:
    """The canonical text of a document.

    Args:
        doc: The document; JSON values only.
        order: Keys of the root that come first, in this order.
    """
    ordered = in_order(checked(doc), order)
    if not ordered:
        return "{}\n"
    return "\n".join(mapping_lines(ordered, 0, CANONICAL)) + "\n"


def in_order(doc: dict[str, Any], order: Sequence[str]) -> dict[str, Any]:
    """The document with the keys of `order` first, and the rest as they come."""
    known = [key for key in order if key in doc]
    return {key: doc[key] for key in dict.fromkeys([*known, *doc])}


def mapping_lines(doc: Mapping[str, Any], column: int, habits: Habits) -> list[str]:
    """Lines of a block mapping whose keys stand at `column`."""
    lines: list[str] = []
    for key, value in doc.items():
        inline, below = value_block(value, key, column, habits, in_item=False)
        head = " " * column + scalar(key) + ":"
        lines.append(f"{head} {inline}" if inline else head)
        lines += below
    return lines


def sequence_lines(values: Sequence[Any], key: str, column: int, habits: Habits) -> list[str]:
    """Lines of a block list whose dashes stand at `column`; `key` is the one that holds it."""
    lines: list[str] = []
    for value in values:
        inline, below = value_block(value, key, column, habits, in_item=True)
        lines.append(" " * column + "-" + " " * habits.gap + inline)
        lines += below
    return lines


def value_block(value: Any, key: str, column: int, habits: Habits, *, in_item: bool) -> Rendered:
    """A value behind a key, or behind a dash, that stands at `column`."""
    if isinstance(value, dict) and value:
        if in_item:
            lines = mapping_lines(value, column + 1 + habits.gap, habits)
            return Rendered(lines[0].lstrip(" "), lines[1:])
        return Rendered("", mapping_lines(value, column + habits.step, habits))
    if isinstance(value, list) and value:
        if in_item:
            lines = sequence_lines(value, key, column + 1 + habits.gap, habits)
            return Rendered(lines[0].lstrip(" "), lines[1:])
        inline = short_list(value, key, column)
        if inline:
            return Rendered(inline, [])
        return Rendered("", sequence_lines(value, key, column + habits.dash, habits))
    if isinstance(value, str) and "\n" in value and habits.blocks:
        step = 1 + habits.gap if in_item else habits.step
        block = literal(value, column + step, step)
        if block is not None:
            return block
    return Rendered(flow(value, key, in_flow=False), [])


def short_list(values: list[Any], key: str, column: int) -> str | None:
    """A list of labels on one line, where it is short enough."""
    if key not in FLOW_KEYS or not all(
        isinstance(value, str) and is_plain(value, in_flow=True) for value in values
    ):
        return None
    text = f"[{', '.join(values)}]"
    return text if column + len(key) + 2 + len(text) <= WIDTH else None


def flow(value: Any, key: str = "", *, in_flow: bool = True) -> str:
    """A value on one line, collections in brackets."""
    if isinstance(value, dict):
        inner = (
            f"{scalar(name, in_flow=True)}: {flow(item, name)}" for name, item in value.items()
        )
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, list):
        return f"[{', '.join(flow(item, key) for item in value)}]"
    return scalar(value, key, in_flow=in_flow)


def scalar(value: Any, key: str = "", *, in_flow: bool = False, plain_date: bool = False) -> str:
    """A scalar on one line: plain where every reader agrees on it, otherwise in double quotes.

    Args:
        value: Text, number, boolean or null.
        key: The key that it belongs to; dates are plain behind `*_date`, `*_at` and `at`.
        in_flow: Whether it stands in brackets.
        plain_date: Whether a date is plain whatever the key.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    if is_plain(value, in_flow=in_flow):
        return value
    if _DATE.match(value) and (plain_date or is_date_key(key)):
        return value
    return double_quoted(value)


def is_date_key(key: str) -> bool:
    """Whether dates stand behind this key, by its name."""
    return key == "at" or key.endswith(("_date", "_at"))


def is_plain(text: str, *, in_flow: bool) -> bool:
    """Whether a text can be written without quotes and mean the same to every YAML reader."""
    return (
        _PLAIN_FIRST.match(text) is not None
        and not text[-1].isspace()
        and _NOT_PLAIN.search(text) is None
        and text.lower() not in _WORDS
        and not (in_flow and _NOT_FLOW.search(text))
    )


def double_quoted(text: str) -> str:
    """A text in double quotes, everything invisible as an escape."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    if char.isprintable() or char in _INVISIBLE_BUT_FINE:
        return char
    code = ord(char)
    for letter, width in (("x", 2), ("u", 4)):
        if code < 16**width:
            return f"\\{letter}{code:0{width}x}"
    return f"\\U{code:08x}"


def literal(text: str, column: int, step: int) -> Rendered | None:
    """A text as a literal block (`|`), or None where that would not show or keep it faithfully.

    Args:
        text: What to write.
        column: Where its lines begin.
        step: How much deeper that is than the key or dash that holds it.
    """
    if _UNCLEAN.search(text) or not text.strip("\n"):
        return None
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    indicator = str(step) if body.lstrip("\n").startswith(" ") else ""
    if len(indicator) > 1:
        return None
    chomp = "-" if ends == 0 else "" if ends == 1 else "+"
    pad = " " * column
    lines = [pad + line if line else "" for line in body.split("\n")]
    lines += [""] * (ends - 1)
    return Rendered(f"|{indicator}{chomp}", lines)
