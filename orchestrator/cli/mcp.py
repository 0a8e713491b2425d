"""`mcp`: the plan for agents that speak the Model Context Protocol."""

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestrator.cli.session import Session
from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from orchestrator.mcp.desk import Desk
    from orchestrator.mcp.http import Address

TOKEN = "ORCHESTRATOR_MCP_TOKEN"  # noqa: S105 - the variable's name
_LAST_PORT = 65_535


class NotInstalledError(OrchestratorError):
    """The package that speaks the protocol is not there."""

    def __init__(self) -> None:
        super().__init__(
            "The Model Context Protocol needs a package that is not installed.",
            "pip install 'gitops-orchestrator[mcp]'",
        )


def _address(_context: click.Context, _option: click.Parameter, value: str | None) -> object:
    if value is None:
        return None
    host, _, port = value.rpartition(":")
    if not port.isdecimal() or int(port) > _LAST_PORT:
        raise click.BadParameter("[HOST:]PORT, for instance 8123.")
    return host.removeprefix("[").removesuffix("]") or "127.0.0.1", int(port)


def _author(_context: click.Context, _option: click.Parameter, value: str) -> str:
    from orchestrator.model.ids import is_user_id

    name = value.removeprefix("agent:")
    if not is_user_id(name):
        raise click.BadParameter("small letters, digits, dots and dashes: planner.")
    return f"agent:{name}"


@click.command("mcp")
@click.option("--read-only", "profile", flag_value="read-only", help="Only tools that read.")
@click.option(
    "--propose", "profile", flag_value="propose", default="propose",
    help="Tools that make proposals as well; so it is when nothing is said.",
)  # fmt: skip
@click.option(
    "--author", metavar="NAME", default="agent:mcp", callback=_author,
    help="Whose proposals they are: a name for agent/NAME/… and the policy.",
)  # fmt: skip
@click.option(
    "--http", "address", metavar="[HOST:]PORT", default=None, callback=_address,
    help="Serve streamable HTTP there, not stdin and stdout.",
)  # fmt: skip
@click.option(
    "--audit", metavar="FILE", type=click.Path(dir_okay=False), default=None,
    help="Write calls down there; else in git's folder.",
)  # fmt: skip
@click.pass_obj
def command(
    session: Session,
    profile: str,
    author: str,
    address: tuple[str, int] | None,
    audit: str | None,
) -> None:
    """Serve the plan to agents over MCP, the Model Context Protocol: over stdin and stdout.

    The agent reads the files as they are. What it changes becomes proposals, which a person
    reviews; the policy says what it may propose. Every call is written down in a log.

    With --http, other machines are let in only with the token in ORCHESTRATOR_MCP_TOKEN .
    """
    from importlib.util import find_spec

    if find_spec("mcp") is None:
        raise NotInstalledError
    file = None if audit is None else session.folder / audit
    desk = _desk(session, author, file, can_propose=profile != "read-only")
    if address is None:
        _serve_stdio(desk)
    else:
        from orchestrator.mcp.http import Address

        _serve_http(desk, Address(*address), session.environment.get(TOKEN, ""))


def _desk(session: Session, author: str, file: Path | None, *, can_propose: bool) -> "Desk":
    from orchestrator.agent.censor import Censor
    from orchestrator.mcp.audit import Audit
    from orchestrator.mcp.desk import Desk

    censor = Censor(session.environment)
    return Desk(
        session.folder, session.environment, lambda: session.now, session.choose, author,
        Audit(file, censor), can_propose,
    )  # fmt: skip


def _serve_stdio(desk: "Desk") -> None:
    import anyio

    from orchestrator.cli.talk import note
    from orchestrator.mcp.server import serve_stdio

    if sys.stdin.isatty():
        note("Agents start this command; docs/mcp.md says how. Ctrl-D ends it.")
    _collect_garbage()
    signal.signal(signal.SIGINT, _end)
    anyio.run(serve_stdio, desk)


def _end(_number: int, _frame: object) -> None:
    """End at once: a thread waits for stdin, and would be waited for."""
    from orchestrator.cli import INTERRUPTED

    sys.stderr.write("interrupted\n")
    sys.stderr.flush()
    os._exit(INTERRUPTED)


def _serve_http(desk: "Desk", address: "Address", token: str) -> None:
    import anyio

    from orchestrator.cli.talk import note
    from orchestrator.mcp.http import PATH, listening, refuse_open, serve_http

    refuse_open(address, token)
    with listening(address) as listener:
        host = f"[{address.host}]" if ":" in address.host else address.host
        note(f"Listening on http://{host}:{listener.getsockname()[1]}{PATH} ; Ctrl-C ends it.")
        _collect_garbage()
        anyio.run(serve_http, desk, address, listener, token)


def _collect_garbage() -> None:
    """Turn it on again, which commands that end soon do without."""
    import gc

    gc.freeze()
    # Reading a plan makes objects by the thousand, and none of them is garbage before an answer.
    gc.set_threshold(100_000, 20, 20)
    gc.enable()
