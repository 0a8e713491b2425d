"""From a name on the command line to an integration whose tracker is open."""

import random
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orchestrator.cli.session import Session
from orchestrator.cli.talk import note

if TYPE_CHECKING:
    from orchestrator.sync.base.ref import Written
    from orchestrator.sync.remote import Progress, Remote, Tie, World
    from orchestrator.sync.run.ground import Ground
    from orchestrator.sync.run.prepare import Setting


@dataclass(frozen=True)
class Opened:
    """An integration at work.

    Attributes:
        ground: The branch that is checked out.
        setting: The tracker, open, and what a run takes from outside.
    """

    ground: "Ground"
    setting: "Setting"


def tie_named(session: Session, name: str) -> "Tie":
    """Return an integration of the settings, with the people whom its tracker may know.

    Raises:
        IntegrationError: There is none of that name, or something in it is wrong.
    """
    from orchestrator.store.outline import outline
    from orchestrator.sync.settings import tie_of

    plan = outline(session.workspace)
    return tie_of(plan.settings, plan.users, name)


def names(session: Session) -> list[str]:
    """Return the integrations of the settings.

    Raises:
        IntegrationError: There is none.
    """
    from orchestrator.store.outline import outline
    from orchestrator.sync.settings import integrations, tie_of

    settings = outline(session.workspace).settings
    found = list(integrations(settings))
    if not found:
        tie_of(settings, {}, "")
    return found


def refuse_mistyped(session: Session, name: str) -> None:
    """Do nothing, unless a name is no integration's and looks like one of `sync`'s commands.

    Raises:
        click.UsageError: It does.
    """
    import click

    from orchestrator.cli.sync import command
    from orchestrator.model.suggest import nearest
    from orchestrator.store.outline import outline
    from orchestrator.sync.settings import integrations

    known = integrations(outline(session.workspace).settings)
    found = None if name in known else nearest(name, [*known, *command.table])
    if found is not None and found not in known:
        raise click.UsageError(f"There is no integration {name!r}. Did you mean sync {found} ?")


@contextmanager
def opened(
    session: Session, name: str, progress: "Callable[[Progress], None]"
) -> "Iterator[Opened]":
    """Take an integration's turn and open its tracker while the block runs.

    Raises:
        IntegrationError: There is none of that name.
        BusyError: Another run is at work.
        StoreError: There is no branch to work on, or no token.
    """
    from orchestrator.sync.run.ground import stand
    from orchestrator.sync.run.prepare import Setting
    from orchestrator.sync.run.turn import turn

    tie = tie_named(session, name)
    workspace = session.workspace
    with turn(workspace.required_repository, name, session.now):
        if workspace.mend() is not None:
            note("Finished what a killed command began.")
        ground = stand(workspace)
        world = world_of(progress)
        with remote_of(session, tie, world) as remote:
            by = written(session, f"sync {name}")
            yield Opened(ground, Setting(tie, remote, world, by, _token))


@contextmanager
def remote_of(session: Session, tie: "Tie", world: "World") -> "Iterator[Remote]":
    """Open the tracker of an integration while the block runs.

    Raises:
        CredentialError: There is no token where the settings say that it is.
    """
    from orchestrator.store.credentials import credential
    from orchestrator.sync.remotes import open_remote

    token = credential(tie.token, session.environment)
    with open_remote(tie, token, world) as remote:
        yield remote


def world_of(progress: "Callable[[Progress], None]") -> "World":
    """Return this machine's clock, patience and chance."""
    from orchestrator.sync.remote import World

    # Chance only spreads waits; nobody gains by guessing it.
    return World(lambda: datetime.now(UTC), time.sleep, random.random, progress)


def written(session: Session, why: str) -> "Written":
    """Return who writes a base.

    Raises:
        NoIdentityError: Git knows no name.
    """
    from orchestrator.sync.base.ref import Written

    author = session.workspace.author
    return Written(author.name, author.email, session.now, why)


def _token() -> str:
    return str(uuid.uuid4())
