"""Sending a proposal to a remote, and what the remote's URL says of the forge behind it."""

import re

from orchestrator.store.git import StoreError
from orchestrator.store.proposals.find import HEADS, ProposalError
from orchestrator.store.repository import Repository

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_REMOTE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")


class PushRefusedError(StoreError):
    """The remote does not take the branch.

    Attributes:
        output: What git and the remote said.
    """

    def __init__(self, branch: str, remote: str, output: str) -> None:
        self.output = output
        is_behind = "non-fast-forward" in output or "fetch first" in output
        lines = [line for line in output.splitlines() if line.strip()][:15]
        said = "".join(f"\n  {line}" for line in lines)
        super().__init__(
            f"{remote} does not take {branch} .{said}",
            f"git fetch {remote} shows what it has instead." if is_behind else None,
        )


def push(repository: Repository, branch: str, remote: str) -> None:
    """Push a branch to a remote's branch of the same name; git's hook pre-push is run.

    Raises:
        ProposalError: There is no such remote.
        PushRefusedError: The remote, a hook or the network refuses.
    """
    remote_url(repository, remote)
    ref = f"{HEADS}{branch}"
    code, _, said = repository.git.finish("push", "--porcelain", "--", remote, f"{ref}:{ref}")
    if code:
        raise PushRefusedError(branch, remote, _CREDENTIALS.sub("", said))


def remote_url(repository: Repository, remote: str) -> str:
    """Return the URL that a remote is fetched from; a name and password in it are left out.

    Raises:
        ProposalError: There is no such remote.
    """
    if _REMOTE.fullmatch(remote):
        code, out, _ = repository.git.finish("remote", "get-url", remote)
        if code == 0:
            url = out.decode("utf-8", "replace").splitlines()[0]
            return _CREDENTIALS.sub("", url) if not url.startswith("ssh://") else url
    known = repository.git.run("remote").decode("utf-8", "replace").split()
    raise ProposalError(
        f"There is no remote {remote[:60]} .",
        f"Name one with --remote: {', '.join(known)} ." if known else "git remote add origin URL",
    )
