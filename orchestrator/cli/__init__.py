"""The command line: the table of commands, and `main` with the only catch-all."""

import sys

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("orchestrator.cli.init:command", "Make a workspace, here or in a folder."),
    "demo": ("orchestrator.cli.demo:command", "Show what orchestrator does, in a new folder."),
    "check": ("orchestrator.cli.check:command", "Say everything that is wrong with the plan."),
    "explain": ("orchestrator.cli.explain:command", "Explain a rule."),
    "fmt": ("orchestrator.cli.fmt:command", "Give files their canonical form."),
    "doctor": ("orchestrator.cli.doctor:command", "Look at the set-up and say what would help."),
    "recover": ("orchestrator.cli.recover:command", "Finish what killed commands began."),
    "undo": ("orchestrator.cli.undo:command", "Take back the last change."),
    "project": ("orchestrator.cli.project:command", "List, show, make and change projects."),
    "task": ("orchestrator.cli.task:command", "List, show, make and change tasks."),
    "user": ("orchestrator.cli.user:command", "List, show, make and change users."),
    "config": ("orchestrator.cli.config:command", "Show the settings that hold."),
    "ready": ("orchestrator.cli.ready:command", "List what can be worked on now."),
    "blocked": ("orchestrator.cli.blocked:command", "List what is held up, and by what."),
    "next": ("orchestrator.cli.next_:command", "Rank what to do next, and say why."),
    "search": ("orchestrator.cli.search:command", "Find tasks and projects by words."),
    "stats": (
        "orchestrator.cli.stats:command",
        "Count tasks by status, priority, project and person.",
    ),
    "tree": ("orchestrator.cli.tree:command", "Show the hierarchy of tasks."),
    "board": ("orchestrator.cli.board:command", "Show tasks in columns by status."),
    "agenda": ("orchestrator.cli.agenda:command", "Show what is late, due or to be started."),
    "timeline": ("orchestrator.cli.timeline:command", "Show tasks along the days."),
    "critical": ("orchestrator.cli.critical:command", "Show the critical path."),
    "graph": ("orchestrator.cli.graph:command", "Show who waits for whom."),
    "history": ("orchestrator.cli.history:command", "Show what happened to a task."),
    "blame": ("orchestrator.cli.blame:command", "Show who set each field of a task, and when."),
    "burndown": ("orchestrator.cli.burndown:command", "Chart what remained to do day by day."),
    "throughput": ("orchestrator.cli.throughput:command", "Chart what was completed in each week."),
    "query": ("orchestrator.cli.query:command", "Answer SQL over the plan."),
    "time": ("orchestrator.cli.time:command", "Log time, run a timer, report."),
    "patch": ("orchestrator.cli.patch:command", "Show, check, make and apply RFC 6902 patches."),
    "propose": ("orchestrator.cli.propose:command", "Propose patches."),
    "proposal": ("orchestrator.cli.proposal:command", "List, show, accept and reject proposals."),
    "ci": ("orchestrator.cli.ci:command", "Answer what a pipeline asks for."),
    "policy": (
        "orchestrator.cli.policy:command",
        "Show what agents may do, and which line says so.",
    ),
    "agent": ("orchestrator.cli.agent:command", "Plan and change the plan with language models."),
    "mcp": ("orchestrator.cli.mcp:command", "Serve the plan to agents over MCP."),
    "sync": ("orchestrator.cli.sync:command", "Keep the plan and the trackers in step."),
    "import": ("orchestrator.cli.import_:command", "Bring a plan over from another tool."),
    "export": ("orchestrator.cli.export:command", "Write the plan in another tool's format."),
    "watch": ("orchestrator.cli.watch:command", "Check the plan on every save."),
    "lsp": ("orchestrator.cli.lsp:command", "Serve an editor: problems while typing."),
    "hooks": ("orchestrator.cli.hooks:command", "Install, remove and inspect the git hooks."),
    "hook": ("orchestrator.cli.hook:command", "Run one git hook; git calls this."),
    "merge-driver": ("orchestrator.cli.merge_driver:command", "Merge a plan file field by field."),
    "textconv": ("orchestrator.cli.textconv:command", "Print a plan file in its canonical form."),
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
    import gc

    # No object of a plan is garbage before a command ends. What runs on turns it on again.
    gc.disable()
    if given in (["--version"], ["-V"]):
        from orchestrator import __version__

        sys.stdout.write(f"orchestrator {__version__}\n")
        return FINE
    from orchestrator.cli.group import group

    return group.main(given, prog_name="orchestrator", standalone_mode=False)


def _usage_or_bug(error: Exception) -> int:
    import errno
    import io

    import click

    from orchestrator.cli.talk import clean, refuse, report_bug
    from orchestrator.errors import OrchestratorError

    # What the machine lacks is no bug; where a command can say what it was about, it does.
    lacks = (
        errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.EIO,
    )  # fmt: skip
    match error:
        case OSError() if error.errno in lacks:
            where = f"{error.filename} : " if error.filename else ""
            said = f"{where}{(error.strerror or str(error)).lower()}."
            refuse(OrchestratorError(said, "Check free space, permissions and ulimit -n ."))
            return REFUSED
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
