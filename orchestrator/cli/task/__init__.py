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
        "block": (f"{_HERE}.status:block", "Say that tasks are blocked."),
        "review": (f"{_HERE}.status:review", "Hand tasks over for review."),
        "cancel": (f"{_HERE}.status:cancel", "Say that tasks will not be done."),
        "reopen": (f"{_HERE}.status:reopen", "Make closed and blocked tasks todo again."),
        "move": (f"{_HERE}.move:command", "Move tasks under others, or to another project."),
        "assign": (f"{_HERE}.assign:command", "Give tasks to somebody."),
        "label": (f"{_HERE}.label:command", "Add labels to tasks and take them away."),
        "link": (f"{_HERE}.link:link", "Make a task depend on others."),
        "unlink": (f"{_HERE}.link:unlink", "Take dependencies away."),
        "rename": (f"{_HERE}.rename:command", "Give a task another id."),
        "templates": (f"{_HERE}.templates:command", "List what new tasks can start from."),
        "log": ("orchestrator.cli.time.log:command", "Log time spent on a task."),
        "rm": (f"{_HERE}.rm:command", "Delete tasks and all below them."),
        "restore": (f"{_HERE}.restore:command", "Bring deleted tasks back."),
        "purge": (f"{_HERE}.purge:command", "Remove the files of deleted tasks."),
    },
)
