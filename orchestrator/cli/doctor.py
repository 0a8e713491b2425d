"""`doctor`: the set-up, and what would help."""

import sys

import click

from orchestrator.cli.finding import Finding, State
from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("doctor")
@json_option
@click.pass_obj
def command(session: Session, as_json: bool) -> int:
    """Look at the set-up and say what would help. Changes nothing."""
    from orchestrator.cli.talk import say, say_json

    findings = [*_program(session), *_workspace(session)]
    if as_json:
        say_json({"findings": [finding._asdict() for finding in findings]})
    else:
        marks = {"ok": "✓", "advice": "•", "fault": "✗"}
        for finding in findings:
            say(f"{marks[finding.state]} {finding.about}: {finding.message}")
            if finding.hint:
                say(f"    {finding.hint}")
    return 1 if any(finding.state == "fault" for finding in findings) else 0


def _program(session: Session) -> list[Finding]:
    from orchestrator import __version__
    from orchestrator.store.git import OLDEST, open_git
    from orchestrator.text.native import native_parser

    python = ".".join(str(part) for part in sys.version_info[:3])
    findings = [Finding("ok", "orchestrator", f"{__version__} on Python {python}")]
    git = open_git(str(session.folder), session.environment)
    version = git.version()
    shown = ".".join(str(part) for part in version)
    if version < OLDEST:
        oldest = ".".join(str(part) for part in OLDEST)
        findings.append(Finding("fault", "git", f"{shown} is older than {oldest}", "Upgrade git."))
    else:
        findings.append(Finding("ok", "git", shown))
    if git.config("user.name") is None or git.config("user.email") is None:
        findings.append(
            Finding(
                "advice", "identity", "git knows no name or e-mail for commits",
                'git config --global user.name "Your Name"; git config --global user.email …',
            )
        )  # fmt: skip
    if native_parser() is None:
        findings.append(
            Finding(
                "advice", "parser", "yaml-rs is not installed; reading is 50 times slower",
                "pip install yaml-rs",
            )
        )  # fmt: skip
    else:
        findings.append(Finding("ok", "parser", "native"))
    return findings


def _workspace(session: Session) -> list[Finding]:
    from orchestrator.store.load import check_source

    workspace = session.workspace
    report = check_source(workspace.files, session.now)
    errors = len(report.errors)
    warnings = len(report.problems) - errors
    state: State = "fault" if errors else "ok"
    findings = [
        Finding(
            state, "plan", f"{report.files:,} files, {errors} errors, {warnings} warnings",
            "orchestrator check" if report.problems else None,
        )
    ]  # fmt: skip
    repository = workspace.repository
    if repository is None:
        findings.append(Finding("advice", "repository", "none", "git init"))
        return findings
    findings.append(Finding("ok", "repository", str(repository.top)))
    findings += _remotes(session)
    findings += _attributes(session)
    findings += _hooks(session)
    from orchestrator.cli.doctor_size import size_findings

    findings += size_findings(session, report.files)
    findings += _left(session)
    return findings


def _left(session: Session) -> list[Finding]:
    """Look for what killed commands left, without waiting for those that are at work."""
    from orchestrator.store.git_locks import old_locks
    from orchestrator.store.recover import temporaries

    workspace = session.workspace
    findings = []
    begun = workspace.journal.abandoned()
    if begun:
        changes = f"{len(begun)} change{'' if len(begun) == 1 else 's'}"
        findings.append(
            Finding("fault", "journal", f"{changes} begun and not finished", "orchestrator recover")
        )
    if left := temporaries(workspace.root):
        files = f"{len(left)} file{'' if len(left) == 1 else 's'}"
        findings.append(
            Finding(
                "advice", "left over", f"{files} of killed commands", "orchestrator recover"
            )
        )  # fmt: skip
    findings += [
        Finding(
            "fault", "git lock", f"{path} is old; git cannot write while it is there",
            "orchestrator recover; if it stays, and no git is at work, remove it.",
        )
        for path in old_locks(workspace.required_repository)
    ]  # fmt: skip
    return findings


def _remotes(session: Session) -> list[Finding]:
    from orchestrator.store.remotes import remotes

    found = remotes(session.workspace.required_repository)
    if not found:
        return [
            Finding(
                "advice",
                "remote",
                "none: the plan is only on this machine",
                "git remote add origin URL",
            )
        ]
    return [Finding("ok", "remote", ", ".join(f"{name} {url}" for name, url in found))]


def _attributes(session: Session) -> list[Finding]:
    repository = session.workspace.required_repository
    path = f"{repository.prefix}projects/x/tasks/X-1.yaml"
    out = repository.git.run("check-attr", "-z", "eol", "text", "--", path)
    fields = out.split(b"\0")
    values = {fields[i + 1]: fields[i + 2] for i in range(0, len(fields) - 2, 3)}
    if values.get(b"eol") == b"lf":
        return [Finding("ok", "line ends", "LF, by .gitattributes")]
    return [
        Finding(
            "advice", "line ends", ".gitattributes does not ask for LF; Windows may write CRLF",
            "Add: projects/**/*.yaml text eol=lf",
        )
    ]  # fmt: skip


def _hooks(session: Session) -> list[Finding]:
    from orchestrator.store.hooks.install import status

    found = status(session.workspace)
    missing = [item.name for item in found.hooks if item.state != "installed"]
    if missing:
        return [
            Finding(
                "advice", "hooks", f"not installed: {', '.join(missing)}",
                "orchestrator hooks install",
            )
        ]  # fmt: skip
    return [Finding("ok", "hooks", "installed")]
