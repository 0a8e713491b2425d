"""`fmt`: the canonical form of files."""

import difflib
import sys
from collections.abc import Iterator

import click

from orchestrator.cli.session import Session
from orchestrator.cli.talk import clean
from orchestrator.model.places import Place
from orchestrator.store.files import LARGEST, Entry
from orchestrator.store.write import FileEdit


@click.command("fmt")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--check", "only_checks", is_flag=True, help="Write nothing; exit 1 when a file would change."
)
@click.option("--diff", "shows_diff", is_flag=True, help="Print what would change; write nothing.")
@click.pass_obj
def command(session: Session, paths: tuple[str, ...], only_checks: bool, shows_diff: bool) -> int:
    """Give files their canonical form: key order, indentation, quotes, line ends.

    Comments stay. With - as the only path, reads a task from stdin and prints it.
    """
    from orchestrator.cli.talk import note, say
    from orchestrator.text.fmt import fmt
    from orchestrator.text.intent import EditError

    if paths == ("-",):
        from orchestrator.model.fields import FIELDS

        answer = fmt(sys.stdin.buffer.read(LARGEST + 1), FIELDS["tasks"])
        # Bytes, because a file is UTF-8 whatever the terminal is.
        sys.stdout.buffer.write(answer.encode())
        return 0
    edits: list[FileEdit] = []
    failed = 0
    for entry in _chosen(session, paths):
        try:
            text = _formatted(entry.place, entry.data)
        except EditError as error:
            failed += 1
            note(f"{entry.path}: {error.message}")
            continue
        if text != entry.data:
            edits.append(FileEdit(entry.path, entry.data, text))
    for edit in edits:
        if shows_diff:
            sys.stdout.writelines(_diff(edit))
        else:
            say(edit.path)
    if edits and not only_checks and not shows_diff:
        files = f"{len(edits)} file{'' if len(edits) == 1 else 's'}"
        session.workspace.write(edits, f"Format {files}", session.now)
    would = "would change" if only_checks or shows_diff else "changed"
    note(f"{len(edits)} file{'' if len(edits) == 1 else 's'} {would}.")
    return 1 if failed or (only_checks and edits) else 0


def _formatted(place: Place, data: bytes) -> bytes:
    from orchestrator.model.fields import FIELDS
    from orchestrator.text.fmt import fmt

    return fmt(data, FIELDS[place.kind]).encode()


def _chosen(session: Session, paths: tuple[str, ...]) -> Iterator[Entry]:
    workspace = session.workspace
    wanted = []
    for path in paths:
        full = (session.folder / path).resolve()
        if not full.is_relative_to(workspace.root) or not full.exists():
            raise click.UsageError(f"{path} is no file of the workspace {workspace.root} .")
        wanted.append(full.relative_to(workspace.root).as_posix())
    for entry in workspace.files.entries():
        if not isinstance(entry, Entry):
            continue
        if not wanted or any(
            item in (".", entry.path) or entry.path.startswith(f"{item}/") for item in wanted
        ):
            yield entry


def _diff(edit: FileEdit) -> Iterator[str]:
    before = (edit.before or b"").decode("utf-8", "replace").splitlines(keepends=True)
    after = (edit.after or b"").decode().splitlines(keepends=True)
    for line in difflib.unified_diff(before, after, f"a/{edit.path}", f"b/{edit.path}"):
        shown = clean(line.removesuffix("\n"))
        yield f"{shown}\n" if line.endswith("\n") else f"{shown}\n\\ No newline at end of file\n"
