"""What a reader of another tool's plan hands over, and the notes that it takes on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Document = dict[str, Any]

NoteKind = Literal[
    "date", "dependency", "depth", "duplicate", "file", "front-matter", "id", "line", "link",
    "parent", "people", "present", "priority", "project", "size", "status", "text", "value",
]  # fmt: skip


class Note(NamedTuple):
    """One thing that was changed, or could not be kept.

    Attributes:
        kind: What it is about.
        source: The id, file or line in the source; `""` when it is about many.
        sentence: What happened.
    """

    kind: NoteKind
    source: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Imported:
    """Another tool's plan in our format, before it has a project.

    Attributes:
        source: `backlog_md`, `beads`, ...; also the key under each task's metadata.
        tasks: Documents valid by the model, sorted by id; `project` is there only where a source
            with several projects says which one it is.
        users: Documents of the people in the plan, sorted by id.
        notes: What was changed or could not be kept.
        project: What the source says of itself: `id`, `title`, `key`, `metadata`; may be empty.
        projects: The same of each project that a task names, by its id.
    """

    source: str
    tasks: tuple[Document, ...]
    users: tuple[Document, ...]
    notes: tuple[Note, ...]
    project: Mapping[str, Any] = field(default_factory=dict)
    projects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Notebook:
    """Notes being taken; what happens to many tasks alike becomes one note with a count."""

    notes: list[Note] = field(default_factory=list)
    counts: dict[tuple[NoteKind, str], int] = field(default_factory=dict)

    def add(self, kind: NoteKind, source: str, sentence: str) -> None:
        """Take one note."""
        self.notes.append(Note(kind, source, sentence))

    def count(self, kind: NoteKind, what: str, times: int = 1) -> None:
        """Count one more case of `what`, a clause that a number can follow."""
        self.counts[kind, what] = self.counts.get((kind, what), 0) + times

    def all(self) -> tuple[Note, ...]:
        """Return the counted notes, then the others in the order in which they were taken."""
        counted = [Note(kind, "", f"{what}: {n:,}.") for (kind, what), n in self.counts.items()]
        return (*counted, *self.notes)


@dataclass(slots=True)
class Item:
    """One task of the source while it is being read.

    Attributes:
        origin: Its id over there.
        copy: 1, or 2 and up for a further task with the same id.
        fields: What is already in our terms: title, status, stamps, ...
        parents: References to its parent, the likeliest first; only one is kept.
        dependencies: References to what it depends on.
        assignees: Names as the source writes them.
        deleter: Who deleted it, by name.
        elsewhere: Links that stand with this item and belong to another.
        kept: What goes under metadata, by the source's own key.
        wanted: The id that it should get here, where the one of the source does not give it.
        project: The project that it goes into, where a source has several.
    """

    origin: str
    copy: int = 1
    fields: Document = field(default_factory=dict)
    parents: list[str] = field(default_factory=list)
    dependencies: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    deleter: str | None = None
    elsewhere: list[Document] = field(default_factory=list)
    kept: Document = field(default_factory=dict)
    wanted: str | None = None
    project: str | None = None

    @property
    def name(self) -> str:
        """How notes speak of it."""
        return self.origin if self.copy == 1 else f"{self.origin} (copy {self.copy})"
