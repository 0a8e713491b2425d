"""`user`: one file a command."""

from orchestrator.cli.group import LazyGroup

_HERE = "orchestrator.cli.user"

command = LazyGroup(
    "user",
    help="List, show, make and change users.",
    table={
        "list": (f"{_HERE}.list_:command", "List users."),
        "show": (f"{_HERE}.show:command", "Show one user."),
        "new": (f"{_HERE}.new:command", "Make a user."),
        "set": (f"{_HERE}.set_:command", "Change fields of a user."),
    },
)
