"""`patch diff`: the patch that leads from one state of the plan to another."""

import click

from orchestrator.cli.session import Session


@click.command("diff")
@click.argument("span", metavar="[A..B|A]", required=False)
@click.option("--staged", is_flag=True, help="To what is staged, and not the work tree.")
@click.option(
    "--envelope", is_flag=True, help="Name the base too, so that apply keeps what changed since."
)
@click.pass_obj
def command(session: Session, span: str | None, staged: bool, envelope: bool) -> int:
    """Print the ops that lead from A to B, as JSON that patch apply takes.

    Without B, to the work tree; without A, from HEAD. A...B begins where the two branched.
    Exits with 1 when a file that differs cannot be read.
    """
    from orchestrator.cli.talk import MANY, note, say_json
    from orchestrator.patch.diff import diff
    from orchestrator.store.difference import difference, ends

    if staged and span is not None and ".." in span:
        raise click.UsageError("--staged compares with one commit; A..B compares two.")
    repository = session.workspace.required_repository
    old, new = ends(repository, span or "", is_staged=staged)
    found = difference(repository, old, new)
    ops = diff(found.changes)
    answer = {"base": old, "ops": ops} if envelope else ops
    say_json(answer, is_large=len(ops) > MANY)
    for path in found.unreadable:
        note(f"{path} cannot be read on one side, and is left out.")
    return int(bool(found.unreadable))
