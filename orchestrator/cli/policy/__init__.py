"""`policy`: one file a command."""

from orchestrator.cli.group import LazyGroup

command = LazyGroup(
    "policy",
    help="Show what agents may do, and which line says so.",
    table={
        "show": ("orchestrator.cli.policy.show:command", "Show the policy that holds."),
        "explain": (
            "orchestrator.cli.policy.explain:command",
            "Say which line decides about each change of a patch.",
        ),
    },
)
