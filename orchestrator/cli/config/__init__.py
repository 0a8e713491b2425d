"""`config`: one file a command."""

from orchestrator.cli.group import LazyGroup

command = LazyGroup(
    "config",
    help="Show the settings that hold.",
    table={
        "show": ("orchestrator.cli.config.show:command", "Show each setting and its source."),
    },
)
