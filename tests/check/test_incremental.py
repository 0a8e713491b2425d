"""What a check with the index says is what a full check says, whatever happened in between."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from orchestrator.store.git import GitFailedError
from orchestrator.store.index.open import check_tree_with_index, check_with_index, tree_of
from orchestrator.store.index.plan import read_commit
from orchestrator.store.load import check_source, load
from orchestrator.store.workspace import Workspace
from tests.conftest import NOW, write

IDS = [f"P-{number}" for number in range(1, 8)]
ids = st.sampled_from(IDS)
projects = st.sampled_from(["one", "two"])
names = st.sampled_from([*IDS, *IDS, *IDS, "p-3", "PP-3"])


@st.composite
def tasks(draw: st.DrawFn, name: str) -> str:
    """A task's file, right in most ways."""
    lines = [f"id: {draw(st.sampled_from([name, name, name, name, 'P-2', 'no id']))}", "title: T"]
    status = draw(st.sampled_from(["todo", "in_progress", "completed", "completed", "nonsense"]))
    lines.append(f"status: {status}")
    if draw(st.booleans()):
        lines.append(f"parent: {draw(ids)}")
    needed = draw(st.lists(st.sampled_from([*IDS, "P-77"]), max_size=3, unique=True))
    if needed:
        lines.append(f"dependencies: [{', '.join(needed)}]")
    stamps = st.sampled_from([None, None, "2026-11-01T08:00:00Z", "2026-11-22T10:00:00Z"])
    fields = ("created_at", "started_at", "completed_at", "deleted_at")
    lines += [f"{field}: {stamp}" for field in fields if (stamp := draw(stamps))]
    if draw(st.booleans()):
        lines.append(f"assignee: {draw(st.sampled_from(['dana', 'lee']))}")
    odd = draw(
        st.sampled_from([*[""] * 6, "x: 1", "labels: [a", "\ttab", "key: ghp_" + "a1B2" * 9])
    )
    return "\n".join([*lines, odd]) + "\n"


