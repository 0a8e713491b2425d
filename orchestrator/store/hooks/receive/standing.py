"""What a branch of the server says about rights: the policies and users of its workspaces."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orchestrator.model.places import SETTINGS_FILE, place_of
from orchestrator.model.shape import Document
from orchestrator.patch.policy import BrokenPolicyError
from orchestrator.store.git import Git, Oid
from orchestrator.store.parse import document_of
from orchestrator.store.policy_gate import TargetPolicy, policy_in
from orchestrator.store.trees import read_blobs


@dataclass(frozen=True, slots=True)
class Plan:
    """One workspace of a branch.

    Attributes:
        prefix: Its folder in the repository, with a trailing slash, or `""`.
        target: Its policy; None when it is there and cannot be read.
        users: By id.
    """

    prefix: str
    target: TargetPolicy | None
    users: Mapping[str, Document]

    def says(self, key: str) -> Any:
        """Return what the policy has under a key, or None."""
        return (self.target.policy or {}).get(key) if self.target else None


@dataclass(frozen=True, slots=True)
class Standing:
    """The workspaces of a branch, as they are before a push.

    Attributes:
        plans: By prefix.
    """

    plans: Mapping[str, Plan]

    def plan_of(self, path: str) -> Plan | None:
        """Return the workspace that a path of the repository is in: the nearest above it."""
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if found := self.plans.get(f"{folder}/" if folder else ""):
                return found
        return None

    def said(self, key: str) -> Iterator[Any]:
        """Yield what each policy has under a key, where it has something."""
        for plan in self.plans.values():
            if (value := plan.says(key)) is not None:
                yield value

    def users(self) -> Iterator[tuple[str, Document]]:
        """Yield every user of every workspace with their id."""
        for plan in self.plans.values():
            yield from plan.users.items()


def standing_at(git: Git, commit: Oid | None) -> Standing:
    """Return what holds at a commit; before the first one nothing does."""
    if commit is None:
        return Standing({})
    blobs: dict[str, Oid] = {}
    for record in git.run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")[:-1]:
        # Millions of a program's files may be beside a plan: look at few bytes of each.
        if record.endswith(b".yaml") and (b"users/" in record or b"orchestrator.yaml" in record):
            head, _, name = record.partition(b"\t")
            mode, kind, oid = head.decode().split(" ")
            if kind == "blob" and mode.startswith("100"):
                blobs[os.fsdecode(name)] = Oid(oid)
    prefixes = [
        path.removesuffix(SETTINGS_FILE)
        for path in blobs
        if path == SETTINGS_FILE or path.endswith(f"/{SETTINGS_FILE}")
    ]
    contents = dict(zip(blobs, read_blobs(git, list(blobs.values())), strict=True))
    return Standing({prefix: _plan(prefix, contents) for prefix in prefixes})


def _plan(prefix: str, contents: Mapping[str, bytes]) -> Plan:
    users: dict[str, Document] = {}
    for path, data in contents.items():
        place = place_of(path[len(prefix) :]) if path.startswith(prefix) else None
        if place is not None and place.kind == "users":
            document = document_of(path, data)
            # A file that cannot be read still says that there is somebody of this name.
            users[place.id] = document if isinstance(document, dict) else {}
    try:
        target = policy_in(contents[f"{prefix}{SETTINGS_FILE}"])
    except BrokenPolicyError:
        return Plan(prefix, None, users)
    return Plan(prefix, target, users)
