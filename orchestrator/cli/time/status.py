"""`time status`: the timer, and what was logged today."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("status")
@json_option
@click.pass_obj
def command(session: Session, as_json: bool) -> None:
    """Show your timer, and what you logged today."""
    from orchestrator.cli.talk import note, say, say_json
    from orchestrator.cli.time.clock import since, timer_of
    from orchestrator.model.duration import format_duration
    from orchestrator.verbs.time import minutes_on

    snapshot = session.snapshot()
    me = session.me(snapshot)
    timer = timer_of(session, snapshot)
    today = minutes_on(snapshot, me, session.today.isoformat())
    elapsed = max(timer.minutes(session.now), 0) if timer else 0
    if as_json:
        running = timer and {
            "task": timer.task,
            "title": snapshot.tasks.get(timer.task, {}).get("title"),
            "started_at": timer.started_at,
            "minutes": elapsed,
        }
        say_json({"user": me, "timer": running, "logged_today": today})
        return
    if timer is None:
        note("No timer is running.")
    else:
        task = snapshot.tasks.get(timer.task, {})
        title = task.get("title") or ""
        gone = "" if task and not task.get("deleted_at") else " (no longer in the plan)"
        say(
            f"{timer.task}  {title}{gone}: {format_duration(elapsed, 0)} "
            f"since {since(timer, session)}"
        )
    say(f"Logged today: {format_duration(today, 0)}")
