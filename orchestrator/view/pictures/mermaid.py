"""Text in Mermaid: whatever could be read as part of the language becomes an entity code."""

import re

from orchestrator.view.pictures.svg import plain

MARKS = {
    "todo": "○", "in_progress": "◐", "blocked": "✖", "in_review": "◑", "completed": "●",
    "cancelled": "⊘",
}  # fmt: skip
_UNSAFE = re.compile(r"[^\w \-.,?!+=/()'@\u00a1-\uffff\U00010000-\U0010ffff]|--+")
# What a box's label reads even when it is written in codes: line ends, formulas, icons.
_READ_IN_LABELS = re.compile(r"\\(?=n)|\$(?=\$)|\bfa[a-z]?:(?=fa-)")
_NOTHING = "\u200b"


def mermaid_text(text: str) -> str:
    """Return text that Mermaid shows as it is, in one line."""
    # Mermaid itself writes a code as ﬂ°…¶ß while it works.
    shown = plain(text).strip().replace("\ufb02", "fl").replace("¶ß", f"¶{_NOTHING}ß")
    shown = _UNSAFE.sub(lambda found: "".join(map(_code, found[0])), shown)
    return shown or "-"


def mermaid_label(text: str) -> str:
    """Return text that Mermaid shows as it is in a box; where it must, with nothing in between."""
    return mermaid_text(_READ_IN_LABELS.sub(lambda found: found[0] + _NOTHING, text))


def _code(char: str) -> str:
    return f"#{ord(char)};"
