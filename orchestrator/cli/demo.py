"""`demo`: the whole story in a minute, with real commands in a real repository."""

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click

from orchestrator.cli.demo_stage import Stage
from orchestrator.cli.demo_sync import synced_both_ways
from orchestrator.cli.session import Session

_PROPOSAL = "planner/start-next"
_PLANNED = "planner/plan-card-refunds"
_BRIEF = """\
# Card refunds
- Refund a payment (4h) !high
  - Find what was paid (1h)
  - Send it back (2h) after: Find what was paid
- Tell the customer by e-mail (1h) after: Refund a payment
"""


@click.command("demo")
@click.argument("folder", required=False, type=click.Path(file_okay=False))
@click.pass_obj
def command(session: Session, folder: str | None) -> None:
    """Show what orchestrator does, in ./orchestrator-demo or FOLDER.

    Makes a workspace, installs the hooks, has a wrong edit refused by git commit, proposes a patch,
    shows and accepts the proposal, takes it back, has an outline planned by the agent that needs no
    key, keeps the plan and a tracker in step that is only pretended, and leaves the workspace there
    to play with.
    """
    shown = folder or "orchestrator-demo"
    root = (session.folder / shown).resolve()
    stage = _set(session, root)
    _begin(stage, shown)
    parent, child, project = _family(root)
    _refused_edit(stage, parent, child)
    _reviewed_patch(stage, session)
    _planned_outline(stage)
    synced_both_ways(stage, session)
    stage.tell("What the plan looks like now, and what can be worked on:")
    stage.run("orchestrator", "tree")
    stage.run("orchestrator", "ready")
    _farewell(shown, parent, project)


def _set(session: Session, root: Path) -> Stage:
    from orchestrator.cli.talk import clean
    from orchestrator.store.git import StoreError
    from orchestrator.store.shipped import shipped

    if root.exists() and any(root.iterdir()):
        raise StoreError(
            f"{clean(str(root))} is not empty.", "Name another folder: orchestrator demo FOLDER"
        )
    source = shipped("examples") / "roadmap"
    try:
        shutil.copytree(source, root, dirs_exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(f"{root} cannot be made: {reason}.") from error
    from orchestrator.store.git import clean_environment

    environment = clean_environment(session.environment, in_hook=False)
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment.get('PATH', '')}"
    environment["GIT_EDITOR"] = "true"
    return Stage(root, environment, session.has_color)


def _begin(stage: Stage, shown: str) -> None:
    stage.tell(f"A plan is a folder of YAML files in a git repository. This one is in {shown}:")
    stage.run("git", "init", "--quiet", "--initial-branch=main")
    for name, value in (("user.name", "Demo"), ("user.email", "demo@example.com")):
        known = subprocess.run(  # noqa: S603 - git with fixed words
            ["git", "config", name],  # noqa: S607 - the user's git, as everywhere in the demo
            cwd=stage.folder, env=stage.environment, capture_output=True, check=False,
        )  # fmt: skip
        if known.returncode:
            stage.run("git", "config", name, value)
    stage.run("orchestrator", "init")
    stage.run("git", "add", ".")
    stage.run("git", "commit", "--quiet", "-m", "Start from the example roadmap")
    stage.run("orchestrator", "hooks", "install")


def _family(root: Path) -> tuple[str, str, str]:
    """Return an open task that has an open task below it, that one, and their project."""
    from orchestrator.store.files import WorkTree
    from orchestrator.store.load import load

    tasks = load(WorkTree(root)).snapshot.tasks
    return next(
        (str(task["parent"]), task_id, task["project"])
        for task_id, task in sorted(tasks.items())
        if task.get("parent") and task.get("status") == "todo"
    )


def _refused_edit(stage: Stage, parent: str, child: str) -> None:
    path = next(stage.folder.glob(f"projects/*/tasks/{parent}.yaml"))
    relative = path.relative_to(stage.folder).as_posix()
    before = path.read_text("utf-8")
    stage.tell(
        f"{child} is a part of {parent} . An editor makes {parent} a part of {child} by mistake:"
    )
    path.write_text(f"{before}parent: {child}\n", "utf-8")
    stage.run("git", "--no-pager", "diff", "--unified=1", "--", relative)
    stage.tell("git commit runs the checks and refuses:")
    stage.run("git", "commit", "--all", "-m", f"Move {parent}", expected=1)
    stage.tell("The edit is mended, and the commit goes through:")
    path.write_text(before, "utf-8")
    stage.run("orchestrator", "task", "set", parent, "labels+=mended")
    stage.run("git", "commit", "--quiet", "--all", "-m", f"Label {parent}")


def _reviewed_patch(stage: Stage, session: Session) -> None:
    from orchestrator.store.workspace import Workspace
    from orchestrator.view.ready import ready

    workspace = Workspace(stage.folder, session.environment)
    task_id = ready(workspace.snapshot())[0]
    patch = {
        "title": f"Start {task_id}",
        "author": "agent:planner",
        "reason": "It is the most urgent task that nothing holds up.",
        "ops": [
            {"op": "test", "path": f"/tasks/{task_id}/status", "value": "todo"},
            {"op": "replace", "path": f"/tasks/{task_id}/status", "value": "in_progress"},
        ],
    }
    stage.tell("An agent proposes a change as a JSON patch:")
    text = json.dumps(patch, indent=2)
    sys.stdout.write("".join(f"  {row}\n" for row in text.splitlines()))
    stage.run("orchestrator", "propose", "-", "--branch", "start-next", stdin=text)
    stage.tell("It became a commit on a branch, and the work tree was not touched:")
    stage.run("git", "status", "--short")
    stage.run("orchestrator", "proposal", "list")
    stage.tell("This is what it would change, and what that would bring on the present plan:")
    stage.run("orchestrator", "proposal", "show", _PROPOSAL)
    stage.tell("A person agrees. The merged plan is checked before anything is written:")
    stage.run("orchestrator", "proposal", "accept", _PROPOSAL)
    stage.run("git", "--no-pager", "log", "-1", "--format=%B")
    stage.tell("It was a mistake, and is taken back by a commit that does the opposite:")
    stage.run("orchestrator", "undo")
    stage.run("git", "--no-pager", "log", "--graph", "--format=%s", "-4")


def _planned_outline(stage: Stage) -> None:
    stage.tell("An agent plans from a text. This one, offline, reads outlines and needs no key:")
    sys.stdout.write("".join(f"  {row}\n" for row in _BRIEF.splitlines()))
    stage.run("orchestrator", "agent", "plan", "-", "--provider", "offline", stdin=_BRIEF)
    stage.tell("It is a proposal like any other, and goes in when a person agrees:")
    stage.run("orchestrator", "proposal", "accept", _PLANNED)


def _farewell(shown: str, parent: str, project: str) -> None:
    from orchestrator.cli.talk import say

    say(f"\nThe workspace stays in {shown} . Try:\n")
    say(f"  cd {shlex.quote(shown)}")
    say(f"  orchestrator task show {parent}")
    say(f'  orchestrator task new "My first task" --project {project} priority=high estimate=2h')
    say("  orchestrator check && git add . && git commit")
    say("  orchestrator explain ORC205")
