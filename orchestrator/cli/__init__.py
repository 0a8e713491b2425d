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
    """Run a command line and exit with its code: 0, 1, 2, 3 or 130."""
    given = sys.argv[1:] if arguments is None else arguments
    if given in (["--version"], ["-V"]):
        from orchestrator import __version__

        sys.stdout.write(f"orchestrator {__version__}\n")
        sys.exit(FINE)
    sys.exit(_run(given))


def _run(given: list[str]) -> int:
    import click

    from orchestrator.cli.group import group
    from orchestrator.cli.talk import refuse, report_bug
    from orchestrator.errors import OrchestratorError

    try:
        code = group.main(given, prog_name="orchestrator", standalone_mode=False)
    except OrchestratorError as error:
        refuse(error)
        return REFUSED
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return USAGE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has seen enough. Point stdout away, or the interpreter complains at exit.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except Exception as error:  # noqa: BLE001 - the only catch-all: a bug must say that it is one
        report_bug(error)
        return BUG
    return code if isinstance(code, int) else FINE
