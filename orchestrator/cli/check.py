"""`check`: everything that is wrong with the plan."""

import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.formats import FORMATS, renderer
from orchestrator.cli.session import Session
from orchestrator.model.problem import Problem
from orchestrator.store.files import Source, WorkTree
from orchestrator.store.load import Report as Checked
from orchestrator.store.trees import Tree

if TYPE_CHECKING:
    from orchestrator.cli.formats.report import Report


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--staged", is_flag=True, help="Check what is staged, not the work tree.")
@click.option("--rev", metavar="REV", help="Check a commit.")
@click.option("--range", "range_", metavar="A..B", help="Check the result of merging B into A.")
@click.option("--fix", is_flag=True, help="Mend what can be mended, then check.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default=None, help="text when not given."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--all", "shows_all", is_flag=True, help="Show every warning, however many.")
@click.pass_obj
def command(
    session: Session,
    paths: tuple[str, ...],
    staged: bool,
    rev: str | None,
    range_: str | None,
    fix: bool,
    format_: str | None,
    as_json: bool,
    shows_all: bool,
) -> int:
    """Say everything that is wrong with the plan.

    With PATHS, only problems in these files and folders are told; the whole plan is still read,
    because a file is right or wrong together with the others.

    Exits with 1 when there are errors. Warnings alone exit with 0.
    """
    began = time.perf_counter()
    _refuse_contradiction(staged=staged, rev=rev, range_=range_, fix=fix)
    is_quick = (staged or rev or range_) and not paths
    quick = _check_tree(session, rev, range_) if is_quick else None
    if quick is None:
        source = _source(session, staged=staged, rev=rev, range_=range_)
        wanted = _wanted(session, source, paths)
        found = _check(session, source)
    else:
        found, source = quick
        wanted = []
    problems = _within(found.problems, wanted)
    if fix and (fixed := _fix(session, problems)):
        found = _check(session, source)
        problems = _within(found.problems, wanted)
        sys.stderr.write(f"Mended {fixed} problem{'' if fixed == 1 else 's'}.\n")
    seconds = time.perf_counter() - began
    surroundings = _surroundings(
        session, source, found, problems, seconds=seconds, shows_all=shows_all
    )
    render = renderer("json" if as_json else format_ or "text")
    sys.stdout.write(render(problems, surroundings))
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def _surroundings(
    session: Session,
    source: Source,
    found: Checked,
    problems: Sequence[Problem],
    *,
    seconds: float,
    shows_all: bool,
) -> "Report":
    from orchestrator import __version__
    from orchestrator.cli.formats.report import Report

    texts: dict[str, str | None] = {}

    def text_of(path: str) -> str | None:
        if isinstance(source, WorkTree):
            data = source.read(path)
            return None if data is None else data.decode("utf-8", "replace")
        if not texts:  # git starts for each question, so all are asked at once
            paths = sorted({problem.path for problem in problems})
            for name, data in zip(paths, source.read_all(paths), strict=True):
                texts[name] = None if data is None else data.decode("utf-8", "replace")
        return texts.get(path)

    repository = session.workspace.repository
    return Report(
        files=found.files,
        prefix=repository.prefix if repository else "",
        source=text_of,
        color=session.has_color,
        version=__version__,
        seconds=seconds,
        all=shows_all,
    )


def _refuse_contradiction(*, staged: bool, rev: str | None, range_: str | None, fix: bool) -> None:
    chosen = [option for option in (staged, rev, range_) if option]
    if len(chosen) > 1:
        raise click.UsageError("Choose one of --staged, --rev and --range.")
    if fix and chosen:
        raise click.UsageError("--fix mends the work tree; it does not go with the others.")


def _source(session: Session, *, staged: bool, rev: str | None, range_: str | None) -> Source:
    workspace = session.workspace
    if staged:
        return workspace.staged()
    if rev:
        return workspace.at(rev)
    if range_:
        return workspace.merged(*_ends(range_))
    return workspace.files


def _check(session: Session, source: Source) -> Checked:
    from orchestrator.store.index.open import check_with_index
    from orchestrator.store.index.worth import is_worth_it
    from orchestrator.store.load import check_source

    workspace = session.workspace
    if isinstance(source, WorkTree) and is_worth_it(workspace):
        found = check_with_index(workspace, session.now)
        if found is not None:
            return found
    return check_source(source, session.now, processes=workspace.processes)


def _check_tree(
    session: Session, rev: str | None, range_: str | None
) -> tuple[Checked, Source] | None:
    """Check what git has with the index; None where that does not pay."""
    from orchestrator.store.index.worth import is_worth_it

    workspace = session.workspace
    if not is_worth_it(workspace):
        return None
    from orchestrator.store.index.open import check_tree_with_index, tree_of

    tree = None
    if rev:
        tree = tree_of(workspace, rev)
    elif range_:
        tree = workspace.merged_tree(*_ends(range_))
    return check_tree_with_index(workspace, session.now, tree)


def _ends(range_: str) -> tuple[str, str]:
    ours, dots, theirs = range_.partition("..")
    if not dots or not ours or not theirs or theirs.startswith("."):
        raise click.UsageError("A range is A..B: check the result of merging B into A.")
    return ours, theirs


def _fix(session: Session, problems: Iterable[Problem]) -> int:
    from orchestrator.patch.ops import Patch

    chosen: dict[str, Mapping[str, Any]] = {}
    count = 0
    for problem in problems:
        # Two fixes of one place contradict each other; the next run sees what is left.
        if problem.fix and not any(str(op["path"]) in chosen for op in problem.fix):
            chosen |= {str(op["path"]): op for op in problem.fix}
            count += 1
    if count:
        session.workspace.apply(Patch(tuple(chosen.values())), session.now)
    return count


def _wanted(session: Session, source: Source, paths: Sequence[str]) -> list[str]:
    """Return the paths relative to the workspace; `.` is all of it."""
    root = session.workspace.root
    wanted = []
    for path in paths:
        # Not `resolve`: a symbolic link in the plan is to be checked, not followed.
        full = Path(os.path.abspath(session.folder / path))  # noqa: PTH100
        if not full.is_relative_to(root):
            raise click.UsageError(f"{path} is not in the workspace {root} .")
        relative = full.relative_to(root).as_posix()
        if isinstance(source, Tree):
            is_there = relative == "." or any(_covers(relative, item) for item in source.blobs)
        else:
            is_there = os.path.lexists(full)
        if not is_there:
            raise click.UsageError(f"There is no {path} .")
        wanted.append(relative)
    return wanted


def _within(problems: Iterable[Problem], wanted: Sequence[str]) -> list[Problem]:
    if not wanted:
        return list(problems)
    return [item for item in problems if any(_covers(path, item.path) for path in wanted)]


def _covers(wanted: str, path: str) -> bool:
    return wanted in (".", path) or path.startswith(f"{wanted}/")
