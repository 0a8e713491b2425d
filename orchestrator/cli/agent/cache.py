"""`agent cache`: the answers that are kept for --cache."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.group("cache")
def command() -> None:
    """Look at and clear the answers that --cache keeps in git's folder."""


@command.command("stats")
@json_option
@click.pass_obj
def stats(session: Session, as_json: bool) -> None:
    """Say how many answers are kept, how large they are, and how often they were of use."""
    from orchestrator.agent.answers import MOST, Answers
    from orchestrator.cli.talk import say, say_json

    found = Answers(session.workspace.required_repository.state_folder).stats()
    if as_json:
        say_json({**found._asdict(), "most": MOST})
        return
    asked = found.hits + found.misses
    share = f", {found.hits / asked:.0%} of {asked:,} requests known" if asked else ""
    say(f"{found.answers:,} of at most {MOST:,} answers, {found.bytes:,} bytes{share}")


@command.command("clear")
@click.pass_obj
def clear(session: Session) -> None:
    """Drop all answers."""
    from orchestrator.agent.answers import Answers
    from orchestrator.cli.talk import note

    count = Answers(session.workspace.required_repository.state_folder).clear()
    note(f"Dropped {count:,} answer{'' if count == 1 else 's'}.")
