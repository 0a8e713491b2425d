"""The command line: the table of commands, and `main` with the only catch-all."""

import sys

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("orchestrator.cli.init:command", "Make a workspace, here or in a folder."),
    "demo": ("orchestrator.cli.demo:command", "Show what orchestrator does, in a new folder."),
    "check": ("orchestrator.cli.check:command", "Say everything that is wrong with the plan."),
    "explain": ("orchestrator.cli.explain:command", "Explain a rule."),
    "fmt": ("orchestrator.cli.fmt:command", "Give files their canonical form."),
    "doctor": ("orchestrator.cli.doctor:command", "Look at the set-up and say what would help."),
    "project": ("orchestrator.cli.project:command", "List, show, make and change projects."),
    "task": ("orchestrator.cli.task:command", "List, show, make and change tasks."),
    "user": ("orchestrator.cli.user:command", "List, show, make and change users."),
    "config": ("orchestrator.cli.config:command", "Show the settings that hold."),
    "ready": ("orchestrator.cli.ready:command", "List what can be worked on now."),
    "tree": ("orchestrator.cli.tree:command", "Show the hierarchy of tasks."),
    "patch": ("orchestrator.cli.patch:command", "Show and apply RFC 6902 patches."),
    "import": ("orchestrator.cli.import_:command", "Bring a plan over from another tool."),
    "hooks": ("orchestrator.cli.hooks:command", "Install, remove and inspect the git hooks."),
    "hook": ("orchestrator.cli.hook:command", "Run one git hook; git calls this."),
    "completion": (
        "orchestrator.cli.completion:command",
        "Print the completion script of a shell.",
    ),
}

FINE, REFUSED, USAGE, BUG, INTERRUPTED = 0, 1, 2, 3, 130


def main(arguments: list[str] | None = None) -> None:
    """Run a command line and exit with its code: 0, 1, 2, 3 or 130.

    When the reader of its output leaves, as `head` does, it ends there and then with 0.
    """
    from orchestrator.cli.streams import guard_streams, settle

    guard_streams()
    try:
        code = _run(sys.argv[1:] if arguments is None else arguments)
    finally:
        settle()
    sys.exit(code)


def _run(given: list[str]) -> int:
    from orchestrator.cli.streams import ReaderGoneError
    from orchestrator.errors import OrchestratorError

    try:
        code = _answer(given)
        sys.stdout.flush()
    except ReaderGoneError:
        return FINE
    except OrchestratorError as error:
        from orchestrator.cli.talk import refuse

        refuse(error)
        return REFUSED
    except KeyboardInterrupt:
        return _interrupted()
    except Exception as error:  # noqa: BLE001 - the only catch-all: a bug must say that it is one
        return _usage_or_bug(error)
    return code if isinstance(code, int) else FINE


def _answer(given: list[str]) -> object:
    if given in (["--version"], ["-V"]):
        from orchestrator import __version__

        sys.stdout.write(f"orchestrator {__version__}\n")
        return FINE
    from orchestrator.cli.group import group

    return group.main(given, prog_name="orchestrator", standalone_mode=False)


def _usage_or_bug(error: Exception) -> int:
    import io

    import click

    from orchestrator.cli.talk import clean, report_bug

    match error:
        case click.ClickException():
            shown = io.StringIO()
            error.show(shown)
            sys.stderr.write(clean(shown.getvalue()))
            return error.exit_code
        case click.Abort():
            return _interrupted()
        case _:
            report_bug(error)
            return BUG


def _interrupted() -> int:
    sys.stderr.write("interrupted\n")
    return INTERRUPTED
