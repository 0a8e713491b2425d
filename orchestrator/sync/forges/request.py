"""What a pull or merge request is to be, and what came of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request for review.

    Attributes:
        branch: What is to be merged.
        target: What it is to be merged into.
        title: One line.
        body: Markdown.
    """

    branch: str
    target: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A request as the forge has it.

    Attributes:
        number: As people name it: `#12` on GitHub, `!12` on GitLab.
        url: Where a browser shows it.
        is_new: Whether it was opened now.
    """

    number: int
    url: str
    is_new: bool
