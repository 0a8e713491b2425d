"""Patches on the work tree: whole or not at all, and no byte more than needed."""

import errno
import os
import re
import stat
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from orchestrator.errors import OrchestratorError
from orchestrator.patch.apply import MalformedIdError, UnreadableTargetError
from orchestrator.patch.ops import Patch, PatchError
from orchestrator.patch.step import MisplacedOpError, TestFailedError, UnknownTargetError
from orchestrator.store.consequences import PatchRejectedError
from orchestrator.store.git import StoreError
from orchestrator.store.load import check_source
from orchestrator.store.lock import LockedError, locked
from orchestrator.store.root import WorkspaceNotFoundError
from orchestrator.store.workspace import Workspace, find_workspace
from orchestrator.store.write import (
    DirtyFileError,
    FileEdit,
    LinkedFolderError,
    NotWritableError,
    write_files,
)
from orchestrator.verbs.stamps import AgentStampError

TASK = "projects/pay/tasks/PAY-1.yaml"


def ops(*given: tuple[str, str, object]) -> Patch:
    return Patch(
        tuple(
            {"op": op, "path": path, **({} if value is None else {"value": value})}
            for op, path, value in given
        )
    )


def test_a_changed_field_leaves_every_other_byte_alone(workspace: Workspace, now: datetime) -> None:
    before = (workspace.root / TASK).read_text()
    workspace.apply(ops(("replace", "/tasks/PAY-1/priority", "low")), now)
    assert (workspace.root / TASK).read_text() == before.replace("high", "low")


def test_a_status_brings_the_stamp_of_the_clock(workspace: Workspace, now: datetime) -> None:
    workspace.apply(ops(("replace", "/tasks/PAY-1/status", "in_progress")), now)
    assert "started_at: 2026-11-22T09:30:00+00:00\n" in (workspace.root / TASK).read_text()


def test_adding_a_task_makes_its_file_with_the_id_of_the_path(
    workspace: Workspace, now: datetime
) -> None:
    value = {"title": "New", "status": "todo", "project": "pay"}
    workspace.apply(ops(("add", "/tasks/PAY-9", value)), now)
    text = (workspace.root / "projects/pay/tasks/PAY-9.yaml").read_text()
    assert text.startswith("id: PAY-9\ntitle: New\nstatus: todo\n")


def test_replacing_the_project_moves_the_file_and_keeps_its_text(
    workspace: Workspace, now: datetime
) -> None:
    project = {"key": "OPS", "title": "Operations", "status": "active"}
    text = (workspace.root / "projects/pay/tasks/PAY-3.yaml").read_text()
    applied = workspace.apply(
        ops(("add", "/projects/ops", project), ("replace", "/tasks/PAY-3/project", "ops")), now
    )
    assert not (workspace.root / "projects/pay/tasks/PAY-3.yaml").exists()
    assert (workspace.root / "projects/ops/tasks/PAY-3.yaml").read_text() == text
    assert applied.snapshot.tasks["PAY-3"]["project"] == "ops"


def test_removing_a_task_removes_the_file(workspace: Workspace, now: datetime) -> None:
    workspace.apply(ops(("remove", "/tasks/PAY-3", None)), now)
    assert not (workspace.root / "projects/pay/tasks/PAY-3.yaml").exists()


def test_a_move_renames_the_entity(workspace: Workspace, now: datetime) -> None:
    patch = Patch(({"op": "move", "from": "/tasks/PAY-3", "path": "/tasks/PAY-33"},))
    workspace.apply(patch, now)
    text = (workspace.root / "projects/pay/tasks/PAY-33.yaml").read_text()
    assert text.startswith("id: PAY-33\n")
    assert not (workspace.root / "projects/pay/tasks/PAY-3.yaml").exists()


