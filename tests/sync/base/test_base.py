"""The base of an integration in its ref: what is written is read, and nobody is overwritten."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestrator.store.git import Git, Oid
from orchestrator.store.repository import Repository
from orchestrator.store.workspace import Workspace
from orchestrator.sync.base.ref import (
    BaseError,
    BaseMovedError,
    Stored,
    Written,
    base_at,
    commit_base,
    move_base,
    read_base,
    ref_of,
)
from orchestrator.sync.base.share import (
    BehindError,
    LineageError,
    ShareError,
    fetch_base,
    joined,
    push_base,
    refuse_behind,
    remote_of,
)
from orchestrator.sync.item import Foreign
from orchestrator.sync.record import Agreed, Base, Meta, Record

RunGit = Callable[..., str]
BY = Written("Dana", "dana@example.com", datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "sync tracker")
ODD = "Kosten: 5 € <b>\n<<<<<<< ours\n\u2028 and \ud83d"


def record(task_id: str, key: str = "", at: str = "", **values: Any) -> Record:
    agreed = {name: Agreed(value, value) for name, value in values.items()}
    return Record("tasks", task_id, key or f"key-{task_id}", agreed, updated_at=at)


def base(*records: Record, lineage: str = "one", **meta: Any) -> Base:
    return Base(Meta(lineage, **meta), {(item.kind, item.id): item for item in records})


@pytest.fixture
def repository(workspace: Workspace) -> Repository:
    return workspace.required_repository


def stored(repository: Repository, what: Base, old: Stored | None = None) -> Stored:
    parents = (old.oid,) if old else ()
    oid = commit_base(repository.git, old, what, parents, BY)
    move_base(repository, "tracker", oid, old.oid if old else None, "sync")
    found = read_base(repository.git, "tracker")
    assert found is not None
    return found


def test_what_is_written_is_read_back(repository: Repository) -> None:
    task = Record(
        "tasks", "PAY-1", "k/1 ü",
        {
            "title": Agreed(ODD, "Kosten"), "labels": Agreed(["a"], ["a", "b"]),
            "assignee": Agreed("dana", Foreign("Robin")), "due_date": Agreed(None, None),
            "estimated_minutes": Agreed(0, 0),
        },
        {"state": {"id": 7}, "list": [1, None]}, "ENG-1", "https://x/1", "2026-01-01T00:00:00Z",
        {"title": "Seen", "assignee": Foreign("Kim")},
    )  # fmt: skip
    project = Record("projects", "pay", "p1", {"title": Agreed("Payments", "Payments")})
    wanted = base(
        task,
        project,
        serial=3,
        watermark="w",
        head="abc",
        listed_at="l",
        suspended=("X-1",),
        tie="t",
    )
    assert stored(repository, wanted).base == wanted


def test_a_record_of_two_long_texts_is_read_back(repository: Repository) -> None:
    long = Agreed("here " * 50_000, "there " * 40_000)
    wanted = base(Record("tasks", "PAY-1", "k", {"description": long}))
    found = stored(repository, wanted)
    assert (found.base, found.unreadable) == (wanted, ())


def test_a_base_reads_as_a_diff(repository: Repository, repo: Path, git: RunGit) -> None:
    first = stored(repository, base(record("PAY-1", title="Old", status="todo")))
    stored(repository, base(record("PAY-1", title="New", status="todo"), serial=1), first)
    shown = git(repo, "diff", "-U0", f"{ref_of('tracker')}~", ref_of("tracker"), "--", "items")
    assert [line for line in shown.splitlines() if line[:2] in ("- ", "+ ")] == [
        '- "title": ["Old"]', '+ "title": ["New"]',
    ]  # fmt: skip


def test_only_changed_records_are_written(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [record(f"PAY-{number}", title="Same") for number in range(300)]
    first = stored(repository, base(*many))
    sent: list[int] = []
    run = Git.finish

    def finish(self: Git, *arguments: str, **rest: Any) -> tuple[int, bytes, str]:
        if arguments[0] == "fast-import":
            sent.append(rest["stdin"].count(b"\nM 100644 ") + rest["stdin"].count(b"\nD "))
        return run(self, *arguments, **rest)

    monkeypatch.setattr(Git, "finish", finish)
    changed = [record("PAY-0", title="Other"), *first.base.records.values()][:1]
    rest = [item for item in first.base.records.values() if item.id not in {"PAY-0", "PAY-1"}]
    second = stored(repository, base(*changed, *rest, serial=1), first)
    assert sent == [3]
    assert len(second.base.records) == 299
    assert second.base.records["tasks", "PAY-0"].fields["title"].here == "Other"


def test_the_ref_keeps_a_log(repository: Repository, repo: Path, git: RunGit) -> None:
    first = stored(repository, base(serial=1))
    stored(repository, base(serial=2), first)
    assert git(repo, "reflog", "show", ref_of("tracker")).count("orchestrator: sync") == 2


def test_of_two_that_write_at_once_the_second_is_refused(repository: Repository) -> None:
    first = stored(repository, base())
    for number, raises in ((1, False), (2, True)):
        oid = commit_base(repository.git, first, base(serial=number), (first.oid,), BY)
        if raises:
            with pytest.raises(BaseMovedError):
                move_base(repository, "tracker", oid, first.oid, "sync")
        else:
            move_base(repository, "tracker", oid, first.oid, "sync")
    found = read_base(repository.git, "tracker")
    assert found is not None
    assert found.base.meta.serial == 1


@pytest.mark.parametrize(
    "text",
    [
        '<<<<<<< a\n{"id": "PAY-1"}\n=======\n>>>>>>> b\n', "", "[]", "[" * 100_000,
        '{"id": "PAY-2", "kind": "tasks", "key": "k", "fields": {}, "kept": {}}',
        '{"id": "PAY-1", "kind": "tasks", "key": "", "fields": {}, "kept": {}}',
        '{"id": "PAY-1", "kind": "tasks", "key": "k", "fields": {"title": "x"}, "kept": {}}',
        '{"id": "PAY-1", "kind": "users", "key": "k", "fields": {}, "kept": {}}',
    ],
)  # fmt: skip
def test_a_file_that_holds_no_record_counts_as_none_and_goes(
    repository: Repository, repo: Path, git: RunGit, text: str
) -> None:
    first = stored(repository, base(record("PAY-1"), record("PAY-3")))
    blob = git(repo, "hash-object", "-w", "--stdin", stdin=text).strip()
    rows = git(repo, "ls-tree", "-r", first.oid).splitlines()
    entries = [row if "PAY-1.json" not in row else f"100644 blob {blob}\tPAY-1.json"
               for row in rows]  # fmt: skip
    items = [row.replace("items/", "") for row in entries if "meta.json" not in row]
    folder = git(repo, "mktree", stdin="\n".join(items) + "\n").strip()
    meta = next(row for row in rows if "meta.json" in row)
    tree = git(repo, "mktree", stdin=f"{meta}\n040000 tree {folder}\titems\n").strip()
    spoilt = git(repo, "commit-tree", tree, "-m", "spoilt", "-p", first.oid).strip()
    move_base(repository, "tracker", Oid(spoilt), first.oid, "spoil")
    found = read_base(repository.git, "tracker")
    assert found is not None
    assert list(found.base.records) == [("tasks", "PAY-3")]
    assert found.unreadable == ("items/PAY-1.json",)
    assert stored(repository, found.base, found).unreadable == ()


@pytest.mark.parametrize("name", ["", "../x", "a b", "-d", "A", "x/y", "x.lock"])
def test_a_name_that_is_none_becomes_no_ref(name: str) -> None:
    with pytest.raises(BaseError, match="no name of an integration"):
        ref_of(name)


def test_a_base_of_a_newer_version_is_not_touched(repository: Repository) -> None:
    with pytest.raises(BaseError, match="newer orchestrator"):
        stored(repository, base(version=2))


@pytest.fixture
def clones(tmp_path: Path, repo: Path, git: RunGit) -> tuple[Repository, Repository]:
    """Two clones of one bare repository, of which the first is `repo`."""
    git(tmp_path, "clone", "--quiet", "--bare", str(repo), "team.git")
    git(repo, "remote", "add", "origin", str(tmp_path / "team.git"))
    git(tmp_path, "clone", "--quiet", str(tmp_path / "team.git"), "other")
    found = [Workspace(path, dict(os.environ)) for path in (repo, tmp_path / "other")]
    return found[0].required_repository, found[1].required_repository


def test_a_base_travels_to_the_team(clones: tuple[Repository, Repository]) -> None:
    here, there = clones
    mine = stored(here, base(record("PAY-1")))
    assert remote_of(here.git, "main") == remote_of(there.git, "main") == "origin"
    assert fetch_base(there.git, "tracker", "origin") is None
    push_base(here.git, "tracker", "origin", mine.oid, None)
    oid = fetch_base(there.git, "tracker", "origin")
    assert oid == mine.oid
    result = joined(there.git, "tracker", (None, oid), None, BY)
    assert result.is_new
    assert result.stored is not None
    assert result.stored.base == mine.base


def test_somebody_elses_push_is_not_overwritten(clones: tuple[Repository, Repository]) -> None:
    here, there = clones
    push_base(here.git, "tracker", "origin", stored(here, base(record("PAY-1"))).oid, None)
    with pytest.raises(ShareError, match="another base of tracker meanwhile"):
        push_base(there.git, "tracker", "origin", stored(there, base(record("PAY-2"))).oid, None)


def test_a_remote_that_cannot_be_reached_is_said_without_its_password(
    repository: Repository, repo: Path, git: RunGit
) -> None:
    git(repo, "remote", "add", "origin", "http://dana:hunter2@127.0.0.1:1/x.git")
    with pytest.raises(ShareError, match="does not give the base of tracker") as refused:
        fetch_base(repository.git, "tracker", "origin")
    assert "hunter2" not in refused.value.message


def test_bases_that_were_written_apart_are_joined_record_by_record(
    clones: tuple[Repository, Repository],
) -> None:
    here, there = clones
    head = here.head
    start = [record(f"PAY-{number}", at="1", title="Old") for number in range(1, 6)]
    first = stored(here, base(*start, serial=1, watermark="5", head=head))
    push_base(here.git, "tracker", "origin", first.oid, None)
    fetch_base(there.git, "tracker", "origin")
    mine = stored(here, base(
        record("PAY-1", at="2", title="Mine"), record("PAY-2", at="2", title="Mine"),
        *start[2:4], record("PAY-7"), serial=2, watermark="7", head=head,
    ), first)  # fmt: skip
    theirs = base(
        start[0], record("PAY-2", at="3", title="Theirs"), record("PAY-3", at="2", title="Theirs"),
        start[4], record("PAY-8"), serial=4, watermark="6", head=head,
    )  # fmt: skip
    oid = commit_base(there.git, base_first(there, first), theirs, (first.oid,), BY)
    push_base(there.git, "tracker", "origin", oid, first.oid)
    result = joined(
        here.git, "tracker", (mine, fetch_base(here.git, "tracker", "origin")), head, BY
    )
    assert result.stored is not None
    titles = {
        key[1]: item.fields["title"].here if item.fields else ""
        for key, item in result.stored.base.records.items()
    }
    assert titles == {
        "PAY-1": "Mine", "PAY-2": "Theirs", "PAY-3": "Theirs", "PAY-7": "", "PAY-8": "",
    }  # fmt: skip
    assert result.stored.base.meta == replace(mine.base.meta, serial=5, watermark="6")
    push_base(here.git, "tracker", "origin", result.stored.oid, oid)


def base_first(repository: Repository, first: Stored) -> Stored:
    return base_at(repository.git, "tracker", first.oid)


def test_two_records_of_one_item_are_not_both_kept(
    clones: tuple[Repository, Repository],
) -> None:
    here, _ = clones
    first = stored(here, base())
    mine = stored(here, base(record("PAY-1", "same", "1"), serial=1), first)
    theirs = commit_base(here.git, first, base(record("PAY-2", "same", "2")), (first.oid,), BY)
    result = joined(here.git, "tracker", (mine, theirs), here.head, BY)
    assert result.stored is not None
    assert list(result.stored.base.records) == [("tasks", "PAY-2")]


def test_bases_of_two_lineages_are_never_mixed(clones: tuple[Repository, Repository]) -> None:
    here, there = clones
    mine = stored(here, base(lineage="one"))
    push_base(there.git, "tracker", "origin", stored(there, base(lineage="two")).oid, None)
    oid = fetch_base(here.git, "tracker", "origin")
    with pytest.raises(LineageError, match="set up twice"):
        joined(here.git, "tracker", (mine, oid), here.head, BY)


def test_a_branch_that_lacks_the_last_sync_is_refused(
    repository: Repository, repo: Path, git: RunGit
) -> None:
    old = repository.head
    git(repo, "commit", "--quiet", "--allow-empty", "-m", "More")
    new = repository.head
    assert old
    assert new
    refuse_behind(repository.git, "tracker", [base(head=old)], new)
    for head in (new, "1" * 40):
        with pytest.raises(BehindError, match="does not contain"):
            refuse_behind(repository.git, "tracker", [base(head=head)], old)


def test_a_shallow_clone_is_told_to_bring_its_history(
    repository: Repository, repo: Path, git: RunGit, tmp_path: Path
) -> None:
    old = repository.head
    git(repo, "commit", "--quiet", "--allow-empty", "-m", "More")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repo}", "shallow")
    shallow = Workspace(tmp_path / "shallow", dict(os.environ)).required_repository
    assert shallow.head
    with pytest.raises(BehindError) as refused:
        refuse_behind(shallow.git, "tracker", [base(head=old)], shallow.head)
    assert "--unshallow" in str(refused.value.hint)
