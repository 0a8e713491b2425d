"""`textconv`: a plan file as `git diff` shows it."""

import sys

import click

from orchestrator.cli.session import Session


@click.command("textconv", hidden=True)
@click.argument("file")
@click.pass_obj
def command(session: Session, file: str) -> None:
    """Print a plan file in its canonical form, so that a diff shows what it says anew.

    How values are quoted, in which order keys stand and how lists are written then makes no
    difference. A file that cannot be read is printed as it is.
    """
    from orchestrator.cli.input import read_input
    from orchestrator.cli.talk import say_raw
    from orchestrator.store.driver import LARGEST_DIFF, readable_form

    data = read_input(session.folder / file, LARGEST_DIFF)
    form = readable_form(data)
    if form is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    else:
        say_raw(form)
