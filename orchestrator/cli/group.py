"""The root command: commands load when they are called, and a mistyped one gets a suggestion."""

import importlib
from collections.abc import Mapping
from typing import Any

import click

from orchestrator.cli import COMMANDS
from orchestrator.cli.session import Session
from orchestrator.model.suggest import nearest


class SuggestingGroup(click.Group):
    """A group that answers a mistyped command with the nearest one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or fail with a suggestion."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            found = nearest(name, self.list_commands(ctx))
            hint = f" Did you mean {found} ?" if found else ""
            ctx.fail(f"There is no command {name!r}.{hint}")
        return super().resolve_command(ctx, args)


class LazyGroup(SuggestingGroup):
    """A group whose commands are imported when they are called.

    Attributes:
        table: Module and attribute of each command, and its line of help, in the order of --help.
    """

    def __init__(self, name: str, table: Mapping[str, tuple[str, str]], **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order in which help shows them."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return a command."""
        if cmd_name not in self.table:
            return None
        module, _, attribute = self.table[cmd_name][0].partition(":")
        command: Any = getattr(importlib.import_module(module), attribute)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.table.items()])


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="orchestrator COMMAND --help says more. A newcomer starts with orchestrator demo.",
)
@click.option(
    "-C",
    "folder",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False),
    help="Work on the workspace that DIR is in.",
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour the output; auto colours a terminal.",
)
@click.option("--no-pager", is_flag=True, help="Let long answers scroll; no pager.")
@click.version_option(
    None, "-V", "--version", package_name="gitops-orchestrator", message="%(prog)s %(version)s"
)
@click.pass_context
def group(context: click.Context, folder: str | None, color: str, no_pager: bool) -> None:
    """Plan projects and tasks as YAML files in a git repository."""
    context.obj = Session.start(folder, color, has_pager=not no_pager)
