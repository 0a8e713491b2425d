"""Whatever is typed, saved and changed behind the editor's back: it shows what `check` says."""

import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from lsprotocol.types import (
    TextDocumentContentChangePartial,
    TextDocumentContentChangeWholeDocument,
)

from orchestrator.lsp.positions import Lines
from orchestrator.store.files import WorkTree
from orchestrator.store.load import check_source
from tests.conftest import NOW, write
from tests.lsp.seat import Seat

IDS = [f"P-{number}" for number in range(1, 6)]
TASK_PATHS = [f"projects/{project}/tasks/{name}.yaml" for project in ("one", "two") for name in IDS]
OTHERS = [
    "orchestrator.yaml", "users/dana.yaml", "users/lee.yaml", "projects/one/project.yaml",
    "projects/two/project.yaml", "templates/bug.yaml", "projects/one/tasks/p-3.yaml",
    "projects/one/tasks/notes.txt", "projects/one/notes.yaml", "orchestrator.test.yaml",
]  # fmt: skip
paths = st.sampled_from([*TASK_PATHS, *TASK_PATHS, *TASK_PATHS, *OTHERS])
task_paths = st.sampled_from(TASK_PATHS)
snippets = st.sampled_from([
    "", " ", "\n", "-", ":", "[", "]", "P-1", "P-2", "P-77", "é", "😀", "\r\n", "'", '"', "#",
    "parent: P-1\n", "parent: P-2\n", "dependencies: [P-1, P-3]\n", "status: completed\n",
    "status: in_progress\n", "assignee: lee\n", "id: P-2\n", "completed_at: 2026-11-22T10:00:00Z\n",
    "deleted_at: 2026-11-01T08:00:00Z\n", "x: 1\n", "\t", "<<<<<<< a\n", "labels: [a, a]\n",
    "key: ghp_" + "a1B2" * 9 + "\n", "max_depth: 1\n", "rules: {ORC306: off, ORC301: warning}\n",
    "required_tests: [unit]\n", "{{", "\ud800", "\u2028", "\ufeff",
])  # fmt: skip


def task(name: str, parent: str | None, needed: list[str], status: str) -> str:
    """Return the text of a task's file."""
    lines = [f"id: {name}", "title: T", f"status: {status}"]
    lines += [f"parent: {parent}"] if parent else []
    lines += [f"dependencies: [{', '.join(needed)}]"] if needed else []
    return "\n".join(lines) + "\n"


