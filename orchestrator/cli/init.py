"""`init`: a new workspace."""

import shlex
from pathlib import Path

import click

from orchestrator.cli.session import Session


@click.command("init")
@click.argument("folder", required=False, type=click.Path(file_okay=False))
@click.option("--name", default=None, help="The workspace's name; the folder's when not given.")
@click.option(
    "--git/--no-git", "wants_git", default=True, help="Run git init where there is no repository."
)
@click.option(
    "--agents", "wants_agents", is_flag=True,
    help="Tell coding agents in AGENTS.md how to work here; what it says already stays.",
)  # fmt: skip
@click.pass_obj
def command(
    session: Session, folder: str | None, name: str | None, wants_git: bool, wants_agents: bool
) -> None:
    """Make a workspace, here or in a folder.

    Works in an empty folder, in an existing repository, and in a sub-folder of one. A file that
    exists is never changed, but that AGENTS.md gets its section with --agents.
    """
    from orchestrator.cli.talk import note, say
    from orchestrator.store.scaffold import GITATTRIBUTES, make_workspace

    root = (session.folder / Path(folder or ".")).resolve()
    # A folder's name need not be UTF-8, and a file must be.
    called = root.name.encode("utf-8", "replace").decode() or "plan"
    made = make_workspace(root, name or called, session.environment, wants_git=wants_git)
    if made.has_new_repository:
        note(f"Started a git repository in {root}")
    for path in made.written:
        if "/schemas/" not in path and not path.endswith(".gitkeep"):
            say(path)
    for path in made.kept:
        if "/schemas/" not in path and not path.endswith(".gitkeep"):
            note(f"{path} is there already and was left as it is.")
    if wants_agents:
        _tell_agents(root)
    if ".gitattributes" in made.kept and "orchestrator" not in _text(root / ".gitattributes"):
        line = GITATTRIBUTES.splitlines()[-1]
        note(f"hint: add this line to .gitattributes:\n  {line}")
    if not any(path.startswith("users/") for path in (*made.written, *made.kept)):
        note("hint: git knows no name for you; orchestrator user new ID adds you.")
    if "orchestrator.yaml" in made.written:
        where = f"-C {shlex.quote(folder)} " if folder and root != session.folder else ""
        note(f"Next: orchestrator {where}project new ID, and orchestrator {where}hooks install")
        if not wants_agents:
            note(
                "hint: init --agents writes an AGENTS.md that tells coding agents how to work here."
            )


def _tell_agents(root: Path) -> None:
    """Put the section into AGENTS.md, which is made where there is none."""
    from orchestrator.cli.agents_page import FILE, with_section
    from orchestrator.cli.talk import note, say
    from orchestrator.store.git import StoreError
    from orchestrator.store.write import FileEdit, write_files

    path = root / FILE
    try:
        before = path.read_bytes() if path.exists() or path.is_symlink() else None
        text = (before or b"").decode()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{FILE} cannot be read.", "It must be a file of UTF-8 text.") from error
    if path.is_symlink():
        raise StoreError(f"{FILE} is a symbolic link.", "Put the section into what it points at.")
    after = with_section(text).encode()
    if after == before:
        note(f"{FILE} has the section already.")
        return
    write_files(root, [FileEdit(FILE, before, after)])
    say(FILE)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
