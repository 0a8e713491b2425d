"""`patch check`: what a patch would do, and every problem that it would bring."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("check")
@click.argument("file", metavar="FILE|-")
@click.option("--branch", help="Check it against this branch, and not the work tree.")
@click.option("--author", default=None, help="Who proposes it; agent:NAME for an agent.")
@json_option
@click.pass_obj
def command(
    session: Session, file: str, branch: str | None, author: str | None, as_json: bool
) -> int:
    """Say what a patch would do, and which problems it would bring; write nothing.

    Exits with 1 when the patch would be refused.
    """
    import dataclasses

    from orchestrator.cli.change import told
    from orchestrator.cli.formats.json import row
    from orchestrator.cli.patch.files import read_file
    from orchestrator.cli.talk import MANY, say, say_json
    from orchestrator.patch.diff import diff
    from orchestrator.patch.ops import culprit

    patch = read_file(session, file)
    patch = dataclasses.replace(patch, author=author or patch.author)
    trial = session.workspace.try_patch(patch, session.now, branch)
    culprits = [culprit(patch.ops, problem) for problem in trial.problems]
    errors = sum(problem.severity == "error" for problem in trial.problems)
    if as_json:
        problems = [
            {**row(problem), "op": index}
            for problem, index in zip(trial.problems, culprits, strict=True)
        ]
        answer = {
            "is_applicable": errors == 0,
            "ops": diff(trial.changes),
            "changes": [change._asdict() for change in trial.changes],
            "problems": problems,
        }
        say_json(answer, is_large=len(trial.changes) > MANY)
        return int(errors > 0)
    for line in told(trial.changes):
        say(line)
    for problem, index in zip(trial.problems, culprits, strict=True):
        cause = "" if index is None else f" (op {index})"
        say(f"{problem.severity} {problem.code} {problem.path}: {problem.message}{cause}")
        if problem.hint:
            say(f"  {problem.hint}")
    if errors:
        say(f"It would be refused: it brings {errors:,} error{'' if errors == 1 else 's'}.")
    else:
        say("It can be applied." if trial.changes else "It would change nothing.")
    return int(errors > 0)
