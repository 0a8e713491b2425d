"""The pre-receive hook of a bare repository: putting it in, taking it out, saying how it is."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from orchestrator.store.git import open_git
from orchestrator.store.hooks.install import State, file_fault, hook_text, write_hook
from orchestrator.store.hooks.section import (
    SERVER_HOOK,
    Section,
    section_in,
    with_section,
    without_section,
)


class ServerHook(NamedTuple):
    """The hook of one bare repository.

    Attributes:
        path: Its file.
        state: `outdated` when installing again would change it, `blocked` when a section cannot
            be put into its file.
        reason: Why it is blocked, or None.
    """

    path: Path
    state: State
    reason: str | None = None


def server_hook(folder: Path, environment: Mapping[str, str]) -> ServerHook:
    """Return the pre-receive hook of the bare repository at `folder`."""
    git = open_git(str(folder), environment)
    out = git.run("rev-parse", "--git-path", f"hooks/{SERVER_HOOK}")
    path = Path(os.path.normpath(folder / os.fsdecode(out.rstrip(b"\n"))))
    if fault := file_fault(path):
        return ServerHook(path, "blocked", fault)
    text = hook_text(path)
    section = section_in(text, SERVER_HOOK)
    if section is None:
        return ServerHook(path, "missing")
    is_fresh = with_section(text, section) == text
    return ServerHook(path, "installed" if is_fresh else "outdated")


def install_server_hook(folder: Path, environment: Mapping[str, str], python: str) -> ServerHook:
    """Put the section into the hook's file; what others have there stays, and runs behind it.

    Args:
        folder: Of the bare repository.
        environment: The process's variables.
        python: Interpreter to use where `orchestrator` is not on PATH.
    """
    found = server_hook(folder, environment)
    if found.state != "blocked":
        section = Section(SERVER_HOOK, frozenset({"."}), python)
        write_hook(found.path, with_section(hook_text(found.path), section))
    return server_hook(folder, environment)


def uninstall_server_hook(folder: Path, environment: Mapping[str, str]) -> ServerHook:
    """Take the section out again."""
    found = server_hook(folder, environment)
    if found.state != "blocked":
        write_hook(found.path, without_section(hook_text(found.path), SERVER_HOOK))
    return server_hook(folder, environment)