class Edits(RuleBasedStateMachine):
    """A plan under random hands."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.mkdtemp()
        self.root = Path(self.folder) / "plan"
        self.now = NOW
        write(self.root, {
            "orchestrator.yaml": "version: 1\nname: Test\n",
            "users/dana.yaml": "id: dana\nname: Dana\n",
            "projects/one/project.yaml": "id: one\nkey: P\ntitle: One\nstatus: active\n",
            "projects/one/tasks/P-1.yaml": "id: P-1\ntitle: A\nstatus: todo\n",
        })  # fmt: skip
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", "Start")
        self.commits = ["HEAD"]
        self.workspace = Workspace(self.root, {**os.environ, "ORCHESTRATOR_INDEX": "always"})

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def file(self, project: str, name: str) -> Path:
        path = self.root / f"projects/{project}/tasks/{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    @rule(project=projects, name=names, data=st.data())
    def edit(self, project: str, name: str, data: st.DataObject) -> None:
        path = self.file(project, name)
        if not path.is_symlink() and not path.is_dir():
            path.write_text(data.draw(tasks(name)))

    @rule(name=ids, parent=ids)
    def hang(self, name: str, parent: str) -> None:
        path = self.file("one", name)
        if not path.is_dir() and not path.is_symlink():
            path.write_text(f"id: {name}\ntitle: T\nstatus: todo\nparent: {parent}\n")

    @rule(name=ids, needed=ids, status=st.sampled_from(["todo", "in_progress"]))
    def wait(self, name: str, needed: str, status: str) -> None:
        path = self.file("one", name)
        if not path.is_dir() and not path.is_symlink():
            text = f"id: {name}\ntitle: T\nstatus: {status}\ndependencies: [{needed}]\n"
            path.write_text(text)

    @rule(project=projects, name=names, other=names)
    def swap_a_letter(self, project: str, name: str, other: str) -> None:
        """The same size and the same times: only the inode tells."""
        path = self.file(project, name)
        if path.is_file():
            before = path.stat()
            path.write_text(path.read_text().replace("P-1", other[:3]))
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(project=projects, name=names)
    def touch(self, project: str, name: str) -> None:
        path = self.file(project, name)
        if path.is_file():
            path.touch()

    @rule(project=projects, name=names)
    def delete(self, project: str, name: str) -> None:
        path = self.file(project, name)
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)

    @rule(source=projects, to=projects, name=names, new_name=names)
    def rename(self, source: str, to: str, name: str, new_name: str) -> None:
        path = self.file(source, name)
        if path.is_file() and not self.file(to, new_name).is_dir():
            path.rename(self.file(to, new_name))

    @rule(project=projects)
    def drop_folder(self, project: str) -> None:
        shutil.rmtree(self.root / f"projects/{project}/tasks", ignore_errors=True)

    @rule(name=ids, what=st.sampled_from(["link", "folder", "notes", "executable", "backup"]))
    def oddity(self, name: str, what: str) -> None:
        path = self.file("one", name)
        match what:
            case "link" if not os.path.lexists(path):
                path.symlink_to("P-1.yaml")
            case "folder" if not os.path.lexists(path):
                path.mkdir()
            case "notes":
                path.with_suffix(".txt").write_text("notes\n")
            case "executable" if path.is_file():
                path.chmod(0o755)
            case "backup":
                path.with_suffix(".yaml~").write_text("backup\n")
            case _:
                pass

    @rule(text=st.sampled_from([
        "", "max_depth: 1\n", "rules: {ORC306: off}\n", "rules: {ORC301: warning}\n",
        "required_tests: [unit]\n", "broken: [\n",
    ]))  # fmt: skip
    def settle(self, text: str) -> None:
        (self.root / "orchestrator.yaml").write_text(f"version: 1\nname: Test\n{text}")

    @rule(is_there=st.booleans())
    def hire(self, is_there: bool) -> None:
        path = self.root / "users/lee.yaml"
        if is_there:
            path.write_text("id: lee\nname: Lee\n")
        else:
            path.unlink(missing_ok=True)

    @rule(project=projects, text=st.sampled_from(["", "deleted_at: 2026-11-01T08:00:00Z\n"]))
    def project(self, project: str, text: str) -> None:
        path = self.root / f"projects/{project}/project.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        key = "P" if project == "one" else "PP"
        path.write_text(f"id: {project}\nkey: {key}\ntitle: T\nstatus: active\n{text}")

    @rule(minutes=st.sampled_from([1, 60, -90]))
    def clock(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(how=st.sampled_from(["--all", "--", "--intent-to-add"]), project=projects, name=names)
    def stage(self, how: str, project: str, name: str) -> None:
        path = self.file(project, name)
        if how == "--all":
            self.git("add", how)
        elif path.is_file():
            self.git("add", how, str(path.relative_to(self.root)))

    @rule()
    def commit(self) -> None:
        self.git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", "Edit")
        self.commits.append(self.git("rev-parse", "HEAD"))

    @rule(data=st.data(), how=st.sampled_from(["checkout", "reset", "soft", "mixed"]))
    def jump(self, data: st.DataObject, how: str) -> None:
        commit = data.draw(st.sampled_from(self.commits))
        with contextlib.suppress(subprocess.CalledProcessError):  # a folder is in the way
            if how == "checkout":
                self.git("checkout", "--quiet", "--force", commit)
            else:
                self.git("reset", "--quiet", f"--{'hard' if how == 'reset' else how}", commit)

    @rule()
    def check_files(self) -> None:
        full = check_source(self.workspace.files, self.now)
        assert check_with_index(self.workspace, self.now) == full

    @rule()
    def check_staged(self) -> None:
        found = check_tree_with_index(self.workspace, self.now)
        assert found is not None
        assert found[0] == check_source(self.workspace.staged(), self.now)

    @rule(names=st.lists(names, max_size=2))
    def check_staged_of_some(self, names: list[str]) -> None:
        touched = {f"projects/{project}/tasks/{name}.yaml" for project in ("one", "two")
            for name in names}  # fmt: skip
        found = check_tree_with_index(self.workspace, self.now, touched=touched)
        assert found is not None
        full = check_source(self.workspace.staged(), self.now)
        assert found[0].errors == full.errors
        assert [item for item in found[0].problems if item.path in touched] == [
            item for item in full.problems if item.path in touched
        ]

    @rule(data=st.data())
    def check_commit(self, data: st.DataObject) -> None:
        commit = data.draw(st.sampled_from(self.commits))
        tree = tree_of(self.workspace, commit)
        found = check_tree_with_index(self.workspace, self.now, tree)
        assert found is not None
        assert found[0] == check_source(self.workspace.at(commit), self.now)

    @rule(data=st.data())
    def read_commit(self, data: st.DataObject) -> None:
        commit = data.draw(st.sampled_from(self.commits))
        found, full = read_commit(self.workspace, commit), load(self.workspace.at(commit)).snapshot
        assert found == full
        assert list(found.tasks) == list(full.tasks)

    @rule(data=st.data())
    def check_merge(self, data: st.DataObject) -> None:
        ends = [data.draw(st.sampled_from(self.commits)) for _ in range(2)]
        try:
            tree = self.workspace.merged_tree(*ends)
        except GitFailedError:
            return  # a file here is a folder there
        found = check_tree_with_index(self.workspace, self.now, tree)
        assert found is not None
        assert found[0] == check_source(self.workspace.merged(*ends), self.now)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.check_files()
            self.check_staged()
            shutil.rmtree(self.folder)


def test_incremental_is_full() -> None:
    run_state_machine_as_test(Edits, settings=settings(max_examples=15, stateful_step_count=20))


@pytest.mark.slow
def test_incremental_is_full_for_long() -> None:
    run_state_machine_as_test(Edits, settings=settings(max_examples=150, stateful_step_count=60))
