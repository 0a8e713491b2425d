"""What can be said about the index of a workspace without making or changing it."""

import sqlite3
from contextlib import closing
from typing import NamedTuple

from orchestrator.store.index.schema import index_path, stamp_of_program
from orchestrator.store.index.worth import VARIABLE, is_worth_it
from orchestrator.store.repository import FOLDER
from orchestrator.store.workspace import Workspace


class Health(NamedTuple):
    """How the index of a workspace is.

    Attributes:
        is_right: Whether it is used, or rightly not.
        message: What there is to say.
        hint: What would help, or None.
    """

    is_right: bool
    message: str
    hint: str | None = None


def index_health(workspace: Workspace) -> Health | None:
    """Return how the index is; None where none is needed."""
    if workspace.repository is None:
        return None
    if workspace.environment.get(VARIABLE) == "never":
        return Health(is_right=True, message=f"not used: {VARIABLE} is never")
    if not is_worth_it(workspace):
        return None
    path = index_path(workspace.repository.common_folder / FOLDER)
    if not path.exists():
        return Health(is_right=True, message="none yet; the next list or check makes it")
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=1)) as db:
            stamp = db.execute("SELECT stamp FROM made_by").fetchone()[0]
            states = db.execute("SELECT count(*) FROM states").fetchone()[0]
            damage = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    except (sqlite3.Error, TypeError) as error:
        return Health(
            is_right=False, message=f"cannot be read: {error}", hint=f"rm {path} ; it is made again"
        )
    if damage != "ok":
        return Health(
            is_right=False, message=f"damaged: {damage}", hint=f"rm {path} ; it is made again"
        )
    size = path.stat().st_size / 1_000_000
    if stamp != stamp_of_program():
        return Health(
            is_right=True, message="of another version; the next list or check makes it anew"
        )
    return Health(
        is_right=True, message=f"{size:,.0f} MB, {states} state{'' if states == 1 else 's'}"
    )
