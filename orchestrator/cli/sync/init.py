"""`sync init`: an integration in orchestrator.yaml, made of what the tracker has."""

from typing import TYPE_CHECKING, Literal

import click

from orchestrator.cli.options import commit_options, json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.cli.sync.setup import Given

KINDS = ("linear", "gitlab", "notion", "motion", "github")
Direction = Literal["both", "push", "pull"]
Winner = Literal["stop", "local", "remote", "newest"]


@click.command("init")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--name", default=None, help="Of the integration; made from kind and scope.")
@click.option("--token", default=None, metavar="PLACE", help="env:NAME or keyring:NAME.")
@click.option("--url", default=None, help="The server, where it is not the vendor's own.")
@click.option("--scope", "scopes", multiple=True, metavar="KEY=VALUE", help="What to mirror.")
@click.option("--project", "projects", multiple=True, metavar="ID", help="Of ours; all if none.")
@click.option("--status", "statuses", multiple=True, metavar="OURS=THEIRS", help="A state there.")
@click.option("--priority", "priorities", multiple=True, metavar="OURS=THEIRS", help="A priority.")
@click.option("--user", "users", multiple=True, metavar="OURS=THEIRS", help="An account there.")
@click.option("--direction", type=click.Choice(["both", "push", "pull"]), help="Of changes.")
@click.option(
    "--on-conflict", type=click.Choice(["stop", "local", "remote", "newest"]),
    help="Who wins when both sides changed a field.",
)  # fmt: skip
@click.option("--prune/--no-prune", default=None, help="Whether deletions cross over.")
@click.option("--add-users", is_flag=True, help="Make a user of each account that nobody here is.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@json_option
@commit_options
@click.pass_obj
def command(
    session: Session,
    kind: str,
    name: str | None,
    token: str | None,
    url: str | None,
    scopes: tuple[str, ...],
    projects: tuple[str, ...],
    statuses: tuple[str, ...],
    priorities: tuple[str, ...],
    users: tuple[str, ...],
    direction: Direction | None,
    on_conflict: Winner | None,
    prune: bool | None,
    add_users: bool,
    yes: bool,
    as_json: bool,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Set up a tracker: ask it for its teams, states and people, and write the settings.

    Whatever would be asked at a terminal can be given as an option. The token itself is never
    written: the settings say where it is.
    """
    from orchestrator.cli.sync.setup import Given, paired

    given = Given(
        kind, name, token, url, paired("--scope", scopes), projects, paired("--status", statuses),
        paired("--priority", priorities), paired("--user", users),
        {"direction": direction, "on_conflict": on_conflict, "prune": prune}, add_users,
    )  # fmt: skip
    _set_up(session, given, (wants_commit, message), asks=not yes and not as_json, as_json=as_json)


def _set_up(
    session: Session,
    given: "Given",
    commit: tuple[bool | None, str | None],
    *,
    asks: bool,
    as_json: bool,
) -> None:
    from orchestrator.cli.agent.ground import is_attended
    from orchestrator.cli.change import make_change
    from orchestrator.cli.sync.ask import Asker
    from orchestrator.cli.sync.setup import patch_of, shown, survey_of
    from orchestrator.cli.talk import note, say, say_json

    snapshot = session.workspace.snapshot()
    asker = Asker(may_ask=asks and is_attended(session))
    draft = survey_of(session, snapshot, given, asker)
    for line in draft.notes:
        note(line)
    if as_json:
        say_json({"name": draft.name, "integration": draft.document, "users": draft.users})
    else:
        say(shown(draft))
    if asker.may_ask and not asker.agrees("Write it to orchestrator.yaml?"):
        note("Nothing was written.")
        return
    wants_commit, message = commit
    patch = patch_of(snapshot, draft)
    make_change(session, snapshot, patch, wants_commit=wants_commit, message=message, is_told=True)
    if draft.users and not wants_commit:
        note("git commit it first: a sync takes people and plan as they are committed.")
    note(f"orchestrator sync plan {draft.name}")
