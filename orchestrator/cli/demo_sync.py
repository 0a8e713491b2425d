"""The part of the demo in which the plan and a tracker are kept in step, both ways."""

from dataclasses import replace
from typing import TYPE_CHECKING

from orchestrator.cli.demo_stage import Stage
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.sync.pretend import Pretended

_FOUND = "Find what was paid"
_SENT = "Send it back"
_VARIABLE = "TRACKER_TOKEN"


def synced_both_ways(stage: Stage, session: Session) -> None:
    """Mirror a project to a tracker that runs in here, have both sides change, and sync again."""
    from orchestrator.sync.pretend import Pretended, pretended

    tracker = Pretended("Engineering")
    with pretended(tracker, lambda: session.now):
        environment = {**stage.environment, _VARIABLE: tracker.token}
        _play(replace(stage, environment=environment), session, tracker)


def _play(stage: Stage, session: Session, tracker: "Pretended") -> None:
    stage.tell(
        "The rest of the company uses a tracker. This one pretends to be Motion, in memory.\n"
        "The settings name it, and where its token is:"
    )
    stage.run(
        "orchestrator", "sync", "init", "motion", "--name", "tracker", "--url", tracker.url,
        "--token", f"env:{_VARIABLE}", "--scope", "workspace=Engineering",
        "--project", "card-refunds", "--yes", "--commit",
    )  # fmt: skip
    stage.tell("The first sync makes there what is planned here:")
    stage.run("orchestrator", "sync", "tracker")
    moment = session.now
    tracker.change(_FOUND, moment, status="Completed")
    tracker.change(_SENT, moment, name="Send the money back", priority="HIGH")
    stage.tell(
        f"Somebody completes {_FOUND!r} over there, and renames {_SENT!r}.\n"
        f"Meanwhile somebody estimates {_SENT!r} anew in the plan:"
    )
    task_id = next(key for key, title in _titles(stage, session).items() if title == _SENT)
    stage.run("orchestrator", "task", "set", task_id, "estimate=3h", "--commit")
    stage.tell("The next sync merges field by field, and what came from there is one commit:")
    stage.run("orchestrator", "sync", "tracker")
    stage.run("git", "--no-pager", "log", "-1", "--format=%B")
    stage.tell("Nothing is left to do. The tracker ends with the demo, so the sync is suspended:")
    stage.run("orchestrator", "sync", "tracker")
    stage.run("orchestrator", "sync", "suspend", "tracker")


def _titles(stage: Stage, session: Session) -> dict[str, str]:
    from orchestrator.store.workspace import Workspace

    tasks = Workspace(stage.folder, session.environment).snapshot().tasks
    return {key: str(task.get("title")) for key, task in tasks.items()}
