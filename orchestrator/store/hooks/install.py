"""Installing the hooks, taking them out again, and saying which are there.

Hooks of others stay and keep working: a section is added to their file, and core.hooksPath is
never set. From git 2.54 on a repository's configuration can name hooks; then ours are scripts in
our own folder of the git folder, and the files of others are not touched at all.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from orchestrator.store.git import Git, StoreError
from orchestrator.store.hooks.drivers import install_drivers, uninstall_drivers
from orchestrator.store.hooks.section import (
    HOOKS,
    Section,
    has_marker,
    is_shell,
    section_in,
    with_section,
    without_section,
)
from orchestrator.store.repository import FOLDER, Repository
from orchestrator.store.workspace import Workspace
from orchestrator.store.write import FileEdit, write_files

CONFIGURED_FROM = (2, 54)
"""The first git that runs hooks named in the configuration."""

State = Literal["installed", "missing", "outdated", "blocked"]


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook of a workspace's repository.

    Attributes:
        name: Git's name for it.
        state: `outdated` when installing again would change it, `blocked` when its file is one
            that a section cannot be put into.
        is_shared: Whether the file holds something else as well.
        reason: Why it is blocked or outdated, or None.
        path: Its file.
    """

    name: str
    state: State
    is_shared: bool
    reason: str | None
    path: Path


@dataclass(frozen=True, slots=True)
class Installation:
    """The hooks of a workspace's repository.

    Attributes:
        folder: Where their files are.
        is_configured: Whether git's configuration names them (git 2.54 and later).
        hooks_path: core.hooksPath, or None when it is not set.
        is_in_work_tree: Whether the folder's files can be committed.
        hooks: Each of ours.
    """

    folder: Path
    is_configured: bool
    hooks_path: str | None
    is_in_work_tree: bool
    hooks: tuple[Hook, ...]


def status(workspace: Workspace, version: tuple[int, ...] | None = None) -> Installation:
    """Return what is installed for this workspace.

    Args:
        workspace: Whose hooks.
        version: Git's; asked for when not given.
    """
    place = _place(workspace.required_repository, version)
    hooks = tuple(_hook(place, name) for name in HOOKS)
    return Installation(
        place.folder, place.is_configured, place.hooks_path, place.is_in_work_tree, hooks
    )


def install(
    workspace: Workspace, python: str, version: tuple[int, ...] | None = None
) -> Installation:
    """Put the section into each hook's file; running it again changes nothing.

    Args:
        workspace: Which the hooks are to check; others of the repository stay.
        python: Interpreter to use where `orchestrator` is not on PATH.
        version: Git's; asked for when not given.

    Raises:
        StoreError: The folder of the hooks cannot be used.
    """
    place = _place(workspace.required_repository, version)
    # A path of this machine has no place in a file that others will check out.
    fallback = "" if place.is_in_work_tree else python
    for name, path in _usable(place.folder):
        section = Section(name, _folders(place, name) | {place.workspace}, fallback)
        write_hook(path, with_section(hook_text(path), section))
    if place.is_configured:
        _configure(place.git)
    install_drivers(place.git, python)
    # The other way of installing is left, or every hook would run twice after git's upgrade.
    for name, path in _usable(place.other_folder):
        write_hook(path, without_section(hook_text(path), name))
    _tidy(place)
    return status(workspace, version)