@pytest.mark.parametrize(
    ("patch", "error", "names"),
    [
        (ops(("replace", "/tasks/PAY-7/title", "x")), UnknownTargetError, "/tasks/PAY-7"),
        (ops(("remove", "/tasks/PAY-1/due_date", None)), UnknownTargetError, "due_date"),
        (ops(("replace", "/tasks/PAY-1/labels/7", "x")), UnknownTargetError, "labels/7"),
        (ops(("test", "/tasks/PAY-1/status", "completed")), TestFailedError, '"todo"'),
        (ops(("test", "/tasks/PAY-9/status", "completed")), UnknownTargetError, "PAY-9"),
        (ops(("replace", "/tasks/PAY-1/id", "PAY-5")), MisplacedOpError, "id"),
        (ops(("replace", "/tasks", {})), MisplacedOpError, "/tasks"),
        (ops(("replace", "", {})), MisplacedOpError, "no entity"),
        (ops(("add", "/etc/passwd", {})), MisplacedOpError, "/etc/passwd"),
        (ops(("add", "/tasks/PAY-1/parent", "PAY-2")), PatchRejectedError, "ORC205"),
        (ops(("replace", "/tasks/PAY-1/status", "done")), PatchRejectedError, "completed"),
        (ops(("add", "/tasks/PAY-1/colour", "red")), PatchRejectedError, "ORC101"),
        (ops(("remove", "/tasks/PAY-2", None)), PatchRejectedError, "ORC206"),
        (ops(("add", "/tasks/PAY-1/assignee", "dona")), PatchRejectedError, "ORC210"),
        (
            ops(("add", "/tasks/..%2f..%2fx", {"title": "x", "status": "todo", "project": "pay"})),
            MalformedIdError,
            "..%2f..%2fx",
        ),
        (
            ops(("add", "/tasks/..~1..~1x", {"title": "x", "status": "todo", "project": "pay"})),
            MalformedIdError,
            "../../x",
        ),
        (ops(("replace", "/tasks/PAY-1/project", "../../x")), MalformedIdError, "../../x"),
        (ops(("add", "/users/..", {"name": "x"})), MalformedIdError, ".."),
        (ops(("replace", "/tasks/PAY-1/project", "ops")), PatchRejectedError, "ops"),
        (ops(("remove", "/settings", None)), PatchRejectedError, "ORC102"),
    ],
)
def test_an_impossible_patch_is_refused_by_name_and_writes_nothing(
    workspace: Workspace, now: datetime, patch: Patch, error: type[Exception], names: str,
    git: Callable[..., str],
) -> None:  # fmt: skip
    with pytest.raises(error, match=re.escape(names)):
        workspace.apply(patch, now)
    assert git(workspace.root, "status", "--short") == ""


def test_one_bad_op_undoes_the_good_ones_before_it(
    workspace: Workspace, now: datetime, git: Callable[..., str]
) -> None:
    patch = ops(("replace", "/tasks/PAY-1/title", "x"), ("remove", "/tasks/PAY-7", None))
    with pytest.raises(UnknownTargetError):
        workspace.apply(patch, now)
    assert git(workspace.root, "status", "--short") == ""


def test_errors_that_were_there_before_do_not_refuse_a_patch(
    workspace: Workspace, now: datetime
) -> None:
    (workspace.root / "projects/pay/tasks/PAY-8.yaml").write_text("id: PAY-8\n")
    workspace.apply(ops(("replace", "/tasks/PAY-1/title", "x")), now)
    assert "title: x  # the first" in (workspace.root / TASK).read_text()


def test_a_file_with_an_unknown_field_keeps_it_through_an_edit(
    workspace: Workspace, now: datetime
) -> None:
    path = workspace.root / TASK
    path.write_text(path.read_text() + "colour: red  # mine\n")
    workspace.apply(ops(("replace", "/tasks/PAY-1/title", "x")), now)
    assert path.read_text().endswith("colour: red  # mine\n")


@pytest.mark.parametrize("path", [TASK, "projects/pay/project.yaml", "users/dana.yaml"])
def test_a_line_named_project_is_no_field_and_is_kept(
    workspace: Workspace, now: datetime, path: str
) -> None:
    file = workspace.root / path
    file.write_text(file.read_text() + "project: mine\n")
    kind, entity = {"t": ("tasks", "PAY-1"), "p": ("projects", "pay")}.get(
        Path(path).parent.name[0], ("users", "dana")
    )
    name = "name" if kind == "users" else "title"
    workspace.apply(ops(("replace", f"/{kind}/{entity}/{name}", "x")), now)
    assert f"{name}: x" in file.read_text()
    assert file.read_text().endswith("project: mine\n")


