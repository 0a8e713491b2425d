"""Taking back: the last change of the files, or a commit; to the byte where nobody came after."""

import os
import subprocess
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.patch.ops import Patch
from orchestrator.store.consequences import PatchRejectedError
from orchestrator.store.reversal import ChangedSinceError, taken_back
from orchestrator.store.undo import NothingToUndoError, UncommittedError, Undoing
from orchestrator.store.workspace import Workspace
from orchestrator.store.write import FileEdit
from tests.conftest import PLAN, Cli
from tests.store.killed import files_of

Git = Callable[..., str]
ONE = "projects/pay/tasks/PAY-1.yaml"
FRESH = "projects/pay/tasks/PAY-9.yaml"
MOVED = "projects/ops/tasks/PAY-1.yaml"
FILE = PLAN[ONE].encode()


def back(edits: list[FileEdit], files: Mapping[str, bytes]) -> dict[str, bytes | None]:
    return {edit.path: edit.after for edit in taken_back("x", edits, files.get)}


def low(data: bytes) -> bytes:
    return data.replace(b"high", b"low")


@pytest.mark.parametrize(
    ("edits", "files", "wanted"),
    [
        ([FileEdit(ONE, FILE, low(FILE))], {ONE: low(FILE)}, {ONE: FILE}),
        ([FileEdit(ONE, None, FILE)], {ONE: FILE}, {ONE: None}),
        ([FileEdit(ONE, FILE, None)], {}, {ONE: FILE}),
        ([FileEdit(ONE, FILE, None), FileEdit(MOVED, None, FILE)], {MOVED: FILE},
         {ONE: FILE, MOVED: None}),
        ([FileEdit(MOVED, None, low(FILE)), FileEdit(ONE, FILE, None)], {MOVED: low(FILE)},
         {ONE: FILE, MOVED: None}),
        ([FileEdit("notes.yaml", b"a", b"b")], {"notes.yaml": b"b"}, {"notes.yaml": b"a"}),
        # What was changed since and is something else stays.
        ([FileEdit(ONE, FILE, low(FILE))], {ONE: low(FILE).replace(b"todo", b"blocked")},
         {ONE: FILE.replace(b"todo", b"blocked")}),
        # It has been taken back already.
        ([FileEdit(ONE, FILE, low(FILE))], {ONE: FILE}, {}),
        ([FileEdit(ONE, None, FILE)], {}, {}),
        ([FileEdit(ONE, FILE, None)], {ONE: FILE}, {}),
    ],
)  # fmt: skip
def test_edits_are_taken_back_from_what_is_there_now(
    edits: list[FileEdit], files: dict[str, bytes], wanted: dict[str, bytes | None]
) -> None:
    assert back(edits, files) == wanted


@pytest.mark.parametrize(
    ("edits", "files", "named"),
    [
        ([FileEdit(ONE, FILE, low(FILE))], {ONE: FILE.replace(b"high", b"urgent")},
         f"{ONE} (priority) changed after 'x', which cannot be taken back."),
        ([FileEdit(ONE, FILE, low(FILE))], {}, ONE),
        ([FileEdit(ONE, FILE, low(FILE))], {ONE: b"{"}, ONE),
        ([FileEdit(ONE, FILE, low(FILE))], {ONE: b"\xff"}, ONE),
        ([FileEdit(ONE, None, FILE)], {ONE: low(FILE)}, ONE),
        ([FileEdit(ONE, FILE, None)], {ONE: low(FILE)}, ONE),
        ([FileEdit(ONE, FILE, None), FileEdit(MOVED, None, FILE)], {MOVED: FILE, ONE: b"x"}, ONE),
        ([FileEdit("notes.yaml", b"a", b"b")], {"notes.yaml": b"c"}, "notes.yaml"),
    ],
)  # fmt: skip
def test_what_was_changed_again_is_named_and_refused(
    edits: list[FileEdit], files: dict[str, bytes], named: str
) -> None:
    with pytest.raises(ChangedSinceError) as refused:
        back(edits, files)
    assert named in refused.value.message


_contents = st.sampled_from([None, FILE, low(FILE)])


@given(
    st.dictionaries(
        st.sampled_from([ONE, FRESH, "users/dana.yaml"]), st.tuples(_contents, _contents)
    )
)
def test_taking_back_a_taking_back_makes_the_change_again(
    changed: dict[str, tuple[bytes | None, bytes | None]],
) -> None:
    edits = [FileEdit(path, *sides) for path, sides in changed.items()]
    after = {edit.path: edit.after for edit in edits if edit.after is not None}
    undone = taken_back("x", edits, after.get)
    before = {**after, **{edit.path: edit.after for edit in undone}}
    assert {edit.path: before.get(edit.path) for edit in edits} == {
        edit.path: edit.before for edit in edits
    }
    redone = taken_back("x", undone, before.get)
    assert {edit.path: edit.after for edit in redone} == {
        edit.path: edit.after for edit in edits if edit.before != edit.after
    }


