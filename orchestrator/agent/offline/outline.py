"""What a Markdown outline says: a title, and items with their marks, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands beside a title: `(2h) @dana #api !high due 2026-12-01 after: Design`.

    Attributes:
        estimate: As `parse_duration` takes it, or None.
        people: Names behind an `@`, in their order.
        labels: Without the `#`.
        priority: One of the four, or None.
        start: A day as it is written, or None.
        due: Likewise.
        after: What it waits for, as it is written: a title, a number, an id, or several.
    """

    estimate: str | None = None
    people: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    priority: str | None = None
    start: str | None = None
    due: str | None = None
    after: tuple[str, ...] = ()

    def __or__(self, other: "Marks") -> "Marks":
        """Return both; of what there can be one of, the one on the right."""
        return Marks(
            other.estimate or self.estimate,
            tuple(dict.fromkeys((*self.people, *other.people))),
            tuple(dict.fromkeys((*self.labels, *other.labels))),
            other.priority or self.priority,
            other.start or self.start,
            other.due or self.due,
            tuple(dict.fromkeys((*self.after, *other.after))),
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do.

    Attributes:
        line: Where it is, from 1.
        title: Without its marks and without Markdown.
        parent: Index of the item that it is a part of, or None.
        number: What it is called by: `2`, `3.1`, `T4`; `""` if by nothing.
        status: What its check box says: `todo`, `in_progress`, `completed` or `cancelled`.
        marks: What stands beside its title.
        description: Markdown.
        tests: What must be tested, by kind.
    """

    line: int
    title: str
    parent: int | None = None
    number: str = ""
    status: str = "todo"
    marks: Marks = field(default_factory=Marks)
    description: str = ""
    tests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outline:
    """A text that was read.

    Attributes:
        title: What the whole is called, or None when the text does not say.
        description: What is said about the whole.
        marks: Of the whole.
        items: In the order of the text, so that parents come first.
        left_out: What was not read, a sentence each.
    """

    title: str | None
    description: str
    marks: Marks
    items: tuple[Item, ...]
    left_out: tuple[str, ...] = ()