def test_a_file_with_crlf_and_a_bom_is_listed_refused_and_edited_line_by_line(
    workspace: Workspace, now: datetime
) -> None:
    path = workspace.root / TASK
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    found = check_source(workspace.files, now).problems
    assert {problem.code for problem in found} == {"ORC004"}
    assert "PAY-1" in workspace.snapshot().tasks
    workspace.apply(ops(("replace", "/tasks/PAY-1/priority", "low")), now)
    assert path.read_bytes() == before.replace(b"high", b"low")


def nested(levels: int) -> dict[str, object]:
    return {"a": nested(levels - 1)} if levels else {}


@pytest.mark.parametrize("value", [{"a": "x" * 300_000}, nested(20)], ids=["large", "deep"])
def test_a_patch_never_leaves_a_file_that_cannot_be_read(
    workspace: Workspace, now: datetime, git: Callable[..., str], value: object
) -> None:
    new = {"title": "x", "status": "todo", "project": "pay", "metadata": value}
    for patch in (ops(("add", "/tasks/PAY-9", new)), ops(("add", "/tasks/PAY-1/metadata", value))):
        with pytest.raises(OrchestratorError):
            workspace.apply(patch, now)
    assert git(workspace.root, "status", "--short") == ""


def test_a_new_entity_never_overwrites_an_unreadable_file(
    workspace: Workspace, now: datetime
) -> None:
    path = workspace.root / "projects/pay/tasks/PAY-9.yaml"
    path.write_text("id: [\n")
    value = {"title": "New", "status": "todo", "project": "pay"}
    with pytest.raises(UnreadableTargetError):
        workspace.apply(ops(("add", "/tasks/PAY-9", value)), now)
    assert path.read_text() == "id: [\n"


def test_a_dry_run_writes_nothing(
    workspace: Workspace, now: datetime, git: Callable[..., str]
) -> None:
    applied = workspace.apply(ops(("replace", "/tasks/PAY-1/title", "x")), now, dry_run=True)
    assert [change.id for change in applied.changes] == ["PAY-1"]
    assert git(workspace.root, "status", "--short") == ""


def test_a_file_changed_since_it_was_read_is_not_overwritten(plan: Path) -> None:
    edits = [
        FileEdit(TASK, (plan / TASK).read_bytes(), b"id: PAY-1\n"),
        FileEdit("projects/pay/tasks/PAY-2.yaml", b"something else", b"x"),
    ]
    before = (plan / TASK).read_bytes()
    with pytest.raises(DirtyFileError) as refused:
        write_files(plan, edits)
    assert refused.value.paths == ["projects/pay/tasks/PAY-2.yaml"]
    assert (plan / TASK).read_bytes() == before


