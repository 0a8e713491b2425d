"""`agent`: one file a command."""

from orchestrator.cli.group import LazyGroup

_HERE = "orchestrator.cli.agent"

command = LazyGroup(
    "agent",
    help="Plan and change the plan with language models, or with offline, which needs none.",
    epilog="Whatever an agent does becomes a proposal: orchestrator proposal list shows it.",
    table={
        "plan": (f"{_HERE}.plan:command", "Plan a sentence, a brief or a Markdown outline."),
        "chat": (f"{_HERE}.chat:command", "Talk about the plan, and have it changed."),
        "run": (f"{_HERE}.run:command", "Have one instruction carried out."),
        "providers": (
            f"{_HERE}.providers:command",
            "List the providers of language models, and try them.",
        ),
        "runs": (f"{_HERE}.runs:command", "List the runs of agents, and what they took."),
        "eval": (f"{_HERE}.eval:command", "Compare a provider's plans with plans made by hand."),
        "cache": (f"{_HERE}.cache:command", "Look at and clear the answers that --cache keeps."),
    },
)
