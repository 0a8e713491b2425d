"""Merging commits: fields by their rules, entities by their id, everything else by git."""

from pathlib import Path
from typing import Any

import pytest

from orchestrator.store.git import Oid
from orchestrator.store.proposals.find import ProposalError
from orchestrator.store.proposals.merge import MergedCommits, merge_commits
from orchestrator.store.workspace import Workspace
from tests.conftest import PLAN
from tests.store.proposals.branches import TASKS, branched, commit, edited, merge, run, text

ONE, TWO, THREE = (f"{TASKS}/PAY-{number}.yaml" for number in (1, 2, 3))
OPS = {"projects/ops/project.yaml": "id: ops\nkey: OPS\ntitle: Operations\nstatus: active\n"}
STAMPED = PLAN[ONE] + "created_at: 2026-11-01T10:00:00+01:00\n"


def clashes(merged: MergedCommits) -> list[tuple[str, str]]:
    assert merged.tree is None
    return [(entity[1], conflict.pointer) for entity, _, conflict in merged.clashes]


def test_different_fields_of_one_task_are_merged_and_comments_stay(workspace: Workspace) -> None:
    merged = merge(
        workspace,
        edited(ONE, "status: todo", "status: blocked"),
        edited(ONE, "priority: high", "priority: low"),
    )
    wanted = PLAN[ONE].replace("todo", "blocked").replace("high", "low")
    assert text(workspace, merged, ONE) == wanted


def test_both_add_to_one_list(workspace: Workspace) -> None:
    merged = merge(
        workspace, edited(ONE, "[api, db]", "[api, db, web]"), edited(ONE, "[api, db]", "[db, x]")
    )
    assert "labels: [db, web, x]" in str(text(workspace, merged, ONE))


def test_one_field_set_twice_clashes_and_nothing_is_written(workspace: Workspace) -> None:
    merged = merge(
        workspace,
        edited(ONE, "status: todo", "status: blocked"),
        edited(ONE, "status: todo", "status: completed"),
    )
    assert clashes(merged) == [("PAY-1", "/status")]
    [(_, path, conflict)] = merged.clashes
    assert path == ONE
    assert conflict[1:] == ("todo", "blocked", "completed")


def test_what_one_side_changed_is_taken_byte_for_byte(workspace: Workspace) -> None:
    odd = "# odd\nid:   PAY-2\ntitle: 'Retry'   # yes\n"
    merged = merge(workspace, edited(ONE, "todo", "blocked"), {TWO: odd})
    assert text(workspace, merged, TWO) == odd
    assert text(workspace, merged, ONE) == PLAN[ONE].replace("todo", "blocked")


@pytest.mark.parametrize("is_ours", [True, False])
def test_an_edit_beats_a_deletion_and_it_is_said(workspace: Workspace, is_ours: bool) -> None:
    sides: list[Any] = [{THREE: None}, edited(THREE, "Refund", "Refund all")]
    merged = merge(workspace, *(sides if is_ours else sides[::-1]))
    assert text(workspace, merged, THREE) == PLAN[THREE].replace("Refund", "Refund all")
    assert merged.said == ("PAY-3 was removed on one side and changed on the other: it stays.",)


def test_both_remove_one_task(workspace: Workspace) -> None:
    merged = merge(workspace, {THREE: None}, {THREE: None, **edited(ONE, "todo", "blocked")})
    assert text(workspace, merged, THREE) is None
    assert merged.said == ()


def test_a_task_that_moved_is_followed_by_its_id(workspace: Workspace) -> None:
    moved = "projects/ops/tasks/PAY-3.yaml"
    merged = merge(
        workspace, {**OPS, THREE: None, moved: PLAN[THREE]}, edited(THREE, "todo", "blocked")
    )
    assert text(workspace, merged, THREE) is None
    assert text(workspace, merged, moved) == PLAN[THREE].replace("todo", "blocked")


def test_a_task_that_both_moved_elsewhere_clashes(workspace: Workspace) -> None:
    def moved(project: str) -> dict[str, str | None]:
        return {THREE: None, f"projects/{project}/tasks/PAY-3.yaml": PLAN[THREE]}

    assert clashes(merge(workspace, moved("ops"), moved("web"))) == [("PAY-3", "/project")]


def test_both_made_one_id(workspace: Workspace) -> None:
    path = f"{TASKS}/PAY-9.yaml"
    merged = merge(
        workspace,
        {path: "id: PAY-9\ntitle: One\nstatus: todo\nlabels: [a]\n"},
        {path: "id: PAY-9\ntitle: Two\nstatus: todo\nlabels: [b]\n"},
    )
    assert clashes(merged) == [("PAY-9", "/title")]


def test_both_made_one_id_with_the_same_in_it(workspace: Workspace) -> None:
    new = {f"{TASKS}/PAY-9.yaml": "id: PAY-9\ntitle: One\nstatus: todo\n"}
    merged = merge(workspace, new, {**new, **edited(ONE, "todo", "blocked")})
    assert text(workspace, merged, f"{TASKS}/PAY-9.yaml") == new[f"{TASKS}/PAY-9.yaml"]


