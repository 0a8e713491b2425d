"""`sync suspend` and `sync resume`: leaving a tracker, or some items, alone for a while."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.model.snapshot import Snapshot
    from orchestrator.sync.base.ref import Written
    from orchestrator.sync.record import Base
    from orchestrator.sync.run.ground import Ground
    from orchestrator.sync.run.origin import Sharing


@dataclass(frozen=True)
class Standing:
    """What changing a base takes, no tracker being asked.

    Attributes:
        ground: The branch that is checked out.
        sharing: How the team's base is dealt with.
        by: Who writes.
        token: For a first base.
    """

    ground: "Ground"
    sharing: "Sharing"
    by: "Written"
    token: str


def sharing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --no-share and --any-head."""
    command = click.option(
        "--any-head", "is_any_head", is_flag=True,
        help="Go on though this branch lacks the commit of the last sync.",
    )(command)  # fmt: skip
    return click.option(
        "--no-share", "shares", is_flag=True, flag_value=False, default=True,
        help="Neither fetch nor push the base that the team shares.",
    )(command)  # fmt: skip


@contextmanager
def standing(
    session: Session, name: str, why: str, *, shares: bool, is_any_head: bool
) -> "Iterator[Standing]":
    """Take an integration's turn, and give what changing its base takes.

    Raises:
        StoreError: There is no such integration or no branch, or another run is at work.
    """
    from orchestrator.cli.sync.open import tie_named, written
    from orchestrator.sync.run.ground import stand
    from orchestrator.sync.run.origin import Sharing
    from orchestrator.sync.run.turn import turn

    tie_named(session, name)
    with turn(session.workspace.required_repository, name, session.now):
        yield Standing(
            stand(session.workspace), Sharing(shares, is_any_head),
            written(session, why), str(uuid.uuid4()),
        )  # fmt: skip


@click.command("suspend")
@click.argument("name")
@click.argument("items", metavar="[ID]...", nargs=-1)
@sharing_options
@click.pass_obj
def suspend(
    session: Session, name: str, items: tuple[str, ...], shares: bool, is_any_head: bool
) -> None:
    """Leave the tracker NAME alone, or only the items named, until resume.

    It holds for the whole team: the base that is shared says so.
    """
    from orchestrator.sync.run.adjust import suspend as suspended

    def change(base: "Base", plan: "Snapshot") -> "Base":
        return suspended(base, items, plan)

    _adjust(session, name, "suspend", items, change, shares=shares, is_any_head=is_any_head)


@click.command("resume")
@click.argument("name")
@click.argument("items", metavar="[ID]...", nargs=-1)
@sharing_options
@click.pass_obj
def resume(
    session: Session, name: str, items: tuple[str, ...], shares: bool, is_any_head: bool
) -> None:
    """Go on with the tracker NAME, or with the items named."""
    from orchestrator.sync.run.adjust import resume as resumed

    def change(base: "Base", _: "Snapshot") -> "Base":
        return resumed(base, items)

    _adjust(session, name, "resume", items, change, shares=shares, is_any_head=is_any_head)


def _adjust(
    session: Session,
    name: str,
    verb: str,
    items: tuple[str, ...],
    change: "Callable[[Base, Snapshot], Base]",
    **how: bool,
) -> None:
    from orchestrator.cli.talk import note, say
    from orchestrator.sync.run.adjust import adjust

    with standing(session, name, f"{verb} {' '.join(items)}".strip(), **how) as at:
        meta, notes = adjust(
            at.ground,
            name,
            lambda base: change(base, at.ground.snapshot),
            at.sharing,
            at.by,
            at.token,
        )
    for text in notes:
        note(f"{name}: {text}")
    if meta.is_suspended:
        say(f"{name} is suspended")
    elif meta.suspended:
        say(f"{name} is synced, but for {', '.join(meta.suspended)}")
    else:
        say(f"{name} is synced")
