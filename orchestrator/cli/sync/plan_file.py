"""Plans in files: what `sync plan --out` writes and `sync apply` reads."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from orchestrator.cli.sync.options import How
from orchestrator.errors import OrchestratorError
from orchestrator.model.ids import is_integration_name
from orchestrator.store.write import NotWritableError

if TYPE_CHECKING:
    from orchestrator.sync.action import Plan

_LARGEST = 256 * 1024 * 1024


class PlanFileError(OrchestratorError):
    """A file holds no plan of a sync."""


class StalePlanError(OrchestratorError):
    """One of the sides has changed since a plan was made; nothing was done.

    Attributes:
        integration: Its name.
    """

    def __init__(self, integration: str) -> None:
        super().__init__(
            f"The plan of {integration} does not hold any more: the plan, the tracker or the base "
            "has changed since; nothing was done.",
            f"Make it again: orchestrator sync plan {integration} --out FILE",
        )
        self.integration = integration


class Kept(NamedTuple):
    """A plan from a file.

    Attributes:
        integration: Its name.
        digest: Of what it is going to do.
        how: The options that it was made with.
    """

    integration: str
    digest: str
    how: How


def write_plan(path: Path, plan: "Plan", how: How) -> None:
    """Write a plan, with the options that it was made with.

    Raises:
        NotWritableError: The system refuses.
    """
    from orchestrator.sync.reconcile.plan_json import plan_json

    document = {**plan_json(plan), "options": asdict(how)}
    try:
        path.write_text(f"{json.dumps(document, ensure_ascii=False, indent=1)}\n", "utf-8")
    except OSError as error:
        raise NotWritableError(str(path), error) from error


def read_plan(path: Path) -> Kept:
    """Return what a file says.

    Raises:
        PlanFileError: It is no plan that `sync plan --out` wrote.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise _unfit(path, "is too large")
        found: Any = json.loads(path.read_bytes())
    except OSError as error:
        raise _unfit(path, f"cannot be read: {(error.strerror or str(error)).lower()}") from error
    except (ValueError, RecursionError) as error:
        raise _unfit(path, "holds no JSON") from error
    if not isinstance(found, dict):
        raise _unfit(path, "holds no plan")
    name, digest, options = (found.get(key) for key in ("integration", "digest", "options"))
    is_right = isinstance(name, str) and is_integration_name(name) and isinstance(digest, str)
    if not is_right or not isinstance(options, dict):
        raise _unfit(path, "holds no plan")
    flags = ("is_full", "allow_deletions", "shares", "is_any_head")
    chosen = {key: options[key] is True for key in flags if key in options}
    only = options.get("only")
    ids = tuple(map(str, only)) if isinstance(only, list) else ()
    return Kept(str(name), str(digest), How(only=ids, **chosen))


def _unfit(path: Path, why: str) -> PlanFileError:
    return PlanFileError(
        f"{path.name} {why}.", "orchestrator sync plan NAME --out FILE writes one."
    )
