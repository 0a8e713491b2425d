"""`hook`: what git's hooks run. Silent when nothing is wrong; talk goes to stderr."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestrator.cli.session import Session
from orchestrator.cli.talk import clean, note
from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from orchestrator.store.hooks.commit import Staged
    from orchestrator.store.hooks.verdict import Verdict
    from orchestrator.store.workspace import Workspace

_PATIENCE = 5.0  # seconds that a hook which cannot refuse may hold a person up


class MessageFileError(OrchestratorError):
    """The file of the commit message cannot be read or written."""

    def __init__(self, path: Path, error: OSError) -> None:
        reason = (error.strerror or str(error)).lower()
        super().__init__(f"The message in {path} cannot be used: {reason}.")


class _TooSlowError(OrchestratorError):
    """A hook that only informs has taken long enough."""


@click.command("hook", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def command(session: Session, name: str, arguments: tuple[str, ...]) -> int:
    """Run one git hook; git calls this, with the hook's name and arguments.

    pre-commit, pre-merge-commit, commit-msg, pre-push and, on a server, pre-receive exit with 1 to
    refuse. The others only inform, and always exit with 0.
    """
    if name in _REFUSING:
        return _REFUSING[name](session, arguments)
    if name not in _INFORMING:
        known = ", ".join((*_REFUSING, *_INFORMING))
        raise click.UsageError(f"There is no hook {name!r}; orchestrator has {known}.")
    try:
        with _limited(_PATIENCE):
            _INFORMING[name](session, arguments)
    except (OrchestratorError, click.UsageError) as error:
        note(f"orchestrator: {error.message}")
    except OSError as error:
        where = f" at {error.filename}" if error.filename else ""
        reason = (error.strerror or str(error)).lower()
        note(f"orchestrator: the {name} hook gave up{where}: {reason}.")
    return 0


def _workspace(session: Session) -> "Workspace":
    from orchestrator.store.workspace import find_workspace

    # Only here may git's variables say where repository, index and objects are.
    return find_workspace(session.folder, session.environment, in_hook=True)


def _pre_commit(session: Session, _: Sequence[str]) -> int:
    from orchestrator.store.hooks.commit import check_commit

    staged = check_commit(_workspace(session), session.now)
    skip = "git commit --no-verify skips this check."
    return 0 if staged is None else _told(session, staged, f"Mend it and stage it again; {skip}")


def _pre_merge_commit(session: Session, _: Sequence[str]) -> int:
    from orchestrator.store.hooks.commit import check_commit

    staged = check_commit(_workspace(session), session.now, stamps=False)
    if staged is None:
        return 0
    fixable = all(problem.code in ("ORC301", "ORC302") for problem in staged.verdict.refusing)
    hint = (
        "git commit completes the merge and sets the stamps."
        if fixable
        else "Mend and stage it, and git commit completes the merge; git merge --abort gives it up."
    )
    return _told(session, staged, hint)


def _told(session: Session, staged: "Staged", hint: str) -> int:
    for stamp in staged.stamps:
        alone = " in the commit alone: the file has changes that are not staged"
        where = alone if stamp.id in staged.index_only else ""
        note(f"orchestrator: stamped {stamp.id}: {', '.join(stamp.fields)}{where}")
    return _refuse_or_pass(session, staged.verdict, "The commit is refused.", hint)


def _refuse_or_pass(session: Session, verdict: "Verdict", refusal: str, hint: str) -> int:
    if verdict.refusing or verdict.warnings:
        sys.stderr.write(_problems(verdict, _workspace(session).required_repository.prefix))
    if verdict.old:
        were = "was" if verdict.old == 1 else "were"
        note(f"orchestrator: {_errors(verdict.old)} elsewhere {were} there before; {_see(session)}")
    if verdict.refusing:
        sys.stderr.write(f"{refusal} {hint}\n")
    return 1 if verdict.refusing else 0


def _problems(verdict: "Verdict", prefix: str) -> str:
    """Return problems as text, with paths from the top of the work tree as git itself has them."""
    from orchestrator.cli.formats import renderer
    from orchestrator.cli.formats.report import Report

    def text_of(path: str) -> str | None:
        data = verdict.source.read(path[len(prefix) :])
        return None if data is None else data.decode("utf-8", "replace")

    found = (*verdict.refusing, *verdict.warnings)
    shown = [problem._replace(path=f"{prefix}{problem.path}") for problem in found]
    return renderer("text")(shown, Report(verdict.files, source=text_of))


def _commit_msg(session: Session, arguments: Sequence[str]) -> int:
    from orchestrator.store.hooks.message import message_fault

    path = _message_file(arguments)
    git = _workspace(session).required_repository.git
    try:
        text = path.read_text("utf-8", "replace")
    except OSError as error:
        raise MessageFileError(path, error) from error
    fault = message_fault(text, git)
    if fault is None:
        return 0
    note(f"{fault} The commit is refused.")
    note(f"Your message is kept in {path} ; git commit --no-verify skips this check.")
    return 1


def _pre_push(session: Session, arguments: Sequence[str]) -> int:
    from orchestrator.store.hooks.push import check_push, pushed_refs

    remote = arguments[0] if arguments else ""
    lines = sys.stdin.buffer.read().decode("utf-8", "replace").splitlines()
    code = 0
    for ref, verdict in check_push(_workspace(session), remote, pushed_refs(lines), session.now):
        refusal = f"The push of {clean(ref.name)} is refused."
        hint = "Mend and commit it; git push --no-verify skips this check."
        code |= _refuse_or_pass(session, verdict, refusal, hint)
    return code


def _pre_receive(session: Session, _: Sequence[str]) -> int:
    from orchestrator.cli.receive import receive

    return receive(session)


def _prepare_commit_msg(session: Session, arguments: Sequence[str]) -> None:
    from orchestrator.store.hooks.message import prepared, suggestion

    if any(arguments[1:2]):
        return  # -m, a template, a merge, a squash, or --amend: there are words already
    path = _message_file(arguments)
    repository = _workspace(session).required_repository
    if found := suggestion(repository):
        try:
            text = prepared(path.read_text("utf-8", "surrogateescape"), found, repository.git)
            path.write_text(text, "utf-8", "surrogateescape", newline="\n")
        except OSError as error:
            raise MessageFileError(path, error) from error


def _after(what: str) -> Callable[[Session, Sequence[str]], None]:
    def inform(session: Session, arguments: Sequence[str]) -> None:
        if what == "checkout" and list(arguments[2:3]) != ["1"]:
            return
        from orchestrator.check.run import check
        from orchestrator.store.load import load

        problems = check(load(_workspace(session).files).snapshot, session.now)
        if count := sum(problem.severity == "error" for problem in problems):
            note(f"orchestrator: the plan has {_errors(count)} after the {what}; {_see(session)}")

    return inform


def _errors(count: int) -> str:
    return f"{count:,} error{'' if count == 1 else 's'}"


def _see(session: Session) -> str:
    """Name the command that shows the errors, as it must be typed at the top of the work tree."""
    import shlex

    repository = _workspace(session).required_repository
    where = f"-C {shlex.quote(repository.prefix.rstrip('/'))} " if repository.prefix else ""
    return f"orchestrator {where}check shows all."


def _message_file(arguments: Sequence[str]) -> Path:
    if not arguments:
        raise click.UsageError("Git gives this hook the file of the message.")
    return Path(arguments[0])


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Give up what takes longer than a person waits for."""
    import signal

    def stop(*_: object) -> None:
        raise _TooSlowError("the plan was not checked in time; orchestrator check does it.")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


_REFUSING: dict[str, Callable[[Session, Sequence[str]], int]] = {
    "pre-commit": _pre_commit,
    "pre-merge-commit": _pre_merge_commit,
    "commit-msg": _commit_msg,
    "pre-push": _pre_push,
    "pre-receive": _pre_receive,
}
_INFORMING: dict[str, Callable[[Session, Sequence[str]], None]] = {
    "prepare-commit-msg": _prepare_commit_msg,
    "post-merge": _after("merge"),
    "post-checkout": _after("checkout"),
    "post-rewrite": _after("rebase"),
}
