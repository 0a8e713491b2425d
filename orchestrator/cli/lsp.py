"""`lsp`: the server for editors."""

import os
import signal
import sys

import click

from orchestrator.cli.session import Session

_HIGHEST_PORT = 65_535


@click.command("lsp")
@click.option(
    "--tcp",
    "port",
    type=click.IntRange(1, _HIGHEST_PORT),
    metavar="PORT",
    help="Wait for one editor on this port of localhost instead of using stdin and stdout.",
)
@click.pass_obj
def command(session: Session, port: int | None) -> int:
    """Serve an editor: problems while typing, completion, renaming and more.

    The editor starts this itself, and speaks the Language Server Protocol with it on stdin and
    stdout. It changes no file; edits are the editor's to make. docs/editors.md says how to set one
    up.
    """
    import gc

    from orchestrator.cli.talk import note, report_bug
    from orchestrator.errors import OrchestratorError
    from orchestrator.store.files import layer_in

    try:
        from orchestrator.lsp.server import make_server
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        raise OrchestratorError(
            "The editor server needs the package pygls, which is not installed.",
            'pip install "gitops-orchestrator[lsp]"',
        ) from error
    if port is None and sys.stdin.isatty():
        raise OrchestratorError(
            "This is a server for an editor to start, and a terminal is no editor.",
            "docs/editors.md says how to set one up; --tcp PORT waits for one.",
        )
    gc.enable()
    server = make_server(lambda: session.now, report_bug, layer_in(session.environment))
    if port is None:
        # A thread waits for the editor, which an exception in this one would not end; and nothing
        # is left half done, since nothing is written.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        # The server closes what it writes to when it is done; stdout itself is not its own.
        with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
            server.start_io(stdout=out)
    else:
        note(f"Waiting for an editor on 127.0.0.1:{port} .")
        try:
            server.start_tcp("127.0.0.1", port)
        except OSError as error:
            said = f"Port {port} cannot be used: {(error.strerror or str(error)).lower()}."
            raise OrchestratorError(said, "Choose another, or leave --tcp out.") from error
    return 0 if server.protocol.is_over else 1
