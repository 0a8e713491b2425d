"""`check`: everything that is wrong with the plan."""

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from orchestrator.cli.formats import FORMATS, renderer
from orchestrator.cli.session import Session
from orchestrator.model.problem import Problem
from orchestrator.store.files import Source
from orchestrator.store.load import Report as Checked

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
    # No object of a plan is garbage before the command ends; looking for some costs a third.
    import gc

    gc.disable()
    source = _source(session, staged=staged, rev=rev, range_=range_, fix=fix)
    began = time.perf_counter()
    found = _check(session, source)
    if fix and (fixed := _fix(session, found)):
        found = _check(session, session.workspace.files)
        sys.stderr.write(f"Mended {fixed} problem{'' if fixed == 1 else 's'}.\n")
    problems = _within(session, found, paths)
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
        if not texts:
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


def _source(
    session: Session, *, staged: bool, rev: str | None, range_: str | None, fix: bool
) -> Source:
    chosen = [option for option in (staged, rev, range_) if option]
    if len(chosen) > 1:
        raise click.UsageError("Choose one of --staged, --rev and --range.")
    if fix and chosen:
        raise click.UsageError("--fix mends the work tree; it does not go with the others.")
    workspace = session.workspace
    if staged:
        return workspace.staged()
    if rev:
        return workspace.at(rev)
    if range_:
        ours, dots, theirs = range_.partition("..")
        if not dots or not ours or not theirs or theirs.startswith("."):
            raise click.UsageError("A range is A..B: check the result of merging B into A.")
        return workspace.merged(ours, theirs)
    return workspace.files


def _check(session: Session, source: Source) -> Checked:
    from orchestrator.store.load import check_source

    return check_source(source, session.now, processes=session.workspace.processes)


def _fix(session: Session, found: Checked) -> int:
    from orchestrator.patch.ops import Patch

    fixable = [problem for problem in found.problems if problem.fix]
    if not fixable:
        return 0
    seen: dict[str, object] = {}
    for problem in fixable:
        for op in problem.fix:
            seen.setdefault(str(op["path"]), op)
    session.workspace.apply(Patch(tuple(seen.values())), session.now)  # type: ignore[arg-type]
    return len(fixable)


def _within(session: Session, found: Checked, paths: Sequence[str]) -> list[Problem]:
    if not paths:
        return list(found.problems)
    root = session.workspace.root
    wanted = []
    for path in paths:
        full = (session.folder / path).resolve()
        if not full.is_relative_to(root):
            raise click.UsageError(f"{path} is not in the workspace {root} .")
        wanted.append(full.relative_to(root).as_posix())
    return [
        problem
        for problem in found.problems
        if any(
            item in (".", problem.path) or problem.path.startswith(f"{item}/") for item in wanted
        )
    ]
