"""`sync`: one file a command; a name instead of a command syncs the tracker of that name."""

import click

from orchestrator.cli.group import LazyGroup

_HERE = "orchestrator.cli.sync"


class _SyncGroup(LazyGroup):
    """The group of `sync`: what is no command of its own goes to `run`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `run` in front of a name, of options of a run, and of nothing at all."""
        if not args or (args[0] not in self.table and args[0] not in ctx.help_option_names):
            args = ["run", *args]
        return super().parse_args(ctx, args)


command = _SyncGroup(
    "sync",
    help=(
        "Keep the plan and the trackers in step, both ways.\n\n"
        "orchestrator sync does so with all trackers of the settings, orchestrator sync NAME with "
        "one: shows what it is going to do, writes to the tracker, and commits what comes from it."
    ),
    epilog=(
        "It begins with orchestrator sync init KIND: linear, gitlab, notion, motion or github. "
        "orchestrator sync run --help shows the options of a sync."
    ),
    table={
        "run": (f"{_HERE}.run:command", "Plan and carry out; what sync NAME does."),
        "plan": (f"{_HERE}.plan:command", "Show what a sync would do."),
        "apply": (f"{_HERE}.apply:command", "Carry out a plan that plan --out wrote."),
        "status": (f"{_HERE}.status:command", "Show the trackers, and how they stand."),
        "drift": (f"{_HERE}.drift:command", "Show what differs, and who changed it."),
        "resolve": (f"{_HERE}.resolve:command", "Choose a side for a conflict."),
        "link": (f"{_HERE}.link:command", "Say which items on both sides are the same."),
        "unlink": (f"{_HERE}.unlink:command", "Say that they are not."),
        "suspend": (f"{_HERE}.suspend:suspend", "Leave a tracker, or some items, alone."),
        "resume": (f"{_HERE}.suspend:resume", "Go on with them."),
        "init": (f"{_HERE}.init:command", "Set a tracker up."),
    },
)
