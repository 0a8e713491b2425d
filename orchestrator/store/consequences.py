"""What a change would bring: errors, for which it is refused, and warnings that come along."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from orchestrator.check.run import check
from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.ops import PatchError

if TYPE_CHECKING:
    from orchestrator.patch.apply import Change


class PatchRejectedError(PatchError):
    """The plan would have errors after the patch that it has not now.

    Attributes:
        problems: The errors, located where they can be.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        count = f"{len(problems)} error{'' if len(problems) == 1 else 's'}"
        shown = problems[:10]
        lines: list[str] = []
        for index, problem in enumerate(shown):
            lines.append(f"  {problem.code} {problem.path}: {problem.message}")
            # What many problems have in common is said once, behind the last of them.
            if problem.hint and [item.hint for item in shown[index + 1 : index + 2]] != [
                problem.hint
            ]:
                lines.append(f"      {problem.hint}")
        listed = "\n".join(lines)
        more = f"\n  … and {len(problems) - 10} more" if len(problems) > 10 else ""  # noqa: PLR2004
        super().__init__(
            f"The change would bring {count}; nothing was written.\n{listed}{more}",
            f"orchestrator explain {problems[0].code}",
        )
        self.problems = problems


def new_warnings(present: Snapshot, future: Snapshot, now: datetime) -> tuple[Problem, ...]:
    """Return the warnings that a change would bring, unless it would bring errors too.

    Raises:
        PatchRejectedError: It would bring errors that are not there now.
    """
    fresh = new_problems(present, future, now)
    if errors := tuple(problem for problem in fresh if problem.severity == "error"):
        raise PatchRejectedError(errors)
    return fresh


def new_problems(present: Snapshot, future: Snapshot, now: datetime) -> tuple[Problem, ...]:
    """Return the errors and warnings that a change would bring and that are not there now."""
    problems = check(future, now)
    if not problems:
        return ()
    known = {_identity(problem) for problem in check(present, now)}
    return tuple(problem for problem in problems if _identity(problem) not in known)


def refuse_misplaced(present: Snapshot, changes: "Iterable[Change]") -> None:
    """Refuse a change of an entity whose file is not where its id says: it would be made twice."""
    for kind, entity_id, before, *_ in changes:
        if before is None and entity_id in present.entities(kind):
            path = present.path_of(kind, entity_id)
            raise PatchError(
                f"{entity_id} is in {path} , which is not named after it.", "Rename the file first."
            )


def _identity(problem: Problem) -> tuple[str, str | None, str, str]:
    return problem.code, problem.id, problem.pointer, problem.message