class Typing(RuleBasedStateMachine):
    """A person, an editor, and others who change files meanwhile."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.root = self.folder / "plan"
        write(self.root, {
            "orchestrator.yaml": "version: 1\nname: Test\n",
            "users/dana.yaml": "id: dana\nname: Dana\n",
            "projects/one/project.yaml": "id: one\nkey: P\ntitle: One\nstatus: active\n",
            "projects/one/tasks/P-1.yaml": task("P-1", None, [], "todo"),
            "projects/one/tasks/P-2.yaml": task("P-2", "P-1", ["P-3"], "in_progress"),
            "projects/one/tasks/P-3.yaml": task("P-3", None, ["P-2"], "todo"),
        })  # fmt: skip
        self.now = NOW
        self.seat = Seat(self.root)
        self.seat.desk.clock = lambda: self.now
        self.buffers: dict[str, str] = {}

    @rule(path=paths)
    def open(self, path: str) -> None:
        file = self.root / path
        text = file.read_bytes().decode("utf-8", "replace") if file.is_file() else ""
        self.buffers[path] = text
        self.seat.editor.open(self.seat.uri(path), 1, text)

    @rule(data=st.data(), snippet=snippets, is_whole=st.booleans())
    def type(self, data: st.DataObject, snippet: str, is_whole: bool) -> None:
        if not self.buffers:
            return
        path = data.draw(st.sampled_from(sorted(self.buffers)))
        text = self.buffers[path]
        lines = Lines(text)
        at = data.draw(st.sampled_from(lines.starts) | st.integers(0, len(text)))
        end = min(len(text), at + data.draw(st.sampled_from([0, 0, 1, 3, 12])))
        where = lines.range(at, end)
        changed = lines.changed(where, snippet)
        self.buffers[path] = changed
        change = (
            TextDocumentContentChangeWholeDocument(changed)
            if is_whole
            else TextDocumentContentChangePartial(where, snippet)
        )
        self.seat.editor.change(self.seat.uri(path), 2, [change])

    @rule(path=task_paths, parent=st.sampled_from([None, *IDS]), data=st.data())
    def write_task(self, path: str, parent: str | None, data: st.DataObject) -> None:
        """Type a whole task, right in form."""
        needed = data.draw(st.lists(st.sampled_from(IDS), max_size=2, unique=True))
        status = data.draw(st.sampled_from(["todo", "in_progress", "completed"]))
        name = path.rpartition("/")[2].removesuffix(".yaml")
        self.buffers[path] = task(name, parent, needed, status)
        self.seat.editor.open(self.seat.uri(path), 3, self.buffers[path])

    @rule(data=st.data())
    def save(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.buffers) or [""]))
        file = self.root / path
        if path and not file.is_symlink():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self.buffers[path].encode("utf-8", "surrogatepass"))
            self.seat.editor.watched([self.seat.uri(path)])

    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.buffers) or [""]))
        if path:
            del self.buffers[path]
            self.seat.editor.close(self.seat.uri(path))

    @rule(path=paths, text=st.sampled_from(["", "id: P-2\ntitle: T\nstatus: todo\n", "x: [\n"]))
    def change_on_disk(self, path: str, text: str) -> None:
        file = self.root / path
        if not file.is_symlink() and path != "orchestrator.yaml":
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            self.seat.editor.watched([self.seat.uri(path)])

    @rule(path=paths)
    def remove_from_disk(self, path: str) -> None:
        if path != "orchestrator.yaml":
            (self.root / path).unlink(missing_ok=True)
            self.seat.editor.watched([self.seat.uri(path)])

    @rule(path=task_paths, to=task_paths)
    def rename_on_disk(self, path: str, to: str) -> None:
        if (self.root / path).exists():
            (self.root / to).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).rename(self.root / to)
            self.seat.editor.rescan()

    @rule(path=task_paths)
    def link_on_disk(self, path: str) -> None:
        file = self.root / path
        if not file.exists() and not file.is_symlink():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.symlink_to("P-1.yaml")
            self.seat.editor.rescan()

    @rule(project=st.sampled_from(["one", "two"]))
    def remove_folder(self, project: str) -> None:
        shutil.rmtree(self.root / f"projects/{project}", ignore_errors=True)
        self.seat.editor.rescan()

    @rule(minutes=st.sampled_from([1, 60]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def it_shows_what_check_says(self) -> None:
        if not hasattr(self, "seat"):
            return
        self.seat.look()
        mirror = self.folder / "mirror"
        shutil.rmtree(mirror, ignore_errors=True)
        shutil.copytree(self.root, mirror, symlinks=True)
        for path, text in self.buffers.items():
            file = mirror / path
            if not file.is_symlink():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(text.encode("utf-8", "surrogatepass"))
        report = check_source(WorkTree(mirror), self.now)
        [plan] = self.seat.editor.plans.values()
        shown = [item for found in plan.problems(self.now).values() for item in found]
        assert Counter(item._replace(fix=()) for item in shown) == Counter(
            item._replace(fix=()) for item in report.problems
        )
        assert {path: Counter(self.seat.codes(path)) for path in self.seat.shown} == _codes(report)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)


def _codes(report: object) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for problem in report.problems:  # type: ignore[attr-defined]
        found.setdefault(problem.path, Counter())[problem.code] += 1
    return found


def run(examples: int, steps: int) -> None:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Typing,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, suppress_health_check=slow
        ),
    )


def test_it_shows_what_check_says_after_every_keystroke() -> None:
    run(examples=30, steps=15)


@pytest.mark.slow
def test_it_shows_what_check_says_after_a_thousand_sequences_of_edits() -> None:
    run(examples=1_000, steps=30)