def test_undo_and_undo_again_toggle_the_last_change(cli: Cli) -> None:
    old = files_of(cli.folder)
    cli("project", "rm", "pay")
    new = files_of(cli.folder)
    said = cli("undo").stderr
    assert said.startswith("Undo: Delete project pay and 3 tasks with it\n")
    assert files_of(cli.folder) == old
    assert cli("undo").stderr.startswith("Redo: Delete project pay and 3 tasks with it\n")
    assert files_of(cli.folder) == new
    assert cli("undo").stderr.startswith("Undo: Delete project pay and 3 tasks with it\n")


def test_a_dry_run_shows_and_writes_nothing(cli: Cli) -> None:
    cli("task", "set", "PAY-1", "priority=low")
    files = files_of(cli.folder)
    assert cli("undo", "--dry-run").stderr == (
        "Undo: Set priority of PAY-1 to low\nPAY-1: priority: low → high\n"
        "Nothing was written (--dry-run).\n"
    )
    assert files_of(cli.folder) == files
    cli("undo")


def test_a_commit_is_taken_back_by_a_commit(cli: Cli, git: Git) -> None:
    cli("task", "set", "PAY-1", "PAY-2", "priority=low", "--commit")
    made = git(cli.folder, "rev-parse", "HEAD").strip()
    cli("undo")
    message = git(cli.folder, "log", "-1", "--format=%B")
    assert message.startswith("Undo: Change 2 tasks: PAY-1, PAY-2\n\nPAY-1: priority: low → high\n")
    assert f"\nReverts: {made}\n" in message
    assert "\nOrchestrator-Patch: sha256:" in message
    assert git(cli.folder, "diff", "HEAD", "HEAD~2") == ""
    assert git(cli.folder, "status", "--short") == ""
    cli("undo")
    assert git(cli.folder, "log", "--format=%s").splitlines()[0].startswith("Redo: Change 2")
    assert git(cli.folder, "diff", "HEAD", made) == ""


def test_a_commit_of_a_patch_that_was_merged_is_taken_back_as_one(cli: Cli, git: Git) -> None:
    patch = '[{"op": "replace", "path": "/tasks/PAY-1/title", "value": "Take"}]'
    cli("patch", "apply", "-", "--branch", "agent/planner/one", stdin=patch)
    git(cli.folder, "merge", "--quiet", "--no-ff", "-m",
        "Accept it\n\nAccepted-Proposal: planner/one", "agent/planner/one")  # fmt: skip
    assert cli("undo").stderr.startswith("Undo: Accept it\nPAY-1: title: Take → Capture\n")
    assert git(cli.folder, "diff", "HEAD", "HEAD~2") == ""


def test_what_came_later_is_taken_back_first(cli: Cli, git: Git) -> None:
    cli("task", "set", "PAY-1", "priority=low", "--commit")
    cli("task", "set", "PAY-2", "priority=low")
    assert cli("undo").stderr.startswith("Undo: Set priority of PAY-2")
    cli("task", "set", "PAY-2", "priority=low")
    git(cli.folder, "checkout", "--quiet", "--", ".")
    # The files are as before that change: the commit is next.
    assert cli("undo").stderr.startswith("Undo: Set priority of PAY-1")


def test_a_later_edit_of_another_field_stays(cli: Cli, git: Git) -> None:
    cli("task", "set", "PAY-1", "priority=low", "--commit")
    cli("task", "set", "PAY-1", "title=Take", "--commit")
    cli("undo", "HEAD~1")
    assert (cli.folder / ONE).read_text() == PLAN[ONE].replace("Capture", "Take")
    assert git(cli.folder, "log", "-1", "--format=%s") == "Undo: Set priority of PAY-1 to low\n"


def test_a_later_edit_of_the_same_field_is_not_lost(cli: Cli) -> None:
    cli("task", "set", "PAY-1", "priority=low", "--commit")
    cli("task", "set", "PAY-1", "priority=urgent", "--commit")
    refused = cli("undo", "HEAD~1", code=1).stderr
    assert f"{ONE} (priority) changed after 'Set priority of PAY-1 to low" in refused
    assert "priority: urgent" in (cli.folder / ONE).read_text()


def test_a_comment_comes_back_with_the_file(cli: Cli) -> None:
    cli("task", "rm", "PAY-3", "--commit")
    cli("undo")
    assert (cli.folder / "projects/pay/tasks/PAY-3.yaml").read_text() == (
        PLAN["projects/pay/tasks/PAY-3.yaml"]
    )


