"""What `doctor` found, one thing at a time."""

from typing import Literal, NamedTuple

State = Literal["ok", "advice", "fault"]


class Finding(NamedTuple):
    """One thing that was looked at.

    Attributes:
        state: ok, advice (works, could be better) or fault (something does not work).
        about: What was looked at.
        message: What was found.
        hint: What to type, or None.
    """

    state: State
    about: str
    message: str
    hint: str | None = None