def test_both_made_one_id_in_two_projects(workspace: Workspace) -> None:
    merged = merge(
        workspace,
        {"projects/ops/tasks/X-1.yaml": "id: X-1\ntitle: One\n"},
        {"projects/web/tasks/X-1.yaml": "id: X-1\ntitle: One\n"},
    )
    assert clashes(merged) == [("X-1", "/project")]


@pytest.mark.parametrize(
    "before", [PLAN[THREE], PLAN[THREE] + "created_at: 2026-11-01T10:00:00Z\n"]
)
@pytest.mark.parametrize("is_ours", [True, False])
def test_a_task_with_another_id_gets_the_edits_of_the_old_one(
    workspace: Workspace, before: str, is_ours: bool
) -> None:
    commit(workspace.root, {THREE: before})
    new = f"{TASKS}/PAY-77.yaml"
    renamed = {THREE: None, new: before.replace("PAY-3", "PAY-77")}
    changed = {THREE: before.replace("todo", "blocked")}
    sides: list[Any] = [renamed, changed]
    merged = merge(workspace, *(sides if is_ours else sides[::-1]))
    assert text(workspace, merged, THREE) is None
    wanted = before.replace("PAY-3", "PAY-77").replace("todo", "blocked")
    assert text(workspace, merged, new) == wanted


def test_a_task_that_both_gave_another_id_clashes(workspace: Workspace) -> None:
    def renamed(to: str) -> dict[str, str | None]:
        return {THREE: None, f"{TASKS}/{to}.yaml": PLAN[THREE].replace("PAY-3", to)}

    assert clashes(merge(workspace, renamed("PAY-7"), renamed("PAY-8"))) == [("PAY-7", "/id")]


def test_a_task_that_both_gave_one_other_id_has_both_edits(workspace: Workspace) -> None:
    def renamed(old: str, new: str) -> dict[str, str | None]:
        body = PLAN[THREE].replace("PAY-3", "PAY-7").replace(old, new)
        return {THREE: None, f"{TASKS}/PAY-7.yaml": body}

    stamped = PLAN[THREE]
    commit(workspace.root, {THREE: stamped})
    merged = merge(workspace, renamed("x", "x"), renamed("x", "x"))
    assert text(workspace, merged, f"{TASKS}/PAY-7.yaml") == stamped.replace("PAY-3", "PAY-7")


def test_files_outside_the_plan_are_merged_by_git(workspace: Workspace) -> None:
    lines = [f"{number}\n" for number in range(20)]
    commit(workspace.root, {"code.txt": "".join(lines)})
    merged = merge(
        workspace,
        {"code.txt": "".join(["first\n", *lines[1:]])},
        {"code.txt": "".join([*lines[:-1], "last\n"]), **edited(ONE, "todo", "blocked")},
    )
    assert text(workspace, merged, "code.txt") == "".join(["first\n", *lines[1:-1], "last\n"])


def test_a_conflict_outside_the_plan_is_named(workspace: Workspace) -> None:
    commit(workspace.root, {"code.txt": "one\n"})
    merged = merge(workspace, {"code.txt": "two\n"}, {"code.txt": "three\n"})
    assert (merged.tree, merged.files) == (None, ("code.txt",))


def test_the_merge_driver_and_the_renames_of_git_are_not_asked(
    workspace: Workspace, tmp_path: Path
) -> None:
    root = workspace.root
    commit(root, {".gitattributes": "projects/**/*.yaml merge=orchestrator\n"})
    run(root, "config", "merge.orchestrator.driver", f"touch {tmp_path}/asked; false")
    merged = merge(
        workspace,
        edited(ONE, "status: todo", "status: blocked"),
        edited(ONE, "priority: high", "priority: low"),
    )
    assert "blocked" in str(text(workspace, merged, ONE))
    assert not (tmp_path / "asked").exists()


def test_a_removed_task_and_one_that_looks_alike_are_two(workspace: Workspace) -> None:
    body = "title: Same words\nstatus: todo\ndescription: |\n" + "  a line of it\n" * 20
    commit(workspace.root, {f"{TASKS}/PAY-5.yaml": f"id: PAY-5\npriority: low\n{body}"})
    merged = merge(
        workspace,
        {
            f"{TASKS}/PAY-5.yaml": None,
            f"{TASKS}/PAY-6.yaml": f"id: PAY-6\npriority: high\n{body}",
        },
        {f"{TASKS}/PAY-5.yaml": f"id: PAY-5\npriority: low\n{body}labels: [kept]\n"},
    )
    assert "kept" in str(text(workspace, merged, f"{TASKS}/PAY-5.yaml"))
    assert "kept" not in str(text(workspace, merged, f"{TASKS}/PAY-6.yaml"))


