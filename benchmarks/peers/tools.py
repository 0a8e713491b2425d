"""Each peer: how its copy of the plan is made, and the commands of its works."""

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.peers import convert
from benchmarks.peers.find import program
from benchmarks.plans import PROGRAM, git, make

LIST, READY, CHECK, SET = "list all", "ready", "check", "set one field"
WORKS = (LIST, READY, CHECK, SET)
_SCHEMA = Path(__file__).parents[2] / "schemas/task.json"
_PREPARING = 300  # seconds that making a peer's copy may take

Commands = Mapping[str, list[list[str]]]
"""For each work, the command, or several to take turns: setting a value again would do nothing."""


class Plan(NamedTuple):
    """The plan that all get.

    Attributes:
        root: Our workspace.
        tasks: Each task, by id.
    """

    root: Path
    tasks: dict[str, dict[str, Any]]


class Tool(NamedTuple):
    """A program that is measured.

    Attributes:
        name: As people know it.
        program: What is run.
        commands: Makes its copy of the plan in a folder; returns the command of each work it has,
            to be run in that folder.
        version: The arguments that make it say its version.
        remark: What is not the same as in ours.
    """

    name: str
    program: str
    commands: Callable[[str, Plan, Path], Commands]
    version: tuple[str, ...] = ("--version",)
    remark: str = ""

    def path(self) -> str | None:
        return program(self.program)

    def version_here(self) -> str:
        """Return the version of the program that is installed."""
        path = self.path()
        if path is None:
            return ""
        done = subprocess.run(
            [path, *self.version], capture_output=True, text=True, check=False, timeout=60
        )
        found = re.search(r"\d+(\.\d+)+", done.stdout)
        return found[0] if found else ""


def plan_of(folder: Path, size: int) -> Plan:
    """Make the plan of one size."""
    root = make(folder, size)
    out = subprocess.run(
        [*PROGRAM, "export", "json"], cwd=root, stdout=subprocess.PIPE, check=True
    ).stdout
    return Plan(root, json.loads(out)["tasks"])


def ours(plan: Plan) -> Commands:
    """Return our commands, whole lists as the others give them."""
    task_id = convert.first_open(plan.tasks)
    return {
        LIST: [[*PROGRAM, "task", "list"]],
        READY: [[*PROGRAM, "ready"]],
        CHECK: [[*PROGRAM, "check"]],
        SET: [[*PROGRAM, "task", "set", task_id, f"priority={to}"] for to in ("low", "high")],
    }


def _backlog(path: str, plan: Plan, folder: Path) -> Commands:
    git(folder, "init", "--quiet", "--initial-branch=main")
    subprocess.run(
        [*PROGRAM, "export", "backlog-md", str(folder / "backlog")],
        cwd=plan.root, capture_output=True, check=True,
    )  # fmt: skip
    git(folder, "add", ".")
    person = ("-c", "user.name=Bench", "-c", "user.email=bench@example.com")
    git(folder, *person, "commit", "--quiet", "--message", "Begin")
    return {
        LIST: [[path, "task", "list", "--plain"]],
        READY: [[path, "task", "list", "--ready", "--plain"]],
        CHECK: [[path, "doctor"]],
        SET: [[path, "task", "edit", "1", "--priority", to, "--plain"] for to in ("low", "high")],
    }


def _task_master(path: str, plan: Plan, folder: Path) -> Commands:
    number = convert.task_master(plan.tasks, folder)
    return {
        LIST: [[path, "list"]],
        READY: [[path, "list", "--ready"]],
        CHECK: [[path, "validate-dependencies"]],
        SET: [[path, "set-status", number, to] for to in ("in-progress", "pending")],
    }


def _taskwarrior(path: str, plan: Plan, folder: Path) -> Commands:
    text, identity = convert.taskwarrior(plan.tasks)
    settings = folder / "taskrc"
    columns = (
        "uuid.short,status.short,priority,due,project,description.count"  # a line each, as ours
    )
    shape = "".join(
        f"report.{name}.columns={columns}\nreport.{name}.labels=ID,S,P,Due,Project,Title\n"
        for name in ("all", "ready")
    )
    data = f"data.location={folder / 'data'}\nconfirmation=off\n"
    settings.write_text(data + shape, "utf-8")
    command = [path, f"rc:{settings}", "rc.verbose=nothing", "rc.defaultwidth=120"]
    subprocess.run(
        [*command, "import", "-"], input=text.encode(), capture_output=True, check=True,
        timeout=_PREPARING,
    )  # fmt: skip
    return {
        LIST: [[*command, "all"]],
        READY: [[*command, "ready"]],
        SET: [[*command, identity, "modify", f"priority:{to}"] for to in ("L", "H")],
    }


def _check_jsonschema(path: str, plan: Plan, folder: Path) -> Commands:
    return {CHECK: [[path, "--schemafile", str(_SCHEMA), *_files(plan, folder)]]}


def _yamllint(path: str, plan: Plan, folder: Path) -> Commands:
    return {CHECK: [[path, "-d", "relaxed", *_files(plan, folder)]]}


def _files(plan: Plan, folder: Path) -> list[str]:
    (folder / "plan").symlink_to(plan.root)
    found = sorted(plan.root.glob("projects/*/tasks/*.yaml"))
    return [f"plan/{path.relative_to(plan.root).as_posix()}" for path in found]


PEERS = (
    Tool("Backlog.md", "backlog", _backlog, remark="doctor looks at ids and dependencies only"),
    Tool(
        "task-master", "task-master", _task_master,
        remark="one level of tasks; validates dependencies only",
    ),
    Tool("Taskwarrior", "task", _taskwarrior, remark="no parents, no check"),
    Tool("check-jsonschema", "check-jsonschema", _check_jsonschema, remark="each file alone"),
    Tool("yamllint", "yamllint", _yamllint, remark="the YAML of each file, not what it says"),
)  # fmt: skip
NOT_MEASURED = (
    "beads (its npm package fetches the program itself from a forge), tk and git-bug (in no "
    "registry)"
)
