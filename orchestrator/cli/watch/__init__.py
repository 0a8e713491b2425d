"""`watch`: check on every save, and what may follow: stamps, commits, syncs, a command."""

import click

from orchestrator.cli.session import Session
from orchestrator.cli.watch.options import Wishes, span, words_of


@click.command("watch")
@click.option("--stamp", "stamps", is_flag=True, help="Fill stamps into saved files.")
@click.option("--commit", "commits", is_flag=True, help="Commit valid changes after a quiet time.")
@click.option(
    "--quiet-time", "quiet", callback=span(0.1), default="5s", show_default=True, metavar="TIME",
    help="How long nothing changes before --commit commits: 5s, 2m.",
)  # fmt: skip
@click.option(
    "--sync", "syncs", multiple=True, metavar="NAME", help="After commits, sync this integration."
)
@click.option(
    "--exec", "command", metavar="CMD", default=None,
    help="On changes, run this; it gets their ids as JSON on stdin.",
)  # fmt: skip
@click.option(
    "--rescan", callback=span(1.0), default="60s", show_default=True, metavar="TIME",
    help="How often to look at all files, whatever was heard.",
)  # fmt: skip
@click.option("--poll", "polls", is_flag=True, help="Look every second; for network file systems.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def command(
    session: Session,
    stamps: bool,
    commits: bool,
    quiet: float,
    syncs: tuple[str, ...],
    command: str | None,
    rescan: float,
    polls: bool,
    as_json: bool,
) -> None:
    """Check the plan on every save; say what is wrong and what became right.

    It goes on until Ctrl-C or a signal stops it, and then exits with 0. CMD is split into words as
    a shell does it, but no shell runs it.

    docs/watch.md describes the events that --json prints.
    """
    words = words_of(command, session.environment)
    wishes = Wishes(stamps, commits, syncs, words, quiet, rescan, polls, as_json)
    _refuse_impossible(session, wishes)
    _run(session, wishes)


def _refuse_impossible(session: Session, wishes: Wishes) -> None:
    from orchestrator.model.ids import is_integration_name

    workspace = session.workspace
    if wishes.commits:
        _ = workspace.author
    if wishes.syncs:
        _ = workspace.required_repository
    for name in wishes.syncs:
        if not is_integration_name(name):
            raise click.UsageError(f"{name[:63]!r} is no name of an integration.")


def _run(session: Session, wishes: Wishes) -> None:
    import signal

    from orchestrator.cli.watch.children import Lane
    from orchestrator.cli.watch.feed import Feed
    from orchestrator.cli.watch.follow import Followers
    from orchestrator.cli.watch.loop import Watch
    from orchestrator.store.watch.ears import Ears, Stop

    stop = Stop()

    def wish(_number: int, _frame: object) -> None:
        stop.is_wished = True

    signal.signal(signal.SIGINT, wish)
    signal.signal(signal.SIGTERM, wish)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup wants us to stay
        signal.signal(signal.SIGHUP, wish)
    feed = Feed(session, wishes.as_json)
    lanes = Lane(session.environment), Lane(session.environment)
    ears = Ears(session.workspace.root, stop, polls=wishes.polls)
    Watch(session, wishes, stop, ears, feed, Followers(wishes, feed, *lanes)).run()