def test_files_with_uncommitted_changes_are_named(workspace: Workspace, cli: Cli) -> None:
    cli("task", "set", "PAY-1", "priority=low", "--commit")
    with (workspace.root / ONE).open("a") as file:
        file.write("# a thought\n")
    with pytest.raises(UncommittedError, match=f"{ONE} changed since the last commit"):
        workspace.undoing("HEAD")
    assert "# a thought" in (workspace.root / ONE).read_text()


def test_what_others_built_on_is_not_taken_away(workspace: Workspace, now: datetime) -> None:
    value = {"title": "New", "status": "todo", "project": "pay"}
    workspace.apply(Patch(({"op": "add", "path": "/tasks/PAY-9", "value": value},)), now)
    path = workspace.root / "projects/pay/tasks/PAY-3.yaml"
    path.write_text(f"{path.read_text()}parent: PAY-9\n")
    found = workspace.undoing()
    with pytest.raises(PatchRejectedError, match="ORC202"):
        workspace.take_back(found, workspace.snapshot(), now)
    assert (workspace.root / FRESH).exists()


def test_there_is_nothing_to_undo_in_a_new_plan(workspace: Workspace) -> None:
    with pytest.raises(NothingToUndoError, match="There is nothing to undo"):
        workspace.undoing()


def test_a_commit_of_other_files_changes_nothing_in_the_plan(
    workspace: Workspace, git: Git
) -> None:
    (workspace.root / "notes.txt").write_text("x")
    git(workspace.root, "add", ".")
    git(workspace.root, "commit", "--quiet", "-m", "Notes")
    with pytest.raises(NothingToUndoError, match="changed nothing in the plan"):
        workspace.undoing("HEAD")


def test_a_commit_that_was_taken_back_already_is_said(cli: Cli, workspace: Workspace) -> None:
    cli("task", "set", "PAY-1", "priority=low", "--commit")
    cli("undo")
    with pytest.raises(NothingToUndoError, match="has been taken back already"):
        workspace.undoing("HEAD~1")


def test_without_git_nothing_is_kept(plan: Path, now: datetime) -> None:
    workspace = Workspace(plan, {})
    workspace.apply(Patch(({"op": "replace", "path": "/tasks/PAY-1/title", "value": "x"},)), now)
    with pytest.raises(NothingToUndoError, match="without git"):
        workspace.undoing()


def test_a_hook_that_refuses_the_commit_leaves_the_files_taken_back(cli: Cli, git: Git) -> None:
    cli("task", "set", "PAY-1", "priority=low", "--commit")
    hook = cli.folder / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho not today\nexit 1\n")
    hook.chmod(0o755)
    refused = cli("undo", code=1).stderr
    assert "The files were changed, but git refused to commit them:\nnot today" in refused
    assert "priority: high" in (cli.folder / ONE).read_text()
    assert git(cli.folder, "rev-list", "--count", "HEAD") == "2\n"


def test_a_message_of_ones_own_gets_the_trailers(cli: Cli, git: Git) -> None:
    cli("task", "set", "PAY-1", "priority=low", "-m", "Calm down\n\nFixes: 7")
    lines = git(cli.folder, "log", "-1", "--format=%B").splitlines()
    assert lines[:3] == ["Calm down", "", "Fixes: 7"]
    assert lines[3].startswith("Orchestrator-Patch: sha256:")


@pytest.mark.parametrize(
    ("title", "subject"), [("X", "Undo: X"), ("Undo: X", "Redo: X"), ("Redo: X", "Undo: X")]
)
def test_the_subject_says_whether_it_is_a_redo(title: str, subject: str) -> None:
    assert Undoing(title, None, (), ()).subject == subject


_VERBS = st.sampled_from(
    [
        {"op": "replace", "path": "/tasks/PAY-1/title", "value": "Other"},
        {"op": "remove", "path": "/tasks/PAY-1/labels"},
        {"op": "replace", "path": "/tasks/PAY-2/status", "value": "in_progress"},
        {"op": "remove", "path": "/tasks/PAY-3"},
        {"op": "move", "from": "/tasks/PAY-3", "path": "/tasks/PAY-33"},
        {"op": "replace", "path": "/settings/name", "value": "Other"},
    ]
)


@pytest.mark.slow
@settings(max_examples=60)
@given(
    ops=st.lists(_VERBS, min_size=1, max_size=4, unique_by=lambda op: op.get("from", op["path"]))
)
def test_any_change_is_taken_back_to_the_byte_and_made_again(
    tmp_path_factory: pytest.TempPathFactory, ops: list[dict[str, str]]
) -> None:
    from tests.conftest import NOW, write

    root = tmp_path_factory.mktemp("plan")
    write(root, PLAN)
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    workspace = Workspace(root, dict(os.environ))
    old = files_of(root)
    workspace.apply(Patch(tuple(ops)), NOW)
    new = files_of(root)
    for wanted in (old, new, old):
        workspace.take_back(workspace.undoing(), workspace.snapshot(), NOW)
        assert files_of(root) == wanted
