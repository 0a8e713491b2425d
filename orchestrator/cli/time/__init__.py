"""`time`: one file a command."""

from orchestrator.cli.group import LazyGroup

_HERE = "orchestrator.cli.time"

command = LazyGroup(
    "time",
    help="Log time, run a timer, report.",
    table={
        "log": (f"{_HERE}.log:command", "Log time spent on a task."),
        "undo": (f"{_HERE}.undo:command", "Take your last entry back."),
        "start": (f"{_HERE}.start:command", "Start the timer on a task."),
        "stop": (f"{_HERE}.stop:command", "Stop the timer and log its time."),
        "status": (f"{_HERE}.status:command", "Show the timer and what you logged today."),
        "report": (f"{_HERE}.report:command", "Add up time by person, project, label, day, week."),
    },
)
