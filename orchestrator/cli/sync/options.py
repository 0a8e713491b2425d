"""Options that the commands of `sync` share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.options import json_option

if TYPE_CHECKING:
    from orchestrator.sync.run.prepare import Wishes

Command = Callable[..., Any]


@dataclass(frozen=True)
class How:
    """What the options of a run say.

    Attributes:
        is_full: --full.
        only: --only.
        allow_deletions: --allow-deletions.
        shares: Not --no-share.
        is_any_head: --any-head.
    """

    is_full: bool = False
    only: tuple[str, ...] = ()
    allow_deletions: bool = False
    shares: bool = True
    is_any_head: bool = False

    def wishes(self, *, is_read_only: bool) -> "Wishes":
        """Return what a run is to do otherwise.

        Args:
            is_read_only: Whether nothing at all may change, no ref of ours either.
        """
        from orchestrator.sync.run.origin import Sharing
        from orchestrator.sync.run.prepare import Wishes

        ids = {part for text in self.only for part in text.replace(",", " ").split()}
        return Wishes(
            is_full=self.is_full,
            only=frozenset(ids) if ids else None,
            allow_deletions=self.allow_deletions,
            sharing=Sharing(self.shares, self.is_any_head, is_read_only),
        )


def reading_options(command: Command) -> Command:
    """Add the options about what is read and planned; `how` takes them in."""
    for option in (
        json_option,
        click.option(
            "--any-head", "is_any_head", is_flag=True,
            help="Sync though this branch lacks the commit of the last sync.",
        ),
        click.option(
            "--no-share", "shares", is_flag=True, flag_value=False, default=True,
            help="Neither fetch nor push the base that the team shares.",
        ),
        click.option(
            "--allow-deletions", is_flag=True, help="Let more be deleted than looks intended."
        ),
        click.option(
            "--only", multiple=True, metavar="ID", help="Look at this item alone; repeatable."
        ),
        click.option(
            "--full", "is_full", is_flag=True, help="List everything, to find what was deleted."
        ),
    ):  # fmt: skip
        command = option(command)
    return command
