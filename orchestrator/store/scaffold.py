"""The files of a new workspace, and writing them without touching what is there."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from orchestrator.model.fields import FIELDS
from orchestrator.model.ids import is_user_id
from orchestrator.model.schema import schemas
from orchestrator.store.git import GitMissingError, StoreError, open_git
from orchestrator.store.repository import find_repository, is_bare
from orchestrator.store.write import FileEdit, write_files
from orchestrator.text.render import render

GITATTRIBUTES = """\
# merge= and diff= name drivers of orchestrator; where git has none, it merges and shows lines.
orchestrator*.yaml text eol=lf
users/*.yaml text eol=lf
projects/**/*.yaml text eol=lf merge=orchestrator diff=orchestrator
"""
_VSCODE = {
    "yaml.schemas": {
        ".vscode/schemas/task.json": "projects/*/tasks/*.yaml",
        ".vscode/schemas/project.json": "projects/*/project.yaml",
        ".vscode/schemas/user.json": "users/*.yaml",
        ".vscode/schemas/settings.json": ["orchestrator.yaml", "orchestrator.*.yaml"],
    },
    "yaml.yamlVersion": "1.2",
}


class Person(NamedTuple):
    """Somebody as git knows them."""

    name: str
    email: str


class Made(NamedTuple):
    """What making a workspace did.

    Attributes:
        written: Files that were written.
        kept: Files that were there already and were left alone.
        has_new_repository: Whether git init was run.
    """

    written: tuple[str, ...]
    kept: tuple[str, ...]
    has_new_repository: bool


def make_workspace(
    root: Path, name: str, environment: Mapping[str, str], *, wants_git: bool = True
) -> Made:
    """Make `root` a workspace; a file that exists is left as it is.

    Raises:
        StoreError: A file cannot be written, or git failed.
    """
    if any(is_bare(folder) for folder in (root, *root.parents)):
        raise StoreError(
            f"{root} is in a bare git repository: it has no files to work on.",
            "Make the workspace in a clone of it.",
        )
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(f"{root} cannot be made: {reason}.", "Choose another folder.") from error
    is_new = False
    if wants_git and find_repository(root, environment) is None:
        open_git(str(root), environment).run("init", "--quiet")
        is_new = True
    person = git_person(root, environment)
    wanted = _files(name, person)
    edits = [
        FileEdit(path, None, text.encode())
        for path, text in wanted.items()
        if not (root / path).exists() and not (root / path).is_symlink()
    ]
    write_files(root, edits)
    written = tuple(edit.path for edit in edits)
    return Made(written, tuple(path for path in wanted if path not in written), is_new)


def git_person(folder: Path, environment: Mapping[str, str]) -> Person | None:
    """Return the name and e-mail that git would put on a commit, or None."""
    try:
        git = open_git(str(folder), environment)
    except GitMissingError:
        return None
    name, email = git.config("user.name"), git.config("user.email")
    return Person(name, email or "") if name else None


def user_id_of(person: Person) -> str:
    """Return a user id made from an e-mail address or a name: `dana@example.com` gives `dana`."""
    for text in (person.email.partition("@")[0], person.name.split(" ")[0]):
        made = re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._")[:63]
        if made and is_user_id(made):
            return made
    return "me"


def _files(name: str, person: Person | None) -> dict[str, str]:
    settings = render({"version": 1, "name": name}, FIELDS["settings"])
    files = {
        "orchestrator.yaml": settings,
        "projects/.gitkeep": "",
        ".gitattributes": GITATTRIBUTES,
        ".vscode/settings.json": json.dumps(_VSCODE, indent=2) + "\n",
    }
    for kind, schema in schemas().items():
        files[f".vscode/schemas/{kind}.json"] = schema
    if person is not None:
        user_id = user_id_of(person)
        user = {"id": user_id, "name": person.name, "kind": "human", "role": "admin"}
        if re.fullmatch(r"[^@\s]+@[^@\s]+", person.email):
            user["email"] = person.email
        files[f"users/{user_id}.yaml"] = render(user, FIELDS["users"])
    return files
