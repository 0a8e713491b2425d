"""`proposal`: one file a command."""

from orchestrator.cli.group import LazyGroup

command = LazyGroup(
    "proposal",
    help="Review what agents and people propose: list, show, accept, reject.",
    table={
        "list": ("orchestrator.cli.proposal.list_:command", "List the proposals."),
        "show": ("orchestrator.cli.proposal.show:command", "Show what a proposal would change."),
        "accept": ("orchestrator.cli.proposal.accept:command", "Check and merge a proposal."),
        "reject": ("orchestrator.cli.proposal.reject:command", "Remove a proposal, and say why."),
        "rebase": (
            "orchestrator.cli.proposal.rebase:command",
            "Merge the target into a proposal.",
        ),
        "push": (
            "orchestrator.cli.proposal.push:command",
            "Push a proposal; open or update its pull or merge request.",
        ),
    },
)
