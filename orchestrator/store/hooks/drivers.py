"""The merge and diff drivers in a repository's configuration, which no clone brings along."""

from typing import Literal

from orchestrator.store.git import Git
from orchestrator.store.hooks.section import quoted
from orchestrator.store.repository import Repository

DriverState = Literal["installed", "missing", "outdated", "unused"]

_NAME = "orchestrator: plan files, field by field"
_PROBE = "projects/a/tasks/A-1.yaml"


def install_drivers(git: Git, python: str) -> None:
    """Put both drivers into the repository's configuration.

    Where no orchestrator can be started, or it fails, git's own merge leaves its markers: a driver
    that is missing would leave our side without any, and theirs would be lost without a word.

    Args:
        git: Of the repository.
        python: Interpreter to use where `orchestrator` is not on PATH.
    """
    for key, value in _wanted(python).items():
        git.run("config", "--local", "--replace-all", key, value)


def uninstall_drivers(git: Git) -> None:
    """Take both drivers out; git then merges and shows these files by line."""
    for section in ("merge.orchestrator", "diff.orchestrator"):
        git.finish("config", "--local", "--remove-section", section)


def driver_state(repository: Repository, python: str) -> DriverState:
    """Return whether the drivers are there, and whether .gitattributes asks for them."""
    git = repository.git
    found = {key: git.config(key) for key in _wanted(python)}
    if found["merge.orchestrator.driver"] is None:
        return "missing"
    if any(found[key] != value for key, value in _wanted(python).items()):
        return "outdated"
    out = git.run("check-attr", "-z", "merge", "--", f"{repository.prefix}{_PROBE}")
    return "installed" if out.split(b"\0")[2] == b"orchestrator" else "unused"


def _wanted(python: str) -> dict[str, str]:
    program = quoted(python)
    other = f'elif test -x {program}; then {program} -m orchestrator "$@"; ' if python else ""
    start = (
        "orc() { if command -v orchestrator >/dev/null 2>&1; then orchestrator "
        f'"$@"; {other}else return 127; fi; }}; '
    )
    return {
        "merge.orchestrator.name": _NAME,
        "merge.orchestrator.driver": (
            f"{start}orc merge-driver %O %A %B %L %P; orc_code=$?; "
            "test $orc_code -le 1 && exit $orc_code; "
            "git merge-file --quiet --marker-size=%L %A %O %B; test $? -eq 0"
        ),
        "diff.orchestrator.textconv": (
            f'{start}show() {{ orc textconv "$1" 2>/dev/null || cat "$1"; }}; show'
        ),
        "diff.orchestrator.xfuncname": "^([a-z_]+:.*)$",
    }
