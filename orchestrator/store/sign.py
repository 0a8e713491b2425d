"""Signing a commit as git is set up to: `commit.gpgSign`, with GPG, X.509 or SSH."""

from collections.abc import Sequence
from dataclasses import replace

from orchestrator.store.git import Git, Oid, StoreError


class SigningError(StoreError):
    """A commit was to be signed, and git could not.

    Attributes:
        output: What git, GPG or ssh-keygen said.
    """

    def __init__(self, output: str) -> None:
        said = next((line for line in output.splitlines() if line.strip()), "no reason given")
        said = said.removeprefix("fatal: ").removeprefix("error: ").rstrip(".?")
        super().__init__(
            f"Git could not sign the commit: {said}.",
            "git config commit.gpgSign asks for it; see gpg.format and user.signingKey.",
        )
        self.output = output


def wants_signature(git: Git) -> bool:
    """Return whether git's settings ask for signed commits."""
    code, out, _ = git.finish("config", "--type=bool", "--get", "commit.gpgSign")
    return code == 0 and out.strip() == b"true"


def sign(
    git: Git, unsigned: Oid, parent: Oid, message: str, people: Sequence[tuple[str, str]], date: str
) -> Oid:
    """Return a signed commit of the tree of `unsigned`; no ref is changed.

    Args:
        git: Where.
        unsigned: A commit with the tree.
        parent: The parent.
        message: Its message.
        people: Name and e-mail of the author and of the committer.
        date: Seconds and offset, for both.

    Raises:
        SigningError: Git could not.
    """
    environment = dict(git.environment)
    for role, (name, email) in zip(("AUTHOR", "COMMITTER"), people, strict=True):
        environment[f"GIT_{role}_NAME"] = name
        environment[f"GIT_{role}_EMAIL"] = email
        environment[f"GIT_{role}_DATE"] = f"@{date}"
    code, out, said = replace(git, environment=environment).finish(
        "-c", "i18n.commitEncoding=UTF-8", "commit-tree", "-S", "-p", parent, "-F", "-",
        f"{unsigned}^{{tree}}", stdin=message.encode("utf-8", "replace"),
    )  # fmt: skip
    if code:
        raise SigningError(said)
    return Oid(out.decode().strip())
