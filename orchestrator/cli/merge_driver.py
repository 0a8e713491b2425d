"""`merge-driver`: git calls it for each plan file that both sides of a merge changed."""

import click

from orchestrator.cli.session import Session


@click.command("merge-driver", hidden=True)
@click.argument("base")
@click.argument("ours")
@click.argument("theirs")
@click.argument("marker_size", type=click.IntRange(1, 1000), default=7)
@click.argument("path", default="")
@click.pass_obj
def command(
    session: Session, base: str, ours: str, theirs: str, marker_size: int, path: str
) -> int:
    """Merge a plan file field by field; git calls this with %O %A %B %L %P.

    The result replaces OURS. Exits with 1 where somebody has to choose: then there are markers
    around that key alone. A file that is no plain mapping is merged by line, as git does it.
    """
    from orchestrator.cli.talk import note
    from orchestrator.patch.describe import shown
    from orchestrator.patch.merge import ABSENT
    from orchestrator.store.driver import merge_by_field, merge_by_line

    files = (session.folder / base, session.folder / ours, session.folder / theirs)
    merged = merge_by_field(files, path, marker_size)
    if merged is None:
        return merge_by_line(session.folder, session.environment, files, marker_size)
    for conflict in merged.conflicts:
        field = conflict.pointer.removeprefix("/").replace("/", ".")
        sides = (
            "nothing" if value is ABSENT else shown(value)
            for value in (conflict.ours, conflict.theirs)
        )
        note(f"{path}: {field}: ours {' , theirs '.join(sides)}")
    return 1 if merged.conflicts else 0
