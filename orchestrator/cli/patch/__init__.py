"""`patch`: one file a command."""

from orchestrator.cli.group import LazyGroup

_HERE = "orchestrator.cli.patch"

command = LazyGroup(
    "patch",
    help="Show, check, make and apply RFC 6902 patches.",
    table={
        "apply": (f"{_HERE}.apply:command", "Apply a patch to the work tree, or to a branch."),
        "check": (f"{_HERE}.check:command", "Say what a patch would do and bring; write nothing."),
        "diff": (f"{_HERE}.diff:command", "Print the patch that leads from A to B."),
        "invert": (f"{_HERE}.invert:command", "Print the patch that undoes another."),
        "show": (f"{_HERE}.show:command", "Show the patch of a commit, or in a file."),
    },
)
