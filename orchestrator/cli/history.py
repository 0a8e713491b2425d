"""`history`: what happened to a task, a project or a user, commit by commit."""

import click

from orchestrator.cli.options import json_option, page_options
from orchestrator.cli.session import Session
from orchestrator.view.moments import Moment


@click.command("history")
@click.argument("entity", metavar="ID")
@click.option(
    "--field", "fields", metavar="FIELD", multiple=True, help="Only changes of this field."
)
@page_options
@json_option
@click.pass_obj
def command(
    session: Session,
    entity: str,
    fields: tuple[str, ...],
    limit: int | None,
    offset: int,
    as_json: bool,
) -> None:
    """Show what happened to a task, a project or a user, the newest first.

    A task is followed through moves to other projects and changes of its id, and after it is gone.
    What is not committed comes first; a merge is shown only for what it changed itself.
    """
    from orchestrator.cli.chronicle import (
        chronicle_of,
        commit_row,
        field_of,
        warn_shallow,
        words,
    )
    from orchestrator.cli.entity import note_total
    from orchestrator.cli.pager import show_paged
    from orchestrator.cli.talk import note, say_json
    from orchestrator.view.moments import before, touches

    found = chronicle_of(session, entity)
    wanted = [field_of(found.kind, name) for name in fields]
    moments = [moment for moment in found.moments if touches(moment, wanted)]
    shown = moments[offset:][:limit]
    if as_json:
        rows = [
            {
                **commit_row(moment.commit),
                "id": moment.id,
                "words": words(moment, wanted),
                "before": before(moment),
                "after": moment.after,
            }
            for moment in shown
        ]
        say_json({"total": len(moments), "changes": rows})
        return
    if not moments:
        note(f"No commit changed {' or '.join(wanted)} of {found.id} .")
        return
    show_paged(session, "\n".join(_paragraph(session, moment, wanted) for moment in shown))
    note_total(session, "changes", len(shown), len(moments), offset)
    warn_shallow(moments)


def _paragraph(session: Session, moment: Moment, wanted: list[str]) -> str:
    from orchestrator.cli.chronicle import change_in, short, words
    from orchestrator.cli.escape import printable
    from orchestrator.cli.ink import BOLD, DIM, YELLOW, paint
    from orchestrator.patch.describe import subject
    from orchestrator.view.moments import ago

    def ink(text: str, code: str) -> str:
        return paint(printable(text), code, has_color=session.has_color)

    commit = moment.commit
    head = [ink(short(commit), YELLOW)]
    below = words(moment, wanted)
    if commit is not None:
        at = commit.at.astimezone(session.now.tzinfo)
        head += [f"{at:%Y-%m-%d %H:%M}", ink(commit.author, BOLD)]
        head.append(ink(ago(commit.at, session.now), DIM))
        # A message that was written from the change would say the same twice.
        if commit.subject not in {subject([change_in(moment)]), *below}:
            below.append(f"“{commit.subject}”")
        if commit.agent:
            below.append(f"proposed by {commit.agent}")
        if commit.reason:
            below.append(f"because: {commit.reason}")
    return "".join((f"{'  '.join(head)}\n", *(f"    {printable(line)}\n" for line in below)))
