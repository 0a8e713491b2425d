"""`project`: one file a command."""

from orchestrator.cli.group import LazyGroup

_HERE = "orchestrator.cli.project"

command = LazyGroup(
    "project",
    help="List, show, make and change projects.",
    table={
        "list": (f"{_HERE}.list_:command", "List projects."),
        "show": (f"{_HERE}.show:command", "Show one project."),
        "new": (f"{_HERE}.new:command", "Make a project."),
        "set": (f"{_HERE}.set_:command", "Change fields of a project."),
        "rm": (f"{_HERE}.rm:command", "Delete projects with their tasks."),
        "restore": (f"{_HERE}.restore:command", "Bring deleted projects back."),
        "purge": (f"{_HERE}.purge:command", "Remove the files of deleted projects."),
    },
)