def uninstall(workspace: Workspace, version: tuple[int, ...] | None = None) -> Installation:
    """Take this workspace out of the hooks; a file that then holds nothing is removed."""
    place = _place(workspace.required_repository, version)

    for name, path in (*_usable(place.folder), *_usable(place.other_folder)):
        text = hook_text(path)
        section = section_in(text, name)
        others = section.folders - {place.workspace} if section else frozenset()
        if section and others:
            write_hook(path, with_section(text, Section(name, others, section.python)))
        else:
            write_hook(path, without_section(text, name))
    if not any(_folders(place, name) for name in HOOKS):
        uninstall_drivers(place.git)
    _tidy(place)
    return status(workspace, version)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where hooks go in one repository, and which workspace they are for."""

    git: Git
    workspace: str
    files_folder: Path
    script_folder: Path
    is_configured: bool
    hooks_path: str | None
    is_in_work_tree: bool

    @property
    def folder(self) -> Path:
        return self.script_folder if self.is_configured else self.files_folder

    @property
    def other_folder(self) -> Path:
        return self.files_folder if self.is_configured else self.script_folder


def _place(repository: Repository, version: tuple[int, ...] | None) -> _Place:
    git = repository.git
    out = git.run("rev-parse", "--git-path", "hooks")
    files_folder = Path(os.path.normpath(repository.top / os.fsdecode(out.rstrip(b"\n"))))
    is_configured = (version or git.version()) >= CONFIGURED_FROM
    if not is_configured and files_folder.exists() and not files_folder.is_dir():
        raise StoreError(
            f"core.hooksPath is {files_folder} , which is no folder: git runs no hooks here.",
            "git config --unset core.hooksPath, or give -c core.hooksPath= when you need it.",
        )
    common = repository.common_folder
    is_inside = files_folder.is_relative_to(repository.top)
    return _Place(
        git,
        repository.prefix.rstrip("/") or ".",
        files_folder,
        common / FOLDER / "hooks",
        is_configured,
        git.config("core.hooksPath"),
        not is_configured and is_inside and not files_folder.is_relative_to(common),
    )


def _hook(place: _Place, name: str) -> Hook:
    path = place.folder / name
    fault = file_fault(path)
    if fault:
        return Hook(name, "blocked", is_shared=True, reason=fault, path=path)
    text = hook_text(path)
    section = section_in(text, name)
    is_shared = bool(without_section(text, name))
    state: State = "installed"
    reason = None
    if section is None or place.workspace not in section.folders:
        state = "missing"
        if section is None and has_marker(text):
            state, reason = "outdated", "its section has lost a marker"
    elif with_section(text, section) != text:
        state, reason = (
            "outdated",
            "another version of orchestrator wrote it, or somebody edited it",
        )
    elif section.python and not os.access(section.python, os.X_OK):
        state, reason = "outdated", f"{section.python} no longer exists"
    elif place.is_configured and place.git.config(f"{_key(name)}.command") is None:
        state, reason = "missing", "git's configuration does not name it"
    return Hook(name, state, is_shared, reason, path)


def file_fault(path: Path) -> str | None:
    """Return why a section cannot be put into a file, or None."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(mode):
        return f"is a symbolic link to {path.readlink()}"
    if not stat.S_ISREG(mode):
        return "is no file"
    if not os.access(path, os.X_OK):
        return "is not executable, so git ignores it"
    return None if is_shell(hook_text(path)) else "is no shell script"


def hook_text(path: Path) -> str:
    """Return what a hook's file holds; nothing when there is none."""
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return ""


def _usable(folder: Path) -> list[tuple[str, Path]]:
    return [(name, folder / name) for name in HOOKS if file_fault(folder / name) is None]


def write_hook(path: Path, after: str) -> None:
    """Give a hook its text; a file that is to hold nothing is removed, a new one is executable."""
    before = hook_text(path)
    if after == before:
        return
    write_files(path.parent, [FileEdit(path.name, _bytes(before), _bytes(after))])
    if after and not before:
        path.chmod(0o755)


def _bytes(text: str) -> bytes | None:
    return text.encode("utf-8", "surrogateescape") if text else None


def _folders(place: _Place, name: str) -> frozenset[str]:
    """Return the workspaces that a hook runs for, whichever way it was installed."""
    found: frozenset[str] = frozenset()
    for of, path in (*_usable(place.folder), *_usable(place.other_folder)):
        if of == name and (section := section_in(hook_text(path), name)):
            found |= section.folders
    return found


def _tidy(place: _Place) -> None:
    """Drop the configuration of scripts that are gone."""
    folder = place.script_folder
    if folder.is_dir() and not any((folder / name).exists() for name in HOOKS):
        for name in HOOKS:
            place.git.finish("config", "--local", "--remove-section", _key(name))
        if not any(folder.iterdir()):
            folder.rmdir()


def _key(name: str) -> str:
    return f"hook.orchestrator-{name}"


def _configure(git: Git) -> None:
    for name in HOOKS:
        # Found from the git folder each time: the repository may be moved, and a linked work
        # tree has its git folder somewhere else.
        command = f'"$(git rev-parse --git-common-dir)/{FOLDER}/hooks/{name}"'
        git.run("config", "--local", "--replace-all", f"{_key(name)}.command", command)
        git.run("config", "--local", "--replace-all", f"{_key(name)}.event", name)