def test_a_folder_that_is_a_symbolic_link_is_never_written_through(
    workspace: Workspace, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    project = {"key": "EV", "title": "Evil", "status": "active"}
    workspace.apply(ops(("add", "/projects/evil", project)), now)
    (workspace.root / "projects/evil/tasks").symlink_to(tmp_path / "outside")
    value = {"title": "x", "status": "todo", "project": "evil"}
    with pytest.raises(LinkedFolderError):
        workspace.apply(ops(("add", "/tasks/EV-1", value)), now)
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_save_between_check_and_rename_is_not_overwritten(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits = [
        FileEdit("users/new.yaml", None, b"x"),
        FileEdit(TASK, (plan / TASK).read_bytes(), b"y"),
    ]
    real = os.fsync

    def an_editor_saves(descriptor: int) -> None:
        (plan / TASK).write_text("id: PAY-1\ntitle: mine\nstatus: todo\n")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", an_editor_saves)
    with pytest.raises(DirtyFileError):
        write_files(plan, edits)
    assert "title: mine" in (plan / TASK).read_text()
    assert not (plan / "users/new.yaml").exists()


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_was_done_before_a_failure_is_undone(
    plan: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    before = {path: path.read_bytes() for path in plan.rglob("*.yaml")}
    second, third = "projects/pay/tasks/PAY-2.yaml", "projects/pay/tasks/PAY-3.yaml"
    real = os.replace

    def fails_for_the_second(source: str, target: Path) -> None:
        if str(target).endswith("PAY-2.yaml"):
            raise error
        real(source, target)

    monkeypatch.setattr(os, "replace", fails_for_the_second)
    edits = [
        FileEdit(TASK, before[plan / TASK], b"x"),
        FileEdit(second, before[plan / second], b"y"),
        FileEdit(third, before[plan / third], None),
    ]
    with pytest.raises((NotWritableError, KeyboardInterrupt)):
        write_files(plan, edits)
    assert {path: path.read_bytes() for path in plan.rglob("*.yaml")} == before
    assert not list(plan.rglob("*.tmp"))


@pytest.mark.parametrize(
    "patch",
    [
        ops(("add", "/tasks/PAY-1/completed_at", "2020-01-01T00:00:00Z")),
        ops(("add", "/tasks/PAY-9", {"title": "x", "created_at": "2020-01-01T00:00:00Z"})),
        ops(("remove", "/tasks/PAY-1/created_at", None)),
    ],
)
def test_an_agent_sets_no_stamp(workspace: Workspace, now: datetime, patch: Patch) -> None:
    with pytest.raises(AgentStampError):
        workspace.apply(Patch(patch.ops, author="agent:planner"), now)
    with pytest.raises(AgentStampError):
        workspace.commit_patch("agent/x/y", Patch(patch.ops, author="agent:planner"), now)


def test_a_renamed_task_keeps_its_comments_and_style(workspace: Workspace, now: datetime) -> None:
    before = (workspace.root / TASK).read_text()
    rename: dict[str, object] = {"op": "move", "from": "/tasks/PAY-1", "path": "/tasks/PAY-11"}
    path = "/tasks/PAY-2/parent"
    parent: dict[str, object] = {"op": "replace", "path": path, "value": "PAY-11"}
    workspace.apply(Patch((parent, rename)), now)
    after = (workspace.root / "projects/pay/tasks/PAY-11.yaml").read_text()
    assert after.startswith(before.replace("PAY-1", "PAY-11"))
    assert not (workspace.root / TASK).exists()


def test_true_and_1_are_different_values(workspace: Workspace, now: datetime) -> None:
    workspace.apply(ops(("add", "/tasks/PAY-1/metadata", {"x": 1})), now)
    workspace.apply(ops(("replace", "/tasks/PAY-1/metadata/x", True)), now)
    assert "x: true" in (workspace.root / TASK).read_text()


@pytest.mark.parametrize("path", ["/users/con", "/projects/aux"])
def test_a_name_that_windows_cannot_hold_is_refused(
    workspace: Workspace, now: datetime, path: str
) -> None:
    value = {"name": "x", "key": "X", "title": "x", "status": "active"}
    with pytest.raises(PatchError, match="device name"):
        workspace.apply(ops(("add", path, value)), now)


def test_copies_that_grow_beyond_a_file_are_refused_at_once(
    workspace: Workspace, now: datetime
) -> None:
    grow: list[dict[str, object]] = [
        {"op": "add", "path": "/tasks/PAY-1/metadata", "value": {"a": ["x"] * 9}}
    ]
    for number in range(40):
        target = f"/tasks/PAY-1/metadata/b{number}"
        grow.append({"op": "copy", "from": "/tasks/PAY-1/metadata", "path": target})
    began = time.process_time()
    with pytest.raises(PatchError, match="copies more than"):
        workspace.apply(Patch(tuple(grow)), now)
    assert time.process_time() - began < 1


def test_a_symbolic_link_is_never_written_through(plan: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("mine")
    (plan / "users/eve.yaml").symlink_to(outside)
    with pytest.raises(DirtyFileError):
        write_files(plan, [FileEdit("users/eve.yaml", b"mine", b"theirs")])
    assert outside.read_text() == "mine"


def test_a_written_file_keeps_its_mode_and_leaves_no_litter(plan: Path) -> None:
    path = plan / TASK
    path.chmod(0o640)
    write_files(plan, [FileEdit(TASK, path.read_bytes(), b"new\n")])
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert not list(plan.rglob("*.tmp"))


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EMFILE])
def test_a_file_system_that_refuses_is_one_sentence_and_nothing_is_written(
    workspace: Workspace, now: datetime, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Simulated, because tests often run as root, who may write anywhere."""

    def refuses(**_: object) -> tuple[int, str]:
        raise OSError(code, os.strerror(code))

    before = (workspace.root / TASK).read_bytes()
    monkeypatch.setattr("tempfile.mkstemp", refuses)
    with pytest.raises(NotWritableError) as refused:
        workspace.apply(ops(("replace", "/tasks/PAY-1/title", "x")), now)
    assert os.strerror(code).lower() in refused.value.message
    assert refused.value.hint == "Check the folder's permissions and free space."
    assert (workspace.root / TASK).read_bytes() == before


def test_a_lock_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    lock = locked(tmp_path / "nowhere/lock", "apply")
    with pytest.raises(StoreError, match="The lock cannot be made"), lock:
        pass


def test_a_lock_is_never_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    (tmp_path / "lock").symlink_to("mine")
    with pytest.raises(StoreError), locked(tmp_path / "lock", "apply"):
        pass
    assert (tmp_path / "mine").read_text() == "precious"


def test_a_plan_without_git_locks_its_folder_and_leaves_no_file(plan: Path) -> None:
    workspace = Workspace(plan, {})
    assert workspace.lock == plan
    before = sorted(plan.rglob("*"))
    with locked(workspace.lock, "apply"), pytest.raises(LockedError), locked(plan, "apply", 0.1):
        pass
    assert sorted(plan.rglob("*")) == before


def test_a_failure_half_way_leaves_no_new_file(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    real = os.fsync

    def fails_second(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fails_second)
    edits = [
        FileEdit("projects/new/tasks/NEW-1.yaml", None, b"a"),
        FileEdit("users/x.yaml", None, b"b"),
    ]
    with pytest.raises(NotWritableError, match="no space left"):
        write_files(plan, edits)
    assert not (plan / "projects/new").exists()
    assert not (plan / "users/x.yaml").exists()
    assert not list(plan.rglob("*.tmp"))


def test_a_second_writer_waits_and_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first, second = locked(path, "apply"), locked(path, "apply", 0.1)
    with first, pytest.raises(LockedError) as refused, second:
        pass
    assert refused.value.holder == {"pid": os.getpid(), "operation": "apply"}
    with locked(path, "apply", 0.1):
        pass


def test_the_nearest_workspace_upwards_is_found(repo: Path) -> None:
    deep = repo / "projects/pay/tasks"
    assert find_workspace(deep, {}).root == repo


def test_a_folder_that_is_no_workspace_gets_a_hint(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceNotFoundError) as refused:
        find_workspace(tmp_path, {})
    assert refused.value.hint is not None
    assert "orchestrator init" in refused.value.hint


def test_a_commit_takes_just_the_files_that_the_command_touched(
    workspace: Workspace, now: datetime, git: Callable[..., str]
) -> None:
    (workspace.root / "notes.txt").write_text("mine")
    git(workspace.root, "add", "notes.txt")
    applied = workspace.apply(ops(("replace", "/tasks/PAY-1/title", "x")), now)
    workspace.commit(applied.paths, "Rename\n")
    assert git(workspace.root, "show", "--format=", "--name-only", "HEAD").split() == [TASK]
    assert git(workspace.root, "status", "--short") == "A  notes.txt\n"


def test_nothing_to_commit_is_said(workspace: Workspace) -> None:
    with pytest.raises(StoreError, match="nothing to commit"):
        workspace.commit(["projects/pay/tasks/NONE-1.yaml"], "x")
