"""`Draft`: a plan in memory that tools change verb by verb, and the one patch that comes of it.

Each tool takes ids and values, and nothing else: no path, no ref, no URL, no stamp. A refusal is
an exception with one sentence and leaves the draft as it was.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from orchestrator.agent import questions
from orchestrator.agent.changes import changes_of
from orchestrator.agent.ids import FreshIds
from orchestrator.agent.tree import plant
from orchestrator.agent.wishes import (
    MOST_ITEMS,
    TITLE,
    ToolError,
    known_fields,
    text_of,
    texts_of,
    wishes_of,
)
from orchestrator.errors import OrchestratorError
from orchestrator.model.day import read_day
from orchestrator.model.duration import parse_duration
from orchestrator.model.places import Kind
from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.after import after
from orchestrator.patch.apply import Change, SnapshotDocuments, apply
from orchestrator.patch.diff import diff
from orchestrator.patch.ops import Operation, Patch
from orchestrator.store.consequences import new_problems
from orchestrator.verbs.change import set_fields
from orchestrator.verbs.create import create_project, create_task
from orchestrator.verbs.delete import NeededError, delete_projects, delete_tasks
from orchestrator.verbs.draft import leading_to, present
from orchestrator.verbs.link import link, linked, refuse_links, unlink
from orchestrator.verbs.move import move
from orchestrator.verbs.refuse import refuse_gone, unknown
from orchestrator.verbs.restore import restore_projects, restore_tasks
from orchestrator.verbs.stamps import stamped_changes
from orchestrator.verbs.time import Entry, log_time

MOST_ENTITIES = 2_000
"""How many tasks and projects one draft may touch."""

Answer = dict[str, Any]
History = Callable[[str], Sequence[Mapping[str, Any]]]
"""Returns what happened to an entity, newest first."""
Gate = Callable[[Sequence[Change]], None]
"""Does nothing when these changes may be proposed, and raises OrchestratorError if not."""
Confirm = Callable[[str], bool]
"""Asks a person whether this may be done."""


class NotAgreedError(OrchestratorError):
    """What a person must agree to, and nobody did."""


class Draft:
    """A plan that is being changed in memory.

    Attributes:
        base: The plan as it was.
        snapshot: The plan as it is with what was done so far.
        now: The moment at which all of it happens.
        base_commit: The commit that `base` was read from, or None.
        confirm: Asks a person, before something is deleted; None when nobody can be asked.
        me: The user for whom this is done, or None when nobody knows.
    """

    def __init__(  # noqa: PLR0913 - what surrounds a draft
        self,
        snapshot: Snapshot,
        now: datetime,
        choose: Callable[[str], str],
        *,
        base_commit: str | None = None,
        history: History | None = None,
        gate: Gate | None = None,
        confirm: Confirm | None = None,
        me: str | None = None,
    ) -> None:
        self.me = me
        self.base = snapshot
        self.snapshot = snapshot
        self.now = now
        self.base_commit = base_commit
        self.confirm = confirm
        self._choose = choose
        self._history = history
        self._gate = gate
        self._touched: dict[tuple[Kind, str], None] = {}
        self._ids = FreshIds(snapshot, choose)

    # Verbs: each does all of what it is asked for, or refuses and does nothing.

    def create_project(
        self,
        entity_id: str,
        title: str,
        key: str | None = None,
        **fields: Any,
    ) -> Answer:
        """Make a project; return its id, and the key that its tasks' ids begin with."""
        known_fields("projects", fields)
        name, words = text_of("title", title, TITLE), text_of("id", entity_id, TITLE)
        wishes = wishes_of(fields)
        self._apply(create_project(self.snapshot, words, name, key, wishes, self.now))
        return {"id": words, "key": self.snapshot.projects[words]["key"]}

    def create_task(
        self,
        project: str,
        title: str,
        parent: str | None = None,
        depends_on: Sequence[str] = (),
        **fields: Any,
    ) -> Answer:
        """Make a task; return the id that the tool gave it."""
        known_fields("tasks", fields)
        named = {"parent": parent, "dependencies": list(depends_on)}
        given = {**fields, **{name: value for name, value in named.items() if value}}
        home = text_of("project", project, TITLE)
        task_id, patch = create_task(
            self.snapshot, home, text_of("title", title, TITLE), wishes_of(given), self.now,
            self._choose, self._ids.draw(self.snapshot, home),
        )  # fmt: skip
        self._apply(patch)
        return {"id": task_id}

    def create_tasks(self, project: str, tasks: Sequence[Mapping[str, Any]]) -> Answer:
        """Make a tree of tasks, all of them or none; return their ids by the keys given to them.

        Args:
            project: Where.
            tasks: As for `create_task`, each with a `key` of its own; `parent` and `depends_on`
                name keys of this list or ids of the plan.
        """
        before = self.snapshot, self._touched
        try:
            return {"ids": plant(self, project, tasks)}
        except OrchestratorError:
            self.snapshot, self._touched = before
            raise

    def update_project(self, entity_id: str, clear: Sequence[str] = (), **fields: Any) -> Answer:
        """Set and clear fields of a project; return what it says now of them."""
        return self._set("projects", entity_id, clear, fields)

    def set_task(self, entity_id: str, clear: Sequence[str] = (), **fields: Any) -> Answer:
        """Set and clear fields of a task; return what it says now of them."""
        return self._set("tasks", entity_id, clear, fields)

    def move_task(
        self,
        entity_id: str,
        under: str | None = None,
        project: str | None = None,
    ) -> Answer:
        """Move a task, with all below it: under another, to another project, or to the root."""
        self._apply(
            move(
                self.snapshot,
                [entity_id],
                under,
                project,
                is_root=under is None and project is None,
            )
        )
        task = self.snapshot.tasks[entity_id]
        return {"id": entity_id, "parent": task.get("parent"), "project": task["project"]}

    def delete(self, entity_id: str) -> Answer:
        """Delete a task with all below it, or a project with its tasks; a person is asked first.

        Raises:
            ToolError: A task that stays depends on one that would go.
            NotAgreedError: Nobody agreed.
        """
        kind = self._kind_of(entity_id)
        delete = delete_tasks if kind == "tasks" else delete_projects
        try:
            patch = delete(self.snapshot, [entity_id], self.now, None)
        except NeededError as error:
            dependent, needed = error.pairs[0]
            hint = f"End that first: set_dependencies, id {dependent} , remove {needed} ."
            raise ToolError(error.message, hint) from error
        changes = apply(SnapshotDocuments(self.snapshot), patch.ops)
        others = f" and {len(changes) - 1:,} more below" if len(changes) > 1 else ""
        title = self.snapshot.entities(kind)[entity_id].get("title", "")
        self._ask(f"Delete {entity_id} ({title}){others}?")
        self._apply(patch)
        return {
            "deleted": [change.id for change in changes][:MOST_ITEMS],
            "total": len(changes),
        }

    def restore(self, entity_id: str) -> Answer:
        """Bring back what this draft deleted."""
        kind = self._kind_of(entity_id)
        if self.base.entities(kind).get(entity_id, {}).get("deleted_at"):
            noun = "task" if kind == "tasks" else "project"
            raise ToolError(
                f"{entity_id} was deleted before, and bringing it back is for a person.",
                f"A person types: orchestrator {noun} restore {entity_id}",
            )
        restore = restore_tasks if kind == "tasks" else restore_projects
        self._apply(restore(self.snapshot, [entity_id]))
        return {"id": entity_id}

    def log_time(
        self,
        entity_id: str,
        duration: str | int,
        day: str | None = None,
        note: str | None = None,
        user: str | None = None,
    ) -> Answer:
        """Log time spent on a task; return the minutes."""
        amount = f"{duration}m" if isinstance(duration, int) else duration
        minutes = parse_duration(amount, self.snapshot.hours_per_day)
        at = self.now
        if day:
            at = datetime.combine(read_day(day, self.now.date()), self.now.timetz())
        words = text_of("note", note, TITLE) if note else None
        self._apply(log_time(self.snapshot, entity_id, Entry(at, minutes, user, words), self.now))
        return {"id": entity_id, "minutes": minutes}

    def set_dependencies(
        self, entity_id: str, on: Sequence[str] | None = None, add: Sequence[str] = (),
        remove: Sequence[str] = (),
    ) -> Answer:  # fmt: skip
        """Say what a task waits for: all of it (`on`), or what comes and goes; return all."""
        before = self.snapshot, self._touched
        try:
            self._depend(entity_id, on, add, remove)
        except OrchestratorError:
            self.snapshot, self._touched = before
            raise
        task = self.snapshot.tasks[entity_id]
        return {"id": entity_id, "dependencies": task.get("dependencies") or []}

    # Views.

    def list_tasks(self, where: str = "", limit: int = 50, offset: int = 0) -> Answer:
        """Return tasks that a filter lets through, a short row each."""
        return questions.list_tasks(self.snapshot, self.now.date(), where, limit, offset)

    def get(self, entity_id: str) -> Answer:
        """Return one task, project or user with what is derived of it."""
        return questions.get(self.snapshot, entity_id)

    def search(self, text: str, limit: int = 20) -> Answer:
        """Return the tasks and projects in which all words occur, the best first."""
        return questions.find(self.snapshot, text, limit)

    def ready(self, project: str | None = None, limit: int = 20) -> Answer:
        """Return what can be worked on now, the most urgent first."""
        return questions.ready_tasks(self.snapshot, project, limit)

    def check(self) -> Answer:
        """Return the problems that the draft would bring."""
        found = self.problems()
        rows = [questions.problem_row(problem) for problem in found[:MOST_ITEMS]]
        return {"total": len(found), "problems": rows}

    def history(self, entity_id: str, limit: int = 10) -> Answer:
        """Return what happened to an entity, newest first."""
        self._kind_of(entity_id)
        moments = self._history(entity_id) if self._history else ()
        return {"total": len(moments), "changes": [dict(item) for item in moments[: max(limit, 0)]]}

    def adopt(self, ops: Sequence[Operation]) -> None:
        """Do what a patch of an earlier draft of the same plan did."""
        changes = apply(SnapshotDocuments(self.snapshot), ops)
        self.snapshot = after(self.snapshot, stamped_changes(changes, self.now))
        self._touched |= dict.fromkeys((change.kind, change.id) for change in changes)

    # What comes of it.

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the draft does by entity, without stamps; what it deletes is removed."""
        return changes_of(self.base, self.snapshot, self._touched)

    def patch(
        self, title: str | None = None, reason: str | None = None, author: str | None = None,
        model: str | None = None,
    ) -> Patch:  # fmt: skip
        """Return the one patch that does all of it; no ops when nothing is done.

        Args:
            title: One line; None has it written from the ops.
            reason: Why.
            author: `agent:<name>`.
            model: `provider:model`.
        """
        return Patch(tuple(diff(self.changes)), title, reason, author, model, self.base_commit)

    def problems(self) -> tuple[Problem, ...]:
        """Return the errors and warnings that the patch would bring and that are not there now."""
        wanted = apply(SnapshotDocuments(self.base), self.patch().ops)
        future = after(self.base, stamped_changes(wanted, self.now))
        return new_problems(self.base, future, self.now)

    def _set(
        self, kind: Kind, entity_id: str, clear: Sequence[str], fields: Mapping[str, Any]
    ) -> Answer:
        known_fields(kind, {**fields, **dict.fromkeys(clear)})
        wishes = wishes_of(fields, clear)
        self._live(kind, entity_id)
        self._apply(set_fields(self.snapshot, kind, entity_id, wishes, self.now))
        document = self.snapshot.entities(kind)[entity_id]
        names = {wish.field.partition(".")[0] for wish in wishes}
        said = {name: document.get(name) for name in sorted(names)}
        said.pop("description", None)
        return {"id": entity_id, **said}

    def _depend(
        self, task_id: str, on: Sequence[str] | None, add: Sequence[str], remove: Sequence[str]
    ) -> None:
        refuse_gone(self.snapshot, [task_id])
        if on is not None:
            document = present(self.snapshot, "tasks", task_id)
            bare = {name: value for name, value in document.items() if name != "dependencies"}
            wanted = {task_id: linked(bare, texts_of("on", on))}
            refuse_links(self.snapshot, wanted)
            self._apply(leading_to(self.snapshot, "tasks", wanted))
        if remove:
            self._apply(unlink(self.snapshot, task_id, texts_of("remove", remove)))
        if add:
            self._apply(link(self.snapshot, task_id, texts_of("add", add)))

    def _apply(self, patch: Patch) -> None:
        changes = apply(SnapshotDocuments(self.snapshot), patch.ops)
        keys = dict.fromkeys((change.kind, change.id) for change in changes)
        if len(self._touched | keys) > MOST_ENTITIES:
            raise ToolError(
                f"One draft may touch {MOST_ENTITIES:,} tasks and projects, and this is one more.",
                "Do less at a time.",
            )
        before = self.snapshot, self._touched
        self.snapshot, self._touched = after(self.snapshot, changes), self._touched | keys
        if self._gate is not None:
            try:
                self._gate(changes_of(self.base, self.snapshot, keys))
            except OrchestratorError:
                self.snapshot, self._touched = before
                raise

    def _ask(self, question: str) -> None:
        if self.confirm is None or not self.confirm(question):
            raise NotAgreedError(
                "A person must agree to a deletion, and nobody did.",
                "Leave it, or tell the person what should be deleted and why.",
            )

    def _kind_of(self, entity_id: str) -> Kind:
        for kind in ("tasks", "projects"):
            if entity_id in self.snapshot.entities(kind):
                return kind
        raise unknown(self.snapshot, "tasks" if entity_id[:1].isupper() else "projects", entity_id)

    def _live(self, kind: Kind, entity_id: str) -> None:
        if kind == "tasks":
            refuse_gone(self.snapshot, [entity_id])
        elif entity_id not in self.snapshot.projects:
            raise unknown(self.snapshot, kind, entity_id)
