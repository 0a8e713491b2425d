"""What holds whatever people do: no new errors, all can be taken back, refusals do nothing."""

import copy
import json
import os
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.cli.session import Session
from orchestrator.errors import OrchestratorError
from orchestrator.patch.invert import invert
from orchestrator.store.consequences import PatchRejectedError
from orchestrator.store.workspace import Workspace
from tests.conftest import write
from tests.verbs.stories import (
    BY_HAND,
    EMPTY,
    Files,
    Step,
    any_step,
    beginning,
    canonical,
    carry_out,
    change,
    errors,
    moment,
    read,
)


def live(files: Files, step: Step, now: datetime) -> Files:
    """The files after a step, once everything that must hold of it has been seen to hold."""
    plan = read(files)
    untouched = copy.deepcopy(plan.virtual_document())
    try:
        patch = step.patch(plan, now)
    except OrchestratorError as refusal:
        assert_helpful(refusal)
        return files
    finally:
        assert plan.virtual_document() == untouched, "a verb has changed the plan it was given"
    changes, future = carry_out(files, patch, now)
    assert errors(future, now) <= errors(files, now)
    _, past = carry_out(future, invert(changes), now)
    assert past == files, step.words
    return future


def assert_helpful(refusal: OrchestratorError) -> None:
    """A refusal is one sentence, and what `check` would say is said before anything is tried."""
    assert not isinstance(refusal, PatchRejectedError)
    assert refusal.message.endswith((".", "?")), refusal.message
    assert "\n" not in refusal.message


def story(rng: Random, files: Files, length: int) -> None:
    for number, step in enumerate(beginning(rng)):
        files = live(files, step, moment(number))
    for number in range(length):
        files = live(files, any_step(rng, read(files)), moment(100 + number))


@given(st.randoms(use_true_random=True))
@settings(max_examples=40)
def test_any_sequence_of_verbs_brings_no_error_and_each_can_be_taken_back(rng: Random) -> None:
    story(rng, canonical(rng.choice((EMPTY, BY_HAND))), 20)


@pytest.mark.slow
@given(st.randoms(use_true_random=True))
@settings(max_examples=400)
def test_any_long_sequence_of_verbs_brings_no_error_and_each_can_be_taken_back(
    rng: Random,
) -> None:
    story(rng, canonical(rng.choice((EMPTY, BY_HAND))), 40)


Way = Callable[[Path, Step, datetime], None]


def tree(root: Path) -> dict[str, bytes]:
    """All files of a workspace, git's own apart."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def by_command(root: Path, step: Step, now: datetime) -> None:
    from orchestrator.cli import FINE, REFUSED, _run

    before = tree(root)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Session, "now", property(lambda _: now))
        code = _run(["-C", str(root), *step.words])
    assert code in (FINE, REFUSED), step.words
    assert code == FINE or tree(root) == before, step.words


def by_patch_file(root: Path, step: Step, now: datetime) -> None:
    from orchestrator.cli import FINE, _run

    workspace = Workspace(root, dict(os.environ))
    try:
        ops = step.patch(workspace.snapshot(), now).ops
    except OrchestratorError:
        return
    file = root.with_suffix(".json")
    file.write_text(json.dumps(list(ops)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Session, "now", property(lambda _: now))
        assert _run(["-C", str(root), "patch", "apply", str(file)]) == FINE


def by_python(root: Path, step: Step, now: datetime) -> None:
    workspace = Workspace(root, dict(os.environ))
    try:
        patch = step.patch(workspace.snapshot(), now)
    except OrchestratorError:
        return
    workspace.apply(patch, now)


@pytest.mark.parametrize(
    "count", [pytest.param(2, id="short"), pytest.param(40, id="long", marks=pytest.mark.slow)]
)
def test_command_line_patch_file_and_python_give_the_same_tree(
    tmp_path: Path, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    ways: list[Way] = [by_command, by_patch_file, by_python]
    for seed in range(count):
        roots = [tmp_path / f"{seed}-{way.__name__}" for way in ways]
        for root in roots:
            write(root, dict(BY_HAND))
            subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
        rng = Random(seed)
        told = beginning(rng)
        for number in range(len(told) + 25):
            plan = Workspace(roots[-1], dict(os.environ)).snapshot()
            step = told[number] if number < len(told) else any_step(rng, plan)
            for way, root in zip(ways, roots, strict=True):
                way(root, step, moment(number))
            first, *others = (tree(root) for root in roots)
            for other in others:
                assert other == first, step.words
    capsys.readouterr()


def test_a_step_in_the_work_tree_is_taken_back_byte_for_byte(
    repo: Path, git: Callable[..., str]
) -> None:
    workspace = Workspace(repo, dict(os.environ))
    rng = Random(1)
    for number in range(40):
        before = tree(repo)
        step = any_step(rng, workspace.snapshot())
        try:
            patch = step.patch(workspace.snapshot(), moment(number))
        except OrchestratorError:
            continue
        applied = workspace.apply(patch, moment(number))
        workspace.apply(invert(applied.changes), moment(number))
        assert tree(repo) == before, step.words
    assert git(repo, "status", "--short") == ""


HAND_WRITTEN = """\
# A payment task.
status: "todo"  # not yet
id: PAY-1
title:   'Capture'   # the first
# about labels
labels: [ "api",db ]  # two

priority: high # soon
description: >
  Folded
  text.
assignee: dana
metadata: {b: 1, a: 2}
"""


def there_and_back(wish: str) -> str:
    """A hand-written file after a wish that was taken back."""
    path = "projects/pay/tasks/PAY-1.yaml"
    files = {name: text.encode() for name, text in EMPTY.items()} | {path: HAND_WRITTEN.encode()}
    plan = read(files)
    assert errors(files, moment(0)) == set()
    changes, future = carry_out(files, change(["PAY-1"], wish).patch(plan, moment(0)), moment(0))
    assert future != files
    return carry_out(future, invert(changes), moment(0))[1][path].decode()


@pytest.mark.parametrize(
    "wish",
    [
        "title=Retry", "title=a: b", "title=it's", "status=completed", "status=in_progress",
        "priority=low", "labels+=web", "labels+=a: b", "assignee=lee", "due=2026-12-01",
        "metadata.a=3", "metadata.b=", "metadata.c=3", "tests.unit=x",
    ],
)  # fmt: skip
def test_a_value_that_is_replaced_comes_back_in_the_style_of_a_hand_written_file(wish: str) -> None:
    assert there_and_back(wish) == HAND_WRITTEN


@pytest.mark.parametrize(
    ("wish", "lost", "found"),
    [
        ("priority=", ["priority: high # soon"], ["priority: high"]),
        ("labels=", ["# about labels", 'labels: [ "api",db ]  # two'], ["labels: [api, db]"]),
        ("labels-=api", ['labels: [ "api",db ]  # two'], ["labels: [ api, db ]  # two"]),
        ("description=New.", ["  Folded", "  text."], ["  Folded text."]),
        ("assignee=", [], []),
    ],
)
def test_comments_quotes_and_place_of_what_was_removed_by_hand_are_not_in_a_patch(
    wish: str, lost: list[str], found: list[str]
) -> None:
    # A patch holds values. Git has the text: what was committed comes back from there.
    back = there_and_back(wish)
    assert back != HAND_WRITTEN
    old, new = HAND_WRITTEN.splitlines(), back.splitlines()
    assert [line for line in old if line not in new] == lost
    assert [line for line in new if line not in old] == found
