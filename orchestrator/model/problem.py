"""What is wrong in the user's files, as a value."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Severity = Literal["error", "warning"]


class Problem(NamedTuple):
    """One thing wrong in one file.

    A NamedTuple rather than a dataclass: a large plan can hold tens of thousands of warnings,
    and a tuple is made three times faster.

    Attributes:
        code: The rule, `ORC001` to `ORC999`.
        severity: `error` refuses a commit, `warning` does not.
        message: One sentence that names the facts.
        path: File, relative to the workspace, with `/`.
        line: 1-based, or None until the text has been looked at.
        column: 1-based, in characters, or None.
        pointer: RFC 6901 pointer inside the file's document; `""` is the whole document.
        id: The entity's id, or None.
        hint: What to do about it, or None.
        fix: RFC 6902 ops over the virtual document that mend it; empty when a person must decide.
        at_key: Whether `pointer` means the key itself rather than its value.
    """

    code: str
    severity: Severity
    message: str
    path: str
    pointer: str = ""
    id: str | None = None
    hint: str | None = None
    line: int | None = None
    column: int | None = None
    fix: tuple[Mapping[str, Any], ...] = ()
    at_key: bool = False
