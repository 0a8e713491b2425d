"""Where each kind of entity lives: path in the workspace ⇄ kind and id."""

import re
from typing import Literal, NamedTuple, NewType

RepoPath = NewType("RepoPath", str)
"""A path relative to the workspace's root, with `/` between its parts."""

Kind = Literal["settings", "users", "projects", "tasks"]
"""The member of the virtual document that holds the entity."""

SETTINGS_FILE = "orchestrator.yaml"
SUFFIX = ".yaml"
_LAYER = re.compile(r"orchestrator\.(?P<name>[a-z0-9][a-z0-9-]{0,39})\.yaml")

# Names that Windows keeps for devices; a repository that holds one cannot be checked out there.
RESERVED_STEMS = frozenset(
    [
        "con",
        "prn",
        "aux",
        "nul",
        *(f"com{n}" for n in range(1, 10)),
        *(f"lpt{n}" for n in range(1, 10)),
    ]
)
_LONGEST_RESERVED = len("com1.yaml")
_is_plain = re.compile(r"[A-Za-z0-9_-]{1,100}(?:\.yaml)?").fullmatch
_FORBIDDEN = frozenset('\\:*?"<>|')


class Place(NamedTuple):
    """What a path says about the entity in it.

    Attributes:
        kind: The member of the virtual document.
        id: The id that the file name promises; `""` for the settings, or the environment whose
            settings these are.
        project: The project that the folder names, for tasks and projects.
    """

    kind: Kind
    id: str
    project: str = ""


TEMPLATES = "templates"
_is_template = re.compile(rf"{TEMPLATES}/([a-z0-9][a-z0-9-]{{0,62}})\.yaml").fullmatch


def template_name(path: str) -> str | None:
    """Return the name of the template of tasks that belongs at `path`, or None."""
    found = _is_template(path)
    return found[1] if found else None


def place_of(path: str) -> Place | None:
    """Return what belongs at `path`, or None when no entity does."""
    if path == SETTINGS_FILE:
        return Place("settings", "")
    if not path.endswith(SUFFIX):
        return None
    match path.split("/"):
        case ["users", name]:
            return Place("users", name[: -len(SUFFIX)])
        case ["projects", project, "project.yaml"]:
            return Place("projects", project, project)
        case ["projects", project, "tasks", name]:
            return Place("tasks", name[: -len(SUFFIX)], project)
        case _:
            return None


def layer_of(path: str) -> str | None:
    """Return the environment whose settings `path` holds, or None: `orchestrator.<env>.yaml`."""
    found = _LAYER.fullmatch(path)
    return found["name"] if found else None


def layer_path(environment: str) -> RepoPath:
    """Return where the settings of an environment belong, which lie over orchestrator.yaml."""
    return RepoPath(f"orchestrator.{environment}{SUFFIX}")


def path_for(kind: Kind, entity_id: str, project: str = "") -> RepoPath:
    """Return where an entity's file belongs."""
    match kind:
        case "settings":
            return RepoPath(SETTINGS_FILE)
        case "users":
            return RepoPath(f"users/{entity_id}{SUFFIX}")
        case "projects":
            return RepoPath(f"projects/{entity_id}/project.yaml")
        case "tasks":
            return RepoPath(f"projects/{project}/tasks/{entity_id}{SUFFIX}")


def name_fault(name: str) -> str | None:
    """Return why a file or folder name cannot be kept on every system, or None.

    Git itself takes backslashes, colons, device names and newlines; Windows and macOS do not.
    """
    if len(name) > _LONGEST_RESERVED and _is_plain(name):
        return None
    stem = name.partition(".")[0].casefold()
    if "\ufffd" in name or any("\udc80" <= char <= "\udcff" for char in name):
        return "is not UTF-8"
    if any(char < " " or char == "\x7f" for char in name):
        return "holds a control character"
    if bad := sorted(_FORBIDDEN.intersection(name)):
        return f"holds {' '.join(bad)}"
    if stem in RESERVED_STEMS:
        return f"is a device name on Windows ({stem})"
    if name.endswith((".", " ")) or name.startswith(" "):
        return "starts or ends with a space or a dot"
    if len(name.encode("utf-8", "surrogateescape")) > 200:  # noqa: PLR2004
        return "is longer than 200 bytes"
    return None
