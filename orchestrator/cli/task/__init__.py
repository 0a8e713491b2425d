"""`task`: one file a command."""

from orchestrator.cli.group import LazyGroup

_HERE = "orchestrator.cli.task"

command = LazyGroup(
    "task",
    help="List, show, make and change tasks.",
    table={
        "list": (f"{_HERE}.list_:command", "List tasks."),
        "show": (f"{_HERE}.show:command", "Show one task."),
        "new": (f"{_HERE}.new:command", "Make a task."),
        "set": (f"{_HERE}.set_:command", "Change fields of tasks."),
        "start": (f"{_HERE}.status:start", "Begin tasks."),
        "done": (f"{_HERE}.status:done", "Complete tasks."),
    },
)
