"""`agent eval`: how near a provider comes to plans that people made by hand."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.agent.evaluation.brief import Brief
    from orchestrator.agent.evaluation.trial import Result
    from orchestrator.agent.provider import Provider

_BRIEFS = "tests/agent/briefs"


@click.command("eval")
@click.option(
    "--provider", metavar="P", default="offline",
    help="Who plans: offline, recorded, anthropic, openai:MODEL, …",
)  # fmt: skip
@click.option("--brief", "names", metavar="NAME", multiple=True, help="Only this brief.")
@click.option(
    "--briefs", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of briefs of your own.",
)  # fmt: skip
@click.option(
    "--json", "target", metavar="[FILE]", is_flag=False, flag_value="-", default=None,
    help="Write the results as JSON; to stdout when no file is named.",
)  # fmt: skip
@click.option("--record", is_flag=True, help="Keep the conversations beside the briefs.")
@click.pass_obj
def command(
    session: Session, provider: str, names: tuple[str, ...], folder: Path | None,
    target: str | None, record: bool,
) -> None:  # fmt: skip
    """Have a provider plan briefs, and compare what comes of it with plans made by hand.

    Every trial happens on the same day in a plan of its own; nothing of yours is read or changed.
    A language model is asked for each brief, which costs money.
    """
    from orchestrator.agent.evaluation.folder import briefs_in, keep
    from orchestrator.agent.evaluation.recorded import Recorder
    from orchestrator.agent.evaluation.report import report
    from orchestrator.agent.evaluation.trial import trial
    from orchestrator.cli.talk import note, say_json
    from orchestrator.store.shipped import shipped

    home = folder or shipped(_BRIEFS)
    openers = _openers(session, provider, home, briefs_in(home, names))
    results = []
    for brief, opened in openers:
        recorder = Recorder(opened())
        results.append(trial(brief, recorder))
        if record:
            keep(home, brief.name, recorder.rounds)
    answer = report(results)
    if target == "-":
        say_json(answer)
        return
    if target is not None:
        _write(session.folder / target, answer)
    _show(session, results)
    if provider == "offline":
        note("offline reads outlines and commands; of prose it makes a poor plan, or none.")


def _openers(
    session: Session, provider: str, home: Path, briefs: "list[Brief]"
) -> "list[tuple[Brief, Callable[[], Provider]]]":
    """Return the briefs that a provider can be tried on, each with what opens it anew."""
    from functools import partial

    from orchestrator.agent.choice import budget_of, models_for
    from orchestrator.agent.evaluation.brief import BriefError
    from orchestrator.agent.evaluation.folder import RECORDED, recordings_in
    from orchestrator.agent.evaluation.recorded import Replayer
    from orchestrator.agent.open import open_provider

    if provider == RECORDED:
        kept = recordings_in(home)
        known = [brief for brief in briefs if brief.name in kept]
        if not known:
            raise BriefError(briefs[0].name, "no conversation about it was kept")
        return [(brief, partial(Replayer, kept[brief.name])) for brief in known]
    settings = _settings(session)
    models = models_for("plan", settings, session.environment, provider)
    budget = budget_of(settings)
    opened = partial(open_provider, models, settings, session.environment, budget)
    return [(brief, opened) for brief in briefs]


def _settings(session: Session) -> Mapping[str, Any]:
    """Return the settings of the workspace around, for its providers; of none elsewhere."""
    from orchestrator.store.root import WorkspaceNotFoundError

    try:
        return session.workspace.snapshot().settings
    except WorkspaceNotFoundError:
        return {}


def _write(path: Path, answer: Mapping[str, Any]) -> None:
    from orchestrator.cli.escape import json_text
    from orchestrator.cli.input import UnreadableInputError

    try:
        path.write_text(f"{json_text(answer, indent=2)}\n", encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableInputError(f"{path} cannot be written: {reason}.") from error


def _show(session: Session, results: "list[Result]") -> None:
    from orchestrator.agent.evaluation.report import COLUMNS, rows
    from orchestrator.cli.talk import note, say_raw, table

    say_raw(
        table(COLUMNS, rows(results), fancy=session.is_terminal, has_color=session.has_color,
              spare=("kind", "sized", "leaves", "levels", "cost"))
    )  # fmt: skip
    reasons: dict[str, list[str]] = {}
    for result in results:
        reasons.setdefault(result.reason, []).append(result.brief.name)
    for reason, names in reasons.items():
        if reason:
            note(f"{names[0] if len(names) == 1 else f'{len(names)} briefs'}: {reason}")