def test_a_file_that_is_no_mapping_is_merged_by_line(workspace: Workspace) -> None:
    lines = "".join(f"- {number}\n" for number in range(9))
    commit(workspace.root, {THREE: lines})
    merged = merge(workspace, {THREE: f"- a\n{lines}"}, {THREE: f"{lines}- b\n"})
    assert text(workspace, merged, THREE) == f"- a\n{lines}- b\n"
    again = merge_commits(
        workspace.required_repository, *_sides(workspace, {THREE: "- 1\n"}, {THREE: "- 2\n"})
    )
    assert clashes(again) == [("PAY-3", "")]


def test_a_file_that_is_not_utf8_or_no_plain_file_clashes(workspace: Workspace) -> None:
    root = workspace.root
    run(root, "switch", "--quiet", "--create", "other")
    (root / THREE).write_bytes(b"title: \xff\n")
    theirs = commit(root, {})
    run(root, "switch", "--quiet", "main")
    ours = commit(root, edited(THREE, "todo", "blocked"))
    assert clashes(merge_commits(workspace.required_repository, ours, theirs)) == [("PAY-3", "")]
    run(root, "switch", "--quiet", "--create", "third", "main~1")
    (root / THREE).unlink()
    (root / THREE).symlink_to("PAY-1.yaml")
    link = commit(root, {})
    assert clashes(merge_commits(workspace.required_repository, ours, link)) == [("PAY-3", "")]


def test_a_criss_cross_takes_one_of_the_bases(workspace: Workspace) -> None:
    root = workspace.root
    ours, theirs = branched(
        root, edited(ONE, "todo", "blocked"), edited(TWO, "Retry", "Retry once")
    )
    first = merge_commits(workspace.required_repository, ours, theirs)
    left, right = (
        Oid(run(root, "commit-tree", str(first.tree), "-p", one, "-p", other, "-m", "x"))
        for one, other in ((ours, theirs), (theirs, ours))
    )
    run(root, "reset", "--quiet", "--hard", left)
    ours = commit(root, edited(THREE, "Refund", "Refund all"))
    merged = merge_commits(workspace.required_repository, ours, right)
    assert text(workspace, merged, THREE) == PLAN[THREE].replace("Refund", "Refund all")
    assert text(workspace, merged, TWO) == PLAN[TWO].replace("Retry", "Retry once")


def test_one_side_only(workspace: Workspace) -> None:
    repository = workspace.required_repository
    base = repository.git.commit_of("HEAD")
    tip = commit(workspace.root, edited(ONE, "todo", "blocked"))
    for sides in ((base, tip), (tip, base)):
        merged = merge_commits(repository, *sides)
        assert text(workspace, merged, ONE) == PLAN[ONE].replace("todo", "blocked")


def test_histories_that_share_nothing_are_refused(workspace: Workspace) -> None:
    root = workspace.root
    tree = run(root, "rev-parse", "HEAD^{tree}")
    other = Oid(run(root, "commit-tree", tree, "-m", "Alone"))
    with pytest.raises(ProposalError, match="no common ancestor"):
        merge_commits(
            workspace.required_repository,
            workspace.required_repository.git.commit_of("HEAD"),
            other,
        )


def test_the_settings_of_environments_are_merged_by_field(workspace: Workspace) -> None:
    path = "orchestrator.ci.yaml"
    commit(workspace.root, {path: "rules:\n  ORC305: warning\nmax_depth: 3\n"})
    merged = merge(
        workspace,
        {path: "rules:\n  ORC305: 'off'\nmax_depth: 3\n"},
        {path: "rules:\n  ORC305: warning\nmax_depth: 4\n"},
    )
    assert text(workspace, merged, path) == "rules:\n  ORC305: 'off'\nmax_depth: 4\n"


def test_a_plan_in_a_folder_of_a_repository(tmp_path: Path) -> None:
    from tests.conftest import write

    write(tmp_path / "code", {f"plan/{path}": body for path, body in PLAN.items()})
    root = tmp_path / "code"
    run(root, "init", "--quiet", "--initial-branch=main")
    commit(root, {"main.c": "int x;\n"})
    inner = f"plan/{ONE}"
    ours, theirs = branched(
        root,
        {inner: PLAN[ONE].replace("todo", "blocked")},
        {inner: PLAN[ONE].replace("high", "low"), "main.c": "int y;\n"},
    )
    workspace = Workspace(root / "plan", {"PATH": "/usr/bin:/bin"})
    merged = merge_commits(workspace.required_repository, ours, theirs)
    assert text(workspace, merged, inner) == PLAN[ONE].replace("todo", "blocked").replace(
        "high", "low"
    )
    assert text(workspace, merged, "main.c") == "int y;\n"


def _sides(workspace: Workspace, ours: Any, theirs: Any) -> tuple[Oid, Oid]:
    run(workspace.root, "branch", "--quiet", "-D", "other")
    return branched(workspace.root, ours, theirs)
