"""Long answers through a pager, as git does it."""

import sys
from collections.abc import Mapping

from orchestrator.cli.ink import screen
from orchestrator.cli.session import Session
from orchestrator.cli.talk import say_raw


def show_paged(session: Session, text: str) -> None:
    """Print text; through a pager when a person's screen is too small for it.

    The pager is what ORCHESTRATOR_PAGER names, or PAGER, or less. There is none where stdout is no
    terminal, the terminal is dumb, the pager is `cat` or empty, or it is not installed.

    Args:
        session: Whose terminal it is.
        text: With its own colours and line ends, safe to show.
    """
    words = _pager(session) if session.is_terminal and _is_long(text) else None
    if words is None or not _ran(words, text, session.environment):
        say_raw(text)


def _pager(session: Session) -> list[str] | None:
    """Return the pager's program and arguments, or None."""
    import shlex
    import shutil

    environment = session.environment
    if environment.get("TERM", "dumb") == "dumb":
        return None
    chosen = environment.get("ORCHESTRATOR_PAGER", environment.get("PAGER", "less"))
    try:
        words = shlex.split(chosen)
    except ValueError:
        return None
    if not words or words == ["cat"] or not shutil.which(words[0], path=environment.get("PATH")):
        return None
    return words


def _is_long(text: str) -> bool:
    # The last line is the prompt's.
    return text.count("\n") >= screen()[1]


def _ran(words: list[str], text: str, environment: Mapping[str, str]) -> bool:
    """Hand text to a pager and wait until its reader leaves; return whether it could start."""
    import signal
    import subprocess

    sys.stdout.flush()
    encoded = text.encode(sys.stdout.encoding or "utf-8", sys.stdout.errors or "replace")
    # F: quit if it fits after all; R: colours; X: leave the text on the screen.
    defaults = {"LESS": "FRX", "LV": "-c"}
    # ^C is the pager's: it stops a search there, and must not kill the one who feeds it. A handler
    # that does nothing, because a program that is started inherits SIG_IGN.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        subprocess.run(  # noqa: S603 - the program that the person's environment names
            words, input=encoded, env={**defaults, **environment}, check=False
        )
    except OSError:
        return False
    finally:
        signal.signal(signal.SIGINT, before)
    return True
