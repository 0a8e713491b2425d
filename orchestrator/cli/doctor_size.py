"""What `doctor` says about large plans: settings of git's that would help, and the index."""

from orchestrator.cli.finding import Finding
from orchestrator.cli.session import Session
from orchestrator.store.git import Git

LARGE = 20_000
"""Files; below, git itself needs no help."""


def size_findings(session: Session, files: int) -> list[Finding]:
    """Return what was found; nothing is changed."""
    workspace = session.workspace
    found = _index(session)
    if files < LARGE:
        return found
    git = workspace.required_repository.git
    found += _settings(git, files)
    if str(workspace.required_repository.top) in _values(git, "maintenance.repo"):
        found.append(Finding("ok", "maintenance", "git does it in the background"))
    else:
        found.append(
            Finding(
                "advice", "maintenance", "git keeps its objects tidy only when it is told to",
                "git maintenance start",
            )
        )  # fmt: skip
    return found


def _settings(git: Git, files: int) -> list[Finding]:
    found = []
    if git.config("feature.manyFiles") == "true":
        found.append(Finding("ok", "size", "feature.manyFiles is set"))
    else:
        found.append(
            Finding(
                "advice", "size", f"git reads and writes a larger index for {files:,} files than "
                "it must", "git config feature.manyFiles true",
            )
        )  # fmt: skip
        if git.config("core.untrackedCache") != "true":
            found.append(
                Finding(
                    "advice", "untracked files", "git looks through every folder for new files",
                    "git config core.untrackedCache true",
                )
            )  # fmt: skip
    options = git.run("version", "--build-options").decode("utf-8", "replace")
    watches = _values(git, "core.fsmonitor")
    if "fsmonitor--daemon" in options and not (watches and watches[-1] not in ("false", "")):
        found.append(
            Finding(
                "advice", "file watching", "git looks at the times of all files for each status",
                "git config core.fsmonitor true",
            )
        )  # fmt: skip
    return found


def _values(git: Git, name: str) -> list[str]:
    """Return all values of a setting, without those that this program itself gives git."""
    code, out, _ = git.finish("config", "--show-scope", "--get-all", name)
    lines = [] if code else out.decode("utf-8", "replace").splitlines()
    return [value for scope, _, value in (line.partition("\t") for line in lines)
            if scope != "command"]  # fmt: skip


def _index(session: Session) -> list[Finding]:
    from orchestrator.store.index.health import index_health

    health = index_health(session.workspace)
    if health is None:
        return []
    return [Finding("ok" if health.is_right else "advice", "index", health.message, health.hint)]
