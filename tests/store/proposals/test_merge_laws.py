"""Laws of merging commits, on random edits of both sides."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.store.git import Oid
from orchestrator.store.history import changes_between
from orchestrator.store.proposals.merge import MergedCommits, merge_commits
from orchestrator.store.repository import Repository
from orchestrator.store.workspace import Workspace
from tests.conftest import PLAN, write
from tests.store.proposals.branches import TASKS, commit, run

IDS = ("PAY-1", "PAY-2", "PAY-3", "PAY-4")
PLACES = ["pay", "ops"]
EDITS = st.fixed_dictionaries(
    {},
    optional={
        task_id: st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {
                    "title": st.sampled_from(["One", "Two"]),
                    "place": st.sampled_from(PLACES),
                },
                optional={
                    "status": st.sampled_from(["todo", "blocked", "completed"]),
                    "labels": st.sampled_from(["[a]", "[b, c]", "[a, c]"]),
                    "due_date": st.sampled_from(["2026-12-01", "2026-12-02"]),
                },
            ),
        )
        for task_id in IDS
    },
)
Edits = dict[str, dict[str, str] | None]


def files(edits: Edits) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for task_id, fields in edits.items():
        if task_id != "PAY-4":
            found[f"{TASKS}/{task_id}.yaml"] = None
        if fields is not None:
            rest = "".join(f"{key}: {value}\n" for key, value in fields.items() if key != "place")
            found[f"projects/{fields['place']}/tasks/{task_id}.yaml"] = f"id: {task_id}\n{rest}"
    return found


@pytest.mark.slow
@settings(max_examples=60)
@given(EDITS, EDITS)
def test_merging_has_no_side_and_loses_nothing(ours: Edits, theirs: Edits) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, PLAN)
        run(root, "init", "--quiet", "--initial-branch=main")
        base = commit(root, {})
        mine = commit(root, files(ours))
        run(root, "switch", "--quiet", "--detach", base)
        yours = commit(root, files(theirs))
        repository = Workspace(root, {"PATH": "/usr/bin:/bin"}).required_repository
        one = merge_commits(repository, mine, yours)
        other = merge_commits(repository, yours, mine)
        assert clashes(one) == clashes(other)
        if one.tree is None or other.tree is None:
            assert one.clashes
            return
        assert list(changes_between(repository, one.tree, other.tree)) == []
        for side, edits, rest in ((mine, ours, theirs), (yours, theirs, ours)):
            only = [task_id for task_id in edits if task_id not in rest]
            assert state(repository, one.tree, only) == state(repository, side, only)
        both = [task_id for task_id in ours if theirs.get(task_id, 0) == ours[task_id]]
        assert state(repository, one.tree, both) == state(repository, mine, both)


def clashes(merged: MergedCommits) -> set[tuple[str, str]]:
    return {(entity[1], conflict.pointer) for entity, _, conflict in merged.clashes}


def state(repository: Repository, tree: Oid, ids: list[str]) -> dict[str, Any]:
    """Return path and text of each task."""
    out = repository.git.run("ls-tree", "-r", "-z", tree, "--", "projects").decode()
    return {
        record.partition("\t")[2]: record.partition("\t")[0]
        for record in out.split("\0")
        if record and Path(record).stem in ids
    }
